"""How a portal hangs together: which links lead nowhere, how far pages lie from home, what stands twice.

Worked out once for each Site, from what the visit saw; what the visit did not see is never called broken.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlsplit

from crawler.capture import Page
from crawler.text import normalize, word_count
from indicators.page import Anchor, FormView, Image
from indicators.records import Problem, ProblemKind
from indicators.site import PageView, Site, Target
from indicators.thresholds import threshold

COMMON_LINE = 60
"""Lines that more pages share say nothing of which two are alike."""

WORTH_COMPARING = 0.3
"""Share of the words that must stand in common lines before two texts are compared word by word."""

RUN = 3
"""Words of a run; texts are as like as the sets of their runs (Jaccard index)."""

PASSING = ("status 502", "status 503", "status 504")
"""Answers of a server that is not well at the moment: whether the page is there, nobody saw."""

FRONT_PAGE = re.compile(r"(?:(?:index|default|home)\.\w{2,5})?")

SAVED_COPY = "a saved copy: what was not saved cannot be told from what is broken"


class Broken(NamedTuple):
    """A link of the portal to itself that leads nowhere; `why` is an outcome or ``outcome: reason``."""

    page: PageView
    link: Anchor
    url: str
    why: str


class Hollow(NamedTuple):
    """A page without content: `view` is None where the visit itself found it empty."""

    record: Page
    view: PageView | None
    why: str


class Structure:
    """The facts about a portal as a whole; see `structure_of`."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.pages: tuple[PageView, ...] = tuple(p for p in site.pages if p.record.found_by != "form")
        """The pages of the portal; answers to the visit's own queries are none."""
        self._front_paths: dict[str, str | None] = {}

    # Links

    @cached_property
    def own_targets(self) -> dict[str, Target]:
        """Address -> what became of it, for each of the portal's own addresses that its links lead to."""
        found: dict[str, Target] = {}
        for inbound in self.site.inbound.values():
            url = inbound[0].link.url
            if url.startswith(("http://", "https://")) and self.site.is_own(url):
                found[url] = self.site.target(url)
        return found

    @cached_property
    def links_known(self) -> int:
        """Own addresses of which it is known whether they work."""
        return sum(works(target) is not None for target in self.own_targets.values())

    @cached_property
    def broken_targets(self) -> list[str]:
        return [url for url, target in self.own_targets.items() if works(target) is False]

    @cached_property
    def broken(self) -> list[Broken]:
        """Every broken link, one for each text under which it stands, in the order of the visit."""
        wrong = set(self.broken_targets)
        found = []
        for inbound in self.site.inbound.values():
            url = inbound[0].link.url
            if url in wrong:
                target = self.own_targets[url]
                why = f"{target.outcome}: {target.reason}" if target.reason else f"{target.outcome}"
                found += [Broken(one.page, one.link, url, why) for one in inbound]
        return sorted(found, key=lambda b: (b.page.id, b.link.node))

    @cached_property
    def broken_share(self) -> float | str:
        """Broken own addresses over the known ones, or why that cannot be told."""
        if self.site.archived:
            return SAVED_COPY
        if not self.links_known:
            return "no link within the portal was followed"
        return len(self.broken_targets) / self.links_known

    # Clicks

    @cached_property
    def clicks(self) -> dict[int, int]:
        """Page.id -> least number of clicks from the home page, for pages that links lead to. The parts of
        a frame set cost none."""
        home = self.site.home
        if home is None:
            return {}
        reached = {home.id: 0}
        queue = deque([home])
        followed: set[tuple[str, bool]] = set()
        while queue:
            page = queue.popleft()
            for link in self.site.links_of(page):
                framed = link.tag in ("frame", "iframe")
                if not link.url or (link.url, framed) in followed:
                    continue  # from a page that is as near to home
                followed.add((link.url, framed))
                target = self.site.target(link.url).page
                if target is None:
                    continue
                steps = reached[page.id] + (0 if framed else 1)
                if steps < reached.get(target.id, 1_000_000):
                    reached[target.id] = steps
                    if framed:
                        queue.appendleft(target)
                    else:
                        queue.append(target)
        return reached

    @cached_property
    def homes(self) -> frozenset[int]:
        """Page.id of the home page, of the parts of its frame set, and of what repeats one of them under
        another address (``/`` and ``/index.html``)."""
        own = {number for number, steps in self.clicks.items() if steps == 0}
        twins = {page.id for group in self.duplicates if any(p.id in own for p in group) for page in group}
        return frozenset(own | twins)

    def front_path(self, url: str) -> str | None:
        """'' if an address is the home page's or that of its host's front page, where a visit may not have
        begun; the first folder of one that might be the front page of a language (``/en/``); else None."""
        if url not in self._front_paths:
            self._front_paths[url] = self._front_path(url)
        return self._front_paths[url]

    def _front_path(self, url: str) -> str | None:
        if not url or not self.site.is_own(url):
            return None
        target = self.site.target(url).page
        if target is not None and target.id in self.homes:
            return ""
        parts = urlsplit(url)
        path = parts.path.strip("/").lower()
        if parts.query or "/" in path:
            return None
        return "" if FRONT_PAGE.fullmatch(path) else path

    def depth_of(self, page: PageView) -> int | None:
        """Clicks to a page; where only forms or scripts lead on, as the visit counted them; None for a page
        that nothing leads to."""
        if page.id in self.clicks:
            return self.clicks[page.id]
        return page.depth if page.record.found_by not in ("sitemap", "hint") else None

    @cached_property
    def orphans(self) -> list[PageView] | str:
        """Pages that the XML sitemap lists and no link leads to, or why that cannot be told."""
        if not any(sitemap.entries for sitemap in self.site.sitemaps):
            return "no XML sitemap lists the pages"
        if not self.site.visit.complete:
            return "the visit ended before every page was seen"
        return [p for p in self.pages if p.id not in self.clicks and p.record.found_by == "sitemap"]

    # Content

    @cached_property
    def duplicates(self) -> list[list[PageView]]:
        """Groups of pages whose own text is the same, or nearly; of each, the first seen comes first. Pages
        that name another as the one that counts (rel=canonical) are no duplicates."""
        lines = {
            page.id: dict.fromkeys(block.norm for block in page.content if block.norm)
            for page in self.pages
            if page.words >= threshold("duplicate_words") and self.canonical_of(page) is None
        }
        views = {page.id: page for page in self.pages}
        exact: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, own in lines.items():
            exact[tuple(sorted(own))].append(number)
        groups = {members[0]: members for members in exact.values()}
        weights = {number: {line: word_count(line) for line in lines[number]} for number in groups}
        sharing: dict[str, list[int]] = defaultdict(list)
        for number in groups:
            for line in lines[number]:
                sharing[line].append(number)
        merged: dict[int, int] = {}
        alike = threshold("duplicate_likeness")
        for number in groups:
            near: dict[int, int] = defaultdict(int)
            for line, words in weights[number].items():
                if len(sharing[line]) <= COMMON_LINE:
                    for other in sharing[line]:
                        if other < number:
                            near[other] += words
            total = sum(weights[number].values())
            for other, common in sorted(near.items()):
                if common < WORTH_COMPARING * max(total, sum(weights[other].values())):
                    continue
                if _likeness(lines[number], lines[other]) >= alike:
                    merged[number] = merged.get(other, other)
                    break
        for number, first in merged.items():
            groups[first] += groups.pop(number)
        return [[views[n] for n in sorted(members)] for members in groups.values() if len(members) > 1]

    def canonical_of(self, page: PageView) -> str | None:
        """The other address that a page names as the one that counts. A saved copy's are another host's."""
        if self.site.archived:
            return None
        for link in page.links:
            if link.tag == "link" and "canonical" in link.rel.split() and link.url:
                target = self.site.target(link.url).page
                same = target is page or link.url in (page.url, page.record.url)
                return None if same else link.url
        return None

    @cached_property
    def distinct(self) -> list[PageView]:
        """The pages that should be told apart: without duplicates and those that name another address."""
        repeated = {page.id for group in self.duplicates for page in group[1:]}
        return [p for p in self.pages if p.id not in repeated and self.canonical_of(p) is None]

    @cached_property
    def hollow(self) -> list[Hollow]:
        """Pages that show nothing, next to nothing, or only that they are being built."""
        found = [Hollow(p, None, "empty") for p in self.site.all_pages if p.outcome == "empty"]
        asked = (p for p in self.pages if p is not self.site.home and p.record.found_by != "frame")
        found += [Hollow(page.record, page, why) for page in asked if (why := self._lacks(page))]
        return sorted(found, key=lambda hollow: hollow.record.id)

    def _lacks(self, page: PageView) -> str:
        if page.words <= threshold("filler_words"):
            text = " ".join(block.norm for block in page.content)
            if self.site.words.signs("under_construction", text):
                return "under construction"
        if any(self.site.words.is_filler_text(block.norm) for block in page.content):
            return "filler text"
        if page.words >= threshold("empty_words") or self._shows_something(page):
            return ""
        return "empty"

    def _shows_something(self, page: PageView) -> bool:
        """Whether a page of few words has links, pictures, frames or a form that not most pages have."""
        links = any(
            link.tag in ("a", "area", "iframe", "frame") and link.area == "main" and link.url
            and link.url not in self._everywhere and not self._is_home(link)
            for link in page.links
        )  # fmt: skip
        forms = any(form.controls and _form_key(form) not in self._everywhere for form in page.forms)
        return links or forms or any(picture(i) and i.src not in self._everywhere for i in page.facts.images)

    def _is_home(self, link: Anchor) -> bool:
        return self.site.target(link.url).page is self.site.home

    @cached_property
    def _everywhere(self) -> frozenset[str]:
        """Addresses that most pages link to or show, and their forms."""
        counts: Counter[str] = Counter()
        for page in self.pages:
            counts.update({link.url for link in page.links} | {image.src for image in page.facts.images})
            counts.update({_form_key(form) for form in page.forms})
        least = max(2.0, len(self.pages) / 2)
        return frozenset(url for url, count in counts.items() if url and count >= least)


