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
Priorities = Iterable[tuple[str, float, str]]
"""(words, weight, topic): an address whose link text or path contains the words is about the topic, and asked
for earlier the more the topic weighs."""

START = 3
"""Characters by which the phrases that give priority are looked up: there are thousands of them."""

HALF_KNOWN = 3
"""Pages of a topic after which a further one is worth half: what it is about was mostly seen."""

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
    """What its kind adds to the worth of its topics."""

    topics: str = ""
    """What its link names, in canonical order, one space between two."""


class Frontier:
    """The queue, best first: worth, then depth, then order of discovery (breadth-first if there are no
    priorities). An address is worth the most that one of its topics is worth, and a topic the less the more
    pages of it were seen, so that the items of one section do not keep another section waiting. Every method
    must be called inside the writer's transaction, except the readers."""

    def __init__(self, db: sqlite3.Connection, priorities: Priorities = ()) -> None:
        self._db = db
        self._weights: dict[str, float] = {}
        self._phrases: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for words, weight, topic in priorities:
            if phrase := normalize(words):
                self._phrases[phrase[:START]].append((phrase, topic))
            self._weights[topic] = max(weight, self._weights.get(topic, 0.0))
        db.execute(
            "CREATE TABLE IF NOT EXISTS frontier (key TEXT PRIMARY KEY, url TEXT, kind TEXT, depth INTEGER,"
            " found_by TEXT, found_on INTEGER, text TEXT, priority REAL, state TEXT, attempts INTEGER,"
            " seq INTEGER, topics TEXT NOT NULL DEFAULT '')"
        )
        if "topics" not in {row[1] for row in db.execute("PRAGMA table_info(frontier)")}:
            db.execute("ALTER TABLE frontier ADD COLUMN topics TEXT NOT NULL DEFAULT ''")  # an older visit's
        db.execute(
            "CREATE INDEX IF NOT EXISTS frontier_best ON frontier (state, topics, kind, priority DESC, depth,"
            " seq)"
        )
        db.execute("CREATE TABLE IF NOT EXISTS topics (topic TEXT PRIMARY KEY, pages INTEGER)")
        self._known_topics = {row[0] for row in db.execute("SELECT DISTINCT topics FROM frontier")}

    def topics(self, url: str, text: str) -> str:
        """What a link is about, by its words and its address; '' for nothing that has a priority."""
        if not self._phrases:
            return ""
        words = normalize(f"{text} {unquote(url.split('://', 1)[-1].partition('/')[2])}")
        starts = {words[i : i + length] for i in range(len(words)) for length in range(1, START + 1)}
        named = {
            topic for start in starts for phrase, topic in self._phrases.get(start, ()) if phrase in words
        }
        return " ".join(sorted(named))

    def add(self, entry: Entry) -> bool:
        """True if the address is new. One that is queued already is worth the better of both."""
        if self.upgrade(entry.key, entry.priority, entry.topics):
            return False
        self._insert(entry, "queued")
        return True

    def upgrade(self, key: str, priority: float, topics: str) -> bool:
        """True if the address is known; while it is queued, all its topics and its best priority count."""
        row = self._db.execute(
            "SELECT state, priority, topics FROM frontier WHERE key = ?", (key,)
        ).fetchone()
        if row is None:
            return False
        if row["state"] == "queued":
            before = (row["priority"], row["topics"])
            after = (max(before[0], priority), " ".join(sorted({*before[1].split(), *topics.split()})))
            if after != before:
                self._known_topics.add(after[1])
                self._db.execute("UPDATE frontier SET priority = ?, topics = ? WHERE key = ?", (*after, key))
        return True

    def _insert(self, entry: Entry, state: str) -> None:
        self._known_topics.add(entry.topics)
        self._db.execute(
            "INSERT OR REPLACE INTO frontier VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0,"
            " (SELECT COALESCE(MAX(rowid), 0) + 1 FROM frontier), ?)",
            (
                entry.key, entry.url, entry.kind, entry.depth, entry.found_by, entry.found_on,
                entry.text, entry.priority, state, entry.topics,
            ),
        )  # fmt: skip

    def refuse(self, entry: Entry) -> None:
        """Notes an address that was not known as never to be asked for."""
        self._insert(entry, "refused")

    def begin(self, *, kinds: Iterable[Kind]) -> Entry | None:
        """The next address, counted as begun; None if there is none of these kinds."""
        best: tuple[tuple[float, int, int], str] | None = None
        for topics, worth in self._worths().items():
            for kind in kinds:
                row = self._db.execute(
                    "SELECT key, priority, depth, seq FROM frontier WHERE state = 'queued' AND topics = ?"
                    " AND kind = ? ORDER BY priority DESC, depth, seq LIMIT 1",
                    (topics, kind),
                ).fetchone()
                if row is not None:
                    rank = (-worth - row["priority"], row["depth"], row["seq"])
                    best = min(best or (rank, row["key"]), (rank, row["key"]))
        if best is None:
            return None
        self._db.execute("UPDATE frontier SET attempts = attempts + 1 WHERE key = ?", (best[1],))
        row = self._db.execute("SELECT * FROM frontier WHERE key = ?", (best[1],)).fetchone()
        names = Entry.__dataclass_fields__
        return Entry(**{name: row[name] for name in names})

    def _worths(self) -> dict[str, float]:
        """What the addresses of each combination of topics are worth now."""
        seen = dict(self._db.execute("SELECT topic, pages FROM topics").fetchall())
        worth = {
            topic: weight * HALF_KNOWN / (HALF_KNOWN + seen.get(topic, 0))
            for topic, weight in self._weights.items()
        }
        return {
            topics: max((worth.get(topic, 0.0) for topic in topics.split()), default=0.0)
            for topics in self._known_topics
        }

    def begin_at(self, key: str) -> bool:
        """Counts one address as begun, out of turn; False if it does not wait to be asked for."""
        changed = self._db.execute(
            "UPDATE frontier SET attempts = attempts + 1 WHERE key = ? AND state = 'queued'", (key,)
        )
        return changed.rowcount > 0

    def put_back(self, key: str) -> None:
        """Takes back that the address was begun: the visit stopped for another reason than this address."""
        self._db.execute("UPDATE frontier SET attempts = attempts - 1 WHERE key = ? AND attempts > 0", (key,))

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
        row = self._db.execute("SELECT state, kind, topics FROM frontier WHERE key = ?", (key,)).fetchone()
        self._db.execute("UPDATE frontier SET state = ? WHERE key = ?", (state, key))
        if row is not None and (row["state"], state, row["kind"]) == ("queued", "done", "page"):
            self._db.executemany(
                "INSERT INTO topics VALUES (?, 1) ON CONFLICT (topic) DO UPDATE SET pages = pages + 1",
                ((topic,) for topic in row["topics"].split()),
            )

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
