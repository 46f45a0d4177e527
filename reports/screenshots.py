"""Pictures of the places that evidence names, taken from the report's own copies of the pages.

The browser has no network and no scripts here: what it shows is the archived page with the archived style
sheets and images. Each page is loaded once for all its spots, and those that are in sight together share a
picture, on which the report marks each by itself. Pictures are kept by the spot's key (archive record,
locator, words), so that another report of the same capture takes none again.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from crawler.browser import Browser, BrowserPolicy, BrowserUnavailableError, PageCrashedError, open_browser
from crawler.datafile import write_atomic
from reports.spots import MARK

log = logging.getLogger(__name__)

WIDTH, HEIGHT = 1280, 800
MAX_BYTES = 150_000
QUALITIES = (78, 60, 40, 20)
PAGE_SECONDS = 30.0
SPOT_SECONDS = 5.0
AT_ONCE = 2
AIR_AROUND = 60
"""CSS pixels between a spot and the upper and lower edge of a picture that another spot has with it."""

PER_PROFILE = 20
"""Copies that are opened one after the other in one browser profile; making one costs more than a picture."""

INDEX = "screenshots.json"


@dataclass(frozen=True)
class Box:
    """The marked spot, as fractions of the picture's width and height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Shot:
    """A picture below the folder of screenshots; `box` is None where the spot itself can't be seen (it is
    in a closed menu, or not drawn at all)."""

    file: str
    box: Box | None


@dataclass(frozen=True)
class Target:
    """One copy to load and the keys of the spots to show in it."""

    copy: Path
    folder: str
    keys: tuple[str, ...]


# Gives the keys in the order in which their spots stand on the page.
_PREPARE = """async ([mark, keys]) => {
  const style = document.createElement('style');
  style.textContent = '*,*::before,*::after{animation:none!important;transition:none!important;' +
    'caret-color:transparent!important;scroll-behavior:auto!important}';
  document.head.append(style);
  document.getElementById('dargah-banner')?.remove();
  await Promise.race([document.fonts.ready, new Promise(done => setTimeout(done, 1500))]);
  const top = (key) => document.querySelector(`[${mark}~="${key}"]`)?.getBoundingClientRect().top ?? 0;
  return keys.map(key => [top(key), key]).sort(([a], [b]) => a - b).map(([, key]) => key);
}"""

# Gives the spot's corners, and whether the window shows anything else than when the last picture was taken.
_SHOW = """([mark, key, taken, air]) => {
  const spot = document.querySelector(`[${mark}~="${key}"]`);
  if (!spot) {
    const moved = scrollX !== 0 || scrollY !== 0;
    scrollTo(0, 0);
    return {corners: null, changed: !taken || moved};
  }
  let changed = !taken;
  for (let up = spot; up; up = up.parentElement)
    if (up.tagName === 'DETAILS' && !up.open) { up.open = true; changed = true; }
  const before = spot.getBoundingClientRect();
  const within = before.top >= air && before.bottom <= innerHeight - air && before.left >= 0 &&
    before.right <= innerWidth;
  const middle = [before.left + before.width / 2, before.top + before.height / 2];
  if (changed || !within || !spot.contains(document.elementFromPoint(...middle))) {
    const tall = before.height > innerHeight * 0.9;
    spot.scrollIntoView({block: tall ? 'start' : 'center', inline: 'nearest', behavior: 'instant'});
  }
  const whole = spot.getBoundingClientRect();
  changed ||= whole.left !== before.left || whole.top !== before.top;
  if (getComputedStyle(spot).visibility !== 'visible') return {corners: null, changed};
  const words = document.createRange();
  words.selectNodeContents(spot);
  // The words rather than the block they stand in, which may be as wide as the page.
  const inner = words.getBoundingClientRect();
  const box = inner.width >= 2 && inner.height >= 2 && !spot.querySelector('img,svg,input') ? inner : whole;
  return {corners: [box.left, box.top, box.right, box.bottom], changed};
}"""


