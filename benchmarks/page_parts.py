"""What asking a host for one thing at a time costs a page with many parts.

Run with ``make benchmark NAME=page_parts`` (or ``python -m benchmarks.page_parts [--rounds N] [--json]``) on
an otherwise idle machine. A page of `PARTS` style sheets and scripts, each answered after so many
milliseconds, is opened as a visit opens it: with its turns (`crawler.turns`), and as the browser would ask by
itself, six at a time. Measured are the seconds until the page has been read, in a browser that runs already
and has none of the parts; of several rounds the middle one counts.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Hashable
from datetime import UTC, datetime
from unittest.mock import patch

from crawler.browser import BrowserPolicy, open_browser
from crawler.fetch import Fetched
from crawler.render import Renderer
from crawler.turns import Turns

PARTS = 40
DELAYS = (10, 50, 200)
"""Milliseconds that the server takes for each part."""

WAYS = {"one_at_a_time": True, "as_the_browser_asks": False}
BODY = b"/* " + b"x" * 20_000 + b" */"


class NoTurns(Turns):
    """Everybody may ask at once."""

    async def take(self, host: str, request: Hashable) -> bool:  # noqa: ARG002
        return True


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    try:
        while request := await reader.readuntil(b"\r\n\r\n"):
            await asyncio.sleep(delay)
            kind = "text/css" if b".css" in request.split(b"\r\n", 1)[0] else "text/javascript"
            head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(BODY)}\r\n\r\n"
            writer.write(head.encode() + BODY)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def _nothing(*_: str) -> list[Fetched]:
    return []


async def _at_once(_: str) -> None:
    return None


def _page(url: str, head: str = "") -> Fetched:
    body = f"<!doctype html><html><head>{head}</head><body><p>{'words ' * 200}</p></body></html>"
    kind = (("Content-Type", "text/html; charset=utf-8"),)
    return Fetched(url=url, at=datetime.now(UTC), seconds=0.0, status=200, headers=kind, body=body.encode())


async def opened(delay: float, *, turns: bool) -> float:
    """Seconds until the page has been read."""
    server = await asyncio.start_server(lambda r, w: _answer(r, w, delay), "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    head = "".join(
        f'<link rel="stylesheet" href="/{n}.css"><script src="/{n}.js"></script>' for n in range(PARTS // 2)
    )
    async with open_browser(BrowserPolicy(allow_private=True)) as browser:
        renderer = Renderer(
            browser,
            contains=lambda _: True,
            count=lambda *_: None,
            check=lambda: None,
            ask=_nothing,
            rest=_at_once,
            archived=lambda _: None,
            postbacks={},
            pressed=set(),
        )
        await renderer.open(f"{address}first", _page(f"{address}first"))
        with patch("crawler.render.Turns", Turns if turns else NoTurns):
            began = time.monotonic()
            rendered = await renderer.open(address, _page(address, head))
            seconds = time.monotonic() - began
        await renderer.close()
    server.close()
    if rendered.why or len(rendered.parts) != PARTS:
        raise SystemExit(f"only {len(rendered.parts)} of {PARTS} parts were read {rendered.why}")
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each page is opened")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    pages = []
    for delay in DELAYS:
        found: dict[str, float] = {"answer_milliseconds": delay}
        for name, turns in WAYS.items():
            rounds = [asyncio.run(opened(delay / 1e3, turns=turns)) for _ in range(arguments.rounds)]
            found[name] = round(statistics.median(rounds), 2)
        pages.append(found)
    if arguments.json:
        print(json.dumps({"parts": PARTS, "pages": pages}, indent=2))
        return
    print(f"seconds until a page of {PARTS} parts is read")
    print(f"{'ms a part':>10}{'one at a time':>16}{'as the browser asks':>22}")
    for page in pages:
        print("{answer_milliseconds:10}{one_at_a_time:16}{as_the_browser_asks:22}".format(**page))


if __name__ == "__main__":
    main()
