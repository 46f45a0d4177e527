"""Measure one portal: its home and key pages on a phone and a desktop, its hosts, its links to others."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page
from pydantic import ValidationError

from audits import accessibility, display
from audits.accessibility import check_accessibility, counts, unchecked, worst_place
from audits.display import browser_values, check_display, read_source, undisplayed
from audits.lighthouse import run_lighthouse
from audits.links import Policy, check_links, external_links
from audits.lock import machine_lock
from audits.pictures import SECONDS as PICTURE_SECONDS
from audits.pictures import take_picture
from audits.records import (
    AccessibilityCheck,
    Device,
    DisplayCheck,
    LighthouseRun,
    MeasuredPage,
    Measurement,
    Measurements,
    Picture,
    PictureOf,
)
from audits.security import Knock, knocks, look
from audits.vitals import Inspect, ScreenDevice, loads_agree, measure_page, metrics_of
from crawler.agent import user_agent
from crawler.browser import (
    Browser,
    BrowserPolicy,
    BrowserUnavailableError,
    PageCrashedError,
    find_chromium,
    open_browser,
)
from crawler.capture import Capture, Outcome
from crawler.datafile import write_atomic
from crawler.portal import Portal

FILE = "measurements.json"
DEVICES: tuple[ScreenDevice, ...] = get_args(ScreenDevice)

ENOUGH_LOADS = 2
"""Of a key page, where they agree."""

_INSPECT_SECONDS = accessibility.SECONDS + 2 * display.SECONDS + 2 * PICTURE_SECONDS

_WORTH_MEASURING: frozenset[Outcome] = frozenset({"ok", "empty", "soft_404", "login_wall"})


def measure(
    portal: Portal,
    capture: Capture,
    folder: Path,
    *,
    key_pages: Sequence[MeasuredPage] = (),
    lighthouse_pages: int | None = None,
    again: bool = False,
    base_folder: Path | None = None,
    contact: str = "",
    links_memory: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Measurements:
    """Measure the portal and keep the result in ``folder/measurements.json``, after each page.

    The home page is where the visit's start page ended up; how much is measured is the portal's own setting
    (`crawler.portal.Measuring`), of which `lighthouse_pages` replaces one for this call. What the file holds
    already is kept, unless `again`; what had failed, was loaded less often than it should be, or was not
    measured by the version that wrote it, is measured. Where the visit did not reach the home page, no
    browser is started and every value carries the visit's reason.

    `base_folder` is the folder from which the portal's certificate authority is named; `contact` is told to
    the hosts whose security is looked at (`audits.security`), which is not done for a saved copy, and to
    those that the portal links to, if there is `links_memory`, the SQLite file in which their answers are
    kept (`audits.links`). One portal is measured at a time on a machine.
    """
    job = _Job(portal, capture, folder, base_folder, contact, progress, again=again)
    wanted = portal.measuring.lighthouse_pages if lighthouse_pages is None else lighthouse_pages
    return asyncio.run(job.run(key_pages=key_pages, lighthouse_pages=wanted, links_memory=links_memory))


def load_measurements(folder: Path) -> Measurements | None:
    """What was measured, None if nothing (readable) is there."""
    try:
        return Measurements.model_validate_json((folder / FILE).read_bytes())
    except (OSError, ValidationError):
        return None


class _Job:
    def __init__(
        self,
        portal: Portal,
        capture: Capture,
        folder: Path,
        base_folder: Path | None,
        contact: str,
        progress: Callable[[str], None],
        *,
        again: bool,
    ) -> None:
        self.portal = portal
        self.capture = capture
        self.folder = folder
        self.contact = contact
        self.progress = progress
        self.policy = BrowserPolicy.for_portal(portal, base=base_folder)
        earlier = None if again else load_measurements(folder)
        if earlier is not None and earlier.portal != portal.id:
            earlier = None
        self.chromium = earlier.chromium if earlier else ""
        self.pages: tuple[MeasuredPage, ...] = ()
        self.found = list(earlier.measurements) if earlier else []
        self.lighthouse_runs = list(earlier.lighthouse) if earlier else []
        self.accessibility = {one.url: one for one in earlier.accessibility} if earlier else {}
        self.display = {one.url: one for one in earlier.display} if earlier else {}
        self.links = earlier.links if earlier else ()
        self.links_reason = earlier.links_reason if earlier else ""
        self.pictures = {(one.url, one.device, one.shows): one for one in earlier.pictures} if earlier else {}
        self.security = {one.host: one for one in (earlier.security if earlier else ())}

    async def run(
        self, *, key_pages: Sequence[MeasuredPage], lighthouse_pages: int, links_memory: Path | None
    ) -> Measurements:
        home = self._home()
        others = {page.url: page for page in key_pages if page.url != home}
        self.pages = (MeasuredPage(kind="home", url=home), *others.values())
        todo = [(page, d) for page in self.pages for d in DEVICES if not self._is_done(page, d)]
        urls = [page.url for page in self.pages[:lighthouse_pages]]
        for_lighthouse = [url for url in urls if not self._has(url, "phone", "lighthouse")]
        unreached = self._unreached()
        if not unreached and (todo or for_lighthouse):
            self.portal.check_window()
        async with _aside(self._ask_links(links_memory)):
            if unreached:
                self._fail(todo, unreached)
                todo, for_lighthouse = [], []
            if not (todo or for_lighthouse):
                await self._look_at_hosts(home)
            else:
                async with machine_lock("measure", lambda: self.progress("another portal is being measured")):
                    await self._load_pages(todo, home)
                    for url in for_lighthouse:
                        await self._run_lighthouse(url)
        return self._keep()

    async def _ask_links(self, memory: Path | None) -> None:
        """Asks for the links to other hosts; two portals never ask one host at the same time."""
        if memory is None:
            return
        if self.portal.archived or self.portal.confined:
            self.links, self.links_reason = (), "a portal that is kept to its own hosts"
        elif why := self._unreached():
            self.links, self.links_reason = (), why
        else:
            links = external_links(self.portal, self.capture)
            try:
                async with machine_lock("links", lambda: self.progress("another portal's links are asked")):
                    self.progress(f"links to other hosts: {len(links)}")
                    self.links = tuple(await check_links(links, memory, Policy(user_agent(self.contact))))
                    self.links_reason = ""
            except (OSError, sqlite3.Error) as error:
                self.links, self.links_reason = (), f"the memory of links cannot be used: {error}"

    async def _load_pages(self, todo: Sequence[tuple[MeasuredPage, ScreenDevice]], home: str) -> None:
        """Loads the pages. The hosts are looked at while the browser starts: not later, for a server that
        answers knocks would answer the page's own requests less quickly."""
        done = 0
        async with _aside(self._look_at_hosts(home)) as looks:
            if not todo:
                return
            try:
                binary = find_chromium()
                self.chromium = binary.version if binary else ""
                async with open_browser(self.policy) as browser:
                    await _warm_up(browser)
                    await looks
                    for page, device in todo:
                        self.portal.check_window()
                        self.progress(f"{device}: {page.url}")
                        await self._measure_page(browser, page, device)
                        done += 1
                        self._keep()
            except BrowserUnavailableError as error:
                self._fail(todo[done:], str(error))

    async def _run_lighthouse(self, url: str) -> None:
        self.portal.check_window()
        self.progress(f"Lighthouse: {url}")
        result = await run_lighthouse(url, self.folder, self.policy, progress=self.progress)
        self._add(result.measurements)
        self._add_run(result.run)
        self._keep()

    async def _measure_page(self, browser: Browser, target: MeasuredPage, device: ScreenDevice) -> None:
        url = target.url
        checks: list[AccessibilityCheck | DisplayCheck] = []

        async def look_at_desktop(page: Page, _: str) -> None:
            found = await check_accessibility(page, url)
            checks.append(found)
            size = page.viewport_size or {"width": 1280, "height": 800}
            part = worst_place(found.rules, size["width"], size["height"])
            if part is not None:
                self._add_picture(await take_picture(page, url, self.folder, device, "violations", part))
            checks.append(await check_display(page, url, read_source(self.capture, url)))

        async def look_at_phone(page: Page, moment: str) -> None:
            shows: PictureOf = "screen" if moment == "read" else "menu"
            self._add_picture(await take_picture(page, url, self.folder, device, shows))

        inspect: Inspect = look_at_desktop if device == "desktop" else look_at_phone
        found = await measure_page(
            browser,
            url,
            device,
            runs=self._runs(target),
            enough=_enough(target),
            inspect=inspect,
            inspect_seconds=_INSPECT_SECONDS,
        )
        if self._has(url, device, "browser") and all(one.value is None for one in found):
            return  # what was measured before is more than today's failure
        if device == "desktop":
            reason = next((one.reason for one in found if one.reason), "was not measured")
            own = next((c for c in checks if isinstance(c, AccessibilityCheck)), unchecked(url, reason))
            shown = next((c for c in checks if isinstance(c, DisplayCheck)), None)
            shown = shown or undisplayed(url, read_source(self.capture, url), reason)
            self.accessibility[url], self.display[url] = own, shown
            found += _values(own, shown)
        self._add(found)

    def _fail(self, todo: Iterable[tuple[MeasuredPage, ScreenDevice]], reason: str) -> None:
        pairs = [(page.url, device) for page, device in todo]
        found = _failed(pairs, reason)
        for url in (url for url, device in pairs if device == "desktop"):
            own = unchecked(url, reason)
            shown = undisplayed(url, read_source(self.capture, url), reason)
            self.accessibility[url], self.display[url] = own, shown
            found += _values(own, shown)
        self._add(found)

    async def _look_at_hosts(self, home: str) -> None:
        if self.portal.archived or (self._unreached() and self.capture.visit.outcome != "certificate"):
            return
        todo = [knock for knock in knocks(self.portal, home) if not self._seen(knock)]
        gate = self.policy.gate()
        for knock in todo:
            self.portal.check_window()
            self.progress(f"security: {knock.name}")
            self.security[knock.name] = await look(
                knock,
                gate,
                user_agent=user_agent(self.contact),
                authority=self.policy.certificate_authority,
            )
            self._keep()

    def _seen(self, knock: Knock) -> bool:
        """Whether the host was looked at and answered; a look that met silence is tried again."""
        one = self.security.get(knock.name)
        return one is not None and (one.https.state != "unknown" or one.http.state != "unknown")

    def _home(self) -> str:
        start = next((page for page in self.capture.pages if page.found_by == "start"), None)
        return start.final_url if start is not None and start.final_url else self.portal.start

    def _unreached(self) -> str:
        """Why the home page is not worth a browser, '' if it is."""
        visit = self.capture.visit
        if visit.outcome in _WORTH_MEASURING:
            return ""
        return f"the visit did not reach the home page: {visit.reason or visit.outcome}"

    def _runs(self, page: MeasuredPage) -> int:
        """How often a page is to be loaded on each device; a saved copy once: its speed proves nothing."""
        if self.portal.archived:
            return 1
        own = self.portal.measuring
        return own.runs if page.kind == "home" else own.key_page_runs

    def _values_of(self, url: str, device: ScreenDevice, method: str) -> list[Measurement]:
        return [m for m in self.found if (m.url, m.device, m.method) == (url, device, method)]

    def _has(self, url: str, device: ScreenDevice, method: str) -> bool:
        return any(m.value is not None for m in self._values_of(url, device, method))

    def _is_done(self, page: MeasuredPage, device: ScreenDevice) -> bool:
        """Whether nothing that this version measures of the page is missing."""
        values = self._values_of(page.url, device, "browser")
        if device == "desktop":
            checks = self.accessibility.get(page.url), self.display.get(page.url)
            if any(one is None or one.reason for one in checks):
                return False
        loads = {one.name: one.runs for one in values}
        most, enough = max(map(len, loads.values()), default=0), _enough(page)
        loaded = most >= self._runs(page) or (enough is not None and most >= enough and loads_agree(loads))
        return loaded and metrics_of(device).keys() <= loads.keys()

    def _add_picture(self, picture: Picture | None) -> None:
        if picture is not None:
            self.pictures[picture.url, picture.device, picture.shows] = picture

    def _add(self, found: Iterable[Measurement]) -> None:
        new = list(found)
        replaced = {(item.url, item.device, item.method) for item in new}
        self.found = [
            item for item in self.found if (item.url, item.device, item.method) not in replaced
        ] + new

    def _add_run(self, run: LighthouseRun) -> None:
        kept = [one for one in self.lighthouse_runs if (one.url, one.device) != (run.url, run.device)]
        self.lighthouse_runs = [*kept, run]

    def _keep(self) -> Measurements:
        result = Measurements(
            portal=self.portal.id,
            chromium=self.chromium,
            pages=self.pages,
            measurements=tuple(self.found),
            lighthouse=tuple(self.lighthouse_runs),
            accessibility=tuple(self.accessibility.values()),
            display=tuple(self.display.values()),
            pictures=tuple(self.pictures.values()),
            security=tuple(self.security.values()),
            links=self.links,
            links_reason=self.links_reason,
        )
        write_atomic(self.folder / FILE, result.model_dump_json(indent=1) + "\n")
        return result


