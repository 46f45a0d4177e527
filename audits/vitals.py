"""How a page loads and fits on a device, from the browser's own observers.

Units: times in milliseconds since the navigation began, sizes in bytes, lengths in CSS pixels, shares
between 0 and 1. Every value is measured, or None with the reason.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import statistics
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import CDPSession, Page, Request
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from audits.profiles import Profile, Settling, load_profiles
from audits.records import Measurement
from crawler.browser import Browser, BrowserUnavailableError, PageCrashedError

ScreenDevice = Literal["phone", "desktop"]

LOADING = {
    "ttfb": "ms",
    "fcp": "ms",
    "lcp": "ms",
    "cls": "ratio",
    "tbt": "ms",
    "max_potential_fid": "ms",
    "load": "ms",
    "transfer_bytes": "bytes",
    "requests": "count",
}
"""Measured on both devices: names with their units."""

LAYOUT = {
    "viewport_meta": "count",
    "overflow_px": "px",
    "small_text_share": "ratio",
    "tap_targets": "count",
    "small_tap_targets": "count",
    "menu_opener": "count",
    "menu_opens": "count",
}
"""Measured on the phone only. `viewport_meta`, `menu_opener` and `menu_opens` are 1 for yes, 0 for no."""

_FELT = ("ttfb", "fcp", "lcp", "cls", "tbt", "load")
_LONG_TASK_MS = 50.0
_POLL_SECONDS = 0.1
_ASK_SECONDS = 1.0
_BUSY_SECONDS = 0.1
"""A page that takes longer to say how it fares is at work."""
_ANSWER_SECONDS = 10.0
_MENU_SECONDS = 0.5
_BEFORE_FIRST_BYTE = 0.85
"""Share of the network's latency for which no answer can have come."""
_MAX_REQUESTS = 5_000
_ENDLESS = frozenset(("eventsource", "websocket", "ping", "media"))
"""Kinds of requests that no page waits for: streams, and what is told to others."""

_VITALS_JS = Path(__file__).with_name("vitals.js").read_text(encoding="utf-8")
_OVERFLOW_JS = Path(__file__).with_name("overflow.js").read_text(encoding="utf-8")
_LAYOUT_JS = Path(__file__).with_name("layout.js").read_text(encoding="utf-8")
_MENU_JS = Path(__file__).with_name("menu.js").read_text(encoding="utf-8")
_LINKS_JS = Path(__file__).with_name("links.js").read_text(encoding="utf-8")


Inspect = Callable[[Page, Literal["read", "menu"]], Awaitable[None]]
"""Looks at a page that was read, and once more where a tap opened its menu. It bears its own errors."""


@dataclass
class Reading:
    """One load of one page: value by name, and for what is missing the reason by name ('' for all)."""

    values: dict[str, float] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, value: object, reason: str) -> None:
        """Keep `value` if it is a finite number (what a page answers may be anything), else the reason."""
        if (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and math.isfinite(value)
            and value >= 0
        ):
            self.values[name] = float(value)
        else:
            self.reasons[name] = reason

    def reason(self, name: str) -> str:
        return self.reasons.get(name) or self.reasons.get("") or "was not measured"


def metrics_of(device: ScreenDevice) -> dict[str, str]:
    """Names and units of what is measured on a device."""
    return LOADING | LAYOUT if device == "phone" else LOADING


async def measure_page(
    browser: Browser,
    url: str,
    device: ScreenDevice,
    *,
    runs: int = 1,
    enough: int | None = None,
    inspect: Inspect | None = None,
    inspect_seconds: float = 0.0,
) -> list[Measurement]:
    """Load `url` `runs` times, each with a cold cache, and give the median of every metric; after `enough`
    loads no other is made where they agree (`loads_agree`). The first load also reads the layout, and
    `inspect` sees its page, for `inspect_seconds` at most. After a load that failed, or that painted nothing,
    no other is tried: what fails once mostly fails again, and slowly.

    Never fails for what a page does: what could not be measured says why. Raises
    BrowserUnavailableError only.
    """
    readings: list[Reading] = []
    while len(readings) < runs and all("fcp" in reading.values for reading in readings):
        if enough is not None and len(readings) >= enough and loads_agree(_runs_of(readings)):
            break
        first = not readings
        readings.append(
            await read_page(
                browser,
                url,
                device,
                layout=first,
                inspect=inspect if first else None,
                inspect_seconds=inspect_seconds if first else 0.0,
            )
        )
    now = datetime.now(UTC)
    found = []
    by_name = _runs_of(readings)
    for name, unit in metrics_of(device).items():
        values = by_name.get(name, ())
        found.append(
            Measurement(
                name=name,
                value=statistics.median(values) if values else None,
                unit=unit,
                url=url,
                device=device,
                method="browser",
                runs=values,
                reason="" if values else readings[0].reason(name),
                measured_at=now,
            )
        )
    return found


