"""Whether an excerpt stands in an archived page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from lxml import etree

from audits.records import Answered, HostSecurity, Measurement
from crawler.text import normalize
from indicators.page import Facts, Tree, scripts_of
from indicators.quoting import CUT
from indicators.reading import read_tree

_WHITE = re.compile(r"\s+")
_WITH_ADDRESS = ("src", "href", "action", "formaction", "data", "poster")


class Shown:
    """What an archived page shows, ready to be compared with many excerpts.

    Texts are compared as they are matched (`crawler.text.normalize`: one ی, one ک, one kind of digits, no
    half-spaces) and without white space, over which markup and style sheets decide.
    """

    def __init__(self, html: str) -> None:
        tree = Tree(html)
        facts = read_tree(tree, "")
        self.title = facts.title
        self._text = comparable(" ".join(block.text for block in facts.blocks))
        self._instead = [comparable(text) for text in (*_standing_in(facts), *scripts_of(tree))]
        self._root = tree.root
        self._instead += [comparable(address) for address in _addresses(self._root)]

    def holds(self, excerpt: str) -> bool:
        """True if the page shows the excerpt: in its text, in what stands for text (alternative texts,
        titles, labels of fields), for a bare link as an address in its markup, or in one of its scripts.
        Of a quotation that leaves something out, each piece stands there."""
        return self._holds(excerpt) or (
            CUT in excerpt and all(self._holds(piece) for piece in excerpt.split(CUT))
        )

    def _holds(self, words: str) -> bool:
        wanted = comparable(words)
        return bool(wanted) and (wanted in self._text or any(wanted in text for text in self._instead))

    def at(self, locator: str) -> str | None:
        """The text and the attributes of the element that the XPath leads to, None if it leads nowhere."""
        if self._root is None:
            return None
        try:
            found = self._root.getroottree().xpath(locator)
        except etree.XPathError:
            return None
        if not isinstance(found, list) or not found or not isinstance(getattr(found[0], "tag", None), str):
            return None
        words = found[0].xpath("string()")
        values = (v for node in found[0].iter() if isinstance(node.tag, str) for v in node.attrib.values())
        return " ".join(f"{words} {' '.join(values)}".split())


def stands_in(html: str, excerpt: str) -> bool:
    """True if the page shows the excerpt; see `Shown.holds`."""
    return Shown(html).holds(excerpt)


def comparable(text: str) -> str:
    """The form in which excerpts are compared; as written, but for white space, where nothing is left of
    it (a lone sign that matching drops)."""
    return _WHITE.sub("", normalize(text)) or _WHITE.sub("", text)


def measured_words(one: Measurement) -> str:
    """A measured value in words, as evidence quotes it: ``lcp 1840 ms (phone)``. ValueError without one."""
    if one.value is None:
        raise ValueError(f"{one.url}: {one.name} was not measured")
    unit = "" if one.unit in ("count", "ratio", "score") else f" {one.unit}"
    return f"{one.name} {one.value:.10g}{unit} ({one.device})"


class Told(NamedTuple):
    """Something that a look at a host told, in words; `note` names the matter, `url` the address asked."""

    note: str
    url: str
    words: str


PROTECTING_HEADERS = {
    "hsts": ("Strict-Transport-Security",),
    "csp": ("Content-Security-Policy",),
    "framing": ("X-Frame-Options", "Content-Security-Policy"),
    "mime_sniffing": ("X-Content-Type-Options",),
    "referrer_policy": ("Referrer-Policy",),
}
"""The headers that tell of a matter, the first of which is the usual one."""


def told_by(one: HostSecurity) -> Iterator[Told]:
    """All that evidence may quote of a look at a host."""
    certificate = one.certificate
    if certificate is not None:
        span = f"valid from {certificate.not_before:%Y-%m-%d} to {certificate.not_after:%Y-%m-%d}"
        wrong = f" ({', '.join(certificate.faults)})" if certificate.faults else ""
        words = f"{certificate.subject}, issued by {certificate.issuer}, {span}{wrong}"
        yield Told("certificate", one.https.url, words)
        days = f"{certificate.days_left(one.looked_at):.0f} days until {certificate.not_after:%Y-%m-%d}"
        yield Told("certificate_days", one.https.url, days)
        signed = ", ".join(certificate.signatures)
        words = f"{certificate.key} {certificate.key_bits} bit, signed by {signed}"
        yield Told("certificate_key", one.https.url, words)
    elif one.https.state == "absent":
        yield Told("certificate", one.https.url, one.https.reason)
    spoken = {True: "accepted", False: "refused", None: "not tried"}
    if one.protocols:
        words = ", ".join(f"{version}: {spoken[accepted]}" for version, accepted in one.protocols.items())
        yield Told("tls_versions", one.https.url, words)
    if one.http.state == "answered":
        to = one.http.header("Location")
        words = f"HTTP {one.http.status}" + (f", Location: {to}" if to else "")
        yield Told("https_redirect", one.http.url, words)
        if certificate is None:
            yield Told("certificate", one.http.url, f"{words}, without TLS")
    for answered in (one.https, one.http):
        if answered.state == "answered" and 200 <= (answered.status or 0) < 300:
            yield from _told_by_headers(answered)


def _told_by_headers(answered: Answered) -> Iterator[Told]:
    for note, names in PROTECTING_HEADERS.items():
        said = [(name, answered.header(name)) for name in names]
        for name, value in said:
            if value:
                yield Told(note, answered.url, f"{name}: {value}")
        if not any(value for _, value in said):
            yield Told(note, answered.url, f"HTTP {answered.status} without {names[0]}")


def _addresses(root: Any) -> Iterator[str]:
    """Addresses as they are written in the markup."""
    for element in root.iter() if root is not None else ():
        if isinstance(element.tag, str):
            yield from (value for name in _WITH_ADDRESS if (value := element.get(name)))


def _standing_in(facts: Facts) -> Iterable[str]:
    yield from facts.metas.values()
    for link in facts.links:
        yield from (link.text, link.title, link.href)
    for form in facts.forms:
        yield form.text
        for control in form.controls:
            yield from (control.label, control.name, *control.options)
    for image in facts.images:
        yield from (image.alt, image.src)
