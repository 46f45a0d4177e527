"""help_facilities: three frequent questions with answers, or a guide to the portal or one of its services."""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from typing import NamedTuple

from crawler.text import word_count
from indicators.candidates import LONGEST_NAME, candidates
from indicators.detector import Verdict, absent, detector, found, link_evidence, place, text_evidence
from indicators.detectors._shared import says_nothing
from indicators.page import Block
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

QUESTION_MARKS = ("?", "؟", "\u037e", "፧", "？")
LONGEST_QUESTION = 300
LABEL = 0.75
"""Share of a line of a page about something else that says: here follow the frequent questions."""

SHARED = 6
"""Words of a line that answers nothing where it stands below several questions: "Loading", "Read more"."""

STEPS = 3
"""Listed lines that tell what to do, one after the other."""

DOCUMENTS = (".pdf", ".doc", ".docx", ".ppt", ".pptx", ".mp4")

_QUESTION = re.compile(r"(?P<question>[^?؟.]{10,200})[?؟](?P<answer>[^?؟]+)$")


class _Answered(NamedTuple):
    question: Block
    words: int
    """Words of its answer."""


@detector("help_facilities", version=6)
def detect(site: Site, words: Vocabulary) -> Verdict:
    asked = candidates(site, "faq")
    guides = candidates(site, "help")
    visited = []
    labelled = [page for page in site.pages if page.naming("faq", LABEL)]
    for page in dict.fromkeys([*asked, *guides, *candidates(site, "services"), *labelled]):
        questions = _answered(site, page, words)
        if len(questions) >= threshold("questions"):
            shown = [text_evidence(site, page, q.question, "question") for q in questions[:3]]
            return found("yes", *shown, confidence=0.93, details={"questions": len(questions)})
    for page in guides:
        witness = _guide(site, page, words)
        if witness is not None:
            return found("yes", witness, confidence=0.85)
        visited.append(place(page, "no questions with answers, no guide"))
    for page in site.pages:
        witness = _steps(site, page, words)
        if witness is not None:
            return found("yes", witness, confidence=0.75)
    document = _guide_document(site)
    if document is not None:
        return found("yes", document, confidence=0.8)
    return absent(site, "faq", "help", visited=visited)


def _answered(site: Site, page: PageView, words: Vocabulary) -> list[_Answered]:
    """The page's questions that an answer follows, shown at once or after a click on the question."""
    reading = _in_order(site, page)
    # Elsewhere short questions are captions: "What is it?", "How much?"
    least = 2 if page in candidates(site, "faq") else 3
    asked = [not hidden and _is_question(block, words, least) for block, hidden in reading]
    below: dict[str, tuple[Block, list[Block]]] = {}
    for index, (question, _) in enumerate(reading):
        if not asked[index] or question.norm in below:
            continue
        told = []
        for place_ in range(index + 1, min(index + 20, len(reading))):
            answer = reading[place_][0]
            if asked[place_] or answer.level:
                break
            told.append(answer)
        below[question.norm] = question, told
    times = Counter(text for _, told in below.values() for text in {answer.norm for answer in told})
    shared = {text for text, count in times.items() if count > 1 and word_count(text) <= SHARED}
    kept: dict[str, _Answered] = {}
    for norm, (question, told) in below.items():
        own = [b for b in told if b.norm not in shared and not words.is_filler_text(b.norm)]
        length = sum(word_count(answer.text) for answer in own)
        if length >= threshold("answer_words"):
            kept[norm] = _Answered(question, length)
    if not kept and page in candidates(site, "faq"):
        for block, hidden in reading:
            length = 0 if hidden else _answer_behind(block)
            if length >= threshold("answer_words"):
                kept.setdefault(block.norm, _Answered(block, length))
    return list(kept.values())


def _answer_behind(block: Block) -> int:
    """Words of the answer that follows a question in one and the same paragraph, 0 if there is none."""
    parts = _QUESTION.match(block.text)
    return word_count(parts["answer"]) if parts and word_count(parts["question"]) >= 3 else 0


def _in_order(site: Site, page: PageView) -> list[tuple[Block, bool]]:
    """The page's own blocks as they follow each other, those that are switched off among them (True)."""
    waiting = list(reversed(page.facts.hidden))
    reading: list[tuple[Block, bool]] = []
    for index, block in enumerate(page.blocks):
        while waiting and waiting[-1].before <= index:
            reading.append((waiting.pop().block, True))
        if not site.is_frame(block) and block.area not in ("header", "footer"):
            reading.append((block, False))
    return [*reading, *((hidden.block, True) for hidden in reversed(waiting))]


def _is_question(block: Block, words: Vocabulary, least: int) -> bool:
    text = block.text.rstrip(" »\"'”")
    if len(text) > LONGEST_QUESTION or word_count(text) < least:
        return False
    if text.endswith(QUESTION_MARKS):
        return True
    if block.level or block.tag in ("dt", "summary", "button"):
        match = words.match("question_word", block.norm)
        return match is not None and match.start == 0
    return False


def _guide(site: Site, page: PageView, words: Vocabulary) -> Evidence | None:
    """The block of the page that tells most plainly what to do, if the page is a guide."""
    if page.depth == 0 or says_nothing(site, page) or page.words < threshold("guide_words"):
        return None
    content = [b for b in page.content if not words.is_filler_text(b.norm)]
    signs = {sign for b in content for sign in words.signs("help", b.norm)}
    acts = {sign for sign in signs if words.match("help", sign) is None}
    if len(acts) < threshold("guide_signs"):
        return None
    telling = max(content, key=lambda b: (len(words.signs("help", b.norm)), -b.node))
    return text_evidence(site, page, telling, "guide")


def _steps(site: Site, page: PageView, words: Vocabulary) -> Evidence | None:
    """The first of some listed lines in a row that tell what to press, choose and fill in, on a page about
    something else."""
    if page.depth == 0 or says_nothing(site, page):
        return None
    for tag, group in groupby(page.content, key=lambda block: block.tag):
        lines = list(group)
        if (
            tag != "li"
            or len(lines) < STEPS
            or sum(len(b.text.split()) for b in lines) < threshold("guide_words")
        ):
            continue
        signed = [b for b in lines if _acts(b, words)]
        acts = {act for b in signed for act in _acts(b, words)}
        if len(signed) >= STEPS and len(acts) >= threshold("guide_signs"):
            return text_evidence(site, page, signed[0], "guide")
    return None


def _acts(block: Block, words: Vocabulary) -> set[str]:
    return {sign for sign in words.signs("help", block.norm) if words.match("help", sign) is None}


def _guide_document(site: Site) -> Evidence | None:
    """A guide as a document or film that is there, or that a link names on another host."""
    for page in site.pages:
        for link in page.links_naming("user_guide", 0.1):
            if not link.visible or len(link.text) > LONGEST_NAME or not link.url.startswith("http"):
                continue
            target = site.target(link.url)
            if (target.file is not None and target.outcome == "ok") or (
                not target.own and link.url.lower().endswith(DOCUMENTS)
            ):
                return link_evidence(site, page, link, "guide")
    return None
