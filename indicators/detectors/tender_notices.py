"""tender_notices: a tender, auction or call for bids of the agency, or its list in the national system."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import takewhile
from typing import NamedTuple
from urllib.parse import urlsplit

from crawler.text import word_count
from indicators.candidates import candidates
from indicators.dates import dates_in
from indicators.detector import Verdict, absent, detector, first, found, link_evidence, place, text_evidence
from indicators.detectors._forms import is_called
from indicators.detectors._shared import is_host_of, says_nothing, unwrap
from indicators.page import Anchor, Block
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

LONGEST_SUBJECT = 220
"""Characters; what names a tender is a title, not a paragraph that mentions one."""

NEAR = 4
"""Blocks before and after a subject in which its date stands: the other cells of its row."""

BEGINNING = 25
"""Characters before the word for a tender in a text that is the title of one ("Public notice of ...")."""

TOLD = 8
"""Words below a title that tell what is wanted."""

_BEGINS_WITH_DAY = re.compile(r"(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}[./-]\d{1,2}[./-]\d{1,2})\b")
_NUMBER = re.compile(r"\d\s*[/_-]\s*\w*\d|\b\d{4,}\b")
"""What tells a tender from others: "LP01-2018"."""

CAPTION = 60
"""Characters of a line that says what the table or list below it holds."""

ROWS = 60
"""Cells and entries below such a line."""

_ENTRIES = frozenset(("td", "th", "li", "dt", "dd", "caption", "summary"))
"""Elements whose text is an entry of a list or table."""

BOXED = 3
"""Subjects below a heading of tenders that are enough without their days."""

AHEAD = timedelta(days=400)
"""Deadlines lie in the future, but not further."""


class Notice(NamedTuple):
    evidence: Evidence
    confidence: float
    place: int
    """Where the best stand: 0 an entry of the list of tenders, 1 a heading, 2 anywhere else."""


@detector("tender_notices", version=11)
def detect(site: Site, words: Vocabulary) -> Verdict:
    likely = candidates(site, "tender", "announcement")
    best: list[Notice] = []
    for page in dict.fromkeys([*likely, *site.pages]):
        if not says_nothing(site, page):
            best.extend(_notices(site, page, words))
        if len(best) >= 10:
            break
    best.sort(key=lambda notice: (notice.place, -notice.confidence))
    if best:
        return found("yes", *first([n.evidence for n in best]), confidence=max(n.confidence for n in best))
    for page in site.pages:
        boxed = _boxed(site, page, words)
        if len(boxed) >= BOXED:
            return found("yes", *first(boxed), confidence=0.75)
    for page in site.pages:
        about = is_called(site, page, words, "tender", 0.4)
        for link in page.links if about else page.links_naming("tender"):
            if _is_own_list(link, words) or _is_own_system(site, link, words):
                return found("yes", link_evidence(site, page, link, "procurement_list"), confidence=0.75)
    visited = [place(page, "no tender, auction or call for bids") for page in likely]
    return absent(site, "tender", visited=visited)


def _notices(site: Site, page: PageView, words: Vocabulary) -> Iterator[Notice]:
    """The notices that a page shows, at most a few."""
    content = page.content
    heads = [b.norm for b in page.headings if b.level == 1 and not site.is_frame(b)]
    if any(words.names("tender_result", text, 0.5) for text in heads):
        return
    is_list = _is_listing(site, page, words)
    # Notices of the day, also of other things: one that begins with its day may name a tender further on.
    notices = is_list or is_called(site, page, words, "announcement", 0.5)
    if not is_list and not page.naming("tender"):
        return
    links = _links_by_block(page)
    places = {id(block): index for index, block in enumerate(page.blocks)}
    count = results = 0  # `results`: the level of the heading below which results stand, not calls
    for index, block in enumerate(content):
        if block.level and words.names("tender_result", block.norm, 0.5):
            results = block.level
        elif block.level and block.level <= results:
            results = 0
        if results or len(block.text) > LONGEST_SUBJECT or words.is_filler_text(block.norm):
            continue
        link = links.get(places[id(block)])
        if link is not None and not _leads_on(site, link):
            if _told_here(site, link, content, index, words):
                yield Notice(text_evidence(site, page, block, "tender"), 0.75, 2)
                count += 1
            continue
        listing = (is_list and _is_under_tenders(site, page, block, words)) or _is_captioned(
            content, index, words
        )
        begins = (listing or notices) and _BEGINS_WITH_DAY.match(block.norm) is not None
        named = _names_one(block, words, dated=begins)
        subject = (
            not named
            and listing
            and (
                link is not None
                or _is_in_table_of_tenders(content, index, words)
                or _is_told_below(content, index, words)
            )
            and _is_subject(block, words)
        )
        numbered = listing and link is None and _is_numbered(content, index, words)
        if not named and not subject and not numbered:
            continue
        dated = _is_dated(site, content, index, words)
        if named and (dated or _tells_more(page, block, words)):
            confidence = 0.95 if listing or block.level else 0.85
        elif subject and dated:
            confidence = 0.9
        elif numbered:
            confidence = 0.8
        else:
            continue
        shown = link_evidence(site, page, link, "tender") if link else None
        where = 0 if listing and link else 1 if block.level else 2
        yield Notice(shown or text_evidence(site, page, block, "tender"), confidence, where)
        count += 1
        if count == 3:
            return


def _boxed(site: Site, page: PageView, words: Vocabulary) -> list[Evidence]:
    """What is wanted or sold, in lines right below a heading of tenders: boxes of home pages leave out the
    days. A line that leads to its own notice must lead to one that is there."""
    content = page.content
    links = _links_by_block(page)
    places = {id(block): index for index, block in enumerate(page.blocks)}
    for at, head in enumerate(content):
        if not head.level or not words.names("tender", head.norm, 0.75):
            continue
        if words.names("tender_result", head.norm, 0.5) or words.names("tender_rules", head.norm):
            continue
        subjects = []
        for block in takewhile(lambda b: not b.level, content[at + 1 :]):
            link = links.get(places[id(block)])
            wanted = words.names("tender_subject", block.norm) and _is_subject(block, words)
            if wanted and len(block.text) <= LONGEST_SUBJECT and (link is None or _leads_on(site, link)):
                subjects.append(text_evidence(site, page, block, "tender"))
        if len(subjects) >= BOXED:
            return subjects
    return []


def _links_by_block(page: PageView) -> dict[int, Anchor]:
    """The link that makes up a block, if there is one."""
    return {
        link.block: link
        for link in page.links
        if link.visible and link.url and link.block < len(page.blocks)
        if link.text and len(link.text) * 2 > len(page.blocks[link.block].text)
    }


def _is_listing(site: Site, page: PageView, words: Vocabulary) -> bool:
    """Whether a page is the list of tenders: links, its title or its heading call it so."""
    if page.depth == 0:
        return False
    heads = [block for block in page.headings if block.level <= 2 and not site.is_frame(block)]
    texts = [block.norm for block in heads] + [inbound.link.norm for inbound in site.links_to(page)]
    return any(words.names("tender", text, 0.4) for text in texts)


def _is_under_tenders(site: Site, page: PageView, block: Block, words: Vocabulary) -> bool:
    """Whether a block stands below a heading about tenders, or below none."""
    above: list[Block] = []
    for heading in [*(b for b in page.headings if b.node < block.node and not site.is_frame(b)), block]:
        while above and heading.level and above[-1].level >= heading.level:
            above.pop()
        above.append(heading)
    return len(above) == 1 or any(words.names("tender", heading.norm, 0.4) for heading in above[:-1])


def _names_one(block: Block, words: Vocabulary, *, dated: bool) -> bool:
    """Whether a text is the title of one tender: it names the kind and says what for. In a paragraph the
    kind stands at the beginning; further on it is only spoken of, but in an entry of a list of tenders that
    begins with its day (`dated`)."""
    named = words.match("tender", block.norm)
    return (
        named is not None
        and (block.level > 0 or block.tag in _ENTRIES or dated or named.start <= BEGINNING)
        and word_count(block.text) > threshold("title_words")
        and not words.names("tender", block.norm, 0.75)
        and not words.names("tender_result", block.norm)
        and not words.names("tender_rules", block.norm)
    )


def _is_numbered(content: list[Block], index: int, words: Vocabulary) -> bool:
    """Whether a line of the list begins with the kind and has a number, and what is wanted stands below it
    (a button to close the box may stand between): the day is in the papers then."""
    block = content[index]
    named = words.match("tender", block.norm)
    if named is None or named.start > 0 or not _NUMBER.search(block.text):
        return False
    if words.names("tender_result", block.norm) or words.names("tender_rules", block.norm):
        return False
    below = next((b for b in content[index + 1 : index + 3] if b.tag != "button"), None)
    return below is not None and not below.level and word_count(below.text) >= TOLD


def _is_in_table_of_tenders(content: list[Block], index: int, words: Vocabulary) -> bool:
    """Whether a cell's table has columns that only tenders have: "deadline for bids"."""
    if content[index].tag != "td":
        return False
    above = next((at for at in range(index, -1, -1) if content[at].tag == "th"), -1)
    while above >= 0 and content[above].tag == "th":
        if words.signs("tender", content[above].norm):
            return True
        above -= 1
    return False


