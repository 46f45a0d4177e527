"""A page's own document, seen from a world of scripts that the page cannot reach.

What a page did to the language (old libraries change arrays and JSON) and its content security policy do
not count there, and the page learns nothing of what is asked.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import CDPSession, Page
from playwright.async_api import Error as PlaywrightError

_END_SECONDS = 2.0


class ScriptError(RuntimeError):
    """A script of ours failed in the page; the message says how."""


@dataclass(frozen=True)
class World:
    """One document; `frame` is the browser's name for it."""

    session: CDPSession
    frame: str
    context: int

    async def load(self, script: str) -> None:
        """Run a script of ours. Raises ScriptError, PlaywrightError."""
        await self._evaluate(script, by_value=False)

    async def call(self, function: str, argument: Any = None) -> Any:
        """What a function of ours (JavaScript, maybe async) returns for an argument, as JSON values.

        Raises ScriptError, PlaywrightError.
        """
        return await self._evaluate(f"({function.strip().rstrip(';')})({json.dumps(argument)})")

    async def _evaluate(self, expression: str, *, by_value: bool = True) -> Any:
        answer = await self.session.send(
            "Runtime.evaluate",
            {
                "expression": expression,
                "contextId": self.context,
                "awaitPromise": by_value,
                "returnByValue": by_value,
            },
        )
        if failed := answer.get("exceptionDetails"):
            said = (failed.get("exception") or {}).get("description") or failed.get("text") or "it failed"
            raise ScriptError(str(said).split("\n", 1)[0][:200])
        return answer["result"].get("value")


@dataclass(frozen=True)
class Worlds:
    """A page's document, and those of its frames that are of the same host; `left` counts the others."""

    page: World
    frames: Sequence[World]
    left: int


@contextlib.asynccontextmanager
async def worlds(page: Page, *, most_frames: int) -> AsyncIterator[Worlds]:
    """Worlds of their own in the page and in at most `most_frames` of its frames. A script that still runs
    at the end of the block is ended. Raises PlaywrightError."""
    session = await page.context.new_cdp_session(page)
    try:
        tree = (await session.send("Page.getFrameTree"))["frameTree"]
        main, *rest = _frames(tree)
        host = urlsplit(main[1]).netloc
        own = [name for name, url in rest if urlsplit(url).netloc == host or url.startswith("about:")]
        first = await _world(session, main[0])
        inner = []
        for name in own[:most_frames]:
            with contextlib.suppress(PlaywrightError):  # the frame has gone
                inner.append(await _world(session, name))
        yield Worlds(first, inner, max(0, len(page.frames) - 1 - len(inner)))
    finally:
        with contextlib.suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(_END_SECONDS):
                await session.send("Runtime.terminateExecution")
                await session.detach()


async def _world(session: CDPSession, frame: str) -> World:
    made = await session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "dargah"})
    return World(session, frame, int(made["executionContextId"]))


def _frames(tree: Any) -> list[tuple[str, str]]:
    """(name, address) of a frame and of those below it that share its process."""
    found = [(str(tree["frame"]["id"]), str(tree["frame"]["url"]))]
    for child in tree.get("childFrames", ()):
        found.extend(_frames(child))
    return found