@contextlib.asynccontextmanager
async def _aside(work: Coroutine[None, None, None]) -> AsyncIterator[asyncio.Task[None]]:
    """Does `work` beside the block, which ends when both are done; when the block fails, so does the work."""
    task = asyncio.create_task(work)
    try:
        yield task
        await task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await task


async def _warm_up(browser: Browser) -> None:
    """Let the browser do once what only its first page costs, so that the home page does not pay for it."""
    with contextlib.suppress(PlaywrightError, PageCrashedError, TimeoutError):
        async with browser.page(seconds=10) as page:
            await page.goto("data:text/html,<p>warm</p>")


def _enough(page: MeasuredPage) -> int | None:
    """Loads after which no other is made if they agree; the home page is loaded as often as it is said."""
    return None if page.kind == "home" else ENOUGH_LOADS


def _values(own: AccessibilityCheck, shown: DisplayCheck) -> list[Measurement]:
    """The numbers of both checks, as other measures have them."""
    axe, browser = counts(own), browser_values(shown)
    source = {} if shown.source.reason else {"parse_errors": shown.source.parse_errors}
    rows: list[tuple[dict[str, str], Mapping[str, float], str, Device, Literal["browser", "capture"]]] = [
        (accessibility.METRICS, axe, own.reason, "desktop", "browser"),
        (display.METRICS, browser, shown.reason, "desktop", "browser"),
        (display.SOURCE_METRICS, source, shown.source.reason, "none", "capture"),
    ]
    return [
        Measurement(
            name=name,
            value=values.get(name),
            unit=unit,
            url=own.url,
            device=device,
            method=method,
            runs=(values[name],) if name in values else (),
            reason="" if name in values else reason,
            measured_at=shown.measured_at,
        )
        for names, values, reason, device, method in rows
        for name, unit in names.items()
    ]


def _failed(todo: Iterable[tuple[str, ScreenDevice]], reason: str) -> list[Measurement]:
    now = datetime.now(UTC)
    return [
        Measurement(
            name=name,
            value=None,
            unit=unit,
            url=url,
            device=device,
            method="browser",
            reason=reason,
            measured_at=now,
        )
        for url, device in todo
        for name, unit in metrics_of(device).items()
    ]
