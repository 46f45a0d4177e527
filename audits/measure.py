"""Measure one portal: its home page and key pages, on a phone and a desktop, and Lighthouse at home."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    Measurement,
    Measurements,
    Picture,
    PictureOf,
)
from audits.security import Knock, knocks, look
from audits.vitals import Inspect, ScreenDevice, measure_page, metrics_of
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
MAX_KEY_PAGES = 10
DEVICES: tuple[ScreenDevice, ...] = get_args(ScreenDevice)

_INSPECT_SECONDS = accessibility.SECONDS + 2 * display.SECONDS + 2 * PICTURE_SECONDS

_WORTH_MEASURING: frozenset[Outcome] = frozenset({"ok", "empty", "soft_404", "login_wall"})


def measure(
    portal: Portal,
    capture: Capture,
    folder: Path,
    *,
    lighthouse: bool = True,
    key_pages: Sequence[str] = (),
    runs: int = 1,
    base_folder: Path | None = None,
    contact: str = "",
    links_memory: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Measurements:
    """Measure the portal and keep the result in ``folder/measurements.json``, after each page.

    The home page is where the visit's start page ended up; of `key_pages` the first ten are taken. What
    the file holds already is kept, what had failed is tried again. Where the visit did not reach the home
    page, no browser is started and every value carries the visit's reason. `base_folder` is the folder from
    which the portal's certificate authority is named; `contact` is told to the hosts whose security is looked
    at (`audits.security`), which is not done for a saved copy, and to those that the portal links to, if
    there is `links_memory`, the SQLite file in which their answers are kept (`audits.links`). One portal is
    measured at a time on a machine.
    """
    job = _Job(portal, capture, folder, base_folder, contact, progress)

    async def all_of_it() -> Measurements:
        found = await job.run(lighthouse=lighthouse, key_pages=key_pages, runs=runs)
        return found if links_memory is None else await job.ask_links(links_memory)

    return asyncio.run(all_of_it())


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
    ) -> None:
        self.portal = portal
        self.capture = capture
        self.folder = folder
        self.contact = contact
        self.progress = progress
        self.policy = BrowserPolicy.for_portal(portal, base=base_folder)
        earlier = load_measurements(folder)
        if earlier is not None and earlier.portal != portal.id:
            earlier = None
        self.chromium = earlier.chromium if earlier else ""
        self.found = list(earlier.measurements) if earlier else []
        self.lighthouse_runs = list(earlier.lighthouse) if earlier else []
        self.accessibility = {one.url: one for one in earlier.accessibility} if earlier else {}
        self.display = {one.url: one for one in earlier.display} if earlier else {}
        self.links = earlier.links if earlier else ()
        self.links_reason = earlier.links_reason if earlier else ""
        self.pictures = {(one.url, one.device, one.shows): one for one in earlier.pictures} if earlier else {}
        self.security = {one.host: one for one in (earlier.security if earlier else ())}

    async def run(self, *, lighthouse: bool, key_pages: Sequence[str], runs: int) -> Measurements:
        home = self._home()
        pages = list(dict.fromkeys([home, *key_pages[: MAX_KEY_PAGES + 1]]))[: MAX_KEY_PAGES + 1]
        todo = [(url, device) for url in pages for device in DEVICES if not self._is_done(url, device)]
        wants_lighthouse = lighthouse and not self._has(home, "phone", "lighthouse")
        unreached = self._unreached()
        if not unreached or self.capture.visit.outcome == "certificate":
            await self._look_at_hosts(home)
        if unreached:
            self._fail(todo, unreached)
            return self._keep()
        if not todo and not wants_lighthouse:
            return self._keep()
        self.portal.check_window()
        async with machine_lock("measure", lambda: self.progress("another portal is being measured")):
            if todo:
                await self._load_pages(todo, runs)
            if wants_lighthouse:
                self.portal.check_window()
                self.progress(f"Lighthouse: {home}")
                result = await run_lighthouse(home, self.folder, self.policy, progress=self.progress)
                self._add(result.measurements)
                self._add_run(result.run)
        return self._keep()

    async def ask_links(self, memory: Path) -> Measurements:
        """Asks for the links to other hosts; two portals never ask one host at the same time."""
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
        return self._keep()

    async def _load_pages(self, todo: Sequence[tuple[str, ScreenDevice]], runs: int) -> None:
        done = 0
        try:
            binary = find_chromium()
            self.chromium = binary.version if binary else ""
            async with open_browser(self.policy) as browser:
                await _warm_up(browser)
                for url, device in todo:
                    self.portal.check_window()
                    self.progress(f"{device}: {url}")
                    await self._measure_page(browser, url, device, runs)
                    done += 1
                    self._keep()
        except BrowserUnavailableError as error:
            self._fail(todo[done:], str(error))

    async def _measure_page(self, browser: Browser, url: str, device: ScreenDevice, runs: int) -> None:
        checks: list[AccessibilityCheck | DisplayCheck] = []
        source = read_source(self.capture, url)

        async def look_at_desktop(page: Page, _: str) -> None:
            found = await check_accessibility(page, url)
            checks.append(found)
            size = page.viewport_size or {"width": 1280, "height": 800}
            part = worst_place(found.rules, size["width"], size["height"])
            if part is not None:
                self._add_picture(await take_picture(page, url, self.folder, device, "violations", part))
            checks.append(await check_display(page, url, source))

        async def look_at_phone(page: Page, moment: str) -> None:
            shows: PictureOf = "screen" if moment == "read" else "menu"
            self._add_picture(await take_picture(page, url, self.folder, device, shows))

        inspect: Inspect = look_at_desktop if device == "desktop" else look_at_phone
        found = await measure_page(
            browser, url, device, runs=max(1, runs), inspect=inspect, inspect_seconds=_INSPECT_SECONDS
        )
        if device == "desktop":
            reason = next((one.reason for one in found if one.reason), "was not measured")
            own = next((c for c in checks if isinstance(c, AccessibilityCheck)), unchecked(url, reason))
            shown = next((c for c in checks if isinstance(c, DisplayCheck)), undisplayed(url, source, reason))
            self.accessibility[url], self.display[url] = own, shown
            found += _values(own, shown)
        self._add(found)

    def _fail(self, todo: Iterable[tuple[str, ScreenDevice]], reason: str) -> None:
        pairs = list(todo)
        found = _failed(pairs, reason)
        for url in (url for url, device in pairs if device == "desktop"):
            own = unchecked(url, reason)
            shown = undisplayed(url, read_source(self.capture, url), reason)
            self.accessibility[url], self.display[url] = own, shown
            found += _values(own, shown)
        self._add(found)

    async def _look_at_hosts(self, home: str) -> None:
        todo = [] if self.portal.archived else [k for k in knocks(self.portal, home) if not self._seen(k)]
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

    def _has(self, url: str, device: ScreenDevice, method: str) -> bool:
        return any(
            item.url == url and item.device == device and item.method == method and item.value is not None
            for item in self.found
        )

    def _is_done(self, url: str, device: ScreenDevice) -> bool:
        checked = self.accessibility.get(url)
        looked = device == "phone" or (checked is not None and not checked.reason)
        return looked and self._has(url, device, "browser")

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


async def _warm_up(browser: Browser) -> None:
    """Let the browser do once what only its first page costs, so that the home page does not pay for it."""
    with contextlib.suppress(PlaywrightError, PageCrashedError, TimeoutError):
        async with browser.page(seconds=10) as page:
            await page.goto("data:text/html,<p>warm</p>")


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
