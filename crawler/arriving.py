"""Where an address leads: redirects and signposts are followed within the portal, robots.txt is heeded at
each step, and what was answered once is not asked for again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from crawler.capture import Comparison, Outcome
from crawler.decode import decode
from crawler.extract import Extracted, extract
from crawler.fetch import MAX_REDIRECTS, Fetched, Fetcher
from crawler.frontier import Entry
from crawler.manners import Manners
from crawler.memory import Memory
from crawler.render import Rendered
from crawler.scope import host_of, identity

REFRESH_SECONDS = 10.0
REFRESH_TEXT = 300
"""Characters of text up to which a page with a meta refresh is only a signpost."""


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


class Arriving:
    """Goes where addresses lead, for the visit and for the pages that it opens in the browser."""

    def __init__(self, memory: Memory, fetcher: Fetcher, manners: Manners) -> None:
        self._memory = memory
        self._writer = memory.writer
        self._scope = memory.scope
        self._fetcher = fetcher
        self._manners = manners
        self._at_hand: dict[str, str] = memory.recall("at_hand") or {}
        self._unsaved: dict[str, Fetched] = {}
        self._asking = asyncio.Lock()

    async def arrive(self, entry: Entry) -> Arrival:
        """Asks for the address and goes where it leads, within the portal."""
        arrival = Arrival([])
        url, referer = entry.url, self._memory.address_of(entry.found_on)
        while True:
            fetched = await self._ask(url, referer)
            arrival.exchanges.append(fetched)
            if fetched.failure:
                arrival.outcome, arrival.reason = fetched.failure, fetched.why
                return arrival
            target = fetched.redirect
            if not target and fetched.is_html:
                _read(arrival)
                target = _signpost(arrival)
            if not target:
                return arrival
            arrival.outcome, arrival.reason = self._stops(entry, target, len(arrival.exchanges))
            if arrival.outcome:
                return arrival
            key = identity(target)
            if key != entry.key and key in self._memory.by_identity:
                arrival.known = self._memory.by_identity[key]
                return arrival
            arrival.page = None
            url, referer = target, url

    def _stops(self, entry: Entry, target: str, hops: int) -> tuple[Outcome | None, str]:
        if not self._scope.contains(target):
            return "redirected_away", f"leads to {host_of(target)[:200]}"
        if hops > MAX_REDIRECTS:
            return "http_error", "redirects without end"
        if reason := self._scope.refusal(target, depth=entry.depth):
            return "refused", f"leads to an address that is not asked for: {reason}"
        rules = self._manners.known_rules(target)
        if rules is not None and not rules.allows(target):
            return "refused", "leads to an address that robots.txt forbids"
        return None, ""

    async def ask_document(self, url: str, referer: str) -> list[Fetched]:
        """The exchanges by which a page in the browser gets another page of the portal (a frame, its script's
        own way); none where the visit itself would not ask."""
        async with self._asking:  # two frames of one address are one request
            return await self._exchanges_of(url, referer)

    async def _exchanges_of(self, url: str, referer: str) -> list[Fetched]:
        exchanges: list[Fetched] = []
        while len(exchanges) <= MAX_REDIRECTS and self._scope.contains(url) and not self._scope.changes(url):
            if not (await self._manners.rules_of(url)).allows(url):
                break
            key = url.split("#", 1)[0]
            if key not in self._at_hand and identity(url) in self._memory.by_identity:
                self._at_hand.update({key: there} if (there := self._writer.first_answer(key)) else {})
            exchanges.append(self._unsaved.get(key) or await self._ask(url, referer))
            self._unsaved[key] = exchanges[-1]
            target = exchanges[-1].redirect
            if not target:
                return exchanges
            url, referer = target, url
        return exchanges

    async def _ask(self, url: str, referer: str) -> Fetched:
        """The answer to an address; the one that the browser was given before, if there is one."""
        there = self._at_hand.get(url.split("#", 1)[0])
        if there is not None and (answer := self._writer.archived_answer(there)) is not None:
            return replace(answer, url=url)
        return await self._fetcher.fetch(url, referer=referer)

    def archive_documents(self, documents: list[Fetched]) -> None:
        """Keeps the pages that the browser was given; whoever comes to their addresses finds them there."""
        for document in documents:
            key = document.url.split("#", 1)[0]
            if key not in self._at_hand and (record_id := self._writer.archive([document])):
                self._at_hand[key] = record_id
        if documents:
            self._memory.remember("at_hand", self._at_hand)
        self._unsaved.clear()


def _signpost(arrival: Arrival) -> str:
    """Target of a meta refresh, where the page is nothing but that."""
    page = arrival.page
    if page is None or page.refresh is None or page.refresh[0] > REFRESH_SECONDS:
        return ""
    target = page.refresh[1]
    here = identity(target) == identity(arrival.last.url)
    return "" if here or page.text_length > REFRESH_TEXT else target


def _read(arrival: Arrival) -> None:
    fetched = arrival.last
    html, arrival.charset = decode(fetched.body, fetched.header("Content-Type"))
    arrival.page = extract(html, fetched.url)
