"""satisfaction_stats_published: results of a survey or rating of satisfaction with services."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from indicators.candidates import candidates
from indicators.detector import Verdict, absent, detector, found, place, text_evidence
from indicators.detectors._figures import LABEL, counts_in, figures, numbers_in, percents_in
from indicators.detectors._shared import column_of, says_nothing
from indicators.page import Block
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

NEAR = 40
"""Characters behind the word for satisfaction in which an index of it stands."""

_INDEX = re.compile(r"(?<![\w.,:/-])\d{1,2}[.,]\d{1,2}(?![\w/:-]|[.,]\d)")

SCALE = 8
"""Cells of a table's head in which the grades of a scale stand."""

CELLS = ("td", "th")
SHORT_GRADE = 25
"""Characters of a grade of a scale."""

ROWS = 40
"""Cells below such a head in which the counts of the answers stand."""


@detector("satisfaction_stats_published", version=7)
def detect(site: Site, words: Vocabulary) -> Verdict:
    likely = candidates(site, "satisfaction")
    for page in likely:
        if page.depth and not says_nothing(site, page):
            shown = list(_results(site, page, words))
            if len(shown) >= threshold("figures"):
                return found("yes", *shown[:4], confidence=0.93)
    for page in site.pages:
        told = list(_told(site, page, words))
        if told:
            return found("yes", *told[:3], confidence=0.85)
    visited = [place(page, "no results of a survey of satisfaction") for page in likely]
    return absent(site, "satisfaction", visited=visited)


def _results(site: Site, page: PageView, words: Vocabulary) -> Iterator[Evidence]:
    """The shares or numbers on a page that is about satisfaction."""
    content = page.content
    about = [b for b in content if words.names("satisfaction", b.norm) or words.signs("satisfaction", b.norm)]
    if not about:
        return
    shares = [b for b in content if percents_in(b.norm, words) and not words.is_filler_text(b.norm)]
    if shares:
        for block in sorted(shares, key=lambda b: not words.signs("satisfaction", b.norm)):
            yield text_evidence(site, page, block, "satisfaction_result")
        if len(shares) > 1 or percents_in(shares[0].norm, words) > 1:
            return
    yield from _graded(site, page, words)
    yield from _columns(site, page, words)
    for number, block in enumerate(content[:-1]):
        value = content[number + 1]
        if _is_answer(block, words) and numbers_in(value.norm) and len(value.text) <= 12:
            yield text_evidence(site, page, block, "satisfaction_result")


def _graded(site: Site, page: PageView, words: Vocabulary) -> Iterator[Evidence]:
    """The grades at the head of a table that counts the answers for each service: excellent, good, poor."""
    content = page.content
    start = next((number for number, block in enumerate(content) if _is_grade(block, words)), len(content))
    grades = [block for block in content[start : start + SCALE] if _is_grade(block, words)]
    below = content[start + len(grades) : start + SCALE + ROWS]
    counts = sum(block.tag in CELLS and counts_in(block.norm, alone=True) for block in below)
    if len(grades) >= threshold("figures") and counts >= threshold("table_figures"):
        for block in grades[:2]:
            yield text_evidence(site, page, block, "satisfaction_result")


def _columns(site: Site, page: PageView, words: Vocabulary) -> Iterator[Evidence]:
    """The head of a table on satisfaction that counts the answers in a column, or gives their shares."""
    content = page.content
    for number in page.may_name("satisfaction"):
        head = content[number]
        if head.tag != "th" or not words.names("satisfaction", head.norm, 0.3):
            continue
        cells = list(takewhile(lambda b: b.tag in CELLS, content[number + 1 : number + 1 + ROWS]))
        counts = [b for b in cells if b.tag == "td" and counts_in(b.norm, alone=True)]
        if len(counts) >= threshold("table_figures"):
            yield text_evidence(site, page, head, "satisfaction_result")
            yield text_evidence(site, page, counts[0], "satisfaction_share")
        return


def _is_grade(block: Block, words: Vocabulary) -> bool:
    if block.tag not in CELLS or len(block.text) > SHORT_GRADE:
        return False
    return bool(words.signs("satisfied", block.norm)) or words.names("dissatisfied", block.norm)


def _indices(page: PageView, words: Vocabulary) -> Iterator[tuple[Block, Block]]:
    """The first index with decimals in each column that is headed by satisfaction, with its head."""
    for at in page.blocks_may_name("satisfaction"):
        head = page.blocks[at]
        if head.tag == "th" and words.names("satisfaction", head.norm):
            cell = next((b for b in column_of(page.blocks, at) if _INDEX.fullmatch(b.norm)), None)
            if cell is not None:
                yield head, cell


def _has_index(block: Block, words: Vocabulary) -> bool:
    """Whether a text gives satisfaction as an index with decimals ("Satisfaction index: 86.75")."""
    named = words.match("satisfaction", block.norm)
    behind = block.norm[named.end : named.end + NEAR] if named is not None else ""
    return _INDEX.search(behind) is not None


def _is_answer(block: Block, words: Vocabulary) -> bool:
    return len(block.text) <= LABEL and bool(words.signs("satisfaction", block.norm))


def _told(site: Site, page: PageView, words: Vocabulary) -> Iterator[Evidence]:
    """A share of satisfied users in a sentence, or beside its name."""
    about = page in candidates(site, "satisfaction")
    for block in page.content if about else page.naming("satisfaction"):
        named = words.names("satisfaction", block.norm) or (about and words.signs("satisfaction", block.norm))
        named = named and not words.is_filler_text(block.norm)
        if named and (percents_in(block.norm, words) or _has_index(block, words)):
            yield text_evidence(site, page, block, "satisfaction_result")
    for head, cell in _indices(page, words):
        yield text_evidence(site, page, cell, "satisfaction_share")
        yield text_evidence(site, page, head, "satisfaction_result")
    for figure in figures(page, "satisfaction", words, shares=True):
        if figure.value is not figure.label and percents_in(figure.value.norm, words):
            yield text_evidence(site, page, figure.label, "satisfaction_result")
            yield text_evidence(site, page, figure.value, "satisfaction_share")
    if page.depth:
        yield from _columns(site, page, words)
