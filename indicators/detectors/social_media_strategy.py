"""social_media_strategy: a published policy on social media."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.text import word_count
from indicators.candidates import LONGEST_NAME, candidates
from indicators.detector import (
    Verdict,
    detector,
    first,
    hinted,
    link_evidence,
    no_hint,
    place,
    text_evidence,
)
from indicators.detectors._dialogue import links_once
from indicators.detectors._plans import is_news, named_in_plans
from indicators.detectors._shared import says_nothing, sections
from indicators.page import Block
from indicators.records import Evidence
from indicators.site import Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary


@detector("social_media_strategy", version=1)
def detect(site: Site, words: Vocabulary) -> Verdict:
    policies = [*_written(site, words), *_files(site, words)]
    if policies:
        return hinted(*first(policies), confidence=0.85)
    planned = named_in_plans(site, words, "social_policy")
    if planned.suggests:
        return planned
    likely = candidates(site, "social_policy", "social", "policy")
    return no_hint(
        site, "social_policy", visited=[place(page, "no policy on social media") for page in likely]
    )


def _written(site: Site, words: Vocabulary) -> Iterator[Evidence]:
    """Pages called so, and sections of pages, that say how the agency uses social media."""
    for page in site.pages:
        if page.depth == 0 or says_nothing(site, page) or is_news(site, page, words):
            continue
        parts = [s.body for s in sections(page.content) if words.names("social_policy", s.heading.norm, 0.3)]
        if page in candidates(site, "social_policy"):
            parts.append(page.content)
        for blocks in parts:
            text = [b for b in blocks if not b.level and not words.is_filler_text(b.norm)]
            if text and _is_policy(text, words):
                telling = max(text, key=lambda b: (len(_rules(b, words)), -b.node))
                yield text_evidence(site, page, telling, "social_policy")
                break


def _is_policy(text: list[Block], words: Vocabulary) -> bool:
    rules = {sign for block in text for sign in _rules(block, words)}
    return sum(word_count(b.text) for b in text) >= threshold("plan_words") and len(rules) >= threshold(
        "policy_signs"
    )


def _rules(block: Block, words: Vocabulary) -> list[str]:
    said = words.signs("social_policy", block.norm)
    return [sign for sign in said if words.match("social_policy", sign) is None]


def _files(site: Site, words: Vocabulary) -> Iterator[Evidence]:
    for page, link in links_once(site):
        if link.visible and len(link.text) <= LONGEST_NAME and words.names("social_policy", link.norm, 0.3):
            target = site.target(link.url)
            if target.file is not None and target.outcome == "ok":
                yield link_evidence(site, page, link, "social_policy")
