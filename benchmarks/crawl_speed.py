"""Pages per second of a visit that writes its capture, beside a bare Scrapy spider and wget.

Run with ``make benchmark NAME=crawl_speed`` (or ``python -m benchmarks.crawl_speed [--pages N] [--rounds N]
[--json]``) on an otherwise idle machine. All crawl the same generated portal (`benchmarks.portal`), served
afresh for each by another process, one request at a time and without a delay. Wall time is that of the whole
process, start-up included; pages are what the server handed out. Of several rounds each one's fastest counts.

- ``bare``: the spider of ``scrapy bench``: it follows links and keeps nothing.
- ``dargah``: a visit without a browser: reads links, forms, text and language, keeps WARC and tables, and
  commits every page.
- ``browser``: the same with its browser, which looks at some forty pages however large the portal is.
- ``wget``: ``wget --recursive``.

Exit status 1 if ``dargah`` or ``browser`` does less than `TARGET` of the pages per second of ``bare``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.portal import serving

CRAWLERS = ("bare", "dargah", "browser", "wget")
TARGET = 0.6
WGET_ERROR_ANSWERS = 8
"""wget's status where the server answered 404 to something, here to the pictures."""

ENOUGH = 0.99
"""Share of the pages that a crawler must see for its figure to count. Of ten thousand made up pages a few are
so like others that the rule against near-duplicates leaves them."""


def crawl(name: str, pages: int) -> dict[str, Any] | None:
    """What one crawler took for a portal of so many pages; None if it is not on this machine."""
    with tempfile.TemporaryDirectory() as folder, serving(pages) as served:
        command = command_of(name, served.url, Path(folder), pages)
        if command is None:
            return None
        began = time.monotonic()
        environment = {**os.environ, "DARGAH_CHROMIUM": "/bin/false"} if name == "dargah" else None
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
        )
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
    code = process.returncode = os.waitstatus_to_exitcode(status)
    if code not in ((0, WGET_ERROR_ANSWERS) if name == "wget" else (0,)):
        raise SystemExit(f"{name} ended with status {code}")
    if served.pages < ENOUGH * pages:
        raise SystemExit(f"{name} saw {served.pages} of the portal's {pages} pages")
    return {
        "pages": served.pages,
        "requests": served.requests,
        "seconds": round(seconds, 1),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
        "pages_per_second": round(served.pages / seconds, 1),
        "peak_megabytes": json.loads(said)["peak_megabytes"] if said else round(usage.ru_maxrss / 1e3, 1),
    }


def fastest(name: str, pages: int, rounds: int) -> dict[str, Any] | None:
    found = [one for _ in range(rounds) if (one := crawl(name, pages)) is not None]
    return max(found, key=lambda one: one["pages_per_second"]) if found else None


def command_of(name: str, address: str, folder: Path, pages: int) -> list[str] | None:
    if name == "wget":
        wget = shutil.which("wget")
        options = ["--recursive", "--level=inf", "--quiet", f"--directory-prefix={folder}"]
        return [wget, *options, address] if wget else None
    crawler = "bare" if name == "bare" else "dargah"
    return [sys.executable, "-m", "benchmarks.crawlers", crawler, address, "--pages", str(2 * pages)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2_000, help="pages of the portal")
    parser.add_argument("--rounds", type=int, default=1, help="how often each crawler runs")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    crawlers = {name: fastest(name, arguments.pages, arguments.rounds) for name in CRAWLERS}
    speeds = {name: found["pages_per_second"] for name, found in crawlers.items() if found is not None}
    result = {
        "portal_pages": arguments.pages,
        "crawlers": crawlers,
        "to_bare": round(speeds["dargah"] / speeds["bare"], 2),
        "browser_to_bare": round(speeds["browser"] / speeds["bare"], 2),
        "to_wget": round(speeds["dargah"] / speeds["wget"], 2) if "wget" in speeds else None,
        "target": TARGET,
    }
    result["within_limits"] = min(result["to_bare"], result["browser_to_bare"]) >= TARGET
    if arguments.json:
        print(json.dumps(result, indent=2))
    else:
        print(f"{'':10}{'pages':>8}{'requests':>10}{'wall s':>9}{'cpu s':>9}{'pages/s':>9}{'peak MB':>9}")
        for name, found in crawlers.items():
            if found is None:
                print(f"{name:10} is not on this machine: left out")
            else:
                print(
                    f"{name:10}{found['pages']:8}{found['requests']:10}{found['seconds']:9.1f}"
                    f"{found['cpu_seconds']:9.1f}{found['pages_per_second']:9.1f}"
                )
        print(f"dargah to bare {result['to_bare']}, with its browser {result['browser_to_bare']}", end=" ")
        print(f"(each at least {TARGET}); to wget {result['to_wget']}")
    return 0 if result["within_limits"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
