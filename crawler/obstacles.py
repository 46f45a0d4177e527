"""What stands between a visitor and the contents of a page, and how it is passed within bounds: dialogs,
windows that open, banners that cover the page, lists that only grow when asked, scripts that never end.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any

from playwright.async_api import CDPSession, Page
from playwright.async_api import Error as PlaywrightError

from crawler.phrases import Kind, phrases
from crawler.text import normalize

PRESS_SECONDS = 2.0
STOP_SECONDS = 3.0
MAX_ROUNDS = 6
"""How often the end of a page is sought anew because it moved away."""

MAX_MORE = 5
"""Presses of a button that shows more of a list."""

SCREENS = 30
"""Screens that are scrolled in one round."""

MAX_ITEMS = 600
"""Links after which a list is long enough."""

UNROLL_SECONDS = 15.0

GUARD = Path(__file__).with_name("guard.js").read_text(encoding="utf-8")
"""To run before the scripts of every page."""

_OPENED = "() => typeof dargahOpened === 'function' ? dargahOpened().map(String) : []"
_COVER = Path(__file__).with_name("cover.js").read_text(encoding="utf-8")
_MORE = Path(__file__).with_name("more.js").read_text(encoding="utf-8")
_LETTERS = re.compile(r"[^\W\d_]+")


def _key(text: str) -> str:
    """The words of a button, without counts and arrows; a sign (×) where there are no words."""
    folded = normalize(text)
    return " ".join(_LETTERS.findall(folded)) or folded.strip()


@cache
def _labels(kind: Kind) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(_key, phrases(kind))))


async def opened_windows(page: Page) -> list[str]:
    """Addresses for which the page wanted windows since the last call."""
    with contextlib.suppress(PlaywrightError):
        found = await page.evaluate(_OPENED)
        return [url[:2_000] for url in found if isinstance(url, str) and url.startswith("http")][:20]
    return []


async def stop_scripts(session: CDPSession) -> None:
    """Ends what runs in the page and lets nothing start again: its DOM can be read as it stands. Raises
    TimeoutError if the browser does not get through to the page."""
    async with asyncio.timeout(STOP_SECONDS):
        await session.send("Emulation.setScriptExecutionDisabled", {"value": True})
        await session.send("Runtime.terminateExecution")


async def uncover(page: Page) -> bool:
    """Takes off what covers the page, where one of its buttons clearly does only that; never accepts.
    True if a button was pressed."""
    buttons = await page.evaluate(_COVER)
    return await _press_first(page, buttons, ("rejects", "closes"), "cover")


async def unroll(
    page: Page, settle: Callable[[float], Awaitable[None]], pause: Callable[[], Awaitable[None]]
) -> list[tuple[str, str]]:
    """Scrolls to the end, and on while that brings more, and presses "more"; within bounds of rounds, items
    and time. `settle` waits for what that starts, at most so many seconds; `pause` is kept before the portal
    is asked for more once again. Returns (address, text) of links that were there on the way and no longer
    are.
    """
    end, pressed = time.monotonic() + UNROLL_SECONDS, 0
    now = await page.evaluate(_MORE, 0)
    seen = {str(url): str(text) for url, text in now["links"]}
    for number in range(MAX_ROUNDS + MAX_MORE):
        if len(seen) >= MAX_ITEMS or time.monotonic() > end:
            break
        before, acted, presses = now["text"], False, pressed
        if number:
            await pause()
        if number < MAX_ROUNDS and now["below"] > 0:
            acted = bool(await page.evaluate(_MORE, SCREENS))
        elif pressed < MAX_MORE:
            acted = await _press_first(page, now["buttons"], ("shows_more",), "more")
            pressed += acted
        if not acted:
            break
        await settle(1.5)
        now = await page.evaluate(_MORE, 0)
        seen.update((str(url), str(text)) for url, text in now["links"])
        if pressed > presses and now["text"] <= before:
            break  # the button shows nothing more
    left = {str(url) for url, _ in now["links"]}
    return [(url, text) for url, text in seen.items() if url not in left]


async def _press_first(page: Page, buttons: list[dict[str, Any]], kinds: tuple[Kind, ...], mark: str) -> bool:
    """Presses the button that says the earliest of these kinds of phrases; False if none does."""
    wanted = [words for kind in kinds for words in _labels(kind)]
    keys = {_key(str(button["text"])): int(button["number"]) for button in reversed(buttons)}
    number = next((keys[words] for words in wanted if words in keys), None)
    if number is None:
        return False
    with contextlib.suppress(PlaywrightError):
        await page.click(f"[data-dargah-{mark}='{number}']", timeout=PRESS_SECONDS * 1000, no_wait_after=True)
        return True
    return False
