"""What is still to be asked for: kept in the capture's own database, changed in the same transaction as the
rows of the page it came from, so that an interrupted visit goes on exactly where it stopped."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from crawler.capture import FoundBy
from crawler.text import normalize

Kind = Literal["page", "file", "style"]
Priorities = Iterable[tuple[str, float]]
"""(words, weight): an address whose link text or path contains the words is asked for earlier."""

START = 3
"""Characters by which the phrases that give priority are looked up: there are thousands of them."""

MAX_ATTEMPTS = 3
"""How often an address is begun; one that ended the process that often is left alone."""


@dataclass(frozen=True)
class Entry:
    """One address to ask for. `key` is its identity: addresses with one key are asked for once."""

    key: str
    url: str
    kind: Kind
    depth: int
    found_by: FoundBy
    found_on: int | None
    text: str
    priority: float = 0.0


class Frontier:
    """The queue, best first: priority, then depth, then order of discovery (breadth-first if nothing has a
    priority). Every method must be called inside the writer's transaction, except the readers."""

    def __init__(self, db: sqlite3.Connection, priorities: Priorities = ()) -> None:
        self._db = db
        self._weights: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for words, weight in priorities:
            if phrase := normalize(words):
                self._weights[phrase[:START]].append((phrase, weight))
        db.execute(
            "CREATE TABLE IF NOT EXISTS frontier (key TEXT PRIMARY KEY, url TEXT, kind TEXT, depth INTEGER,"
            " found_by TEXT, found_on INTEGER, text TEXT, priority REAL, state TEXT, attempts INTEGER,"
            " seq INTEGER)"
        )
        db.execute("CREATE INDEX IF NOT EXISTS frontier_next ON frontier (state, priority DESC, depth, seq)")

    def weigh(self, url: str, text: str) -> float:
        """The priority that the words of a link give it."""
        if not self._weights:
            return 0.0
        words = normalize(f"{text} {unquote(url.split('://', 1)[-1].partition('/')[2])}")
        return max(
            (
                weight
                for start in {
                    words[i : i + length] for i in range(len(words)) for length in range(1, START + 1)
                }
                for phrase, weight in self._weights.get(start, ())
                if phrase in words
            ),
            default=0.0,
        )

    def add(self, entry: Entry) -> bool:
        """True if the address is new. An address already queued keeps the better of its two priorities."""
        if self.raise_priority(entry.key, entry.priority):
            return False
        self._insert(entry, "queued")
        return True

    def raise_priority(self, key: str, priority: float) -> bool:
        """True if the address is known; while it is queued, the better of the two priorities counts."""
        row = self._db.execute("SELECT state, priority FROM frontier WHERE key = ?", (key,)).fetchone()
        if row is None:
            return False
        if row["state"] == "queued" and priority > row["priority"]:
            self._db.execute("UPDATE frontier SET priority = ? WHERE key = ?", (priority, key))
        return True

    def _insert(self, entry: Entry, state: str) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO frontier VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0,"
            " (SELECT COALESCE(MAX(rowid), 0) + 1 FROM frontier))",
            (
                entry.key, entry.url, entry.kind, entry.depth, entry.found_by, entry.found_on,
                entry.text, entry.priority, state,
            ),
        )  # fmt: skip

    def refuse(self, entry: Entry) -> None:
        """Notes an address that was not known as never to be asked for."""
        self._insert(entry, "refused")

    def begin(self, *, kinds: Iterable[Kind]) -> Entry | None:
        """The next address, counted as begun; None if there is none of these kinds."""
        wanted = tuple(kinds)
        marks = ", ".join("?" * len(wanted))
        row = self._db.execute(
            f"SELECT * FROM frontier WHERE state = 'queued' AND kind IN ({marks})"  # noqa: S608
            " ORDER BY priority DESC, depth, seq LIMIT 1",
            wanted,
        ).fetchone()
        if row is None:
            return None
        self._db.execute("UPDATE frontier SET attempts = attempts + 1 WHERE key = ?", (row["key"],))
        names = Entry.__dataclass_fields__
        return Entry(**{name: row[name] for name in names})

    def begin_at(self, key: str) -> bool:
        """Counts one address as begun, out of turn; False if it does not wait to be asked for."""
        changed = self._db.execute(
            "UPDATE frontier SET attempts = attempts + 1 WHERE key = ? AND state = 'queued'", (key,)
        )
        return changed.rowcount > 0

    def admitted(self) -> Iterator[str]:
        """The addresses that pages and sitemaps named and that were found worth asking for."""
        for row in self._db.execute(
            "SELECT url FROM frontier WHERE kind != 'style' AND found_by NOT IN ('start', 'redirect', 'form')"
            " AND (state != 'refused' OR attempts > 0) ORDER BY seq"
        ):
            yield row["url"]

    def attempts(self, key: str) -> int:
        row = self._db.execute("SELECT attempts FROM frontier WHERE key = ?", (key,)).fetchone()
        return int(row["attempts"]) if row else 0

    def done(self, key: str, state: Literal["done", "refused"] = "done") -> None:
        self._db.execute("UPDATE frontier SET state = ? WHERE key = ?", (state, key))

    def mark_done(self, entry: Entry) -> None:
        """Notes an address that was reached another way (a redirect) as done."""
        if self.knows(entry.key):
            self.done(entry.key)
        else:
            self._insert(entry, "done")

    def knows(self, key: str) -> bool:
        return self._db.execute("SELECT 1 FROM frontier WHERE key = ?", (key,)).fetchone() is not None

    def is_done(self, key: str) -> bool:
        row = self._db.execute("SELECT 1 FROM frontier WHERE key = ? AND state = 'done'", (key,)).fetchone()
        return row is not None

    def waiting(self, kind: Kind | None = None) -> int:
        where, args = ("", ()) if kind is None else (" AND kind = ?", (kind,))
        row = self._db.execute(f"SELECT COUNT(*) FROM frontier WHERE state = 'queued'{where}", args)  # noqa: S608
        return int(row.fetchone()[0])
