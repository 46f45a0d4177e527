"""news: the agency's own news items, by how many there are and how recent."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from crawler.scope import identity
from crawler.text import normalize, word_count
from indicators.candidates import candidates
from indicators.dates import Dated, dates_in, is_month, parse_stamp
from indicators.detector import Details, Verdict, absent, detector, found, link_evidence, place, text_evidence
from indicators.detectors._shared import Section, sections
from indicators.page import Anchor, Block
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

NEAR = 4
"""Blocks around a title in which its date stands."""

ITEM_WORDS = 8
"""Words below the title of an item that has no page of its own."""

CAPTION = 40
"""Characters of a line that opens a list without being a heading."""

BELOW = 40
"""Blocks below such a line that may belong to it."""

LONGEST_DATE = 120
"""Characters of a block that gives a date; a longer one speaks of some other day."""

DATE_ALONE = 30
"""Characters of a line that is a date and hardly more."""

MOST_LISTS = 15
"""List pages that are read: more are older pages of the same list."""

LONGEST_MORE = 40
"""Characters of a link that leads to all the news."""

_YEAR = re.compile(r"\d{4}|[/.]\d\d$")

_ONE_ITEM = re.compile(
    r"[?&/=_-](?!(?:1[34]|19|20)\d\d/?$)\d{2,}(?:\D|$)|/[^/?#]+-[^/?#]+-[^/?#]+-[^/?#]+/?(?:[?#]|$)"
)
"""The address of a single item: its number, or a title of four words and more."""

UNDATED = 5
"""Titles without dates that nothing but their addresses calls news: fewer may be another thing."""

HEADLINE = 5
"""Words of such a title: entries of menus have fewer."""

RULES = ("policy", "privacy", "accessibility")
"""What pages are called that say since when they hold."""

OTHER_LISTS = ("tender", "tender_result", "jobs")
"""What dated titles may be of, if not of news."""

PUBLISHED = ("article:published_time", "datepublished", "date", "dc.date", "pubdate", "publish_date")


class _Item(NamedTuple):
    page: PageView
    link: Anchor | None
    block: Block
    day: date | None
    part: str = ""
    """The fragment of the link, where one page holds several items."""


@detector("news", version=15)
def detect(site: Site, words: Vocabulary) -> Verdict:
    lists = candidates(site, "news")[:MOST_LISTS]
    items: dict[str, _Item] = {}
    for page in lists:
        for item in _listed(site, page, words) if page.depth else ():
            _keep(items, item)
    if site.home is not None:
        for item in _at_home(site, site.home, words):
            _keep(items, item)
    read = {item.page.id for item in items.values()}
    for page in lists:
        if page.depth and page.id not in read and identity(page.url) not in items:
            for item in _written_out(site, page, words):
                _keep(items, item)
    if not items:
        items.update(_articles(site, lists))
    if not items:
        return absent(
            site, "news", answer="none", visited=[place(page, "lists no items") for page in lists[:10]]
        )
    return _level(site, list(items.values()))


def _level(site: Site, items: list[_Item]) -> Verdict:
    some = threshold("news_some")
    # A saved copy is as old as it is; how fresh its news was on a living portal is not to be seen.
    dated = (
        []
        if site.archived
        else sorted((i for i in items if i.day), key=lambda i: i.day or date.min, reverse=True)
    )
    ages = [(site.visited_at - item.day).days for item in dated if item.day]
    month = sum(age <= threshold("news_days_month") for age in ages)
    quarter = sum(age <= threshold("news_days_quarter") for age in ages)
    year = sum(age <= threshold("news_days_year") for age in ages)
    undated = len(items) - len(dated)
    if month >= threshold("news_many"):
        answer = "very_high"
    elif month >= some:
        answer = "high"
    elif quarter >= some:
        answer = "medium"
    elif year >= some or undated >= some:
        answer = "low"
    else:
        answer = "very_low"
    details: Details = {
        "items": len(items),
        "in_30_days": month,
        "in_90_days": quarter,
        "in_a_year": year,
        "undated": undated,
    }
    shown = (dated or items)[:3]
    return found(answer, *(_witness(site, item) for item in shown), confidence=0.88, details=details)


def _witness(site: Site, item: _Item) -> Evidence:
    if item.link is not None and item.block.text != item.link.text:
        dates = item.day is not None and len(item.block.text) < 400
        return (
            text_evidence(site, item.page, item.block, "news_item", around=item.link.text)
            if dates and item.link.text in item.block.text
            else link_evidence(site, item.page, item.link, "news_item")
        )
    return text_evidence(site, item.page, item.block, "news_item")


def _keep(items: dict[str, _Item], item: _Item) -> None:
    linked = item.link is not None and item.link.url
    key = identity(item.link.url) + item.part if item.link is not None and linked else item.block.norm
    known = items.get(key)
    if known is None or (known.day is None and item.day is not None):
        items[key] = item


def _listed(site: Site, page: PageView, words: Vocabulary) -> Iterator[_Item]:
    """The items of a page that lists news. On a page about something else that has a part for news, what
    stands above the heading of that part is other things, and one or two titles without a day are none."""
    content = page.content
    heads = [number for number, block in enumerate(content) if block.level]
    news = [number for number in heads if words.names("news", content[number].norm, 0.2)]
    if not news or news[0] == heads[0] or _is_for_news(site, page, words):
        yield from _linked(site, page, {block.node for block in content}, words)
        return
    items = list(_linked(site, page, {block.node for block in content[news[0] :]}, words))
    if len(items) >= threshold("news_some") or any(item.day for item in items):
        yield from items


def _is_for_news(site: Site, page: PageView, words: Vocabulary) -> bool:
    """Whether a page is called news by its address, its title, or a link on another page."""
    names = [seen.link.norm for seen in site.links_to(page) if seen.page is not page]
    return words.in_address("news", page.url) or any(
        words.names("news", name, 0.2) for name in [normalize(page.title), *names]
    )


def _linked(site: Site, page: PageView, inside: set[int], words: Vocabulary) -> Iterator[_Item]:
    """The items whose titles are links in one of the blocks `inside`."""
    titled = {}
    for link in page.links:
        if link.block < len(page.blocks) and page.blocks[link.block].node in inside:
            block = _title(site, page, link, words)
            if block is not None:
                titled[link] = block
    dates = _Dates(site, page, list(titled))
    parts: dict[str, set[str]] = defaultdict(set)
    above: dict[str, set[str]] = defaultdict(set)
    for link, block in titled.items():
        parts[link.url].add(link.href.partition("#")[2])
        if link.text not in block.text:
            above[link.url].add(block.norm)
    for link, block in titled.items():
        part = f"#{link.href.partition('#')[2]}" if len(parts[link.url] - {""}) > 1 else ""
        if len(above[link.url]) >= threshold("news_some"):  # the "Read more" of each leads to one list
            part = f"#{block.norm}"
        yield _Item(page, link, block, dates.of(link), part)


def _written_out(site: Site, page: PageView, words: Vocabulary) -> Iterator[_Item]:
    """Items without a page of their own: a heading, a date, some text."""
    dated = False
    for section in sections(page.content, most=8):
        days = [d.day for b in (section.heading, *section.body[:NEAR]) for d in site.dates(b)]
        if days and _has_text(section):
            dated = True
            yield _Item(page, None, section.heading, days[0])
    if not dated:
        yield from _headed(page, page.content, words)


def _headed(page: PageView, blocks: list[Block], words: Vocabulary) -> Iterator[_Item]:
    """Items without a page of their own and without a date: headings with some text, below one that says
    "news"."""
    for section in sections(blocks):
        if _says_news(section, words):
            for item in sections(section.body, most=8):
                if _has_text(item) and not words.is_filler_text(item.heading.norm):
                    yield _Item(page, None, item.heading, None)


def _has_text(section: Section) -> bool:
    return section.words >= ITEM_WORDS and word_count(section.heading.text) >= threshold("title_words")


def _says_news(section: Section, words: Vocabulary) -> bool:
    return any(words.names("news", name, 0.2) and len(name) < 60 for name in section.names)


def _at_home(site: Site, home: PageView, words: Vocabulary) -> Iterator[_Item]:
    """Items below a heading that says "news" on the home page."""
    blocks = [b for b in home.blocks if b.area in ("main", "aside", "header")]
    inside: set[int] = set()
    for section in sections(blocks):
        if _says_news(section, words):
            inside.update(block.node for block in section.body)
    linked = list(_linked(site, home, inside, words))
    linked = (
        linked or _captioned(site, home, words) or _addressed(site, home, words) or _dated(site, home, words)
    )
    yield from linked
    if len(linked) < threshold("news_some"):
        titles = {item.block.node for item in linked}
        yield from (item for item in _headed(home, blocks, words) if item.block.node not in titles)


def _captioned(site: Site, home: PageView, words: Vocabulary) -> list[_Item]:
    """Items below a line that says "news" without being a heading, as many makers of portals have it: more
    than one line may say so, and where few follow or none has a date, it was another thing."""
    linked = {
        home.blocks[link.block].node for link in home.links if link.text and link.block < len(home.blocks)
    }
    best: list[_Item] = []
    for index in home.blocks_may_name("news"):
        block = home.blocks[index]
        caption = block.area in ("main", "aside") and not block.level and block.node not in linked
        if not caption or len(block.text) > CAPTION or not words.names("news", block.norm, 0.4):
            continue
        below = []
        for at, other in enumerate(home.blocks[index + 1 : index + 1 + BELOW], index + 1):
            closes = other.level and other.node not in linked and not _beside_day(site, home, at)
            if closes or other.area != block.area:
                break
            below.append(other)
        items = list(_linked(site, home, {other.node for other in below}, words))
        some = threshold("news_some")
        if _is_list(items) and len(items) > len(best):
            best = items
        told = list(_told_in_full(site, home, below))
        if len(told) >= some and len(told) > len(best):
            best = told
    return best


def _beside_day(site: Site, page: PageView, index: int) -> bool:
    """Whether a line that is nothing but a date stands above or below a block: that of an item's title."""
    beside = (page.blocks[index - 1], *page.blocks[index + 1 : index + 2])
    return any(len(block.text) <= DATE_ALONE and site.dates(block) for block in beside)


