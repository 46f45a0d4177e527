"""display_personalization: controls of text size, contrast, theme, reading aid or layout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from crawler.text import normalize
from indicators.detector import (
    Details,
    Verdict,
    absent,
    detector,
    form_evidence,
    found,
    link_evidence,
    place,
    text_evidence,
)
from indicators.detectors._checks import markup_evidence
from indicators.page import Anchor, Control
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.vocabulary import Vocabulary

KINDS = ("text_size", "contrast", "theme", "reading_aid", "layout_choice")

LONGEST_CAPTION = 45
"""Characters of a control's caption; a longer one is an article's title."""

PANEL = 2
"""Kinds of controls that are named before mere captions are taken for those of a panel."""

MOST_PAGES = 12
"""Pages that are looked at: such controls stand on all of them, mostly in the head."""

UNNAMED_PAGES = 3
"""Pages whose markup is searched for controls without words."""

# "A+", "+A", "الف−", "أ +": how controls of the text size are drawn in any script.
_LETTER = "(?:[aаα]|الف|ا|ع|ط|ت|文字|字)"
_SIZE = re.compile(rf"{_LETTER}\s?[+\-−–]{{1,2}}|[+\-−–]{{1,2}}\s?{_LETTER}(?=\s|$)")
_STEP = re.compile(
    r"(?i)(?<![a-z])(?:in|de)crease|(?<![a-z])(?:inc|dec|plus|minus|up|down)(?![a-z])|(?<![a-z])(?:inc|dec)(?=font|size)"
    r"|bigger|smaller|larger|zoom-?_?(?:in|out|plus|min)"
)
_OF_TEXT = re.compile(r"(?i)font(?![-_]?awesome)|text-?_?size|change-?_?size|re-?_?siz(?:e|er)")
"""What the id or class of a control of the text size, or of what holds it, says."""
_GOES_NOWHERE = re.compile(r"(?i)\s*(?:#\S*|javascript:.*)?$")


PAIR = 2
_PRESSED = frozenset(("a", "button", "span", "div", "i", "li", "img", "input"))


class _Control(NamedTuple):
    kind: str
    evidence: Evidence


@detector("display_personalization", version=5)
def detect(site: Site, words: Vocabulary) -> Verdict:
    kinds: dict[str, Evidence] = {}
    pages = site.pages[:MOST_PAGES]
    for page in pages:
        for control in _controls(site, page, words):
            kinds.setdefault(control.kind, control.evidence)
        captions = {caption.kind: caption.evidence for caption in _captions(site, page, words)}
        if len(kinds.keys() | captions.keys()) >= PANEL:
            kinds = {**captions, **kinds}
    for page in pages[:UNNAMED_PAGES] if "text_size" not in kinds else ():
        drawn = _drawn_size(site, page)
        if drawn is not None:
            kinds.setdefault("text_size", drawn)
    if not kinds:
        visited = [place(page, "no control of the display") for page in pages]
        return absent(site, answer="none", visited=visited, confidence=0.9)
    answer = "very_high" if len(kinds) >= 3 else "high" if len(kinds) == 2 else "low"
    shown: Details = {"controls": ", ".join(sorted(kinds))}
    return found(answer, *kinds.values(), confidence=0.88 if len(kinds) > 1 else 0.8, details=shown)


def _controls(site: Site, page: PageView, words: Vocabulary) -> Iterator[_Control]:
    for form in page.forms:
        for field in form.controls:
            if field.type in ("submit", "button", "image", "checkbox", "radio", "select", "range"):
                kind, shown = _kind_of_field(field, words)
                if kind:
                    control = field._replace(label=shown)
                    yield _Control(kind, form_evidence(site, page, form, kind, control))
    for link in page.links:
        if link.visible and link.tag not in ("link", "iframe", "frame"):
            kind, shown = _kind_of_link(link, words) if _stays(link, page) else _version(site, link, words)
            if kind:
                yield _Control(kind, link_evidence(site, page, link._replace(text=shown), kind))


def _captions(site: Site, page: PageView, words: Vocabulary) -> Iterator[_Control]:
    """The captions of a panel that every page has: the switches beside them may be no buttons."""
    for index in page.blocks_may_name(*KINDS):
        block = page.blocks[index]
        if block.tag not in ("p", "option") and len(block.text) <= LONGEST_CAPTION and site.is_frame(block):
            kind = next((name for name in KINDS if words.names(name, block.norm, 0.8)), "")
            if kind:
                yield _Control(kind, text_evidence(site, page, block, kind))


def _drawn_size(site: Site, page: PageView) -> Evidence | None:
    """A pair of pictures or signs without words that make the text larger and smaller: only their ids and
    classes, and those of what holds them, say what they do."""
    tree = site.tree(page)
    held: dict[int, list[Any]] = {}
    for element in tree.elements:
        if element.tag not in _PRESSED or not _STEP.search(_marks(element)):
            continue
        if element.tag == "a" and not _GOES_NOWHERE.match(element.get("href") or ""):
            continue
        parent = element.getparent()
        above = parent.getparent() if parent is not None else None
        around = [element, *(one for one in (parent, above) if one is not None)]
        if parent is not None and any(_OF_TEXT.search(_marks(one)) for one in around):
            pair = held.setdefault(id(above if above is not None else parent), [])
            pair.append(element)
            if len(pair) >= PAIR:
                path = tree.path_of(pair[0])
                return markup_evidence(site, page, path, _marks(pair[0]), "text_size")
    return None


def _marks(element: Any) -> str:
    return " ".join(filter(None, (element.get("id"), element.get("class"))))


def _kind_of_field(field: Control, words: Vocabulary) -> tuple[str, str]:
    """The kind of control that a field or button is, and what says so: its label, else its id or class."""
    kind = _kind(field.norm, words)
    if kind:
        return kind, field.label
    for mark in (*field.marks.split(), field.name):
        kind = next((name for name in KINDS if mark and words.in_address(name, f"/{mark}")), "")
        if kind:
            return kind, field.label or mark
    return "", ""


def _kind_of_link(link: Anchor, words: Vocabulary) -> tuple[str, str]:
    """The kind of control that a link is, and the words that say so."""
    for shown in (link.title, link.text):
        if shown and len(shown) <= LONGEST_CAPTION:
            kind = _kind(normalize(shown), words)
            if kind:
                return kind, shown
    name = link.href.lstrip("#")
    kind = next((k for k in KINDS if name and words.in_address(k, f"/{name}")), "")
    return kind, link.text or link.title or link.href


def _version(site: Site, link: Anchor, words: Vocabulary) -> tuple[str, str]:
    """A link to the portal itself as another reader needs it: the version for the visually impaired. Of a
    saved copy it may not have been saved, as it shows the same again."""
    kin = site.was_here(link.url) or (site.is_own(link.url) and site.works(link.url))
    named = kin and len(link.text) <= LONGEST_CAPTION and words.names("reading_aid", link.norm, 0.8)
    return ("reading_aid", link.text) if named else ("", "")


def _kind(norm: str, words: Vocabulary) -> str:
    if not norm or len(norm) > LONGEST_CAPTION:
        return ""
    if len(norm) <= 8 and _SIZE.search(norm):
        return "text_size"
    return next((name for name in KINDS if words.names(name, norm, 0.4)), "")


def _stays(link: Anchor, page: PageView) -> bool:
    """A link that goes nowhere: a script acts on the page; or to the page itself with another look."""
    if _GOES_NOWHERE.match(link.href):
        return True
    return link.url.split("?")[0] == page.url.split("?")[0] and "?" in link.url
