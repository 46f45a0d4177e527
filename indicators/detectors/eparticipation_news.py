"""eparticipation_news: announcements of consultations, polls, calls for proposals or opinions, by age."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from crawler.scope import identity
from crawler.text import word_count
from indicators.candidates import LONGEST_NAME, candidates
from indicators.dates import dates_in
from indicators.detector import Verdict, absent, detector, found, link_evidence, place, text_evidence
from indicators.detectors._forms import is_called
from indicators.detectors._shared import says_nothing, sections
from indicators.detectors.news import published
from indicators.page import Anchor, Block
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

LONGEST_TITLE = 220
LONGEST_DATE = 250

LISTS = 0.4
"""Part of a page's name that must say that it lists announcements."""

FOLLOWS = 3
"""Blocks below a heading in which its date stands."""

_LISTS = ("participation_call", "consultation", "news", "announcement")
_ENTRIES = frozenset(("li", "td", "p", "dd"))

AHEAD = timedelta(days=400)
"""Deadlines lie in the future, but not further."""


class _Call(NamedTuple):
    key: str
    evidence: Evidence
    day: date | None


@detector("eparticipation_news", version=6)
def detect(site: Site, words: Vocabulary) -> Verdict:
    calls: dict[str, _Call] = {}
    for page in site.pages:
        for call in _calls(site, page, words):
            known = calls.get(call.key)
            if known is None or (known.day is None and call.day is not None):
                calls[call.key] = call
    if not calls:  # entries of a list tell again what has a page or a heading
        calls = {call.key: call for page in site.pages for call in _entries(site, page, words)}
    if not calls:
        likely = candidates(site, "participation_call", "news", "announcement")
        visited = [place(page, "announces no consultation, poll or call") for page in likely]
        return absent(site, answer="none", visited=visited)
    now = _now(site, calls)
    year = threshold("participation_days")
    recent = [call for call in calls.values() if call.day is not None and (now - call.day).days <= year]
    if len(recent) >= threshold("participation_many"):
        answer = "very_high"
    else:
        answer = ("low", "medium", "high")[len(recent)]
    dated = sorted(recent, key=lambda call: call.day or date.min, reverse=True)
    shown = [call.evidence for call in (dated or calls.values())]
    return found(
        answer, *shown[:3], confidence=0.8, details={"in_a_year": len(recent), "announcements": len(calls)}
    )


def _now(site: Site, calls: dict[str, _Call]) -> date:
    """The day from which a year is counted back: of a saved copy, its newest date."""
    if not site.archived:
        return site.visited_at
    days = [call.day for call in calls.values() if call.day is not None]
    pages = [day for page in candidates(site, "news") if (day := published(site, page)) is not None]
    return max([*days, *pages], default=site.visited_at)


def _calls(site: Site, page: PageView, words: Vocabulary) -> list[_Call]:
    """The page itself if it announces something, and what it lists and links to elsewhere."""
    if says_nothing(site, page):
        return []
    found_calls = []
    head, lists = None, False
    # A heading that links to another page is that page's title in a list.
    if naming := page.naming("participation_call") if page.depth else ():
        titles = {link.block for link in page.links if link.tag == "a" and link.url and link.url != page.url}
        listed = [page.blocks[at] for at in sorted(titles) if at < len(page.blocks)]
        nodes = {block.node for block in listed}
        heads = (b for b in naming if 0 < b.level <= 2 and b.node not in nodes)
        head = next((b for b in heads if _announces(b, words)), None)
        lists = any(_names(block.norm, words) for block in listed)
    # Procurement calls its competitions consultations, too.
    if head is not None and not is_called(site, page, words, "tender", 0.3):
        day = _day(site, page) or (None if lists else _deadline(site, page))
        if day is not None:
            found_calls.append(
                _Call(identity(page.url), text_evidence(site, page, head, "participation_call"), day)
            )
    found_calls += _listed(site, page, words) if page.depth else []
    for link in page.links_naming("participation_call"):
        call = _linked(site, page, link, words)
        if call is not None:
            found_calls.append(call)
    return found_calls


