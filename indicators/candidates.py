"""Which pages may hold what an indicator asks for, and which of them could not be seen."""

from __future__ import annotations

import re
from typing import NamedTuple

from crawler.text import normalize, word_count
from indicators.page import Block
from indicators.site import Inbound, PageView, Site
from indicators.vocabulary import Vocabulary
from indicators.vocabulary.prefilter import Sifted

ENOUGH = 2.0
"""Least score of a candidate: one clear sign."""

NEAR = 1.0
_CALL = re.compile(r"(?i)javascript:.*\w\s*\(")
LONGEST_NAME = 80
"""Characters; longer link texts and headings are sentences that mention a thing, not names of a page."""


RUNNING = 8
"""Words from which a block is running text."""

LEFT_OVER = 4
"""The part of a page's running text, one in so many, from which filler makes it one of the template's."""


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
        likely = _pages_by_names(site).holding(site.words.bits(*concepts))
        found = [Candidate(named.page, _score(site, named, concepts)) for named in likely]
        cache[concepts] = sorted(
            (c for c in found if c.score >= ENOUGH), key=lambda c: (-c.score, c.page.depth, c.page.id)
        )
    result: list[Candidate] = cache[concepts]
    return result


class _Named(NamedTuple):
    """A page and what it is called, normalised: by the links that lead to it, its title, its headings."""

    page: PageView
    links: list[str]
    title: list[str]
    headings: list[Block]


def _pages_by_names(site: Site) -> Sifted[_Named]:
    known: Sifted[_Named] | None = site.__dict__.get("_pages_by_names")
    if known is None:
        named = [_names(site, page) for page in site.pages]
        known = site.__dict__["_pages_by_names"] = Sifted(named, [_mask(site.words, one) for one in named])
    return known


def left_over(site: Site) -> frozenset[int]:
    """Ids of the pages, besides the first, that are the template's: a good part of their running text is
    filler."""
    known: frozenset[int] | None = site.__dict__.get("_left_over")
    if known is None:
        known = site.__dict__["_left_over"] = frozenset(p.id for p in site.pages if _is_left_over(site, p))
    return known


def _is_left_over(site: Site, page: PageView) -> bool:
    content = page.content if page.depth else []
    made_up = sum(len(b.text) for b in content if site.words.is_filler_text(b.norm))
    return made_up > 0 and made_up * LEFT_OVER > sum(
        len(b.text) for b in content if word_count(b.text) >= RUNNING
    )


def names_given(site: Site, page: PageView) -> list[str]:
    """What the links to a page call it, normalised; the template's own pages call the portal's what they
    were in the template."""
    templates = left_over(site)
    return [
        seen.link.norm
        for seen in site.links_to(page)
        if 0 < len(seen.link.text) <= LONGEST_NAME and seen.page.id not in templates
    ]


def links_alone_name(site: Site, page: PageView, concept: str, share: float) -> bool:
    """Whether a page that does not say what it is, for want of a heading and a title of its own, is called so
    by a link with at least `share` of its length."""
    home = site.home
    if home is None or page.depth == 0 or any(block.level in (1, 2) for block in page.content):
        return False
    if page.facts.title and normalize(page.facts.title) != normalize(home.facts.title):
        return False
    return any(site.words.names(concept, name, share) for name in names_given(site, page))


def _names(site: Site, page: PageView) -> _Named:
    links = set(names_given(site, page))
    headings = [b for b in page.headings if len(b.text) <= LONGEST_NAME and not site.is_frame(b)]
    return _Named(page, sorted(links), _own_title(page.title), headings)


def _mask(words: Vocabulary, named: _Named) -> int:
    mask = words.addressing(named.page.url)
    for text in (*named.links, *named.title, *(block.norm for block in named.headings)):
        mask |= words.naming(text)
    return mask


def _score(site: Site, page: _Named, concepts: tuple[str, ...]) -> float:
    words = site.words
    best = 0.0
    for concept in concepts:
        score = max((_named(words.match(concept, text)) for text in page.links), default=0.0) * 4
        if words.in_address(concept, page.page.url):
            score += 2
        score += 2 * max((_named(words.match(concept, part)) for part in page.title), default=0.0)
        named = [_named(words.match(concept, b.norm)) * (3 if b.level <= 2 else 1.5) for b in page.headings]
        score += max(named, default=0.0)
        best = max(best, score)
    # The home page names everything and is about nothing: it is a candidate of last resort.
    return min(best, ENOUGH) if page.page.depth == 0 else best


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
    bits = site.words.bits(*concepts)
    addressed, scripted = _leading(site)
    for _, link in addressed.holding(bits):
        if link.url in found:
            continue
        if not any(site.words.names(c, link.norm) or site.words.in_address(c, link.url) for c in concepts):
            continue
        target = site.target(link.url)
        if target.own and target.outcome != "ok":
            found[link.url] = Lead(link.url, link.text, target.outcome or "unvisited", target.reason)
    if not found and not candidates(site, *concepts):
        for page, link in scripted.holding(bits):
            if any(site.words.names(c, link.norm, 0.5) for c in concepts):
                reason = "only a script knows where it leads"
                found.setdefault(link.text, Lead(page.url, link.text, "unreadable", reason))
    return list(found.values())


def _leading(site: Site) -> tuple[Sifted[Inbound], Sifted[Inbound]]:
    """The links with an address, and those that call a script, by what their texts and addresses name."""
    known: tuple[Sifted[Inbound], Sifted[Inbound]] | None = site.__dict__.get("_leading")
    if known is None:
        words = site.words
        addressed = [
            seen
            for links in site.inbound.values()
            for seen in links
            if seen.link.url.startswith("http") and len(seen.link.text) <= LONGEST_NAME
        ]
        masks = [words.naming(link.norm) | words.addressing(link.url) for _, link in addressed]
        scripted = [
            Inbound(page, link) for page in site.pages for link in page.links if _is_script(link.href)
        ]
        known = site.__dict__["_leading"] = (
            Sifted(addressed, masks),
            Sifted(scripted, [words.naming(link.norm) for _, link in scripted]),
        )
    return known


def _is_script(href: str) -> bool:
    """A link that calls a script to go somewhere; empty ones (``void(0)``) do nothing."""
    return href[:11].lower() == "javascript:" and bool(_CALL.match(href)) and "void(" not in href.lower()
