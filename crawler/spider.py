"""The visit itself: what is asked for next, what became of it, and what is kept.

Scrapy runs the spider and downloads; the order, the scope and the judgement of answers are decided here.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from scrapy import Spider

from crawler.browser import BrowserPolicy, BrowserUnavailableError, open_browser
from crawler.capture import (
    SCREENSHOTS,
    Area,
    Comparison,
    File,
    Footprint,
    Form,
    Host,
    Link,
    Outcome,
    Page,
    Refusal,
    RenderingReason,
    Sitemap,
    StorageError,
    Structured,
    Visit,
    from_row,
)
from crawler.decode import decode
from crawler.extract import Extracted, PageLink, extract
from crawler.fetch import BudgetSpentError, Fetched, Fetcher, Meter
from crawler.frontier import Entry, Frontier, Kind
from crawler.outcomes import FAINT, Missing, judge, missing_address
from crawler.pace import Pace
from crawler.portal import OutsideWindowError, Portal
from crawler.render import Rendered, Renderer
from crawler.rendering import RenderingChoice, kind_of, says_more
from crawler.repeats import Repeats
from crawler.robots import ROBOTS_LIMIT, SITEMAP_LIMIT, SITEMAPS, Rules, read_rules, read_sitemap
from crawler.scope import (
    Scope,
    absolute,
    guess_is_file,
    host_of,
    identity,
    is_asset,
    origin_of,
    without_session,
)
from crawler.search import SearchBox, find_search, good_query
from crawler.text import normalize
from crawler.writer import CaptureWriter

log = logging.getLogger(__name__)

MAX_REDIRECTS = 8
MAX_STYLES = 30
MAX_FOLLOWED = 4_096
"""Links (address and text) that are remembered as followed."""

HEAD_CHARACTERS = 2_000
REFRESH_SECONDS = 10.0
REFRESH_TEXT = 300
"""Characters of text up to which a page with a meta refresh is only a signpost."""

POSTED = "posted:"
"""Opens the fragment that tells the answer to a posted form from the page at the same address."""

FRAME_PRIORITY = 1_000.0
SITEMAP_PRIORITY = -1.0
FILE_PRIORITY = -2.0
STYLE_PRIORITY = -3.0

FoundBy = Literal["start", "link", "sitemap", "frame", "redirect", "script", "form", "hint"]


@dataclass(frozen=True)
class VisitProgress:
    """How far a visit is, for whoever watches."""

    portal: str
    url: str
    pages: int
    files: int
    waiting: int
    requests: int
    bytes: int
    seconds: float


@dataclass
class Arrival:
    """Where one address led: the exchanges on the way, the last of them, and what stopped it, if anything
    did."""

    exchanges: list[Fetched]
    outcome: Outcome | None = None
    reason: str = ""
    known: int | None = None
    """Page.id of a page that is there already, where the address led to one."""

    page: Extracted | None = None
    charset: str = ""
    rendered: Rendered | None = None
    """What the browser made of it, where it was opened in one."""

    judged_rendered: bool = False
    """True if the rendered page is the one that is judged."""

    comparison: Comparison | None = None
    """What the browser brought, where it was opened; `page` is still to be filled in."""

    @property
    def last(self) -> Fetched:
        return self.exchanges[-1]


class PortalSpider(Spider):
    """Lets a `Visitor` work inside Scrapy's engine."""

    name = "portal"

    def __init__(self, visitor: Visitor) -> None:
        super().__init__()
        self.visitor = visitor

    async def start(self) -> AsyncIterator[Any]:
        await self.visitor.run(self.crawler)
        return
        yield  # an asynchronous generator that yields nothing: the visitor downloads for itself