def _runs_of(readings: Iterable[Reading]) -> dict[str, tuple[float, ...]]:
    """The values of each metric, load by load."""
    found: dict[str, tuple[float, ...]] = {}
    for reading in readings:
        for name, value in reading.values.items():
            found[name] = (*found.get(name, ()), round(value, 4))
    return found


def loads_agree(values: Mapping[str, Sequence[float]]) -> bool:
    """Whether a page's loads tell the same, by what a visitor waits for. `values` are those of each metric,
    load by load; one load agrees with nothing."""
    limits = load_profiles().agreement
    told = {name: values[name] for name in _FELT if name in values}
    return max(map(len, told.values()), default=0) > 1 and all(
        max(one) - min(one) <= (limits.cls if name == "cls" else max(limits.ms, limits.share * min(one)))
        for name, one in told.items()
    )


async def read_page(
    browser: Browser,
    url: str,
    device: ScreenDevice,
    *,
    layout: bool = True,
    inspect: Inspect | None = None,
    inspect_seconds: float = 0.0,
) -> Reading:
    """Load `url` once, read its `layout` on the phone, and let `inspect` see the page. Raises
    BrowserUnavailableError only."""
    profiles = load_profiles()
    profile: Profile = getattr(profiles.profiles, device)
    settling = profiles.settling
    bound = (settling.first_byte_ms + settling.load_ms + settling.unrest_ms) / 1000 + 3 * _ANSWER_SECONDS
    bound += inspect_seconds
    reading = Reading()
    try:
        agent = profile.user_agent.format(major=browser.binary.version.split(".", 1)[0])
        async with browser.page(
            seconds=bound,
            user_agent=agent,
            viewport={"width": profile.width, "height": profile.height},
            screen={"width": profile.width, "height": profile.height},
            device_scale_factor=profile.pixel_ratio,
            is_mobile=profile.mobile,
            has_touch=profile.mobile,
        ) as page:
            await _read(browser, page, url, profile, settling, reading, layout, inspect)
    except PageCrashedError as error:
        reading.reasons[""] = str(error)
    except TimeoutError:
        reading.reasons[""] = "the page hung: it stopped answering while it loaded"
    except BrowserUnavailableError:
        raise
    except PlaywrightError as error:
        reading.reasons[""] = browser.explain(url, error)
    return reading


async def _read(
    browser: Browser,
    page: Page,
    url: str,
    profile: Profile,
    settling: Settling,
    reading: Reading,
    layout: bool,
    inspect: Inspect | None,
) -> None:
    session = await page.context.new_cdp_session(page)
    await _slow_network(session, profile)
    await page.add_init_script(_VITALS_JS)
    traffic = _Traffic(page)
    loaded = asyncio.Event()
    page.on("load", lambda _: loaded.set())
    slowing = asyncio.create_task(_slow_processor(session, profile))
    try:
        response = await page.goto(url, wait_until="commit", timeout=settling.first_byte_ms)
        await slowing
    except PlaywrightTimeoutError:
        reading.reasons[""] = f"no answer within {settling.first_byte_ms / 1000:g} s"
        return
    except PlaywrightError as error:
        reading.reasons[""] = _plainly(browser.explain(url, error))
        return
    finally:
        slowing.cancel()
    if response is None or response.status >= 400:
        reading.reasons[""] = f"answered HTTP {response.status}" if response else "no document came"
        return

    raw = await _settle(page, settling, traffic, loaded)
    if raw is None:
        reading.reasons[""] = "the page hung: its scripts left the browser no time to answer"
        return
    # What follows is about the page, no longer about its load: at full speed again.
    await session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    _take_loading(raw, settling, reading)
    async with asyncio.timeout(_ANSWER_SECONDS):
        count, size = await traffic.totals()
    reading.put("requests", count, "requests could not be counted")
    reading.put("transfer_bytes", size, "sizes could not be read")
    if inspect is None and not layout:
        return
    if inspect is not None:
        await inspect(page, "read")
    if layout and profile.mobile:
        await _take_layout(page, reading)
        if inspect is not None and reading.values.get("menu_opens"):
            await inspect(page, "menu")


