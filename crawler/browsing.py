"""The browser, where it pays: whether a page is opened in it, and which of the two, plain or rendered, is
judged."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path
from urllib.parse import urlsplit

from crawler.arriving import REFRESH_TEXT, Arrival, Arriving
from crawler.browser import BrowserPolicy, BrowserUnavailableError, open_browser
from crawler.capture import Area, Comparison, RenderingReason
from crawler.extract import Extracted, PageLink, extract
from crawler.fetch import Fetcher
from crawler.frontier import Entry
from crawler.memory import Memory
from crawler.render import Renderer
from crawler.rendering import kind_of, says_more
from crawler.scope import host_of

log = logging.getLogger(__name__)


class Browsing(contextlib.AsyncExitStack):
    """Opens the browser when it is needed for the first time; closes it at the end of its block."""

    def __init__(
        self, memory: Memory, fetcher: Fetcher, arriving: Arriving, *, base_folder: Path, agent_suffix: str
    ) -> None:
        super().__init__()
        self._memory = memory
        self._writer = memory.writer
        self._scope = memory.scope
        self._fetcher = fetcher
        self._arriving = arriving
        self._base_folder = base_folder
        self._agent_suffix = agent_suffix
        self._renderer: Renderer | None = None
        self._no_browser = ""

    def worth_it(self, entry: Entry, arrival: Arrival) -> RenderingReason | None:
        page, last = arrival.page, arrival.last
        if self._no_browser or page is None or arrival.outcome or arrival.known is not None:
            return None
        if not 200 <= (last.status or 0) < 300 or last.truncated:
            return None
        return self._memory.choice.reason(
            last.url,
            page,
            is_start=entry.found_by == "start",
            known_postbacks=self._memory.postbacks,
            is_answer=entry.found_by == "form",
        )

    async def browse(self, entry: Entry, arrival: Arrival, reason: RenderingReason) -> None:
        """Opens the page in the browser and decides which of the two, plain or rendered, is judged."""
        renderer = await self._open_renderer()
        plain, last = arrival.page, arrival.last
        if renderer is None or plain is None:
            return
        self._fetcher.check()
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
                self._memory.portal, base=self._base_folder, user_agent_suffix=self._agent_suffix
            )
            try:
                browser = await self.enter_async_context(open_browser(policy))
            except BrowserUnavailableError as error:
                log.warning("%s: pages are read without a browser: %s", self._memory.portal.id, error)
                self._no_browser = str(error)
                return None
            self._renderer = Renderer(
                browser,
                contains=lambda url: self._scope.contains(url) and not self._scope.changes(url),
                count=self._count_browser,
                check=self._fetcher.check,
                ask=self._arriving.ask_document,
                rest=lambda url: self._fetcher.pace.turn(urlsplit(url).hostname or ""),
                archived=self._writer.archived_part,
                postbacks=self._memory.postbacks,
                pressed=self._memory.pressed,
            )
            self.push_async_callback(self._renderer.close)
        return self._renderer

    def _count_browser(self, host: str, size: int) -> None:
        # What a confined browser asks of other hosts ends at the gate: nobody was asked anything.
        if host and (host in self._scope.hosts or not self._memory.portal.confined):
            self._memory.meter.request(host)
            self._fetcher.pace.asked(urlsplit(f"//{host}").hostname or "")
        self._memory.meter.bytes += size
