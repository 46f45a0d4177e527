"""privacy_policy: a page or section that says how visitors' personal data is treated."""

from __future__ import annotations

from itertools import groupby

from crawler.text import word_count
from indicators.candidates import candidates
from indicators.detector import Verdict, absent, detector, found, link_evidence, place, text_evidence
from indicators.detectors._shared import says_nothing, sections
from indicators.page import Anchor, Block
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

LONGEST_NAME = 100
"""Characters of the name of a document."""

LINES = 2
"""Blocks of a statement without a caption."""

SIGNS_TOGETHER = 3
"""Signs of a text on personal data within a page on something else."""


@detector("privacy_policy", version=5)
def detect(site: Site, words: Vocabulary) -> Verdict:
    visited = []
    for page in candidates(site, "privacy", "policy"):
        witness = _statement(site, page, words)
        if witness is not None:
            confidence = 0.95 if page in candidates(site, "privacy") else 0.88
            return found(
                "yes", text_evidence(site, page, witness, "privacy_statement"), confidence=confidence
            )
        visited.append(place(page, "does not say how personal data is treated"))
    for page in site.pages:
        witness = _below_a_form(site, page, words) if page.forms else None
        if witness is not None:
            return found("yes", text_evidence(site, page, witness, "privacy_statement"), confidence=0.8)
    for page in site.pages:
        for link in page.links_naming("privacy"):
            if _is_a_file_of_it(site, page, link, words):
                return found("yes", link_evidence(site, page, link, "privacy_statement"), confidence=0.75)
    return absent(site, "privacy", visited=visited)


def _is_a_file_of_it(site: Site, page: PageView, link: Anchor, words: Vocabulary) -> bool:
    """Whether a link leads to a document of the agency's own, called the statement and little else by the
    link or by the first line of the card that it is."""
    if not link.visible or len(link.text) > LONGEST_NAME or link.block >= len(page.blocks):
        return False
    target = site.target(link.url)
    if target.file is None or target.outcome != "ok" or not target.own or "image" in target.file.media_type:
        return False
    first = page.blocks[link.block]
    own = first.norm if link.norm.startswith(first.norm) else ""
    return any(words.names("privacy", text, 0.5) for text in (link.norm, own))


def _statement(site: Site, page: PageView, words: Vocabulary) -> Block | None:
    """The most telling block of a privacy statement on the page."""
    if says_nothing(site, page):
        return None
    content = page.content
    named = page.depth > 0 and page in candidates(site, "privacy")
    groups = [s.body for s in sections(content) if words.names("privacy", s.heading.norm, 0.3)]
    if named:
        groups.append(content)
    elif page.depth > 0:
        groups.append(_on_personal_data(content, words))
    return next((told for blocks in groups if (told := _told(blocks, words)) is not None), None)


def _told(blocks: list[Block], words: Vocabulary) -> Block | None:
    """The most telling of some blocks that say together how personal data is treated."""
    text = [b for b in blocks if not words.is_filler_text(b.norm)]
    if sum(word_count(b.text) for b in text) < threshold("privacy_words"):
        return None
    signs = {sign for b in text for sign in words.signs("privacy", b.norm)}
    own = {sign for sign in signs if words.match("privacy", sign) is None}
    if len(own) < threshold("privacy_signs"):
        return None
    return max(text, key=lambda b: (len(words.signs("privacy", b.norm)), -b.node))


def _below_a_form(site: Site, page: PageView, words: Vocabulary) -> Block | None:
    """A statement of several lines that the page of a form holds without a caption of its own: what the data
    is for, who gets it, how long it is kept. One line is not enough."""
    if says_nothing(site, page):
        return None
    signing = {page.blocks[index].node for index in page.blocks_may_sign("privacy")}
    for signs, run in groupby(page.content, lambda block: block.node in signing):
        lines = list(run) if signs else []
        if len(lines) >= LINES and (told := _told(lines, words)) is not None:
            return told
    return None


def _on_personal_data(content: list[Block], words: Vocabulary) -> list[Block]:
    """The texts of a page on legal matters that name personal data and say more of them, where no heading
    parts them from the rest."""
    kept: list[Block] = []
    for block in content:
        signs = {s for s in words.signs("privacy", block.norm) if words.match("privacy", s) is None}
        if len(signs) >= SIGNS_TOGETHER and words.names("privacy", block.norm):
            kept.append(block)
    return kept
