"""org_profile: a page that presents the agency (history, aims, duties, structure), or its chart."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import NamedTuple

from crawler.text import normalize, word_count
from indicators.candidates import candidates, left_over
from indicators.detector import (
    Verdict,
    absent,
    detector,
    found,
    image_evidence,
    link_evidence,
    place,
    text_evidence,
)
from indicators.detectors._forms import is_called
from indicators.detectors._shared import rows_of_links, says_nothing, sections
from indicators.page import Block
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

CAPTIONS = 2
"""Captions that name what is told of an agency, from which a page presents it."""

CAPTION = 40
"""Characters of such a caption."""

EXPLAINS = 8
"""Words of the text below it."""

SUBJECT = 90
"""Characters of an agency's name before the words that say what it is."""

GOES_ON = 2
"""Paragraphs that go on after one that says what the agency is."""

PROSE = 12
"""Words of a block that is told in sentences."""

UNITS = 5
"""Units that make a list of them an organisation chart in words."""

ALIKE = 2
"""Units that are of the same kind as another: "Office of ...", "Office of ..."."""

LONGEST_UNIT = 12
"""Words of a unit's name."""

_ENTRIES = frozenset(("li", "td", "p", "h2", "h3", "h4", "h5", "h6"))

ABOUT = 0.6
"""Part of a page's name that must say that it is about the agency."""

PLENTY = 5
"""Signs after which more of them do not make a page a better witness."""


@detector("org_profile", version=10)
def detect(site: Site, words: Vocabulary) -> Verdict:
    pages = candidates(site, "org_profile", "org_chart")
    profiles = [one for page in pages if (one := _profile(site, page, words)) is not None]
    if profiles:
        # The likeliest page among equals; in the portal's own language where there is one.
        best = max(profiles, key=lambda one: (site.in_main_language(one.page), one.signs))
        return found("yes", text_evidence(site, best.page, best.block, "profile"), confidence=0.92)
    for page in site.pages:
        told = _captioned(site, page, words) or _says_what_it_is(site, page, words)
        if told is not None:
            return found("yes", text_evidence(site, page, told, "profile"), confidence=0.85)
    for page in pages:
        units = _units(site, page, words)
        if len(units) >= UNITS:
            return found(
                "yes",
                *(text_evidence(site, page, b, "organisation_chart") for b in units[:3]),
                confidence=0.8,
            )
    for page in pages:
        witness = _chart(site, page, words)
        if witness is not None:
            return found("yes", witness, confidence=0.85)
    for inbound in site.links_naming("org_chart", 0.4):  # the chart itself, right from a menu
        target = site.target(inbound.link.url)
        if inbound.link.visible and target.file is not None and target.outcome == "ok":
            witness = link_evidence(site, inbound.page, inbound.link, "organisation_chart")
            return found("yes", witness, confidence=0.82)
    return absent(
        site, "org_profile", "org_chart", visited=[place(p, "does not present the agency") for p in pages]
    )


_PARTS = re.compile(r"\s+[|–—»:-]\s+|\s*[|»]\s*")
"""Between the name of a page and that of its portal."""


class _Profile(NamedTuple):
    page: PageView
    block: Block
    signs: int


def _profile(site: Site, page: PageView, words: Vocabulary) -> _Profile | None:
    if page.depth == 0 and not _is_called_so(page, words):
        groups = [
            section.body
            for section in sections(page.content)
            if any(words.names("org_profile", name, 0.5) for name in section.names)
        ]
    else:
        menus = {page.blocks[index].node for index in rows_of_links(page)}
        told = [block for block in page.content if block.node not in menus]
        groups = [] if says_nothing(site, page) else [told]
    for blocks in groups:
        text = [b for b in blocks if word_count(b.text) >= 5 and not words.is_filler_text(b.norm)]
        if sum(word_count(b.text) for b in text) < threshold("org_profile_words"):
            continue
        signs = {sign for b in text for sign in words.signs("org_profile", b.norm)}
        if len(signs) >= threshold("profile_signs"):
            return _Profile(page, _most_telling(text, words), min(len(signs), PLENTY))
        prose = sum(word_count(b.text) for b in text if word_count(b.text) >= PROSE)
        if (
            prose >= threshold("profile_prose")
            and page.depth
            and is_called(site, page, words, "org_profile", 0.75)
        ):
            return _Profile(page, _most_telling(text, words), len(signs))
    return None


