"""Dargah's own measuring of pages, as a program of its own: addresses come in, measurements go out.

``python -m benchmarks.measurer DEVICE HOST:PORT`` reads an address a line from standard input and prints a
line of JSON for each: what `audits.vitals.read_page` gave, and the processor seconds that it took, all
processes counted. One browser serves all; the first page pays for the start of everything.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from typing import cast

import psutil

from audits.vitals import ScreenDevice, read_page
from crawler.browser import BrowserPolicy, open_browser, process_tree


async def measure(device: ScreenDevice, host: str) -> None:
    spent = 0.0
    async with open_browser(BrowserPolicy(hosts=(host,), allow_private=True)) as browser:
        while url := (await asyncio.to_thread(sys.stdin.readline)).strip():
            reading = await read_page(browser, url, device, layout=False)
            spent, before = family_seconds(), spent
            told = {"values": reading.values, "reasons": reading.reasons, "cpu_seconds": spent - before}
            print(json.dumps(told), flush=True)


def family_seconds() -> float:
    """Processor seconds of this process and all that descend from it, the ended ones included."""
    total = 0.0
    for process in process_tree(os.getpid()):
        with contextlib.suppress(psutil.Error):
            total += sum(process.cpu_times()[:4])
    return total


if __name__ == "__main__":
    asyncio.run(measure(cast(ScreenDevice, sys.argv[1]), sys.argv[2]))
