"""Published strategies and plans, and what they name: the question of a dozen hints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from crawler.text import normalize, word_count
from indicators.candidates import LONGEST_NAME, candidates
from indicators.detector import Verdict, first, hinted, link_evidence, no_hint, place, text_evidence
from indicators.detectors._dialogue import links_once
from indicators.detectors._forms import is_called, names_of
from indicators.detectors._shared import says_nothing, sections
from indicators.page import Block
from indicators.records import Evidence, Place
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

CALLED = 0.2
"""Part of a name that must say "strategy": the rest says of what."""

SUBJECTS = (
    "egov",
    "digital_transformation",
    "it_infrastructure",
    "emerging_tech",
    "eparticipation",
    "data_driven",
    "once_only",
    "integration",
    "interagency",
)
"""What makes a "plan" or "programme" one of the kind that is asked for; "strategy" needs no more."""


class Plan(NamedTuple):
    """A plan on a page of its own, in a section of one, or in a file of the portal."""

    name: str
    """Normalised."""
    evidence: Evidence
    page: PageView
    text: tuple[Block, ...]
    """Empty for a file, of which only the name is read."""


def plans(site: Site, words: Vocabulary) -> list[Plan]:
    """Every plan that the portal publishes; what only the news tell of one is none."""
    kept: list[list[Plan]] = site.__dict__.setdefault("_plans", [])
    if not kept:
        kept.append([*_pages(site, words), *_files(site, words)])
    return kept[0]


def named_in_plans(site: Site, words: Vocabulary, *concepts: str, about: str = "") -> Verdict:
    """The verdict on a strategy that names what all of `concepts` mean, in its name or in one passage;
    with `about` the plan must be about that, too."""
    told, passages = [], []
    for plan in plans(site, words):
        if about and not is_about(plan, words, about):
            continue
        if all(words.names(concept, plan.name) for concept in concepts):
            told.append(plan.evidence)
        elif (block := _passage(plan, words, concepts)) is not None:
            passages.append(quoted(site, plan.page, block, words, concepts[0]))
    if told or passages:
        return hinted(*first([*told, *passages]), confidence=0.85 if told else 0.75)
    return no_hint(site, "strategy", visited=visited(site, "the plan there does not name it"))


def visited(site: Site, reason: str) -> list[Place]:
    return [place(page, reason) for page in candidates(site, "strategy", "egov", "plans")]


def is_about(plan: Plan, words: Vocabulary, concept: str) -> bool:
    return words.names(concept, plan.name) or any(words.names(concept, b.norm) for b in plan.text)


def quoted(site: Site, page: PageView, block: Block, words: Vocabulary, concept: str) -> Evidence:
    """A passage, cut around the words that matter."""
    match = words.match(concept, block.norm)
    same = match is not None and len(block.norm) == len(block.text)
    around = block.text[match.start : match.end] if match is not None and same else None
    return text_evidence(site, page, block, "plan_passage", around=around)


def is_news(site: Site, page: PageView, words: Vocabulary) -> bool:
    """Whether a page is a news item: by its address, or as only lists of news lead to it."""
    if words.in_address("news", page.url) or words.in_address("announcement", page.url):
        return True
    leading = [inbound.page for inbound in site.links_to(page) if inbound.page.depth]
    return bool(leading) and all(is_called(site, p, words, "news") for p in leading)


def _pages(site: Site, words: Vocabulary) -> Iterable[Plan]:
    for page in site.pages:
        if page.depth == 0 or says_nothing(site, page) or is_news(site, page, words):
            continue
        content = page.content
        name = next((n for n in names_of(site, page) if _is_name(n, words)), None)
        if name is not None and _tells(content):
            shown = next((b for b in content if b.level and _is_name(b.norm, words)), content[0])
            own = tuple(b for b in content if b.node != shown.node)
            yield Plan(name, text_evidence(site, page, shown, "plan"), page, own)
            continue
        for section in sections(content):
            if _is_name(section.heading.norm, words) and _tells(section.body):
                shown = section.heading
                yield Plan(shown.norm, text_evidence(site, page, shown, "plan"), page, tuple(section.body))


def _files(site: Site, words: Vocabulary) -> Iterable[Plan]:
    for page, link in links_once(site):
        if len(link.text) > LONGEST_NAME * 2 or not link.visible:
            continue
        target = site.target(link.url)
        if target.file is None or target.outcome != "ok" or "image" in target.file.media_type:
            continue
        name = link.norm if _is_name(link.norm, words) else _around(page, link.block)
        if _is_name(name, words):
            yield Plan(name, link_evidence(site, page, link, "plan"), page, ())


def _around(page: PageView, index: int) -> str:
    """The line in which a bare "download" stands, or the one above it."""
    lines = page.blocks[max(0, index - 1) : index + 1]
    return normalize(" ".join(b.text for b in lines if len(b.text) <= LONGEST_NAME * 2))


def _is_name(text: str, words: Vocabulary) -> bool:
    if not text or len(text) > LONGEST_NAME * 2:
        return False
    if words.names("strategy", text, CALLED):
        return True
    return words.names("plan_word", text) and any(words.names(s, text) for s in SUBJECTS)


def _tells(blocks: Iterable[Block]) -> bool:
    text = [b for b in blocks if not b.level]
    return sum(word_count(b.text) for b in text) >= threshold("plan_words")


def _passage(plan: Plan, words: Vocabulary, concepts: tuple[str, ...]) -> Block | None:
    """The text that names them all; a heading only where no text does."""
    naming = [b for b in plan.text if all(words.names(c, b.norm) for c in concepts)]
    return min(naming, key=lambda b: b.level > 0, default=None)