def _units(site: Site, page: PageView, words: Vocabulary) -> list[Block]:
    """The agency's units as a page on its organisation lists them: "Office of ...", "Department of ..."."""
    if page.depth == 0 or says_nothing(site, page):
        return []
    if not any(is_called(site, page, words, concept, ABOUT) for concept in ("org_chart", "org_profile")):
        return []
    kept: dict[str, Block] = {}
    for block in page.content:
        if block.tag not in _ENTRIES or not 1 < len(block.text.split()) <= LONGEST_UNIT:
            continue
        named = words.match("office_name", block.norm)
        signs = words.signs("org_profile", block.norm)
        if (named is not None and not named.start) or any(block.norm.startswith(sign) for sign in signs):
            kept.setdefault(block.norm, block)
    # Units are of a few kinds; what begins with ever other words is a menu.
    kinds = {name.split()[0] for name in kept}
    return list(kept.values()) if len(kept) - len(kinds) >= ALIKE else []


def _is_called_so(page: PageView, words: Vocabulary) -> bool:
    """Whether a start page is itself the one that presents the agency, as where a saved copy begins."""
    title = normalize(_PARTS.split(page.facts.title)[0])
    return words.names("org_profile", title, 0.6) and words.in_address("org_profile", page.url)


def _captioned(site: Site, page: PageView, words: Vocabulary) -> Block | None:
    """The most telling text of a page that says two things of the agency below captions ("Mission",
    "Vision"), whatever the page is called and the captions are marked up as."""
    content = page.content
    likely = page.may_name("org_profile") if page.id not in left_over(site) else ()
    told = []
    for number in likely if len(likely) >= CAPTIONS else ():
        below = content[number + 1] if number + 1 < len(content) else None
        if (
            len(content[number].text) <= CAPTION
            and words.names("org_profile", content[number].norm, 0.8)
            and below is not None
            and not below.level
            and word_count(below.text) >= EXPLAINS
            and not words.is_filler_text(below.norm)
        ):
            told.append(below)
    if len(told) < CAPTIONS or sum(word_count(b.text) for b in told) < threshold("org_profile_words"):
        return None
    signs = {sign for b in told for sign in words.signs("org_profile", b.norm)}
    return _most_telling(told, words) if len(signs) >= threshold("profile_signs") else None


def _says_what_it_is(site: Site, page: PageView, words: Vocabulary) -> Block | None:
    """A text on the first page that begins with what the agency is ("The X is the body in charge of ..."), by
    itself or with the paragraphs that go on from it."""
    if page is not site.home:
        return None
    content = page.content
    for number, block in enumerate(content):
        begun = words.match("agency_is", block.norm) if not block.level else None
        if begun is None or begun.start > SUBJECT or words.is_filler_text(block.norm):
            continue
        goes_on = takewhile(
            lambda b: not b.level and _is_prose(b), content[number + 1 : number + 1 + GOES_ON]
        )
        told = [block, *goes_on]
        signs = {sign for b in told for sign in words.signs("org_profile", b.norm)}
        if (
            _is_prose(block)
            and sum(word_count(b.text) for b in told) >= threshold("org_profile_words")
            and len(signs) >= threshold("profile_signs")
        ):
            return block
    return None


def _is_prose(block: Block) -> bool:
    return word_count(block.text) >= PROSE


def _most_telling(blocks: list[Block], words: Vocabulary) -> Block:
    return max(
        blocks, key=lambda b: (min(len(words.signs("org_profile", b.norm)), 3), word_count(b.text), -b.node)
    )


def _chart(site: Site, page: PageView, words: Vocabulary) -> Evidence | None:
    """A drawn chart: a picture or a document that is called one."""
    for image in page.facts.images:
        if words.names("org_chart", image_text := image.alt.lower()) and image_text:
            return image_evidence(site, page, image, "organisation_chart")
    for link in page.links:
        target = site.target(link.url)
        if words.names("org_chart", link.norm) and target.file is not None and target.outcome == "ok":
            return link_evidence(site, page, link, "organisation_chart")
    return None