MOST_PROBLEMS = 300
"""Of each kind that are listed."""


def problems(site: Site) -> list[Problem]:
    """What a webmaster can mend page by page, at most 300 of each kind, in the order of the visit."""
    if site.visit.outcome != "ok" or not site.pages:
        return []
    whole = structure_of(site)
    found: list[Problem] = []
    if isinstance(whole.broken_share, float):
        found += [
            Problem(kind="broken_link", url=b.page.url, text=b.link.text[:200], target=b.url, reason=b.why)
            for b in whole.broken
        ]
    for group in whole.duplicates:
        found += [Problem(kind="duplicate", url=page.url, target=group[0].url) for page in group[1:]]
    found += [Problem(kind="empty_page", url=one.record.final_url, reason=one.why) for one in whole.hollow]
    if isinstance(whole.orphans, list):
        found += [Problem(kind="orphan", url=page.url) for page in whole.orphans]
    titles = {page.url: page.facts.title for page in whole.distinct}
    descriptions = {page.url: page.facts.metas.get("description", "") for page in whole.distinct}
    found += _texts(titles, "no_title", "repeated_title")
    found += _texts(descriptions, "no_description", "repeated_description")
    listed: Counter[str] = Counter()
    kept = []
    for problem in found:
        listed[problem.kind] += 1
        if listed[problem.kind] <= MOST_PROBLEMS:
            kept.append(problem)
    return kept


