"""required_links: a block or page of useful or quick links for visitors, three of which work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from crawler.text import normalize
from indicators.candidates import candidates
from indicators.detector import Verdict, absent, detector, found, link_evidence, place, text_evidence
from indicators.detectors._shared import SHORT, is_edge
from indicators.page import Anchor, Block
from indicators.records import Evidence
from indicators.site import PageView, Site, host_of
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

CAPTION = 40
"""Characters of the line that opens a block of links."""

REACH = 60
"""Blocks below such a line that may belong to it."""

_FEED = re.compile(r"(?i)(?<![a-z])(?:rss|atom|feed)(?![a-z])|(?<=[/_])rss(?=creator)")

CONCEPTS = ("quick_links", "related_links")


class _Group(NamedTuple):
    page: PageView
    heading: Block | None
    links: list[Anchor]
    confidence: float


@detector("required_links", version=6)
def detect(site: Site, words: Vocabulary) -> Verdict:
    likely = candidates(site, *CONCEPTS)
    home = [site.home] if site.home is not None else []
    least = threshold("useful_links")
    pages = list(dict.fromkeys([*home, *_frames(site), *likely]))
    groups = [group for page in pages for group in _groups(site, page, words)]
    groups += [group._replace(confidence=0.85) for group in _beside(site, set(pages), words)]
    groups += [group for page in likely for group in _whole_page(site, page, words)]
    groups += [group for page in home for group in _unnamed(site, page)]
    best = max(groups, key=lambda group: (min(len(group.links), least), group.confidence), default=None)
    if best is not None and len(best.links) >= least:
        return found("yes", *_witnesses(site, best), confidence=best.confidence)
    count = len(best.links) if best is not None else 0
    visited = [place(page, f"useful links that work: at most {count}") for page in pages]
    return absent(site, *CONCEPTS, visited=visited, details={"links": count})


def _witnesses(site: Site, group: _Group) -> Iterator[Evidence]:
    if group.heading is not None:
        yield text_evidence(site, group.page, group.heading, "useful_links")
    for link in group.links[:3]:
        yield link_evidence(site, group.page, link, "useful_link")


def _frames(site: Site) -> list[PageView]:
    return [page for page in site.pages if page.record.found_by == "frame"]


def _beside(site: Site, seen: set[PageView], words: Vocabulary) -> Iterator[_Group]:
    """What stands beside the content of other pages only, each once."""
    captions = set()
    for page in site.pages:
        if page in seen:
            continue
        for group in _groups(site, page, words):
            if group.heading is not None and (text := group.heading.norm) not in captions:
                captions.add(text)
                yield group


def _groups(site: Site, page: PageView, words: Vocabulary) -> Iterator[_Group]:
    """Working links below each heading or line that announces useful links."""
    blocks = page.blocks
    for index in page.blocks_may_name(*CONCEPTS):
        block = blocks[index]
        if len(block.text) > CAPTION or not any(words.names(c, block.norm, 0.4) for c in CONCEPTS):
            continue
        end = _end(blocks, index)
        # What a menu that follows a caption elsewhere holds is not what the caption announces.
        below = (link for link in page.links if index < link.block < end)
        kept = _working(site, page, [a for a in below if a.area != "menu" or block.area == "menu"])
        if kept:
            # In a menu, a caption like "Resources" may be one entry among others.
            yield _Group(page, block, kept, 0.85 if block.area == "menu" else 0.95)


def _end(blocks: tuple[Block, ...], start: int) -> int:
    """Index behind the last block below a caption: up to the next heading, or line of the caption's kind."""
    caption = blocks[start]
    for index in range(start + 1, min(len(blocks), start + REACH)):
        block = blocks[index]
        if block.level and (not caption.level or block.level <= caption.level):
            return index
        if "footer" in (caption.area, block.area) and caption.area != block.area:
            return index
    return min(len(blocks), start + REACH)


def _whole_page(site: Site, page: PageView, words: Vocabulary) -> Iterator[_Group]:
    """The links of a page that is called one of useful links."""
    if page.depth == 0:
        return
    heading = next(
        (b for b in page.headings if any(words.names(c, b.norm, 0.4) for c in CONCEPTS)),
        None,
    )
    named = any(words.names(c, normalize(page.title), 0.3) for c in CONCEPTS)
    if heading is None and not named and not any(words.in_address(c, page.url) for c in CONCEPTS):
        return
    inside = {block.node for block in page.content}
    links = [a for a in page.links if a.block < len(page.blocks) and page.blocks[a.block].node in inside]
    yield _Group(page, heading, _working(site, page, links), 0.92)


def _unnamed(site: Site, page: PageView) -> Iterator[_Group]:
    """What serves visitors as quick links without being called so: links to other bodies' systems on the
    home page, or those in its footer."""
    links = [link for link in page.links if link.area != "menu" and not site.was_here(link.url)]
    outside = [link for link in links if link.url.startswith("http") and not site.is_own(link.url)]
    yield _Group(page, None, _working(site, page, outside), 0.8)
    # Their emblems alone, without a word: where they lead says what they are.
    known = [link for link in outside if _of_public_body(site, link)]
    yield _Group(page, None, _working(site, page, known, wordless=True), 0.75)
    menu = {link.url for link in page.links if link.area == "menu"}
    footer = [
        link
        for link in links
        if link.area == "footer"
        and link.url not in menu
        and link.block < len(page.blocks)
        and is_edge(site, page.blocks[link.block])
    ]
    yield _Group(page, None, _working(site, page, footer), 0.78)


def _of_public_body(site: Site, link: Anchor) -> bool:
    return site.words.is_public_host(host_of(link.url)) or site.words.gateway_of(link.url) is not None


def _working(site: Site, page: PageView, links: list[Anchor], *, wordless: bool = False) -> list[Anchor]:
    """The links with words (or `wordless`) that lead somewhere else than here and work, each address once;
    not accounts on networks."""
    kept: dict[str, Anchor] = {}
    for link in links:
        if (
            link.url not in kept
            and link.visible
            and link.tag in ("a", "area")
            and (link.text or wordless)
            and link.url.startswith("http")
            and link.url not in (page.url, page.record.url)
            and site.words.network_of(link.url) is None
            and site.works(link.url)
            and not _is_for_machines(link)
            and not _is_credit(site, page, link)
        ):
            kept[link.url] = link
    return list(kept.values())


def _is_for_machines(link: Anchor) -> bool:
    return _FEED.search(link.text) is not None or _FEED.search(link.url.partition("://")[2]) is not None


def _is_credit(site: Site, page: PageView, link: Anchor) -> bool:
    """Whether a link stands in a line that begins with "Powered by" or the like."""
    block = page.blocks[link.block] if link.block < len(page.blocks) else None
    named = site.words.match("studio_credit", block.norm) if block and len(block.text) <= SHORT else None
    return named is not None and named.start == 0