def _told_in_full(site: Site, home: PageView, blocks: list[Block]) -> Iterator[_Item]:
    """Items that lead nowhere since all their text is here: a title beside a date that stands alone, and some
    text below. All of a list have the title on the side of the date on which the first has it."""
    leads: bool | None = None
    for number, block in enumerate(blocks):
        alone = len(block.text) <= DATE_ALONE
        days = site.dates(block) if alone else []
        if not days and not (alone and is_month(block.norm, site.words)):
            continue
        before = [b for b in reversed(blocks[max(0, number - 2) : number]) if _is_short_title(b)]
        after = [b for b in blocks[number + 1 : number + 2] if _is_short_title(b)]
        leads = bool(before) if leads is None else leads
        title = next(iter(before if leads else after), None) or next(iter(after), None)
        if title is None or site.words.is_filler_text(title.norm):
            continue
        if any(word_count(b.text) >= ITEM_WORDS for b in blocks[number + 1 : number + 4] if b is not title):
            yield _Item(home, None, title, days[0].day if days else None)


def _is_short_title(block: Block) -> bool:
    return _is_title(block.text) and len(block.text) <= LONGEST_DATE


def _addressed(site: Site, home: PageView, words: Vocabulary) -> list[_Item]:
    """Items that nothing readable calls news (a picture may), but their addresses do."""
    inside = {
        home.blocks[link.block].node
        for link in home.links
        if link.block < len(home.blocks) and link.area in ("main", "aside")
        if words.in_address("news", link.url)
    }
    items = list(_linked(site, home, inside, words)) if inside else []
    if _is_list(items):
        return items
    # Without dates, many addresses must each be that of one item: by its number, or by its title.
    # Systems that keep all their texts as "news" give such addresses to the short entries of menus as well.
    own = [
        item
        for item in items
        if item.link is not None
        and _ONE_ITEM.search(item.link.url)
        and word_count(item.block.text) >= HEADLINE
    ]
    return own if len({item.link.url for item in own if item.link}) >= UNDATED else []


