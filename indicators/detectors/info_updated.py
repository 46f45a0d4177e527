"""info_updated: a dated item, or an "updated on" mark, within 90 days of the visit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from indicators.candidates import candidates
from indicators.dates import parse_stamp
from indicators.detector import Verdict, absent, detector, found, not_observable, place, text_evidence
from indicators.page import Block
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

LONGEST_DATED = 160
"""Characters of a line that dates an item; a longer text speaks of some day."""

LONGEST_CLOCK = 60
"""Characters of a clock with its caption."""

FIRST = 4
"""Blocks at the top of a page in which a clock may stand where a page has no marked header."""


_DIGIT = re.compile(r"\d")


class _Mark(NamedTuple):
    day: date
    page: PageView
    block: Block
    updated: bool
    """The words say that something was updated or published on that day."""


@detector("info_updated", version=1)
def detect(site: Site, words: Vocabulary) -> Verdict:
    marks = sorted(
        (mark for page in site.pages for mark in _marks(site, page, words)),
        key=lambda mark: (mark.day, mark.updated),
        reverse=True,
    )
    reference = _newest(site, marks) if site.archived else site.visited_at
    recent = [m for m in marks if reference and (reference - m.day).days <= threshold("updated_days")]
    if recent:
        age = (reference - recent[0].day).days if reference else 0
        sure = 0.7 if site.archived else 0.93 if len(recent) > 1 or recent[0].updated else 0.8
        return found("yes", *_witnesses(site, recent), confidence=sure, details={"age_days": age})
    if site.archived:
        return not_observable("how fresh the portal was is not to be seen in a saved copy")
    visited = [
        place(page, "nothing dated within 90 days") for page in candidates(site, "news", "announcement")
    ]
    newest: dict[str, float | int | str | bool | None] = {}
    if marks:
        newest["age_days"] = (site.visited_at - marks[0].day).days
    return absent(site, "news", visited=visited, details=newest, confidence=0.9)


def _witnesses(site: Site, marks: list[_Mark]) -> Iterator[Evidence]:
    for mark in marks[:3]:
        note = "updated" if mark.updated else "dated_item"
        around = _written(site, mark)
        yield text_evidence(site, mark.page, mark.block, note, around=around)


def _written(site: Site, mark: _Mark) -> str | None:
    for dated in site.dates(mark.block):
        if dated.day == mark.day and len(mark.block.norm) == len(mark.block.text):
            return mark.block.text[dated.start : dated.end]
    return None


def _marks(site: Site, page: PageView, words: Vocabulary) -> Iterator[_Mark]:
    """The days that the page gives to its items or to itself."""
    stamps = {stamp.block: parse_stamp(stamp.value) for stamp in page.facts.stamps}
    for index, block in enumerate(page.blocks):
        stamp = stamps.get(index)
        if len(block.text) > LONGEST_DATED and stamp is None:
            continue
        if stamp is None and not _DIGIT.search(block.text):
            continue
        days = [dated.day for dated in site.dates(block)]
        if stamp is not None and stamp <= site.visited_at:
            days.insert(0, stamp)
        if not days:
            continue
        said = bool(words.signs("updated", block.norm))
        if not said and _is_clock(site, page, index, days[0], words):
            continue
        yield _Mark(days[0], page, block, said or bool(words.signs("published_on", block.norm)))


def _is_clock(site: Site, page: PageView, index: int, day: date, words: Vocabulary) -> bool:
    """Today's date that a script writes, or a date in the head or foot: no sign of anybody's care."""
    block = page.blocks[index]
    if block.area in ("header", "menu", "footer"):
        return True
    if day != site.visited_at or len(block.text) > LONGEST_CLOCK:
        return False
    return site.is_frame(block) or index < FIRST or bool(words.signs("today", block.norm))


def _newest(site: Site, marks: list[_Mark]) -> date | None:
    """The newest date of any kind in a saved copy: of an item, or when a server says a page was last
    modified."""
    days = [mark.day for mark in marks]
    for page in site.pages:
        for name, value in site.headers(page.record.record_id) if page.record.record_id else ():
            if name.lower() == "last-modified":
                try:
                    days.append(parsedate_to_datetime(value).date())
                except ValueError:
                    continue
    return max(days, default=None)