class Visitor:
    """One visit to one portal, begun or gone on with."""

    def __init__(
        self,
        portal: Portal,
        writer: CaptureWriter,
        *,
        base_folder: Path,
        agent_suffix: str,
        priorities: Iterable[tuple[str, float]] = (),
        progress: Callable[[VisitProgress], None] = lambda _: None,
    ) -> None:
        self.portal = portal
        self.writer = writer
        self.scope = Scope(portal)
        self.meter = Meter()
        self.error: BaseException | None = None
        self.visit: Visit
        self._base_folder = base_folder
        self._agent_suffix = agent_suffix
        self._progress = progress
        self._renderer: Renderer | None = None
        self._no_browser = ""
        self._postbacks: dict[str, str] = {}
        self._pressed: set[str] = set()
        self._rules: dict[str, Rules] = {}
        self._by_identity: dict[str, int] = {}
        self._followed: set[tuple[str, str, bool]] = set()
        self._stopped_by = ""
        with writer.commit():
            self.frontier = Frontier(writer.db, priorities)
            self._repeats = Repeats(writer.db)
            self._restore()

    # The visit as a whole

    async def run(self, crawler: Any) -> None:
        """Visits until nothing is left or the budget is spent; every end is written down, none raised."""
        budget = self.portal.budget
        self.fetcher = Fetcher(
            crawler,
            self.meter,
            Pace(budget.delay_seconds),
            requests=budget.requests,
            megabytes=budget.megabytes,
            minutes=budget.minutes,
            check_window=self.portal.check_window,
        )
        for origin, rules in self._rules.items():
            self._heed_delay(origin, rules)
        try:
            async with contextlib.AsyncExitStack() as self._browsers:
                await self._visit_all()
        except BudgetSpentError as spent:
            self._stopped_by = str(spent)
        except Exception as error:
            self.error = error  # for whoever called `visit`
            return
        else:
            if not self._stopped_by and self.frontier.waiting() and self._start_page().outcome == "ok":
                self._stopped_by = "pages"
        self._finish()

    async def _visit_all(self) -> None:
        if not self._by_identity:
            start = Entry(identity(self.portal.start), self.portal.start, "page", 0, "start", None, "")
            with self.writer.commit():
                self.frontier.add(start)
            await self._next()
        if self._start_page().outcome == "ok":
            await self._ask_for_missing_page()
            await self._read_sitemaps()
            while await self._next():
                pass
            await self._ask_search()
            while await self._next():
                pass

    async def _next(self) -> bool:
        """Visits the best address in the frontier; False if there is none that the budget allows."""
        kinds: tuple[Kind, ...] = ("page", "file", "style")
        if self._next_id() > self.portal.budget.pages:
            kinds = ("file", "style")
        with self.writer.commit(durable=False):
            entry = self.frontier.begin(kinds=kinds)
        if entry is None:
            return False
        if self.frontier.attempts(entry.key) > 3:
            self._refuse(entry, "ended the visit's process three times")
            return True
        await self._visit(entry)
        self._report(entry.url)
        return True

    def _finish(self) -> None:
        start = self._start_page()
        footprint = Footprint(
            requests=self.meter.requests,
            bytes=self.meter.bytes,
            seconds=round(self.meter.seconds, 3),
            highest_rate=round(self.meter.highest_rate, 3),
            refusals=self._count("refusals"),
            refused_for=dict(
                self.writer.db.execute(
                    "SELECT reason, COUNT(*) FROM refusals GROUP BY reason ORDER BY 2 DESC, 1 LIMIT 20"
                ).fetchall()
            ),
        )
        visit = self.visit.model_copy(
            update={
                "finished_at": datetime.now(UTC),
                "outcome": start.outcome,
                "reason": start.reason,
                "complete": not self._stopped_by,
                "stopped_by": self._stopped_by,
                "footprint": footprint,
            }
        )
        with self.writer.commit():
            self.writer.save_visit(visit)
        self.visit = visit

    # One address

    async def _visit(self, entry: Entry) -> None:
        rules = await self._rules_of(entry.url)
        if not rules.allows(entry.url):
            self._refuse(entry, rules.closed or "robots.txt forbids it")
            return
        if entry.kind == "style":
            await self._keep_style(entry)
            return
        if trap := self._repeated(entry):
            self._refuse(entry, trap)
            return
        arrival = await self._arrive(entry)
        try:
            if reason := self._worth_a_browser(entry, arrival):
                await self._browse(entry, arrival, reason)
            self._keep(entry, arrival)
        except (BudgetSpentError, OutsideWindowError, StorageError):
            raise
        except Exception as error:  # what one page contains must not end the visit
            self._followed.clear()  # what was found with it is not in the frontier
            log.warning("%s: %s", entry.url, error, exc_info=True)
            failed = Arrival(arrival.exchanges, "unreadable", f"could not be read: {type(error).__name__}")
            self._keep(entry, failed)

    def _repeated(self, entry: Entry) -> str:
        """Why a page like those seen is not asked for, or ''. A link that names what the indicators need is
        followed all the same."""
        if entry.kind != "page" or entry.found_by == "start" or self.frontier.weigh("", entry.text) > 0:
            return ""
        return self._repeats.refusal(entry.url)

    async def _arrive(self, entry: Entry) -> Arrival:
        """Asks for the address and goes where it leads, within the portal."""
        arrival = Arrival([])
        url, referer = entry.url, self._address_of(entry.found_on)
        while True:
            fetched = await self._ask(url, referer)
            arrival.exchanges.append(fetched)
            if fetched.failure:
                arrival.outcome, arrival.reason = fetched.failure, fetched.why
                return arrival
            target = self._redirect(fetched)
            if not target and fetched.is_html:
                self._read(arrival)
                target = self._signpost(arrival)
            if not target:
                return arrival
            arrival.outcome, arrival.reason = self._stops(entry, target, len(arrival.exchanges))
            if arrival.outcome:
                return arrival
            key = identity(target)
            if key != entry.key and key in self._by_identity:
                arrival.known = self._by_identity[key]
                return arrival
            arrival.page = None
            url, referer = target, url

    def _stops(self, entry: Entry, target: str, hops: int) -> tuple[Outcome | None, str]:
        if not self.scope.contains(target):
            return "redirected_away", f"leads to {host_of(target)[:200]}"
        if hops > MAX_REDIRECTS:
            return "http_error", "redirects without end"
        if reason := self.scope.refusal(target, depth=entry.depth):
            return "refused", f"leads to an address that is not asked for: {reason}"
        rules = self._rules.get(origin_of(target))
        if rules is not None and not rules.allows(target):
            return "refused", "leads to an address that robots.txt forbids"
        return None, ""

    @staticmethod
    def _redirect(fetched: Fetched) -> str:
        location = fetched.header("Location")
        if fetched.status not in (301, 302, 303, 307, 308) or not location:
            return ""
        # Header bytes arrive as Latin-1; portals put raw UTF-8 into them.
        location = location.encode("latin-1", errors="replace").decode("utf-8", errors="replace")
        target = absolute(fetched.url, location)
        return target if target.startswith("http") else ""

    @staticmethod
    def _signpost(arrival: Arrival) -> str:
        """Target of a meta refresh, where the page is nothing but that."""
        page = arrival.page
        if page is None or page.refresh is None or page.refresh[0] > REFRESH_SECONDS:
            return ""
        target = page.refresh[1]
        here = identity(target) == identity(arrival.last.url)
        return "" if here or page.text_length > REFRESH_TEXT else target

    @staticmethod
    def _read(arrival: Arrival) -> None:
        fetched = arrival.last
        html, arrival.charset = decode(fetched.body, fetched.header("Content-Type"))
        arrival.page = extract(html, fetched.url)

    # The browser, where it pays

    def _worth_a_browser(self, entry: Entry, arrival: Arrival) -> RenderingReason | None:
        page, last = arrival.page, arrival.last
        if self._no_browser or page is None or arrival.outcome or arrival.known is not None:
            return None
        if not 200 <= (last.status or 0) < 300 or last.truncated:
            return None
        return self._choice.reason(
            last.url, page, is_start=entry.found_by == "start", known_postbacks=self._postbacks
        )

    async def _browse(self, entry: Entry, arrival: Arrival, reason: RenderingReason) -> None:
        """Opens the page in the browser and decides which of the two, plain or rendered, is judged."""
        renderer = await self._open_renderer()
        plain, last = arrival.page, arrival.last
        if renderer is None or plain is None:
            return
        self.fetcher.check()
        rendered = await renderer.open(last.url, last, screenshot=entry.found_by == "start")
        arrival.rendered = rendered
        if rendered.left_for and plain.text_length < REFRESH_TEXT:
            arrival.outcome = "redirected_away"
            arrival.reason = f"a script leads to {host_of(rendered.left_for)[:200]}"
        page = extract(rendered.html, rendered.url) if rendered.html else Extracted()
        arrival.comparison = Comparison(
            page=0,
            kind=kind_of(last.url),
            reason=reason,
            gained=says_more(page, plain),
            text=plain.text_length,
            rendered_text=page.text_length,
            links=len(plain.links),
            rendered_links=len(page.links),
            targets=len(rendered.targets) + len(rendered.states),
            failure=rendered.why,
        )
        if arrival.comparison.gained:
            arrival.page, arrival.judged_rendered, arrival.charset = page, True, "utf-8"
        judged = arrival.page or plain
        for address, text, tag in rendered.targets:
            area: Area = "menu" if tag == "button" else "main"
            judged.links.append(PageLink(address, text, area, "", tag, len(judged.links)))

    async def _open_renderer(self) -> Renderer | None:
        if self._renderer is None and not self._no_browser:
            policy = BrowserPolicy.for_portal(
                self.portal, base=self._base_folder, user_agent_suffix=self._agent_suffix
            )
            try:
                browser = await self._browsers.enter_async_context(open_browser(policy))
            except BrowserUnavailableError as error:
                log.warning("%s: pages are read without a browser: %s", self.portal.id, error)
                self._no_browser = str(error)
                return None
            self._renderer = Renderer(
                browser,
                contains=lambda url: self.scope.contains(url) and not self.scope.changes(url),
                count=self._count_browser,
                check=self.fetcher.check,
                ask=self._ask_document,
                rest=lambda url: self.fetcher.pace.turn(urlsplit(url).hostname or ""),
                archived=self.writer.archived_part,
                postbacks=self._postbacks,
                pressed=self._pressed,
            )
            self._browsers.push_async_callback(self._renderer.close)
        return self._renderer

    async def _ask_document(self, url: str, referer: str) -> list[Fetched]:
        """The exchanges by which a page in the browser gets another page of the portal (a frame, its script's
        own way); none where the visit itself would not ask."""
        async with self._asking:  # two frames of one address are one request
            return await self._exchanges_of(url, referer)

    async def _exchanges_of(self, url: str, referer: str) -> list[Fetched]:
        exchanges: list[Fetched] = []
        while len(exchanges) <= MAX_REDIRECTS and self.scope.contains(url) and not self.scope.changes(url):
            if not (await self._rules_of(url)).allows(url):
                break
            key = url.split("#", 1)[0]
            if key not in self._at_hand and identity(url) in self._by_identity:
                self._at_hand.update({key: there} if (there := self.writer.first_answer(key)) else {})
            exchanges.append(self._unsaved.get(key) or await self._ask(url, referer))
            self._unsaved[key] = exchanges[-1]
            target = self._redirect(exchanges[-1])
            if not target:
                return exchanges
            url, referer = target, url
        return exchanges

    async def _ask(self, url: str, referer: str) -> Fetched:
        """The answer to an address; the one that the browser was given before, if there is one."""
        there = self._at_hand.get(url.split("#", 1)[0])
        if there is not None and (answer := self.writer.archived_answer(there)) is not None:
            return replace(answer, url=url)
        return await self.fetcher.fetch(url, referer=referer)

    def _count_browser(self, host: str, size: int) -> None:
        # What a confined browser asks of other hosts ends at the gate: nobody was asked anything.
        if host and (host in self.scope.hosts or not self.portal.confined):
            self.meter.request(host)
            self.fetcher.pace.asked(urlsplit(f"//{host}").hostname or "")
        self.meter.bytes += size

    # The portal's own search

    async def _ask_search(self) -> None:
        """Puts the title of a page that was seen to the portal's search, once."""
        found = self._recall("search")
        if self.portal.archived or not found or self._recall("searched"):
            return
        query = self._recall("search_query") or self._known_title()
        if not query:
            return
        number, charset = found["page"], found["charset"]
        box = SearchBox(found["action"], found["method"], found["name"], tuple(map(tuple, found["fields"])))
        if not self.scope.contains(box.action):
            return
        if box.method == "get":
            url = box.address(query, charset)
            entry = Entry(identity(url), url, "page", 1, "form", number, "")
            with self.writer.commit():
                self._remember("search_query", query)
                self.frontier.add(entry)
                asked = self.frontier.begin_at(entry.key)
            if asked:
                await self._visit(entry)
            with self.writer.commit():
                self._remember("searched", query)
        elif (await self._rules_of(box.action)).allows(box.action):
            fetched = await self.fetcher.fetch(
                box.action, referer=self._address_of(number), form=box.sent(query, charset)
            )
            self._keep_posted(fetched, number, box.action, query)

    def _note_search(self, number: int, source: str, url: str, charset: str) -> None:
        """Remembers the portal's search box if this page has it."""
        if (box := find_search(source, url)) is not None:
            self._remember("search", {**box._asdict(), "page": number, "charset": charset or "utf-8"})

    def _known_title(self) -> str:
        """The text of a link to a page that was seen: a title that the portal's search should find."""
        db = self.writer.db
        seen = {
            identity(row["final_url"]): normalize(row["title"])
            for row in db.execute("SELECT final_url, title FROM pages WHERE outcome = 'ok' AND depth > 0")
        }
        best, text = (False, 0), ""
        for row in db.execute("SELECT text, url FROM links WHERE area = 'main' AND tag = 'a' ORDER BY rowid"):
            if not good_query(row["text"]) or not self.scope.contains(row["url"]):
                continue
            title = seen.get(identity(row["url"]))
            if title is None:
                continue
            # What the page itself is called is a title; a long text is, a short one may be a section's name.
            rank = (normalize(row["text"]) in title, min(len(row["text"].split()), 5))
            if rank > best:
                best, text = rank, str(row["text"])
        return text

    def _keep_posted(self, fetched: Fetched, asked_on: int, action: str, query: str) -> None:
        """The answer to the search form that was posted; a fragment tells it from the page at `action`."""
        url = f"{action}#{POSTED}{quote(query)}"
        page, charset = Extracted(), ""
        outcome, reason = fetched.failure, fetched.why
        if fetched.is_html and not outcome:
            html, charset = decode(fetched.body, fetched.header("Content-Type"))
            page = extract(html, fetched.url)
            outcome, reason = judge(fetched, page, asked=fetched.url)
        with self.writer.commit():
            record_id = self._archive([fetched], method="POST")
            number = self._next_id()
            self.writer.add(
                Page(
                    id=number,
                    url=url,
                    final_url=url,
                    status=fetched.status,
                    outcome=outcome or "unreadable",
                    reason=reason,
                    fetched_at=fetched.at,
                    seconds=round(fetched.seconds, 3),
                    media_type=fetched.media_type,
                    charset=charset,
                    language=page.language,
                    depth=1,
                    title=page.title,
                    found_by="form",
                    found_on=asked_on,
                    mode="plain",
                    record_id=record_id,
                    bytes=len(fetched.body),
                    text_length=page.text_length,
                )
            )
            self._add_contents(number, page)
            self._remember("searched", query)
            self._save_meter()

    # What is kept

    def _keep(self, entry: Entry, arrival: Arrival) -> None:
        last = arrival.last
        if arrival.known is not None:
            self._keep_alias(entry, arrival, arrival.known)
            return
        is_page = arrival.page is not None
        if is_page and not arrival.outcome:
            assert arrival.page is not None
            arrival.outcome, arrival.reason = judge(
                last,
                arrival.page,
                asked=entry.url,
                link_text=entry.text,
                missing=self._missing.get(host_of(last.url)),
                is_start=entry.found_by == "start",
                is_frame=entry.found_by == "frame",
            )
            if arrival.outcome == "empty" and arrival.rendered and arrival.rendered.why:
                arrival.reason += f", and the browser shows none: {arrival.rendered.why}"
        is_file = not is_page and not arrival.outcome and entry.found_by != "start"
        if is_file or (entry.kind == "file" and not (is_page and arrival.outcome == "ok")):
            self._keep_file(entry, arrival)
        else:
            self._keep_page(entry, arrival)

    def _keep_page(self, entry: Entry, arrival: Arrival) -> None:
        last, page = arrival.last, arrival.page or Extracted()
        outcome = arrival.outcome or ("ok" if arrival.page else "unreadable")
        reason = arrival.reason or (
            "" if arrival.page else f"no page but {last.media_type or 'something unnamed'}"
        )
        rendered = arrival.rendered
        final_url, size = last.url, len(last.body)
        for index, link in enumerate(page.links):
            if self._postbacks.get(link.url):
                page.links[index] = link._replace(url=self._postbacks[link.url])
        with self.writer.commit():
            record_id = self._archive(arrival.exchanges)
            number = self._next_id()
            screenshot = ""
            if rendered is not None:
                self._archive_documents(rendered.documents)
                self._archive(rendered.parts)
                screenshot = self._keep_screenshot(number, rendered)
            if rendered is not None and arrival.judged_rendered:
                if self.scope.contains(rendered.url):
                    final_url = rendered.url
                size = len(rendered.html.encode("utf-8", errors="replace"))
                record_id = self.writer.archive_rendered(
                    final_url, rendered.html, refers_to=record_id, at=last.at
                )
            self.writer.add(
                Page(
                    id=number,
                    url=entry.url,
                    final_url=final_url,
                    status=last.status,
                    outcome=outcome,
                    reason=reason,
                    fetched_at=last.at,
                    seconds=round(last.seconds, 3),
                    media_type=last.media_type,
                    charset=arrival.charset,
                    language=page.language,
                    depth=entry.depth,
                    title=page.title,
                    found_by=_found_by(entry.found_by),
                    found_on=entry.found_on,
                    mode="rendered" if arrival.judged_rendered else "plain",
                    record_id=record_id,
                    bytes=size,
                    text_length=page.text_length,
                    screenshot=screenshot,
                )
            )
            if arrival.comparison is not None:
                comparison = arrival.comparison.model_copy(update={"page": number})
                self.writer.add(comparison)
                self._choice.learn(comparison)
            self._add_contents(number, page)
            if outcome == "ok":
                self._repeats.note(entry.url, page.main_text)
            if outcome == "ok" and page.forms and self._recall("search") is None:
                judged = rendered if arrival.judged_rendered else None
                html = judged.html if judged else decode(last.body, last.header("Content-Type"))[0]
                self._note_search(number, html, final_url, arrival.charset)
            if outcome in ("ok", "soft_404", "login_wall", "empty", "http_error"):
                self._follow(entry, page, number, follow=outcome == "ok" or entry.found_by == "start")
            self._arrived(entry, final_url, number)
            for href, text, html in rendered.states if rendered else ():
                self._keep_state(entry, number, f"{final_url}#postback:{_postback_target(href)}", text, html)

    def _keep_state(self, entry: Entry, shown_on: int, url: str, text: str, html: str) -> None:
        """A page that only a postback shows: it has no address of its own."""
        row = self.writer.db.execute("SELECT * FROM pages WHERE id = ?", (shown_on,)).fetchone()
        there, page, number = from_row(Page, row), extract(html, url), self._next_id()
        self.writer.add(
            there.model_copy(
                update={
                    "id": number,
                    "url": url,
                    "final_url": url,
                    "outcome": "ok" if page.text_length >= FAINT else "empty",
                    "reason": "",
                    "charset": "utf-8",
                    "language": page.language,
                    "depth": entry.depth + 1,
                    "title": page.title,
                    "found_by": "script",
                    "found_on": shown_on,
                    "mode": "rendered",
                    "record_id": self.writer.archive_rendered(
                        url, html, refers_to=there.record_id, at=there.fetched_at
                    ),
                    "bytes": len(html.encode("utf-8", errors="replace")),
                    "text_length": page.text_length,
                    "screenshot": "",
                }
            ),
            Link(page=shown_on, url=url, text=text, area="menu", rel="", tag="a", position=10_000 + number),
        )
        self._add_contents(number, page)
        self._follow(replace(entry, depth=entry.depth + 1), page, number, follow=True)

    def _keep_screenshot(self, number: int, rendered: Rendered) -> str:
        if not rendered.screenshot:
            return ""
        path = f"{SCREENSHOTS}/{number:05d}.png"
        (self.writer.folder / path).write_bytes(rendered.screenshot)
        return path

    def _keep_alias(self, entry: Entry, arrival: Arrival, known: int) -> None:
        """The address leads to a page that was visited already: it is named, not asked for again."""
        row = self.writer.db.execute("SELECT * FROM pages WHERE id = ?", (known,)).fetchone()
        there = from_row(Page, row)
        missing = self._missing.get(host_of(there.final_url))
        outcome, reason = there.outcome, there.reason
        if missing and missing.status == 200 and missing.final == identity(there.final_url):
            outcome, reason = "soft_404", "leads where addresses that do not exist lead as well"
        with self.writer.commit():
            self._archive(arrival.exchanges)
            number = self._next_id()
            self.writer.add(
                there.model_copy(
                    update={
                        "id": number,
                        "url": entry.url,
                        "outcome": outcome,
                        "reason": reason,
                        "depth": entry.depth,
                        "found_by": _found_by(entry.found_by),
                        "found_on": entry.found_on,
                    }
                )
            )
            self._by_identity.setdefault(entry.key, number)
            self.frontier.done(entry.key)
            self._save_meter()

    def _keep_file(self, entry: Entry, arrival: Arrival) -> None:
        last = arrival.last
        status = last.status
        outcome: Outcome = arrival.outcome or "ok"
        reason = arrival.reason
        if outcome == "ok" and status is not None and not 200 <= status < 300:
            outcome = "blocked" if status in (403, 429) else "http_error"
            reason = f"status {status}"
        head = ""
        if last.body and last.truncated != "disconnect":
            head = decode(last.body, last.header("Content-Type"))[0][:HEAD_CHARACTERS]
        with self.writer.commit():
            self.writer.add(
                File(
                    url=entry.url,
                    page=entry.found_on,
                    text=entry.text,
                    status=status,
                    outcome=outcome,
                    reason=reason,
                    media_type=last.media_type,
                    size=last.size,
                    fetched_at=last.at,
                    record_id=self._archive(arrival.exchanges),
                    head=head,
                )
            )
            self.frontier.done(entry.key)
            if identity(last.url) != entry.key:
                self.frontier.mark_done(
                    replace(entry, key=identity(last.url), url=last.url, found_by="redirect")
                )
            self._save_meter()

    async def _keep_style(self, entry: Entry) -> None:
        if self.writer.db.execute("SELECT 1 FROM records WHERE url = ?", (entry.url,)).fetchone():
            with self.writer.commit(durable=False):
                self.frontier.done(entry.key)
            return
        fetched = await self.fetcher.fetch(entry.url, keep="whole", limit=1_000_000)
        with self.writer.commit():
            self._archive([fetched])
            self.frontier.done(entry.key)
            self._save_meter()

    def _add_contents(self, number: int, page: Extracted) -> None:
        self.writer.add(*(Link(page=number, **link._asdict()) for link in page.links))
        self.writer.add(*(Form(page=number, **form._asdict()) for form in page.forms))
        self.writer.add(*(Structured(page=number, **block._asdict()) for block in page.structured))

    def _follow(self, entry: Entry, page: Extracted, number: int, *, follow: bool) -> None:
        """Puts what the page leads to into the frontier."""
        if not follow:
            return
        frames = {frame.url for frame in page.frames}
        for link in page.links:
            # What a template repeats on every page is looked at once: a second time nothing comes of it.
            found = (link.url, link.text, link.url in frames)
            if found in self._followed:
                continue
            if len(self._followed) >= MAX_FOLLOWED:
                self._followed.clear()
            self._followed.add(found)
            if not link.url.startswith("http") or is_asset(link.url) or not self.scope.contains(link.url):
                continue
            if link.url in frames:
                self._discover(link.url, "frame", entry.depth, number, link.text, FRAME_PRIORITY)
            else:
                how: FoundBy = "link" if link.tag in ("a", "area", "link") else "script"
                self._discover(link.url, how, entry.depth + 1, number, link.text)
        for url in page.style_sheets:
            if self.scope.contains(url) and self._styles < MAX_STYLES:
                style = Entry(identity(url), url, "style", entry.depth, "link", number, "", STYLE_PRIORITY)
                self._styles += self.frontier.add(style)

    def _discover(
        self, url: str, how: FoundBy, depth: int, found_on: int | None, text: str, extra: float = 0.0
    ) -> None:
        url = without_session(url)
        key = identity(url)
        kind: Kind = "file" if guess_is_file(url) else "page"
        priority = self.frontier.weigh(url, text) + extra + (FILE_PRIORITY if kind == "file" else 0.0)
        if self.frontier.raise_priority(key, priority):
            return
        entry = Entry(key, url, kind, depth, how, found_on, text, priority)
        if reason := self.scope.refusal(url, text=text, depth=depth) or self._repeated(entry):
            self.frontier.refuse(entry)
            self.writer.add(Refusal(url=url[:2_000], reason=reason, at=datetime.now(UTC)))
        else:
            self.frontier.add(entry)
            self.scope.admit(url)

    def _refuse(self, entry: Entry, reason: str) -> None:
        now = datetime.now(UTC)
        with self.writer.commit():
            self.writer.add(Refusal(url=entry.url, reason=reason, at=now))
            self.frontier.done(entry.key, "refused")
            if entry.found_by == "start":
                number = self._next_id()
                self.writer.add(_nothing(number, entry, reason, now))
                self._by_identity[entry.key] = number

    def _archive(self, exchanges: list[Fetched], *, method: str = "GET") -> str:
        """Writes the exchanges that were answered; returns the record of the last one, or ''."""
        record_id = ""
        for fetched in exchanges:
            record_id = fetched.record_id
            if fetched.status is not None and not record_id:
                record_id = self.writer.archive_exchange(
                    fetched.url,
                    method=method,
                    request_headers=fetched.request_headers,
                    status_line=fetched.status_line,
                    response_headers=fetched.headers,
                    body=fetched.body,
                    at=fetched.at,
                    truncated=fetched.truncated,
                )
        return record_id

    def _archive_documents(self, documents: list[Fetched]) -> None:
        """Keeps the pages that the browser was given; whoever comes to their addresses finds them there."""
        for document in documents:
            key = document.url.split("#", 1)[0]
            if key not in self._at_hand and (record_id := self._archive([document])):
                self._at_hand[key] = record_id
        if documents:
            self._remember("at_hand", self._at_hand)
        self._unsaved.clear()

    def _arrived(self, entry: Entry, final_url: str, number: int) -> None:
        self._by_identity.setdefault(entry.key, number)
        self.frontier.done(entry.key)
        final = identity(final_url)
        if final != entry.key and self.scope.contains(final_url):
            self._by_identity.setdefault(final, number)
            self.frontier.mark_done(replace(entry, key=final, url=final_url, found_by="redirect"))
        self._save_meter()

    # What the hosts say

    async def _rules_of(self, url: str) -> Rules:
        origin = origin_of(url)
        if origin not in self._rules:
            fetched = await self.fetcher.fetch(f"{origin}/robots.txt", keep="start", limit=ROBOTS_LIMIT)
            for _ in range(MAX_REDIRECTS):
                target = self._redirect(fetched)
                if not target or not self.scope.contains(target):
                    break
                fetched = await self.fetcher.fetch(target, keep="start", limit=ROBOTS_LIMIT)
            text = decode(fetched.body, "")[0] if fetched.body else ""
            rules = read_rules(fetched.status, text, fetched.why)
            if fetched.failure:
                # The page itself will say it better: it fails the same way.
                rules = replace(rules, closed="")
            host = Host(
                host=origin,
                robots_status=rules.status,
                robots_text=rules.text,
                crawl_delay=rules.delay,
                sitemaps=rules.sitemaps,
            )
            with self.writer.commit():
                self._archive([fetched])
                self.writer.add(host)
                self._save_meter()
            self._rules[origin] = rules
            self._heed_delay(url, rules)
        return self._rules[origin]

    def _heed_delay(self, url: str, rules: Rules) -> None:
        if rules.delay:
            self.fetcher.pace.heed(urlsplit(url).hostname or "", rules.delay)

    async def _ask_for_missing_page(self) -> None:
        start = self._start_page()
        host = host_of(start.final_url)
        if host in self._missing:
            return
        asked = missing_address(origin_of(start.final_url))
        if not (await self._rules_of(asked)).allows(asked):
            return
        arrival = await self._arrive(Entry(identity(asked), asked, "page", 1, "hint", start.id, ""))
        if arrival.known is not None:
            there = self.writer.db.execute("SELECT * FROM pages WHERE id = ?", (arrival.known,)).fetchone()
            missing = Missing(200, identity(there["final_url"]), frozenset(), "")
        else:
            missing = Missing.of(arrival.last, arrival.page or Extracted(), asked)
        status = arrival.last.status if arrival.known is None else 200
        with self.writer.commit():
            self._archive(arrival.exchanges)
            self.writer.db.execute(
                "UPDATE hosts SET missing_page_status = ? WHERE host = ?", (status, origin_of(asked))
            )
            self._missing[host] = missing
            self._remember("missing", {key: value.to_data() for key, value in self._missing.items()})
            self._save_meter()

    async def _read_sitemaps(self) -> None:
        origin = origin_of(self._start_page().final_url)
        rules = await self._rules_of(origin + "/")
        begun = {"queue": list(rules.sitemaps) or [f"{origin}/sitemap.xml"], "seen": []}
        progress: dict[str, list[str]] = self._recall("sitemaps") or begun
        queue, seen = progress["queue"], progress["seen"]
        while queue and len(seen) < SITEMAPS:
            url = queue.pop(0)
            if url in seen or not self.scope.contains(url):
                continue
            seen.append(url)
            if not (await self._rules_of(url)).allows(url):
                continue
            fetched = await self.fetcher.fetch(url, keep="start", limit=SITEMAP_LIMIT)
            kind, found, reason = read_sitemap(fetched)
            own = [u for u in found if self.scope.contains(u)]
            if kind == "sitemapindex":
                queue += own[: 2 * SITEMAPS]
            with self.writer.commit():
                self.writer.add(
                    Sitemap(
                        url=url,
                        status=fetched.status,
                        entries=len(own) if kind == "urlset" else 0,
                        reason=reason,
                        record_id=self._archive([fetched]),
                    )
                )
                if kind == "urlset":
                    for address in own:
                        if not is_asset(address):
                            self._discover(address, "sitemap", 1, None, "", SITEMAP_PRIORITY)
                self._remember("sitemaps", progress)
                self._save_meter()

    # Memory

    def _restore(self) -> None:
        """Goes on from what the capture holds; begins the visit if it holds nothing."""
        stored = self._recall("visit")
        now = datetime.now(UTC)
        begun = Visit(
            portal=self.portal.id,
            started_at=now,
            finished_at=None,
            outcome="unreachable",
            reason="the visit goes on",
            complete=False,
            stopped_by="",
            footprint=None,
        )
        self.visit = Visit.model_validate(stored) if stored else begun
        if not stored:
            self.writer.save_visit(self.visit)
        meter = self._recall("meter") or {}
        self.meter = Meter(
            requests=meter.get("requests", 0),
            bytes=meter.get("bytes", 0),
            seconds_before=meter.get("seconds", 0.0),
            highest_rate=meter.get("highest_rate", 0.0),
        )
        self._missing = {
            host: Missing.from_data(data) for host, data in (self._recall("missing") or {}).items()
        }
        learnt = self._recall("learnt") or {}
        self._postbacks.update(learnt.get("postbacks", {}))
        self._pressed.update(learnt.get("pressed", ()))
        self._at_hand: dict[str, str] = self._recall("at_hand") or {}
        self._unsaved: dict[str, Fetched] = {}
        self._asking = asyncio.Lock()
        db = self.writer.db
        comparisons = db.execute("SELECT * FROM comparisons ORDER BY rowid")
        self._choice = RenderingChoice(from_row(Comparison, row) for row in comparisons)
        for row in db.execute("SELECT id, url, final_url FROM pages ORDER BY id"):
            self._by_identity.setdefault(identity(row["url"]), row["id"])
            if self.scope.contains(row["final_url"]):
                self._by_identity.setdefault(identity(row["final_url"]), row["id"])
        for url in self.frontier.admitted():
            self.scope.admit(url)
        for row in db.execute("SELECT * FROM hosts"):
            rules = read_rules(row["robots_status"], row["robots_text"])
            self._rules[row["host"]] = rules if rules.status else replace(rules, closed="")
        self._styles = self._count("frontier WHERE kind = 'style'")

    def _next_id(self) -> int:
        return int(self.writer.db.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM pages").fetchone()[0])

    def _count(self, table: str) -> int:
        return int(self.writer.db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608

    def _start_page(self) -> Page:
        row = self.writer.db.execute("SELECT * FROM pages ORDER BY id LIMIT 1").fetchone()
        if row is None:
            entry = Entry("", self.portal.start, "page", 0, "start", None, "")
            reason = f"the budget of {self._stopped_by or 'the visit'} was spent before the start page"
            return _nothing(0, entry, reason, datetime.now(UTC))
        return from_row(Page, row)

    def _address_of(self, page: int | None) -> str:
        if page is None:
            return ""
        row = self.writer.db.execute("SELECT final_url FROM pages WHERE id = ?", (page,)).fetchone()
        return str(row["final_url"]) if row else ""

    def _save_meter(self) -> None:
        meter = self.meter
        self._remember("learnt", {"postbacks": self._postbacks, "pressed": sorted(self._pressed)})
        self._remember(
            "meter",
            {
                "requests": meter.requests,
                "bytes": meter.bytes,
                "seconds": meter.seconds,
                "highest_rate": meter.highest_rate,
            },
        )

    def _remember(self, key: str, value: Any) -> None:
        text = json.dumps(value, ensure_ascii=False)
        self.writer.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, text))

    def _recall(self, key: str) -> Any:
        row = self.writer.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return json.loads(row["value"]) if row else None

    def _report(self, url: str) -> None:
        self._progress(
            VisitProgress(
                portal=self.portal.id,
                url=url,
                pages=self._next_id() - 1,
                files=self._count("files"),
                waiting=self.frontier.waiting(),
                requests=self.meter.requests,
                bytes=self.meter.bytes,
                seconds=self.meter.seconds,
            )
        )


def _postback_target(href: str) -> str:
    found = re.search(r"\(\s*['\"]([^'\"]{1,200})", href)
    return found.group(1) if found else href[:100]


def _found_by(how: str) -> FoundBy:
    return how  # type: ignore[return-value]


def _nothing(number: int, entry: Entry, reason: str, at: datetime) -> Page:
    """The page record of an address that was not asked for."""
    return Page(
        id=number,
        url=entry.url,
        final_url=entry.url,
        status=None,
        outcome="refused",
        reason=reason,
        fetched_at=at,
        seconds=0.0,
        media_type="",
        charset="",
        language="",
        depth=entry.depth,
        title="",
        found_by=_found_by(entry.found_by),
        found_on=entry.found_on,
        mode="plain",
        record_id="",
        bytes=0,
        text_length=0,
    )
