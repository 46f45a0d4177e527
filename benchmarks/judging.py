"""Cost of judging a capture beside parsing its pages once, and the memory of judging ten thousand pages.

Run with ``python -m benchmarks.judging [CAPTURE ...] [--pages N] [--json]``; without captures the demo
province is crawled first. `ratio` is the processor time of judging (reading the archive, every detector,
the findings) over that of parsing the same pages, already in memory, once with lxml. Each capture is judged
in processes that never saw it before and in which vocabulary, model and language statistics are loaded, by
judging another one; the quickest of three counts. For scale, `soup_ratio` is the same for making a
BeautifulSoup of each page, over lxml too. The memory is that of a process which judges N pages (10,000
unless said otherwise), made of the captures' pages over and over, each at an address and with a number of
its own.
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from lxml import etree

from crawler.capture import Capture, Footprint, Page, Visit
from crawler.portal import Names, Portal
from crawler.writer import CaptureWriter
from demo.province import Province
from indicators.detector import run_detectors
from indicators.load import load_site
from indicators.model import load_model

MODEL = "un_five_stage"
LIMITS = {"ratio": 3.0, "megabytes": 1_000.0}
BATCH = 200
SOUPS = 20


def html_of(folder: Path) -> list[tuple[Page, str]]:
    with Capture(folder) as capture:
        return [(page, capture.html(page)) for page in capture.pages if page.outcome == "ok"]


def parse_all(pages: list[tuple[Page, str]]) -> float:
    """Processor seconds of parsing each page once."""
    sources = [html.encode("utf-8", errors="replace") for _, html in pages]
    start = time.process_time()
    for source in sources:
        etree.fromstring(source or b"<p>", etree.HTMLParser(encoding="utf-8"))
    return time.process_time() - start


def judge(folder: Path) -> float:
    """Processor seconds of judging the capture."""
    model = load_model(MODEL)
    start = time.process_time()
    with Capture(folder) as capture:
        run_detectors(load_site(capture, None), model)
    return time.process_time() - start


def multiply(folders: list[Path], pages: int, target: Path) -> None:
    """A capture of so many pages, made of those of others, each with links to the next ones."""
    start = "http://127.0.0.1/0"
    portal = Portal(
        id="many", names=Names(fa="بسیار", en="Many"), kind="office", start=start, allow_private=True
    )
    now = datetime.now(UTC)
    sources = itertools.cycle([page for folder in folders for page in html_of(folder)])
    with CaptureWriter(target, portal) as writer:
        for first in range(0, pages, BATCH):
            with writer.commit(durable=False):
                for number in range(first, min(first + BATCH, pages)):
                    page, html = next(sources)
                    url = f"http://127.0.0.1/{number}"
                    links = "".join(f"<a href='/{n}'>{n}</a>" for n in range(number + 1, number + 11))
                    html = html.replace("</body>", f"<p>صفحه {number}</p>{links}</body>", 1)
                    record = writer.archive_rendered(url, html, refers_to="", at=now)
                    writer.add(
                        page.model_copy(
                            update={
                                "id": number + 1,
                                "url": url,
                                "final_url": url,
                                "record_id": record,
                                "charset": "utf-8",
                                "depth": min(number, 1),
                                "found_by": "link" if number else "start",
                                "found_on": 1 if number else None,
                            }
                        )
                    )
        with writer.commit():
            writer.save_visit(
                Visit(
                    portal="many",
                    started_at=now,
                    finished_at=now,
                    outcome="ok",
                    reason="",
                    complete=True,
                    stopped_by="",
                    footprint=Footprint(requests=pages, bytes=0, seconds=1, highest_rate=0, refusals=0),
                )
            )


def soup_all(pages: list[tuple[Page, str]]) -> float:
    """Processor seconds of making a soup of each page, told from some of them."""
    some = pages[:: max(1, len(pages) // SOUPS)]
    start = time.process_time()
    for _, html in some:
        BeautifulSoup(html, "lxml")
    return (time.process_time() - start) * sum(len(html) for _, html in pages) / sum(len(h) for _, h in some)


def row(folder: Path, other: Path) -> dict[str, Any]:
    """What a capture costs in this process, which judges another one first."""
    judge(other)
    pages = html_of(folder)
    return {
        "portal": folder.parent.name,
        "pages": len(pages),
        "kilobytes": sum(len(html) for _, html in pages) // 1000,
        "parse_seconds": min(parse_all(pages) for _ in range(3)),
        "judge_seconds": judge(folder),
        "soup_seconds": soup_all(pages),
    }


def child(*arguments: str) -> Any:
    command = [sys.executable, "-m", "benchmarks.judging", *arguments]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def measure(folders: list[Path], pages: int, scratch: Path) -> dict[str, Any]:
    rows = []
    for place, folder in enumerate(folders):
        other = folders[place - 1]
        times = [child("--one", str(folder), "--after", str(other)) for _ in range(3)]
        seconds = {name: min(t[name] for t in times) for name in times[0] if name.endswith("_seconds")}
        rows.append(
            {
                **times[0],
                **{name: round(value, 4) for name, value in seconds.items()},
                "ratio": round(seconds["judge_seconds"] / seconds["parse_seconds"], 1),
            }
        )
    parsing, judging, soup = (
        sum(row[f"{kind}_seconds"] for row in rows) for kind in ("parse", "judge", "soup")
    )
    multiply(folders, pages, scratch / "many")
    many = child("--alone", str(scratch / "many"))
    return {
        "portals": rows,
        "ratio": round(judging / parsing, 1),
        "soup_ratio": round(soup / parsing, 1),
        "many": {"pages": pages, **many},
        "limits": LIMITS,
    }


def alone(folder: Path) -> dict[str, float]:
    seconds = judge(folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"judge_seconds": round(seconds, 2), "peak_megabytes": round(peak, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("captures", nargs="*", type=Path)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--alone", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--after", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.alone:
        print(json.dumps(alone(chosen.alone)))
        return
    if chosen.one:
        print(json.dumps(row(chosen.one, chosen.after)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        captures = chosen.captures or crawl_demo(Path(scratch))
        result = measure(captures, chosen.pages, Path(scratch))
    if chosen.json:
        print(json.dumps(result, indent=1))
        return
    for each in result["portals"]:
        print("{portal:24} {pages:5} pages {kilobytes:7} kB".format(**each), end="")
        print("  parse {parse_seconds:7.3f} s  judge {judge_seconds:7.3f} s  ratio {ratio}".format(**each))
    print(f"together: judging costs {result['ratio']} times parsing (limit {LIMITS['ratio']}),", end=" ")
    print(f"making soups {result['soup_ratio']} times")
    many = result["many"]
    print(f"{many['pages']} pages: {many['judge_seconds']} s, peak {many['peak_megabytes']} MB", end="")
    print(f" (limit {LIMITS['megabytes']})")


def crawl_demo(scratch: Path) -> list[Path]:
    """Crawls the demo province; returns the captures."""
    with Province(ports="free") as province:
        agencies = str(province.agencies_file(scratch))
        command = [sys.executable, "-m", "dargah", "crawl", "--agencies", agencies]
        subprocess.run([*command, "--home", str(scratch / "home")], check=True, stdout=subprocess.DEVNULL)
    return sorted(path.parent for path in (scratch / "home").glob("*/portals/*/capture/capture.sqlite"))


if __name__ == "__main__":
    main()