async def _slow_network(session: CDPSession, profile: Profile) -> None:
    # Without Network.enable, which would send every event of the network here a second time.
    await session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": profile.latency_ms,
            "downloadThroughput": profile.download_kbps * 1024 / 8,
            "uploadThroughput": profile.upload_kbps * 1024 / 8,
        },
    )


async def _slow_processor(session: CDPSession, profile: Profile) -> None:
    """Slows the processor before the page can have a first byte. Not sooner: Chromium slows a page by keeping
    its thread busy, also while it waits, and for as long as the network's latency it does nothing else."""
    await asyncio.sleep(_BEFORE_FIRST_BYTE * profile.latency_ms / 1000)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": profile.cpu_slowdown})


class _Traffic:
    """What the page asked for, frames and redirects included. `silent` is set while no answer is awaited
    but those that are not meant to end."""

    def __init__(self, page: Page) -> None:
        self.count = 0
        self.changed_at = time.monotonic()
        self.silent = asyncio.Event()
        self.silent.set()
        self._open: set[Request] = set()
        self._finished: list[Request] = []
        page.on("request", self._on_request)
        page.on("requestfinished", self._on_finished)
        page.on("requestfailed", self._on_end)

    def _on_request(self, request: Request) -> None:
        if request.url.startswith(("data:", "blob:")):
            return
        self.count += 1
        if request.resource_type not in _ENDLESS:
            self._open.add(request)
            self._changed()

    def _on_finished(self, request: Request) -> None:
        if len(self._finished) < _MAX_REQUESTS:
            self._finished.append(request)
        self._on_end(request)

    def _on_end(self, request: Request) -> None:
        if request in self._open:
            self._open.remove(request)
            self._changed()

    def _changed(self) -> None:
        self.changed_at = time.monotonic()
        if self._open:
            self.silent.clear()
        else:
            self.silent.set()

    async def totals(self) -> tuple[int, int]:
        """Requests sent, and bytes received for those that came to an end (headers and body, compressed)."""
        sizes = await asyncio.gather(*(one.sizes() for one in self._finished), return_exceptions=True)
        received = [
            size["responseHeadersSize"] + size["responseBodySize"]
            for size in sizes
            if not isinstance(size, BaseException)
        ]
        return self.count, sum(max(0, size) for size in received)


async def _settle(
    page: Page, settling: Settling, traffic: _Traffic, loaded: asyncio.Event
) -> Mapping[str, Any] | None:
    """What the observers saw once the page has loaded and kept still, or at the bounds; None if the page
    never answered. `loaded` is set by the load event.

    A question to the page costs both sides: it is asked when its answer may have changed, and once a second
    while it loads, so that a hung page is told from a slow one.
    """
    quiet, unrest = settling.quiet_ms / 1000, settling.unrest_ms / 1000
    latest = end = time.monotonic() + settling.load_ms / 1000
    loaded_at: float | None = None
    raw: Mapping[str, Any] | None = None
    painted = False
    while True:
        asked = time.monotonic()
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                answer = await page.evaluate("() => window.__dargahVitals?.read()")
        except TimeoutError:
            return raw
        except PlaywrightError:
            # The page is on its way elsewhere (a redirect by script): its successor will answer.
            answer = None
        now = time.monotonic()
        rest = _POLL_SECONDS
        if isinstance(answer, dict):
            raw = answer
            if answer.get("load") is None:
                if loaded_at is not None:  # another document has taken the page's place
                    loaded_at, end = None, latest
                    loaded.clear()
            else:
                if loaded_at is None:
                    loaded_at = now
                # A page of scripts alone shows nothing until its data have come, and are drawn.
                painted = answer.get("fcp") is not None
                waits = not painted and not traffic.silent.is_set()
                end = latest if waits else loaded_at + unrest
                still = (_number(answer.get("now")) - _number(answer.get("restless_until"))) / 1000
                if now - asked > _BUSY_SECONDS:  # at work when it was asked; the observers tell of it later
                    still = 0.0
                rest = quiet - min(still, now - traffic.changed_at, now - loaded_at)
        if now >= end or (loaded_at is not None and painted and rest <= 0 and traffic.silent.is_set()):
            return raw
        if loaded_at is None and not loaded.is_set():
            await _until(loaded, min(_ASK_SECONDS, end - now))
        elif not traffic.silent.is_set():
            await _until(traffic.silent, min(_ASK_SECONDS, end - now))
        else:
            await asyncio.sleep(min(max(rest, _POLL_SECONDS / 2), end - now))


