"""Finds the place that an Evidence names in the page it was seen on."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

from lxml import etree

from crawler.text import normalize
from indicators.quoting import CUT
from indicators.records import Evidence

Element = Any
"""lxml comes without types."""

MARK = "data-dargah-spot"

_UNSEEN = {"script", "style", "template", "noscript", "head", "title", "meta", "link", "base"}


@dataclass(frozen=True)
class Spot:
    """A place in an archived body, by XPath and, where that leads nowhere, by its words. `key` is the
    same whenever record, locator and words are the same."""

    record: str
    locator: str
    excerpt: str

    @classmethod
    def of(cls, evidence: Evidence) -> Spot:
        return cls(evidence.warc_record, evidence.locator, evidence.excerpt)

    @property
    def key(self) -> str:
        text = "\0".join((self.record, self.locator, self.excerpt))
        return sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def is_a_place(evidence: Evidence) -> bool:
    """True if the evidence is something on a page that a picture can show."""
    return evidence.kind in ("text", "link", "form")


def find(root: Element, spot: Spot) -> Element | None:
    """The smallest element that shows the spot, or None."""
    words = _bare(spot.excerpt)
    start = _by_xpath(root, spot.locator)
    if start is not None:
        return _narrow(start, words) if words and words in _text(start) else start
    body = root.find("body")
    start = root if body is None else body
    first = _bare(spot.excerpt.partition(CUT)[0])  # of a form, its heading
    return _narrow(start, first) if first and first in _text(start) else None


def _by_xpath(root: Element, locator: str) -> Element | None:
    if not locator:
        return None
    try:
        found = root.getroottree().xpath(locator)
    except etree.XPathError:
        return None
    first = found[0] if isinstance(found, list) and found else None
    if isinstance(first, str) and hasattr(first, "getparent"):  # an attribute or a text node
        first = first.getparent()
    return first if isinstance(getattr(first, "tag", None), str) else None


def _narrow(element: Element, words: str) -> Element:
    """Goes down to the smallest element that still holds all the words."""
    while True:
        child = next(
            (c for c in element if isinstance(c.tag, str) and c.tag not in _UNSEEN and words in _text(c)),
            None,
        )
        if child is None:
            return element
        element = child


def _text(element: Element) -> str:
    return _bare(cast(str, element.text_content()))


def _bare(text: str) -> str:
    """Without spaces: between two blocks a reader sees one where the source may have none."""
    return normalize(text).replace(" ", "")
