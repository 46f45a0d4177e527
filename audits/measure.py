"""Measure one portal: its home page and key pages, on a phone and a desktop, and Lighthouse at home."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from playwright.async_api import Error as PlaywrightError
from pydantic import ValidationError

from audits.lighthouse import run_lighthouse
from audits.lock import machine_lock
from audits.records import LighthouseRun, Measurement, Measurements
from audits.vitals import ScreenDevice, measure_page, metrics_of
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
    progress: Callable[[str], None] = lambda _: None,
) -> Measurements:
    """Measure the portal and keep the result in ``folder/measurements.json``, after each page.

    The home page is where the visit's start page ended up; of `key_pages` the first ten are taken. What
    the file holds already is kept, what had failed is tried again. Where the visit did not reach the home
    page, no browser is started and every value carries the visit's reason. `base_folder` is the folder from
    which the portal's certificate authority is named. One portal is measured at a time on a machine.
    """
    job = _Job(portal, capture, folder, base_folder, progress)
    return asyncio.run(job.run(lighthouse=lighthouse, key_pages=key_pages, runs=runs))


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
        progress: Callable[[str], None],
    ) -> None:
        self.portal = portal
        self.capture = capture
        self.folder = folder
        self.progress = progress
        self.policy = BrowserPolicy.for_portal(portal, base=base_folder)
        earlier = load_measurements(folder)
        if earlier is not None and earlier.portal != portal.id:
            earlier = None
        self.chromium = earlier.chromium if earlier else ""
        self.found = list(earlier.measurements) if earlier else []
        self.lighthouse_runs = list(earlier.lighthouse) if earlier else []

    async def run(self, *, lighthouse: bool, key_pages: Sequence[str], runs: int) -> Measurements:
        home = self._home()
        pages = list(dict.fromkeys([home, *key_pages[: MAX_KEY_PAGES + 1]]))[: MAX_KEY_PAGES + 1]
        todo = [(url, device) for url in pages for device in DEVICES if not self._has(url, device, "browser")]
        wants_lighthouse = lighthouse and not self._has(home, "phone", "lighthouse")
        unreached = self._unreached()
        if unreached:
            self._add(_failed(todo, unreached))
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
                    self._add(await measure_page(browser, url, device, runs=runs))
                    done += 1
                    self._keep()
        except BrowserUnavailableError as error:
            self._add(_failed(todo[done:], str(error)))

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
        )
        write_atomic(self.folder / FILE, result.model_dump_json(indent=1) + "\n")
        return result


async def _warm_up(browser: Browser) -> None:
    """Let the browser do once what only its first page costs, so that the home page does not pay for it."""
    with contextlib.suppress(PlaywrightError, PageCrashedError, TimeoutError):
        async with browser.page(seconds=10) as page:
            await page.goto("data:text/html,<p>warm</p>")


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
