"""Visits that are ended with ``kill -9`` and gone on with; what a capture holds, to compare two of them."""

from __future__ import annotations

import hashlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from serving import Site, forks

from crawler.capture import TABLES, Capture
from crawler.portal import Portal
from tests.crawler.looking import Words

_TIMES = {"fetched_at", "at", "seconds"}
PRIORITIES = (("خدمات", 2.0, "services"), ("list", 3.0, "lists"), ("کهنه", 1.0, "old"))
"""Words of the portals that are visited here: their order, too, must outlive a kill."""

_META = ("learnt", "missing", "sitemaps", "queries")


def visiting(portal: Portal, folder: Path, browser: bool) -> None:
    """The body of a process that visits."""
    if not browser:
        os.environ["DARGAH_CHROMIUM"] = "/bin/false"
    from crawler.visit import visit

    visit(
        portal,
        folder,
        user_agent_contact="mailto:audit@example.org",
        base_folder=folder,
        interests=Words(PRIORITIES),
    )


def visit_undisturbed(portal: Portal, folder: Path, *, browser: bool = False) -> None:
    process = forks().Process(target=visiting, args=(portal, folder, browser))
    process.start()
    process.join(240)
    assert process.exitcode == 0


class Killed:
    """One visit that is killed again and again at drawn moments, until it comes to its end."""

    def __init__(self, portal: Portal, folder: Path, site: Site, *, browser: bool = False) -> None:
        self.portal, self.folder, self.site, self.browser = portal, folder, site, browser
        self.moments: list[tuple[int, float]] = []
        """Requests since the visit went on, and seconds after the last of them."""

        self.lost: list[list[str]] = []
        """For each kill, the paths that were asked for since the visit went on and that are not kept."""

    def go(self, draw: random.Random, *, kills: int, within: int) -> None:
        """`within`: each kill comes after at most so many requests."""
        for number in range(kills):
            before, kept = len(self.site.asked), self._pages()
            process = forks().Process(target=visiting, args=(self.portal, self.folder, self.browser))
            process.start()
            requests, moment = draw.randint(min(number, 1), within), draw.uniform(0, 0.05)
            while process.is_alive() and len(self.site.asked) < before + requests:
                time.sleep(0.001)
            # The first kill may come at the very beginning; later ones wait until something was kept, or the
            # visit would rightly suspect one address of ending its process.
            while number and process.is_alive() and self._pages() == kept:
                time.sleep(0.005)
            time.sleep(moment)
            if not process.is_alive():
                process.join()
                return
            process.kill()
            process.join()
            time.sleep(0.1)  # what was sent is heard by the server
            self.moments.append((requests, moment))
            self.lost.append(self._lost(before))
        visit_undisturbed(self.portal, self.folder, browser=self.browser)

    def _lost(self, before: int) -> list[str]:
        kept = {_path(url) for (url,) in self._ask("SELECT url FROM records")}
        return [path for _, path in self.site.asked[before:] if path not in kept]

    def _pages(self) -> int:
        return len(self._ask("SELECT id FROM pages"))

    def _ask(self, query: str) -> list[Any]:
        """Rows of the capture, none where there are no tables yet."""
        if not (self.folder / "capture.sqlite").is_file():
            return []
        with closing(sqlite3.connect(self.folder / "capture.sqlite")) as db:
            try:
                return db.execute(query).fetchall()
            except sqlite3.OperationalError as error:
                assert "no such table" in str(error), error
                return []


def portrait(folder: Path) -> dict[str, Any]:
    """All that a capture says, in canonical order: without times and what was taken from the portal, with
    WARC records by their content."""
    with Capture(folder) as capture:
        named = {
            record_id: f"{kind} {url} {_content(capture, record_id, kind)}"
            for record_id, kind, url in capture.archived()
        }
        with closing(sqlite3.connect(folder / "capture.sqlite")) as db:
            db.row_factory = sqlite3.Row
            said: dict[str, Any] = {
                table: sorted(_row(row, named) for row in db.execute(f"SELECT * FROM {table}"))
                for table in (*TABLES, "frontier", "topics")
            }
            meta = dict(db.execute("SELECT key, value FROM meta").fetchall())
        said["meta"] = {key: meta.get(key) for key in _META}
        said["records"] = sorted(named.values())
        visit = capture.visit
        said["visit"] = (visit.outcome, visit.reason, visit.complete, visit.stopped_by)
        said["refused"] = visit.footprint.refusals if visit.footprint else None
    return said


def differences(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """What two portraits do not share, table by table; empty if they are the same."""
    found: dict[str, Any] = {}
    for table in one:
        if one[table] != other[table]:
            left, right = (
                list(map(str, side)) if isinstance(side, list | tuple) else [str(side)]
                for side in (one[table], other[table])
            )
            found[table] = (
                [row for row in left if row not in right][:5],
                [row for row in right if row not in left][:5],
                (len(left), len(right)),
            )
    return found


def warcio_check(folder: Path) -> None:
    """Digests are right, and a standard tool finds every record that the capture names."""
    archives = sorted(map(str, (folder / "archive").glob("*.warc.gz")))
    assert archives
    warcio = str(Path(sys.executable).with_name("warcio"))
    done = subprocess.run([warcio, "check", *archives], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    command = [warcio, "index", "-f", "warc-record-id", *archives]
    index = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    listed = {json.loads(line).get("warc-record-id") for line in index.splitlines()}
    with Capture(folder) as capture:
        assert {record_id for record_id, _, _ in capture.archived()} <= listed


def _row(row: sqlite3.Row, named: dict[str, str]) -> str:
    values = {key: row[key] for key in row.keys() if key not in _TIMES | {"attempts", "seq"}}  # noqa: SIM118
    if values.get("record_id"):
        values["record_id"] = named[values["record_id"]]
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def _content(capture: Capture, record_id: str, kind: str) -> str:
    headers = [
        pair for pair in capture.headers(record_id) if kind == "response" and pair[0].lower() != "date"
    ]
    return hashlib.sha256(repr(headers).encode() + capture.body(record_id)).hexdigest()


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