def load(folder: Path) -> dict[str, Shot]:
    """The pictures of an earlier report that are still there, by spot key."""
    try:
        data = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        shots = {
            key: Shot(entry["file"], Box(**entry["box"]) if entry["box"] else None)
            for key, entry in data["shots"].items()
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {key: shot for key, shot in shots.items() if (folder / shot.file).is_file()}


def save(folder: Path, shots: Mapping[str, Shot]) -> None:
    entries = {key: asdict(shots[key]) for key in sorted(shots)}
    content = {"width": WIDTH, "height": HEIGHT, "shots": entries}
    write_atomic(folder / INDEX, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def take(targets: Sequence[Target], folder: Path, progress: Callable[[int, int], None]) -> dict[str, Shot]:
    """Takes the pictures; `progress` is told (pages done, pages in all).

    A page that crashes, hangs or can't be drawn costs its own pictures; without a browser there are none.
    Must not be called from a running event loop.
    """
    if not targets:
        return {}
    try:
        return asyncio.run(_take(targets, folder, progress))
    except BrowserUnavailableError as error:
        log.warning("no screenshots: %s", error)
        return {}


async def _take(
    targets: Sequence[Target], folder: Path, progress: Callable[[int, int], None]
) -> dict[str, Shot]:
    shots: dict[str, Shot] = {}
    waiting = deque(targets)
    done = 0

    def finished() -> None:
        nonlocal done
        done += 1
        progress(done, len(targets))

    async def work(browser: Browser) -> None:
        while waiting:
            batch = [waiting.popleft() for _ in range(min(PER_PROFILE, len(waiting)))]
            try:
                await _batch(browser, batch, folder, shots, finished)
            except (PlaywrightError, PageCrashedError, TimeoutError) as error:
                _log(batch.pop(0), error)
                finished()
                waiting.extendleft(reversed(batch))

    # No host may be reached: whatever the copy still names beyond the disk fails at the gate.
    async with open_browser(BrowserPolicy(hosts=())) as browser:
        await asyncio.gather(*(work(browser) for _ in range(AT_ONCE)))
    return shots


async def _batch(
    browser: Browser,
    batch: list[Target],
    folder: Path,
    shots: dict[str, Shot],
    finished: Callable[[], None],
) -> None:
    """Takes targets off `batch` as they are done; one that fails is still there when the error rises."""
    options: dict[str, Any] = {
        "viewport": {"width": WIDTH, "height": HEIGHT},
        "java_script_enabled": False,
        "offline": True,
        "color_scheme": "light",
    }
    allowed = sum(_seconds(target) for target in batch)
    async with browser.page(seconds=allowed, **options) as page:
        session = await page.context.new_cdp_session(page)
        while batch:
            async with asyncio.timeout(_seconds(batch[0])):
                await _target(page, session, batch[0], folder, shots)
            batch.pop(0)
            finished()


def _seconds(target: Target) -> float:
    return PAGE_SECONDS + SPOT_SECONDS * len(target.keys)


def _log(target: Target, error: Exception) -> None:
    first = str(error).split("\n", 1)[0] or type(error).__name__
    log.warning("no screenshots of %s/%s: %s", target.folder, target.copy.name, first)


async def _target(page: Page, session: Any, target: Target, folder: Path, shots: dict[str, Shot]) -> None:
    await page.goto(target.copy.resolve().as_uri(), wait_until="load", timeout=PAGE_SECONDS * 1000)
    name = ""
    for key in await page.evaluate(_PREPARE, [MARK, target.keys]):
        shown = await page.evaluate(_SHOW, [MARK, key, bool(name), AIR_AROUND])
        if shown["changed"]:
            name = f"{target.folder}/{key}.jpg"
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(await _capture(session))
        shots[key] = Shot(name, _box(shown["corners"]))


async def _capture(session: Any) -> bytes:
    picture = b""
    for quality in QUALITIES:
        answer = await session.send("Page.captureScreenshot", {"format": "jpeg", "quality": quality})
        picture = base64.b64decode(answer["data"])
        if len(picture) <= MAX_BYTES:
            break
    return picture


def _box(corners: list[float] | None) -> Box | None:
    """The part of the spot within the viewport, with a little air around it."""
    if corners is None:
        return None
    air = 6.0
    left, top = max(corners[0] - air, 0.0), max(corners[1] - air, 0.0)
    right, bottom = min(corners[2] + air, float(WIDTH)), min(corners[3] + air, float(HEIGHT))
    if right - left <= 2 * air or bottom - top <= 2 * air:
        return None
    return Box(
        round(left / WIDTH, 4),
        round(top / HEIGHT, 4),
        round((right - left) / WIDTH, 4),
        round((bottom - top) / HEIGHT, 4),
    )