def _is_captioned(content: list[Block], index: int, words: Vocabulary) -> bool:
    """Whether the line or heading right above the table or list in which an entry stands names tenders."""
    if content[index].tag not in _ENTRIES:
        return False
    above = next((b for b in reversed(content[max(0, index - ROWS) : index]) if b.tag not in _ENTRIES), None)
    return above is not None and len(above.text) <= CAPTION and words.names("tender", above.norm, 0.6)


def _is_told_below(content: list[Block], index: int, words: Vocabulary) -> bool:
    """Whether the text right below a heading tells of bids and their papers."""
    below = content[index + 1] if content[index].level and index + 1 < len(content) else None
    told = below is not None and not below.level and len(below.text.split()) >= TOLD
    return told and below is not None and bool(words.signs("tender", below.norm))


def _is_subject(block: Block, words: Vocabulary) -> bool:
    """Whether an entry of a list of tenders reads like the subject of one."""
    return (
        word_count(block.text) >= threshold("title_words")
        and not words.names("tender", block.norm, 0.5)
        and not words.names("tender_result", block.norm)
        and not words.names("tender_rules", block.norm)
    )


def _is_dated(site: Site, content: list[Block], index: int, words: Vocabulary) -> bool:
    latest = site.visited_at + AHEAD
    around = content[max(0, index - NEAR) : index + NEAR + 1]
    return any(
        dates_in(block.norm, words, latest, month_first=site.region == "US")
        for block in around
        if len(block.text) <= LONGEST_SUBJECT or block is content[index]
    )