def _dated(site: Site, home: PageView, words: Vocabulary) -> list[_Item]:
    """Titles that each have a day, below a picture that is called news, above a link to "more news", or with
    the day in their tooltips. What stands below a heading on tenders or jobs is that."""
    blocks = [b for b in home.blocks if b.area in ("main", "aside")]
    other: set[int] = set()
    for section in sections(blocks):
        if any(words.names(concept, name, 0.5) for concept in OTHER_LISTS for name in section.names):
            other.update(block.node for block in section.body)
    items = [
        item
        for item in _linked(site, home, {block.node for block in blocks} - other, words)
        if item.link is not None and item.day is not None
        if not any(words.names(concept, item.block.norm) for concept in OTHER_LISTS)
    ]
    sharing = Counter(item.block.node for item in items)
    items = [item for item in items if sharing[item.block.node] == 1]
    if not items:
        return []
    signed = _signed(home, words)
    kept = [i for i in items if i.link and (i.link.block in signed or _tooltip_day(site, i.link) is not None)]
    return kept if len(kept) >= threshold("news_some") else []


def _signed(home: PageView, words: Vocabulary) -> set[int]:
    """The blocks below a picture whose words say "news", or above a link that leads to more of it."""
    said: set[int] = set()
    for image in home.facts.images:
        if image.alt and len(image.alt) <= CAPTION and words.names("news", normalize(image.alt), 0.4):
            first = next((n for n, b in enumerate(home.blocks) if b.node > image.node), len(home.blocks))
            said.update(range(first, first + BELOW))
    for link in home.links_naming("news", 0.4):
        leads = link.visible and link.tag == "a" and link.area in ("main", "aside")
        if leads and len(link.text) <= LONGEST_MORE and words.names("more", link.norm):
            said.update(range(max(0, link.block - BELOW), link.block))
    return said


