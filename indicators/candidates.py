"""Which pages may hold what an indicator asks for, and which of them could not be seen."""

from __future__ import annotations

import re
from typing import NamedTuple

from crawler.text import normalize
from indicators.site import PageView, Site

ENOUGH = 2.0
"""Least score of a candidate: one clear sign."""

NEAR = 1.0
_CALL = re.compile(r"(?i)javascript:.*\w\s*\(")
LONGEST_NAME = 80
"""Characters; longer link texts and headings are sentences that mention a thing, not names of a page."""


class Candidate(NamedTuple):
    page: PageView
    score: float


class Lead(NamedTuple):
    """A link that promises the concept and whose target could not be seen, or was not there."""

    url: str
    text: str
    outcome: str
    """The target's outcome, or ``unvisited``."""
    reason: str


def candidates(site: Site, *concepts: str) -> list[PageView]:
    """The pages that name one of the concepts in the links that lead there, their address, title or
    headings; the likeliest first. What they hold is for the detector to see."""
    return [candidate.page for candidate in ranked(site, *concepts)]


def ranked(site: Site, *concepts: str) -> list[Candidate]:
    cache = site.__dict__.setdefault("_candidates", {})
    if concepts not in cache:
        found = [Candidate(page, _score(site, page, concepts)) for page in site.pages]
        cache[concepts] = sorted(
            (c for c in found if c.score >= ENOUGH), key=lambda c: (-c.score, c.page.depth, c.page.id)
        )
    result: list[Candidate] = cache[concepts]
    return result


def _score(site: Site, page: PageView, concepts: tuple[str, ...]) -> float:
    words = site.words
    best = 0.0
    own_title = _own_title(page.title)
    links = [(i.link.norm, i.link.area) for i in site.links_to(page) if len(i.link.text) <= LONGEST_NAME]
    headings = [b for b in page.headings if len(b.text) <= LONGEST_NAME and not site.is_frame(b)]
    for concept in concepts:
        score = max((_named(words.match(concept, text)) for text, _ in links), default=0.0) * 4
        if words.in_address(concept, page.url):
            score += 2
        score += 2 * max((_named(words.match(concept, part)) for part in own_title), default=0.0)
        named = [_named(words.match(concept, b.norm)) * (3 if b.level <= 2 else 1.5) for b in headings]
        score += max(named, default=0.0)
        best = max(best, score)
    # The home page names everything and is about nothing: it is a candidate of last resort.
    return min(best, ENOUGH) if page.depth == 0 else best


def _named(match: object) -> float:
    share = getattr(match, "share", 0.0)
    if share >= 0.75:
        return 1.0
    return 0.8 if share >= 0.4 else 0.4 if share >= 0.15 else share


def _own_title(title: str) -> list[str]:
    """A title's parts, normalised: sites add their own name before or after a bar or a dash."""
    text = normalize(title)
    for bar in (" | ", " - ", " – ", " » ", " :: ", "|", " — ", " : "):
        text = text.replace(bar, "\n")
    return [part for part in text.split("\n") if part]


def leads(site: Site, *concepts: str) -> list[Lead]:
    """Links of the portal that name one of the concepts and whose targets were not seen as real pages."""
    found: dict[str, Lead] = {}
    for links in site.inbound.values():
        for inbound in links:
            link = inbound.link
            if not link.url.startswith("http") or link.url in found or len(link.text) > LONGEST_NAME:
                continue
            if not any(
                site.words.names(c, link.norm) or site.words.in_address(c, link.url) for c in concepts
            ):
                continue
            target = site.target(link.url)
            if target.own and target.outcome != "ok":
                found[link.url] = Lead(link.url, link.text, target.outcome or "unvisited", target.reason)
    if not found and not candidates(site, *concepts):
        for page in site.pages:
            for link in page.links:
                if _is_script(link.href) and any(site.words.names(c, link.norm, 0.5) for c in concepts):
                    reason = "only a script knows where it leads"
                    found.setdefault(link.text, Lead(page.url, link.text, "unreadable", reason))
    return list(found.values())


def _is_script(href: str) -> bool:
    """A link that calls a script to go somewhere; empty ones (``void(0)``) do nothing."""
    return bool(_CALL.match(href)) and "void(" not in href.lower()
