"""vulnerable_groups_info: information or services meant for people with disabilities, the elderly, the poor,
women heads of household, migrants, veterans and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.text import word_count
from indicators.candidates import LONGEST_NAME, candidates
from indicators.detector import Verdict, absent, detector, first, found, link_evidence, place, text_evidence
from indicators.detectors._shared import says_nothing
from indicators.page import Block
from indicators.records import Evidence
from indicators.site import PageView, Site, body_of, host_of
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

_SENTENCE = re.compile(r"(?<=[.!?;])\s+")

# Pages on which such groups are named for another reason: how the portal itself is made.
_OTHER = ("accessibility", "privacy")


@detector("vulnerable_groups_info", version=7)
def detect(site: Site, words: Vocabulary) -> Verdict:
    likely = candidates(site, "vulnerable")
    named: list[Evidence] = []
    for page in likely:
        if page.depth and not _is_other(page, words):
            named.extend(_on_page(site, page, words))
    if named:
        return found("yes", *first(named)[:3], confidence=0.93)
    told: list[Evidence] = []
    for page in site.pages:
        if not _is_other(page, words):
            told.extend(_told(site, page, words))
        if len(told) >= 3:
            break
    if told:
        return found("yes", *first(told)[:3], confidence=0.8 if len(told) == 1 else 0.88)
    offered = next(_services(site, words), None)
    if offered is not None:
        return found("yes", offered, confidence=0.8)
    listed = next(_listed(site, words), None)
    if listed is not None:
        return found("yes", listed, confidence=0.75)
    office = next(_offices(site, words), None)
    if office is not None:
        return found("yes", office, confidence=0.72)
    visited = [place(page, "nothing meant for a vulnerable group") for page in likely]
    return absent(site, "vulnerable", visited=visited)


def _is_other(page: PageView, words: Vocabulary) -> bool:
    heads = [b.norm for b in page.headings if b.level <= 2 and b.area != "footer"]
    return any(
        words.in_address(concept, page.url) or any(words.names(concept, text, 0.5) for text in heads)
        for concept in _OTHER
    )


def _on_page(site: Site, page: PageView, words: Vocabulary) -> Iterator[Evidence]:
    """What a page that is called after a group tells or offers it."""
    if says_nothing(site, page):
        return
    itself = any(words.names("vulnerable", b.norm) for b in page.headings if b.level <= 3)
    texts = [b for b in _telling(page, words) if itself or _offers(b, words)]
    if texts:
        best = max(
            texts, key=lambda b: (bool(words.signs("benefit", b.norm)), word_count(b.text) < 80, -b.node)
        )
        yield text_evidence(site, page, best, "vulnerable_group", around=_around(best, words))
    elif itself:
        listed = (b for b in page.naming("vulnerable") if not b.level and words.signs("benefit", b.norm))
        for block in (b for b in listed if not words.is_filler_text(b.norm)):
            yield text_evidence(site, page, block, "vulnerable_group", around=_around(block, words))


def _telling(page: PageView, words: Vocabulary) -> list[Block]:
    """The texts of some length that speak of a group."""
    least = threshold("vulnerable_words")
    long = [block for block in page.signing("vulnerable") if word_count(block.text) >= least]
    return [block for block in long if not words.is_filler_text(block.norm)]


def _offers(block: Block, words: Vocabulary) -> bool:
    """Whether one sentence names both a group and something done for it."""
    return any(
        words.names("vulnerable", sentence) and words.signs("benefit", sentence)
        for sentence in _SENTENCE.split(block.norm)
    )


def _told(site: Site, page: PageView, words: Vocabulary) -> Iterator[Evidence]:
    """Sentences that name a group together with something done for it."""
    for block in _telling(page, words):
        if _offers(block, words):
            yield text_evidence(site, page, block, "vulnerable_group", around=_around(block, words))


def _services(site: Site, words: Vocabulary) -> Iterator[Evidence]:
    """Links whose words name both a group and something for it, and that lead to content."""
    for page in site.pages:
        for link in page.links_naming("vulnerable"):
            if (
                link.visible
                and len(link.text) <= LONGEST_NAME
                and words.signs("benefit", link.norm)
                and site.works(link.url)
            ):
                yield link_evidence(site, page, link, "vulnerable_group")


def _listed(site: Site, words: Vocabulary) -> Iterator[Evidence]:
    """Entries of a list of services that name both a group and something for it."""
    for page in candidates(site, "services"):
        for block in page.naming("vulnerable", 0.3) if page.depth else ():
            if len(block.text) <= LONGEST_NAME and words.signs("benefit", block.norm):
                yield text_evidence(site, page, block, "vulnerable_group")


def _offices(site: Site, words: Vocabulary) -> Iterator[Evidence]:
    """Links to an office for such a group, on a host of its own or one that is there, or was where a copy
    was saved."""
    for page in site.pages:
        for link in page.links_naming("vulnerable"):
            office = words.match("office_name", link.norm) if len(link.text) <= LONGEST_NAME else None
            if office is None or office.start > 0 or not link.visible:
                continue
            target = site.target(link.url).page
            told = target is not None and target.depth and not says_nothing(site, target)
            unsaved = site.archived and target is None and body_of(host_of(link.url)) in site.own_names
            unsaved = unsaved and not site.is_own(link.url)
            if told or unsaved or site.is_sibling(link.url):
                yield link_evidence(site, page, link, "vulnerable_group")


def _around(block: Block, words: Vocabulary) -> str | None:
    """A word of the group's name as it is written in the block."""
    match = words.match("vulnerable", block.norm)
    if match is None or len(block.norm) != len(block.text):
        return None
    return block.text[match.start : match.end]