def _listed(site: Site, page: PageView, words: Vocabulary) -> list[_Call]:
    """Announcements that one page holds, each below a heading of its own with its date."""
    heads = [b for b in page.naming("participation_call") if b.level > 1 and _announces(b, words)]
    if len(heads) < 2 or is_called(site, page, words, "tender", 0.3):
        return []
    nodes = {head.node for head in heads}
    calls: list[_Call] = []
    for section in sections(page.content):
        days = [d.day for block in (section.heading, *section.body) for d in site.dates(block)]
        if section.heading.node in nodes and days:
            shown = text_evidence(site, page, section.heading, "participation_call")
            # The first is the page itself where nothing else of it says so.
            key = f"{identity(page.url)} {section.heading.norm}" if calls else identity(page.url)
            calls.append(_Call(key, shown, days[0]))
    return calls


def _entries(site: Site, page: PageView, words: Vocabulary) -> list[_Call]:
    """Announcements in the entries of a list, with their dates and without links, on a page that is called
    one of them or of news; or below a single heading of theirs."""
    if not page.depth or not page.naming("participation_call") or says_nothing(site, page):
        return []
    if not any(is_called(site, page, words, concept, LISTS) for concept in _LISTS):
        return []
    if is_called(site, page, words, "tender", 0.3):
        return []
    linked = {link.block for link in page.links if link.tag == "a" and link.url}
    entries = [b for at, b in enumerate(page.blocks) if at not in linked and b.tag in _ENTRIES]
    own = {b.node for b in page.content}
    titled = {
        b.node: [d.day for told in s.body[:FOLLOWS] for d in site.dates(told)]
        for s in sections(page.content)
        for b in (s.heading,)
        if b.level > 2
    }
    calls = []
    for block in (*entries, *(b for b in page.naming("participation_call") if b.node in titled)):
        days = titled.get(block.node) or [d.day for d in site.dates(block)]
        if days and block.node in own and _announces(block, words):
            shown = text_evidence(site, page, block, "participation_call")
            calls.append(_Call(block.norm, shown, days[0]))
    return calls


def _linked(site: Site, page: PageView, link: Anchor, words: Vocabulary) -> _Call | None:
    """A linked announcement whose own page does not say more: its date stands beside it or in its address."""
    if not link.visible or link.tag != "a" or not link.url.startswith("http") or link.area == "menu":
        return None
    if len(link.text) > LONGEST_TITLE or word_count(link.text) < threshold("title_words"):
        return None
    if link.block >= len(page.blocks) or not _names(link.norm, words):
        return None
    if not (site.works(link.url) or site.was_here(link.url)):
        return None
    target = site.target(link.url).page
    if target is not None and (target is page or target.depth == 0):
        return None
    around = page.blocks[link.block]
    days = [d.day for d in site.dates(around)] if len(around.text) <= LONGEST_DATE else []
    if not days and (target is not None or site.was_here(link.url)):
        return None  # its page speaks for itself, or was not saved
    key = link.norm if target is None else identity(link.url)
    return _Call(key, link_evidence(site, page, link, "participation_call"), days[0] if days else None)


def _announces(block: Block, words: Vocabulary) -> bool:
    enough = word_count(block.text) >= threshold("title_words")
    return enough and len(block.text) <= LONGEST_TITLE and _names(block.norm, words)


def _names(text: str, words: Vocabulary) -> bool:
    """Whether a title announces a call: it names one, and more than the name alone, which is a menu entry."""
    named = words.match("participation_call", text)
    return named is not None and (named.share < 0.85 or len(text) > LONGEST_NAME // 2)


def _day(site: Site, page: PageView) -> date | None:
    """The day of an announcement: as an article says it, else the first date that its text names."""
    day = published(site, page)
    if day is not None:
        return day
    return next((d.day for block in page.content for d in site.dates(block)), None)


def _deadline(site: Site, page: PageView) -> date | None:
    """A call that names only its deadline, and that still ahead, is of these days."""
    return site.visited_at if any(_is_ahead(site, block) for block in page.content) else None


def _is_ahead(site: Site, block: Block) -> bool:
    seen = dates_in(block.norm, site.words, site.visited_at + AHEAD, month_first=site.region == "US")
    return any(dated.day > site.visited_at for dated in seen)
