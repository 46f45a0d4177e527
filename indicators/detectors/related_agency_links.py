"""related_agency_links: three links or more to portals of other public bodies, of two bodies or more."""

from __future__ import annotations

from typing import NamedTuple

from indicators.candidates import LONGEST_NAME, candidates
from indicators.detector import Verdict, absent, detector, found, link_evidence, place
from indicators.detectors._shared import emails_of, own_text, unwrap
from indicators.page import Anchor
from indicators.site import PageView, Site, body_of, host_of
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary


class _Link(NamedTuple):
    page: PageView
    link: Anchor
    host: str


@detector("related_agency_links", version=6)
def detect(site: Site, words: Vocabulary) -> Verdict:
    likely = candidates(site, "related_links")
    home = [site.home] if site.home is not None else []
    pages = list(dict.fromkeys([*home, *likely, *site.pages]))
    links: dict[str, _Link] = {}  # by address
    own = _own_domains(site)
    outside = site.sift(address=lambda url: bool(_outer_host(site, unwrap(url), words)))
    for page in pages:
        for link in outside(page):
            url = unwrap(link.url)
            if url in links:
                continue
            host = _public_host(site, page, link, words)
            if host and not f".{host}".endswith(own):
                links[url] = _Link(page, link, host)
    first = {one.host: one for one in reversed(links.values())}  # per host
    bodies = {host if body_of(host) in site.own_names else body_of(host) for host in first}
    details: dict[str, float | int | str | bool | None] = {"links": len(links), "bodies": len(bodies)}
    if len(links) >= threshold("related_links") and len(bodies) >= threshold("related_bodies"):
        # The plainest first: links whose words name the body, or that stand where such links are listed.
        shown = sorted(
            links.values(),
            key=lambda one: (
                one is not first[one.host],
                one.page not in likely and one.page not in home,
                not words.names("public_body", one.link.norm),
            ),
        )[:5]
        return found(
            "yes",
            *(link_evidence(site, one.page, one.link, "public_body") for one in shown),
            confidence=0.93,
            details=details,
        )
    seen = [place(page, f"links to other public bodies: {len(links)}") for page in [*likely, *home]]
    return absent(site, "related_links", visited=seen, details=details)


def _own_domains(site: Site) -> tuple[str, ...]:
    """What the agency's own hosts end with. A saved copy lives elsewhere; where it names no address as its
    own, the agency's e-mail tells."""
    home = site.home
    if home is None or not site.archived or len(site.own_names) > 1:
        return ()
    return tuple({"." + email.address.rpartition("@")[2] for email in emails_of(site, home)})


def _public_host(site: Site, page: PageView, link: Anchor, words: Vocabulary) -> str:
    """The host of another public body's portal to which the link leads, else ''."""
    url = unwrap(link.url)
    host = _outer_host(site, url, words) if link.tag in ("a", "area") and link.visible else ""
    if not host:
        return ""
    if body_of(host) in site.own_names:
        return host if _is_kin_of_another(site, host, link, words) else ""
    if not words.is_public_host(host) and words.gateway_of(url) is None:
        text = link.norm or link.title
        if len(text) > LONGEST_NAME or not words.names("public_body", text):
            return ""
    if link.block < len(page.blocks) and not own_text(site, page, link.block):
        return ""  # in the web studio's credit
    return host


def _outer_host(site: Site, url: str, words: Vocabulary) -> str:
    """The host of an address that is neither the portal's nor that of a network or store, else ''."""
    if not url.startswith("http") or site.is_own(url) or words.network_of(url) or words.store_of(url):
        return ""
    host = host_of(url).removeprefix("www.")
    return host if "." in host else ""


def _is_kin_of_another(site: Site, host: str, link: Anchor, words: Vocabulary) -> bool:
    """Whether a host below the same registered name is another body's: of an agency that lives below its
    government's name, the government and its other agencies are."""
    own = host_of(site.portal.start).removeprefix("www.")
    above = own != body_of(own) and not host.endswith("." + own)
    text = link.norm or link.title
    return above and len(text) <= LONGEST_NAME and words.names("public_body", text)
