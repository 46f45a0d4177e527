"""The visit itself: what is asked for next, and when it ends.

Scrapy runs the spider and downloads; the order, the scope and the judgement of answers are decided here and
in the modules that this one puts together, one for each part of a visit:

    memory      what the visit knows, kept in the capture
    manners     what robots.txt allows
    hosts       sitemaps, the page that is not there
    arriving    redirects and signposts
    browsing    the browser, where it pays
    discovery   what a page leads to
    keeping     what is written down
    asking      the portal's own search
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy import Spider

from crawler.arriving import Arrival, Arriving
from crawler.asking import Asking
from crawler.browsing import Browsing
from crawler.capture import Footprint, StorageError, Visit, VisitStoppedError
from crawler.discovery import Discovery
from crawler.fetch import BudgetSpentError, Fetcher
from crawler.frontier import Entry, Interests, Kind
from crawler.hosts import Hosts
from crawler.keeping import Keeping
from crawler.manners import Manners
from crawler.memory import Memory
from crawler.pace import Pace
from crawler.portal import OutsideWindowError, Portal
from crawler.scope import identity
from crawler.writer import CaptureWriter

log = logging.getLogger(__name__)


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
        interests: Interests | None = None,
        progress: Callable[[VisitProgress], None] = lambda _: None,
    ) -> None:
        self.portal = portal
        self.writer = writer
        self.error: BaseException | None = None
        self._base_folder = base_folder
        self._agent_suffix = agent_suffix
        self._progress = progress
        self._memory = Memory(portal, writer, interests)
        self._frontier = self._memory.frontier

    @property
    def visit(self) -> Visit:
        return self._memory.visit

    async def run(self, crawler: Any) -> None:
        """Visits until nothing is left or the budget is spent; every end is written down, none raised."""
        memory, budget = self._memory, self.portal.budget
        fetcher = Fetcher(
            crawler,
            memory.meter,
            Pace(budget.delay_seconds),
            requests=budget.requests,
            megabytes=budget.megabytes,
            minutes=budget.minutes,
            check_window=self.portal.check_window,
        )
        self._manners = Manners(memory, fetcher)
        self._arriving = Arriving(memory, fetcher, self._manners)
        self._discovery = Discovery(memory)
        self._hosts = Hosts(memory, fetcher, self._manners, self._arriving, self._discovery)
        self._keeping = Keeping(memory, fetcher, self._hosts, self._arriving, self._discovery)
        self._asking = Asking(memory, fetcher, self._manners, self._keeping, self._visit)
        self._browsing = Browsing(
            memory,
            fetcher,
            self._arriving,
            base_folder=self._base_folder,
            agent_suffix=self._agent_suffix,
        )
        try:
            async with self._browsing:
                await self._visit_all()
        except BudgetSpentError as spent:
            memory.stopped_by = str(spent)
        except asyncio.CancelledError:  # Scrapy's answer to SIGTERM and SIGINT
            self.error = VisitStoppedError(f"the visit to {self.portal.id} was stopped; it can go on")
            raise
        except Exception as error:
            self.error = error  # for whoever called `visit`
            return
        else:
            if not memory.stopped_by and self._frontier.waiting() and memory.start_page().outcome == "ok":
                memory.stopped_by = "pages"
        self._finish()

    async def _visit_all(self) -> None:
        memory = self._memory
        if not memory.by_identity:
            start = Entry(identity(self.portal.start), self.portal.start, "page", 0, "start", None, "")
            with self.writer.commit():
                self._frontier.add(start)
            await self._next()
        if memory.start_page().outcome == "ok":
            await self._hosts.ask_for_missing_page()
            await self._hosts.read_sitemaps()
            while await self._next():
                pass
            await self._asking.ask()
            while await self._next():
                pass

    async def _next(self) -> bool:
        """Visits the best address in the frontier; False if there is none that the budget allows."""
        kinds: tuple[Kind, ...] = ("page", "file", "style")
        if self._memory.next_id() > self.portal.budget.pages - self._asking.room:
            kinds = ("file", "style")
        with self.writer.commit(durable=False):
            entry = self._frontier.begin(kinds=kinds)
        if entry is None:
            return False
        if self._frontier.attempts(entry.key) > 3:
            self._discovery.refuse(entry, "ended the visit's process three times")
            return True
        try:
            await self._visit(entry)
        except BaseException:
            with contextlib.suppress(StorageError), self.writer.commit(durable=False):
                self._frontier.put_back(entry.key)
            raise
        self._report(entry.url)
        return True

    async def _visit(self, entry: Entry) -> None:
        rules = await self._manners.rules_of(entry.url)
        if not rules.allows(entry.url):
            self._discovery.refuse(entry, rules.closed or "robots.txt forbids it")
            return
        if entry.kind == "style":
            await self._keeping.keep_style(entry)
            return
        if trap := self._discovery.repeated(entry):
            self._discovery.refuse(entry, trap)
            return
        arrival = await self._arriving.arrive(entry)
        try:
            if reason := self._browsing.worth_it(entry, arrival):
                await self._browsing.browse(entry, arrival, reason)
            self._keeping.keep(entry, arrival)
        except (BudgetSpentError, OutsideWindowError, StorageError):
            raise
        except Exception as error:  # what one page contains must not end the visit
            self._discovery.forget_followed()
            log.warning("%s: %s", entry.url, error, exc_info=True)
            failed = Arrival(arrival.exchanges, "unreadable", f"could not be read: {type(error).__name__}")
            self._keeping.keep(entry, failed)

    def _finish(self) -> None:
        memory, meter = self._memory, self._memory.meter
        start = memory.start_page()
        footprint = Footprint(
            requests=meter.requests,
            bytes=meter.bytes,
            seconds=round(meter.seconds, 3),
            highest_rate=round(meter.highest_rate, 3),
            refusals=memory.count("refusals"),
            refused_for=dict(
                self.writer.db.execute(
                    "SELECT reason, COUNT(*) FROM refusals GROUP BY reason ORDER BY 2 DESC, 1 LIMIT 20"
                ).fetchall()
            ),
        )
        visit = memory.visit.model_copy(
            update={
                "finished_at": datetime.now(UTC),
                "outcome": start.outcome,
                "reason": start.reason,
                "complete": not memory.stopped_by,
                "stopped_by": memory.stopped_by,
                "footprint": footprint,
            }
        )
        with self.writer.commit():
            self.writer.save_visit(visit)
        memory.visit = visit

    def _report(self, url: str) -> None:
        meter = self._memory.meter
        self._progress(
            VisitProgress(
                portal=self.portal.id,
                url=url,
                pages=self._memory.next_id() - 1,
                files=self._memory.count("files"),
                waiting=self._frontier.waiting(),
                requests=meter.requests,
                bytes=meter.bytes,
                seconds=meter.seconds,
            )
        )
