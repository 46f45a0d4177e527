"""The command with real processes: interrupted, on a full disk, outside a portal's time window."""

from __future__ import annotations

import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from loopback import html, serve

ROOT = Path(__file__).parents[2]
AGENCIES = """\
schema: 1
id: nowhere
province: {{fa: ناکجا, en: Nowhere}}
contact: audits@nowhere.ir
kinds: {{company: {{fa: شرکت, en: Company}}}}
agencies:
  - id: water
    names: {{fa: آب, en: Water}}
    kind: company
    start: "{start}"
    allow_private: true
    budget: {{delay_seconds: 0}}
    {more}
"""
TEXT = "این صفحه نمونه‌ای از متن یک درگاه اداری است که برای آزمودن نوشته شده است. " * 3


class Dargah:
    """Runs the command on a list of one agency, without a browser."""

    def __init__(self, folder: Path, start: str, more: str = "") -> None:
        self.folder, self.home = folder, folder / "runs"
        self.agencies = folder / "agencies.yaml"
        self.agencies.write_text(AGENCIES.format(start=start, more=more), encoding="utf-8")

    def begin(self, *arguments: str, file_size: int | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "dargah", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "DARGAH_HOME": str(self.home), "DARGAH_CHROMIUM": "/bin/false"},
            preexec_fn=file_size
            and (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, resource.RLIM_INFINITY))),
        )

    def run(self, *arguments: str, file_size: int | None = None) -> tuple[int, str, str]:
        process = self.begin(*arguments, file_size=file_size)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    @property
    def run_id(self) -> str:
        return next(folder.name for folder in self.home.iterdir() if folder.is_dir())

    def ask(self, query: str) -> list[Any]:
        """Rows of the portal's capture."""
        capture = self.home / self.run_id / "portals" / "water" / "capture" / "capture.sqlite"
        with closing(sqlite3.connect(capture)) as db:
            return db.execute(query).fetchall()


@pytest.fixture
def held() -> Iterator[tuple[str, threading.Event]]:
    """A portal whose start page does not answer: (address, it was asked)."""
    asked, over = threading.Event(), threading.Event()

    def hold(_: BaseHTTPRequestHandler) -> None:
        asked.set()
        over.wait(300)

    with serve({"/": hold}) as site:
        yield site.url("/"), asked
        over.set()


def test_an_interruption_blames_no_address(held: tuple[str, threading.Event], tmp_path: Path) -> None:
    start, asked = held
    dargah = Dargah(tmp_path, start)
    command = ["crawl", "--agencies", str(dargah.agencies)]
    for number, sign in enumerate((signal.SIGTERM, signal.SIGKILL)):
        process = dargah.begin(*command)
        assert asked.wait(150)
        asked.clear()
        process.send_signal(sign)
        _, err = process.communicate(timeout=60)
        if sign is not signal.SIGKILL:
            assert process.returncode == 130
            assert f"Go on with: dargah audit --run {dargah.run_id}" in err
            assert "Traceback" not in err
        command = ["crawl", dargah.run_id]
        wait_until(lambda: dargah.ask("SELECT attempts FROM frontier") == [(0,)])
        meter = json.loads(dargah.ask("SELECT value FROM meta WHERE key = 'meter'")[0][0])
        assert meter["requests"] == number + 2, "robots.txt, and the start page each time"


def wait_until(true: Any, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.05)


def test_the_check_asks_no_portal_outside_its_window(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    opens, closes = ((now + timedelta(hours=h)).strftime("%H:%M") for h in (2, 4))
    window = f'window: {{from: "{opens}", to: "{closes}", timezone: UTC}}'
    with serve({"/": html(f"<h1>آب</h1><p>{TEXT}</p>")}) as site:
        dargah = Dargah(tmp_path, site.url("/"), window)
        status, out, err = dargah.run("check", str(dargah.agencies), "--reach", "--json")
        assert site.hits == [], err
        reach = json.loads(out)["reach"]["water"]
        assert status == 0 and reach["answers"] is None and opens in reach["said"]
        dargah = Dargah(tmp_path, site.url("/"))
        status, out, err = dargah.run("check", str(dargah.agencies), "--reach", "--json")
        assert (status, json.loads(out)["reach"]["water"]["answers"]) == (0, True), err
        assert "/" in site.hits


class TestFullDisk:
    """The limit on file size (``ulimit -f``) stands for the disk: the system refuses to write, for real."""

    def test_of_the_store(self, tmp_path: Path) -> None:
        dargah = Dargah(tmp_path, "http://127.0.0.1:1/")
        status, _, err = dargah.run("crawl", "--agencies", str(dargah.agencies), file_size=8_000)
        assert status == 1
        assert one_line(err).startswith(f"{dargah.home}: the store cannot be written: ")
        assert "free space" in err

    def test_of_a_capture_and_of_a_report(self, tmp_path: Path) -> None:
        links = "".join(f"<a href=/p{n}>صفحه {n}</a> " for n in range(8))
        pages = {"/": html(f"<h1>آب</h1><p>{TEXT}</p>{links}")}
        pages |= {f"/p{n}": html(f"<h1>صفحه {n}</h1><p>{TEXT}</p>") for n in range(8)}
        with serve(pages) as site:
            dargah = Dargah(tmp_path, site.url("/"))
            command = ("crawl", "--agencies", str(dargah.agencies), "--json")
            status, out, err = dargah.run(*command, file_size=150_000)
            (failed,) = json.loads(out)["failed"]
            assert status == 1 and failed["step"] == "crawl", err
            assert "the capture cannot be written" in failed["reason"]
            assert "the visit goes on where it stopped" in failed["reason"]
            assert "Traceback" not in err
            status, out, err = dargah.run("crawl", dargah.run_id, "--json")
            assert (status, json.loads(out)["visits"][0]["pages"]) == (0, {"ok": 9}), err
            assert site.hits.count("/p7") == 1
        # The report's typeface alone is larger than this.
        written = dargah.run("report", dargah.run_id, "--no-screenshots", "--json", file_size=100_000)
        status, out, err = written
        (failed,) = json.loads(out)["failed"]
        assert status == 1 and "free space and run the same command again" in failed["reason"], err
        assert "Traceback" not in err
        assert not (dargah.home / dargah.run_id / "report").exists()


def one_line(text: str) -> str:
    """The only line that was said, but for the warning of a browser without its sandbox."""
    (line,) = [line for line in text.splitlines() if "sandbox" not in line]
    return line