def _tooltip_day(site: Site, link: Anchor) -> date | None:
    """The day that a link's tooltip gives, as lists that show titles alone have it."""
    if not link.title or len(link.title) > DATE_ALONE or link.title == link.text:
        return None
    days = dates_in(normalize(link.title), site.words, site.visited_at, month_first=site.region == "US")
    return days[0].day if days else None


def _is_list(items: list[_Item]) -> bool:
    """Whether there are some items, and half of them dated or some: lists of other things may follow."""
    dated, some = sum(item.day is not None for item in items), threshold("news_some")
    return len(items) >= some and (dated * 2 >= len(items) or dated >= some)


def _title(site: Site, page: PageView, link: Anchor, words: Vocabulary) -> Block | None:
    """The block that holds the title of an item, if the link leads to one that can be read."""
    if not link.visible or link.tag != "a" or not link.url.startswith("http") or link.url == page.url:
        return None
    block = page.blocks[link.block]
    if words.network_of(link.url) or not (_opens(site, link) or _told_here(site, link, block)):
        return None
    whole = words.names("more", link.norm, 0.4) and words.names("news", link.norm, 0.2)
    if (whole and len(link.text) < LONGEST_MORE) or words.names("login", link.norm, 0.4):
        return None
    if _leads_to_list(site, link, words):
        return None
    if not any(words.names(concept, link.norm, 0.6) for concept in ("more", "download")):
        return block if _is_title(link.text) else None
    # "Read more" and "Download" belong to the title above them.
    for index in range(link.block, max(-1, link.block - NEAR - 1), -1):
        above = page.blocks[index]
        if _is_title(above.text) and above.text != link.text and len(above.text) < 200:
            # Right below the heading "News", a text that leads to nothing only speaks of the news.
            head = page.blocks[index - 1] if index and not above.level and not _opens(site, link) else None
            speaks = head is not None and head.level and words.names("news", head.norm, 0.5)
            return None if speaks and not site.dates(above) else above
    return None


def _leads_to_list(site: Site, link: Anchor, words: Vocabulary) -> bool:
    """Whether a link names the news and leads to a page that is called just that: "Back to the news"."""
    if not words.names("news", link.norm, 0.2):
        return False
    target = site.target(link.url).page
    head = next((block for block in target.content if block.level), None) if target is not None else None
    return head is not None and words.names("news", head.norm, 0.8) and head.norm in link.norm


def _is_title(text: str) -> bool:
    return word_count(text) >= threshold("title_words") and len(text) >= 12