async def _until(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, for so long at most."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


def _take_loading(raw: Mapping[str, Any], settling: Settling, reading: Reading) -> None:
    unpainted = "nothing was painted"
    reading.put("ttfb", raw.get("ttfb"), "the browser gave no navigation timing")
    reading.put("fcp", raw.get("fcp"), unpainted)
    reading.put("lcp", raw.get("lcp"), unpainted)
    reading.put("load", raw.get("load"), f"not loaded within {settling.load_ms / 1000:g} s")
    if "fcp" not in reading.values:
        reading.reasons |= dict.fromkeys(("cls", "tbt", "max_potential_fid"), unpainted)
        return
    reading.put("cls", raw.get("cls"), "the browser gave no layout shifts")
    tasks, painted, untold = raw.get("tasks"), reading.values["fcp"], "the browser gave no tasks"
    reading.put("tbt", blocking_time(tasks, painted), untold)
    reading.put("max_potential_fid", longest_task(tasks, painted), untold)


def blocking_time(tasks: object, after: float) -> float | None:
    """Total blocking time: of every long task after `after` (FCP), what exceeds 50 ms. `tasks` are pairs
    of start and duration; None if it is anything else."""
    pairs = _pairs(tasks)
    if pairs is None:
        return None
    return sum(max(0.0, start + length - max(start, after) - _LONG_TASK_MS) for start, length in pairs)


def longest_task(tasks: object, after: float) -> float | None:
    """Maximum potential first input delay: the longest task that ends after `after` (FCP), whole. Where
    none was long it is 50 ms, the most that a task may take and not be told of. `tasks` as for
    `blocking_time`."""
    pairs = _pairs(tasks)
    if pairs is None:
        return None
    return max((length for start, length in pairs if start + length > after), default=_LONG_TASK_MS)


def _pairs(tasks: object) -> list[tuple[float, float]] | None:
    if not isinstance(tasks, list) or any(not isinstance(one, list) or len(one) != 2 for one in tasks):
        return None
    return [(_number(start), _number(length)) for start, length in tasks]


async def _take_layout(page: Page, reading: Reading) -> None:
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            facts = await page.evaluate(_LAYOUT_JS)
            facts |= await page.evaluate(_OVERFLOW_JS)
            for name in ("viewport_meta", "overflow_px", "tap_targets", "small_tap_targets"):
                reading.put(name, facts.get(name), "the layout could not be read")
            reading.put("small_text_share", facts.get("small_text_share"), "the page shows no text")
            await _take_menu(page, reading)
    except (PlaywrightError, TimeoutError, AttributeError):
        for name in LAYOUT:
            if name not in reading.values:
                reading.reasons[name] = "the page did not answer when its layout was read"


async def _take_menu(page: Page, reading: Reading) -> None:
    opener = await page.evaluate(_MENU_JS)
    if not isinstance(opener, dict):
        reading.put("menu_opener", 0, "")
        reading.reasons["menu_opens"] = "no control that opens a menu is in sight"
        return
    reading.put("menu_opener", 1, "")
    before = await page.evaluate_handle(_LINKS_JS)
    address = page.url
    await page.touchscreen.tap(_number(opener.get("x")), _number(opener.get("y")))
    until = time.monotonic() + _MENU_SECONDS
    opened = False
    while not opened and time.monotonic() < until and page.url.split("#")[0] == address.split("#")[0]:
        await asyncio.sleep(_POLL_SECONDS)
        appeared = f"(before) => [...({_LINKS_JS})()].filter((link) => !before.has(link)).length"
        opened = _number(await page.evaluate(appeared, before)) > 0
    reading.put("menu_opens", int(opened), "")


def _plainly(reason: str) -> str:
    if "ERR_CERT" in reason:
        return f"certificate not trusted: {reason}"
    if "Download is starting" in reason:
        return "not a page: the address leads to a download"
    return reason


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else 0.0
