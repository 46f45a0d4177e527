"""open_data_policy: words that let the agency's data or content be used again, and on what terms, or name
the law under which it publishes its data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from crawler.text import word_count
from indicators.candidates import candidates
from indicators.detector import Verdict, absent, detector, first, found, place, text_evidence
from indicators.detectors._shared import is_edge, says_nothing
from indicators.page import Block
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

_SENTENCE = re.compile(r"(?<=[.!?;؛؟])\s+")

# What lets anybody use a thing again by its mere name, whatever the language of the sentence.
_OPEN_LICENCE = re.compile(
    r"\b(?:creative commons|cc[ -]by(?:[ -]\w\w)*|cc0|open government licen[cs]e|licence ouverte"
    r"|open data commons|odbl|iodl|datenlizenz deutschland|dl-de)\b"
)
_OF_OTHERS = re.compile(r"openstreetmap|wikipedia|wikimedia|contributors")
"""Whose content portals show under its own licence."""


class Statement(NamedTuple):
    evidence: Evidence
    confidence: float
    foreign: bool
    """In another language than the portal's."""


@detector("open_data_policy", version=3)
def detect(site: Site, words: Vocabulary) -> Verdict:
    likely = candidates(site, "open_data", "licence", "policy")
    statements: list[Statement] = []
    for page in dict.fromkeys([*likely, *site.pages]):
        if not says_nothing(site, page):
            statements.extend(_statements(site, page, page in likely, words))
    if statements:
        statements.sort(key=lambda statement: (-statement.confidence, statement.foreign))
        return found("yes", *first([s.evidence for s in statements]), confidence=statements[0].confidence)
    visited = [place(page, "does not say that data or content may be used again") for page in likely]
    return absent(site, "open_data", visited=visited)


def _statements(site: Site, page: PageView, likely: bool, words: Vocabulary) -> Iterator[Statement]:
    foreign = not site.in_main_language(page)
    concepts = ("reuse_terms", "publication_law") if likely else ("reuse_terms",)
    for index in page.blocks_may_sign(*concepts):
        block = page.blocks[index]
        text = block.norm
        if block.level or word_count(text) < threshold("policy_words") or words.is_filler_text(text):
            continue
        granted = _grants(block, words)
        if granted is not None:
            confidence = 0.95 if likely and not is_edge(site, block) else 0.75
            yield Statement(
                text_evidence(site, page, block, "reuse_terms", around=granted), confidence, foreign
            )
        elif likely and not is_edge(site, block) and _names_law(block, words):
            yield Statement(text_evidence(site, page, block, "publication_law"), 0.85, foreign)


def _grants(block: Block, words: Vocabulary) -> str | None:
    """The first words of a sentence that allows data or content to be used again, where its block says on
    what terms, or that puts it under an open licence by its name; None where there is none, or where leave
    must be asked first."""
    if not words.signs("reuse_terms", block.norm):
        return None
    sentences = _SENTENCE.split(block.norm)
    shown = _SENTENCE.split(block.text)
    for index, sentence in enumerate(sentences):
        allowed = words.signs("reuse_act", sentence) and words.names("allowed", sentence)
        if (
            (allowed or (_OPEN_LICENCE.search(sentence) and not _OF_OTHERS.search(sentence)))
            and words.signs("reuse_subject", sentence)
            and not words.signs("permission_needed", sentence)
        ):
            return " ".join(shown[index].split()[:6]) if len(shown) == len(sentences) else ""
    return None


def _names_law(block: Block, words: Vocabulary) -> bool:
    """Whether a text says under which law the agency publishes its data."""
    return any(
        words.signs("publication_law", sentence)
        and words.signs("published", sentence)
        and words.signs("open_data", block.norm)
        for sentence in _SENTENCE.split(block.norm)
    )