def _texts(texts: dict[str, str], missing: ProblemKind, twice: ProblemKind) -> Iterator[Problem]:
    again = repeated(normalize(text) for text in texts.values())
    for url, text in texts.items():
        if not normalize(text):
            yield Problem(kind=missing, url=url)
        elif normalize(text) in again:
            yield Problem(kind=twice, url=url, text=text[:300])


def structure_of(site: Site) -> Structure:
    """The structure of a portal, worked out once for each Site."""
    known: dict[str, Structure] = site.__dict__.setdefault("_structure", {})
    if "whole" not in known:
        known["whole"] = Structure(site)
    return known["whole"]


def works(target: Target) -> bool | None:
    """Whether an address of the portal answered with something; None where nobody saw: never asked for,
    blocked, timed out, forbidden by robots.txt, overloaded."""
    if target.outcome in ("ok", "login_wall", "redirected_away", "too_large"):
        return True
    if target.outcome == "empty":
        return target.file is None  # an empty page is there; a file of no bytes is not
    if target.outcome in ("http_error", "soft_404"):
        return None if target.reason.startswith(PASSING) else False
    return None


def _likeness(one: Iterable[str], other: Iterable[str]) -> float:
    first, second = _runs(one), _runs(other)
    return len(first & second) / len(first | second) if first | second else 0.0


def _runs(lines: Iterable[str]) -> set[tuple[str, ...]]:
    words = " ".join(lines).split()
    return set(zip(*(words[at:] for at in range(RUN)), strict=False)) or {tuple(words)}


def _form_key(form: FormView) -> str:
    """What forms on several pages have in common; without an address, a form is sent to its own page."""
    return f"form {form.area} {' '.join(control.name for control in form.controls)}"


def picture(image: Image) -> bool:
    return bool(image.src) and not image.src.startswith("data:")


def origin(url: str) -> str:
    """Scheme and host (with its port) of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def repeated(values: Iterable[str]) -> frozenset[str]:
    """What occurs more than once."""
    return frozenset(value for value, count in Counter(values).items() if count > 1)


def visible_links(page: PageView) -> Iterator[Anchor]:
    """The links that a reader can follow, closed menus included."""
    return (link for link in page.links if link.tag in ("a", "area") and link.url)