def _tells_more(page: PageView, block: Block, words: Vocabulary) -> bool:
    """Whether the page speaks of a tender's papers, deadline or guarantee below the text that names it."""
    below = [b for b in page.content if b.node >= block.node][:12]
    kinds = {s for b in below for s in words.signs("tender", b.norm) if words.match("tender", s) is None}
    return len(kinds) >= threshold("tender_signs")


def _leads_on(site: Site, link: Anchor) -> bool:
    """Whether a linked notice is there: its target answered, or lies in the national system."""
    address = unwrap(link.url)
    if site.is_own(address):
        return site.target(address).outcome == "ok"
    return site.words.gateway_of(address, "procurement") is not None


def _is_own_system(site: Site, link: Anchor, words: Vocabulary) -> bool:
    """Whether a link that names tenders leads to a host of the agency's own for nothing else. What such a
    host is called says enough for the link to name them among other words."""
    named = link.visible and link.tag in ("a", "area") and words.names("tender", link.norm, 0.2)
    return named and is_host_of(site, link.url, words, "tender")


def _told_here(site: Site, link: Anchor, content: list[Block], index: int, words: Vocabulary) -> bool:
    """Whether the list itself tells of a tender whose own page was not saved with a copy: a title that begins
    with the kind, a day, and what is wanted."""
    target = site.target(link.url)
    if not site.archived or not target.own or target.outcome not in ("http_error", None):
        return False
    title = content[index].norm
    named = words.match("tender", title)
    if named is None or named.start > BEGINNING:
        return False
    if words.names("tender_result", title) or words.names("tender_rules", title):
        return False
    below = content[index + 1] if index + 1 < len(content) else None
    told = below is not None and not below.level and word_count(below.text) >= TOLD
    return told and _is_dated(site, content, index, words)


def _is_own_list(link: Anchor, words: Vocabulary) -> bool:
    """Whether a link that names tenders, or stands on a page of them, leads into the national procurement
    system, past its front page, to a list."""
    address = unwrap(link.url)
    if not link.visible or words.gateway_of(address, "procurement") is None:
        return False
    parts = urlsplit(address)
    deep = bool(parts.query) or len([step for step in parts.path.split("/") if step]) >= 2
    return deep