def _opens(site: Site, link: Anchor) -> bool:
    target = site.target(link.url)
    if target.own and target.outcome is None:
        return not site.visit.complete
    return site.works(link.url)


def _told_here(site: Site, link: Anchor, block: Block) -> bool:
    """A headline of a saved copy whose own page was not saved with it: the list itself tells the news."""
    missing = site.archived and site.target(link.url).outcome in ("http_error", None)
    return missing and not site.words.is_filler_text(block.norm)


class _Dates:
    """Which date belongs to which title of a list: lists write it before the title or after it, and all
    their items alike."""

    def __init__(self, site: Site, page: PageView, titles: list[Anchor]) -> None:
        self._site, self._page = site, page
        self._stamps = {stamp.block: parse_stamp(stamp.value) for stamp in page.facts.stamps}
        places = sorted({link.block for link in titles})
        self._before: dict[int, tuple[date, int]] = {}
        self._after: dict[int, tuple[date, int]] = {}
        for number, place_ in enumerate(places):
            first = max(places[number - 1] + 1 if number else 0, place_ - NEAR)
            last = min(
                places[number + 1] if number + 1 < len(places) else len(page.blocks), place_ + NEAR + 1
            )
            for index in range(place_ - 1, first - 1, -1):
                self._note(self._before, place_, index)
            for index in range(place_ + 1, last):
                self._note(self._after, place_, index)
        # The side on which more titles have a date; of two alike, the nearer one.
        self._chosen = max(self._before, self._after, key=lambda side: (len(side), -self._distance(side)))

    def _note(self, kept: dict[int, tuple[date, int]], place_: int, index: int) -> None:
        day = self._day(index)
        if day is not None:
            kept.setdefault(place_, (day, abs(index - place_)))

    @staticmethod
    def _distance(side: dict[int, tuple[date, int]]) -> int:
        return sum(distance for _, distance in side.values())

    def _day(self, index: int) -> date | None:
        stamp = self._stamps.get(index)
        if stamp is not None and stamp <= self._site.visited_at:
            return stamp
        block = self._page.blocks[index]
        days = self._site.dates(block) if len(block.text) < LONGEST_DATE else []
        return days[0].day if days else None

    def of(self, link: Anchor) -> date | None:
        """The date of an item: in its own block, beside it in the list, else on its own page."""
        own = self._page.blocks[link.block]
        days = self._site.dates(own)
        if days and _has_year(own, days[0]):
            return days[0].day
        stamp = self._stamps.get(link.block)
        if stamp is not None:
            return stamp
        tooltip = _tooltip_day(self._site, link)
        if tooltip is not None:
            return tooltip
        if link.block in self._chosen:
            return self._chosen[link.block][0]
        if days:
            return days[0].day
        target = self._site.target(link.url).page
        return published(self._site, target) if target is not None else None


def published(site: Site, page: PageView) -> date | None:
    """The date on which an article says it was published: metadata, else the first date of its text."""
    for name in PUBLISHED:
        day = parse_stamp(page.facts.metas.get(name, ""))
        if day and day <= site.visited_at:
            return day
    for item in page.structured():
        day = parse_stamp(str(item.get("datePublished", "")))
        if day and day <= site.visited_at:
            return day
    for stamp in page.facts.stamps:
        day = parse_stamp(stamp.value)
        if day and day <= site.visited_at:
            return day
    dated = [(b, days[0]) for b in page.content[:25] if len(b.text) < 200 and (days := site.dates(b))]
    # A title that says "until 20 December" tells a deadline, not its own day.
    dated.sort(key=lambda one: not _has_year(*one))
    return dated[0][1].day if dated else None


def _has_year(block: Block, dated: Dated) -> bool:
    return _YEAR.search(block.norm, dated.start, dated.end) is not None


def _articles(site: Site, pages: list[PageView]) -> dict[str, _Item]:
    """Pages that are news items themselves, where no list of them was understood."""
    kept = {}
    for page in pages:
        day = published(site, page) if page.depth and page.words >= 40 else None
        heading = next((b for b in page.content if b.level), None)
        if day is None or heading is None:
            continue
        if not any(site.words.names(concept, heading.norm, 0.4) for concept in RULES):
            kept[page.url] = _Item(page, None, heading, day)
    return kept
