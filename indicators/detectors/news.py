"""news: the agency's own news items, by how many there are and how recent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from indicators.candidates import candidates
from indicators.dates import parse_stamp
from indicators.detector import Details, Verdict, absent, detector, found, link_evidence, place, text_evidence
from indicators.detectors._shared import sections
from indicators.page import Anchor, Block
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

NEAR = 3
"""Blocks around a title in which its date stands."""

MOST_LISTS = 15
"""List pages that are read: more are older pages of the same list."""

PUBLISHED = ("article:published_time", "datepublished", "date", "dc.date", "pubdate", "publish_date")


class _Item(NamedTuple):
    page: PageView
    link: Anchor | None
    block: Block
    day: date | None


@detector("news", version=1)
def detect(site: Site, words: Vocabulary) -> Verdict:
    lists = candidates(site, "news")[:MOST_LISTS]
    items: dict[str, _Item] = {}
    for page in lists:
        for item in _listed(site, page, words) if page.depth else ():
            _keep(items, item)
    if site.home is not None:
        for item in _at_home(site, site.home, words):
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
    key = item.link.url if item.link is not None and item.link.url else item.block.norm
    known = items.get(key)
    if known is None or (known.day is None and item.day is not None):
        items[key] = item


def _listed(site: Site, page: PageView, words: Vocabulary) -> Iterator[_Item]:
    """The items of a page that lists news, or that is one long page of news."""
    content = {block.node: index for index, block in enumerate(page.content)}
    found_links = False
    for link in page.links:
        if link.block >= len(page.blocks) or page.blocks[link.block].node not in content:
            continue
        if _is_title(site, page, link, words):
            found_links = True
            yield _Item(page, link, page.blocks[link.block], _day_of(site, page, link))
    if not found_links:
        yield from _written_out(site, page)


def _written_out(site: Site, page: PageView) -> Iterator[_Item]:
    """Items without a page of their own: a heading, a date, some text."""
    for section in sections(page.content, most=8):
        days = [d.day for b in (section.heading, *section.body[:NEAR]) for d in site.dates(b)]
        if days and section.words >= 8 and len(section.heading.text.split()) >= threshold("title_words"):
            yield _Item(page, None, section.heading, days[0])


def _at_home(site: Site, home: PageView, words: Vocabulary) -> Iterator[_Item]:
    """Items below a heading that says "news" on the home page."""
    blocks = [b for b in home.blocks if b.area in ("main", "aside", "header")]
    inside: set[int] = set()
    for section in sections(blocks):
        if words.names("news", section.heading.norm, 0.3) and len(section.heading.text) < 60:
            inside.update(block.node for block in section.body)
    for link in home.links:
        listed = link.block < len(home.blocks) and home.blocks[link.block].node in inside
        if listed and _is_title(site, home, link, words):
            yield _Item(home, link, home.blocks[link.block], _day_of(site, home, link))


def _is_title(site: Site, page: PageView, link: Anchor, words: Vocabulary) -> bool:
    """Whether a link is the title of an item that can be read."""
    if not link.visible or link.tag != "a" or not link.url.startswith("http") or link.url == page.url:
        return False
    title = link.text
    if len(title.split()) < threshold("title_words") or len(title) < 12:
        return False
    if words.names("more", link.norm, 0.7) or words.account_of(link.url) or words.network_of(link.url):
        return False
    target = site.target(link.url)
    if target.own and target.outcome is None:
        return not site.visit.complete
    return site.works(link.url)


def _day_of(site: Site, page: PageView, link: Anchor) -> date | None:
    """The date of an item: beside its title in the list, else on its own page."""
    blocks = page.blocks
    here = site.dates(blocks[link.block])
    if here:
        return here[0].day
    stamps = {stamp.block: parse_stamp(stamp.value) for stamp in page.facts.stamps}
    titles = {other.block for other in page.links if other.url != link.url and len(other.text.split()) >= 3}
    for step in (*range(1, NEAR + 1), *range(-1, -NEAR - 1, -1)):
        index = link.block + step
        if not 0 <= index < len(blocks):
            continue
        if index in titles:
            # the next item begins (or the one before ends) here: what lies beyond is not this item's
            if step > 0:
                continue
            break
        if stamps.get(index):
            return stamps[index]
        near = site.dates(blocks[index])
        if near and len(blocks[index].text) < 120:
            return near[0].day
    target = site.target(link.url).page
    return published(site, target) if target is not None else None


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
    for block in page.content[:25]:
        days = site.dates(block)
        if days and len(block.text) < 200:
            return days[0].day
    return None


def _articles(site: Site, pages: list[PageView]) -> dict[str, _Item]:
    """Pages that are news items themselves, where no list of them was understood."""
    kept = {}
    for page in pages:
        day = published(site, page) if page.depth and page.words >= 40 else None
        heading = next((b for b in page.content if b.level), None)
        if day is not None and heading is not None:
            kept[page.url] = _Item(page, None, heading, day)
    return kept
