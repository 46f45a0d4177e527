"""What is still to be asked for: kept in the capture's own database, changed in the same transaction as the
rows of the page it came from, so that an interrupted visit goes on exactly where it stopped."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from crawler.capture import FoundBy
from crawler.rendering import kind_of

Kind = Literal["page", "file", "style"]

HALF_KNOWN = 3
"""Pages of a topic or a section after which a further one is worth half: what it is about was mostly seen."""

CLEAR = 0.5
"""From this clarity a link names a topic; below it the topic is only mentioned."""

MAX_LINKING = 4
"""Pages that link to an address, counted up to here: that more do tells no more."""

MAX_ATTEMPTS = 3
"""How often an address is begun; one that ended the process that often is left alone."""


class Interests(Protocol):
    """What a visit looks for, and what links promise of it. Worths are on one scale, larger is earlier."""

    @property
    def topics(self) -> Mapping[str, float]:
        """What a page is worth that is clearly about the topic, by topic (a name without spaces)."""

    @property
    def section(self) -> float:
        """What the first page of a part of the portal is worth, whatever its link says."""

    @property
    def linked(self) -> float:
        """What a page is worth, at most, for being linked from several pages: the portal's own ways."""

    def clarity(self, url: str, text: str) -> Mapping[str, float]:
        """How clearly a link with this text to this address names each topic, above 0 to 1."""


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
    """What its kind adds to its worth."""

    topics: str = ""
    """What its link names and how clearly, in tenths: ``contact=10 news=3``, in alphabetical order."""


class _Rank(NamedTuple):
    """The order of the queue: the least is asked for first."""

    worth: float
    """Negative."""
    depth: int
    seq: int
    key: str


class Frontier:
    """The queue, best first: worth, then depth, then order of discovery (breadth-first if there are no
    interests). A page is worth the most of three:

    - what its links promise: the worth of a topic times how clearly it is named, the less the more pages of
      the topic were seen, so that the items of one section do not keep another waiting;
    - that it is of a part of the portal (`crawler.rendering.kind_of`) of which little was seen;
    - that several pages link to it, as every page does to what the portal has in its menus.

    Every method must be called inside the writer's transaction, except the readers.
    """

    def __init__(self, db: sqlite3.Connection, interests: Interests | None = None) -> None:
        self._db = db
        self._interests = interests
        db.execute(
            "CREATE TABLE IF NOT EXISTS frontier (key TEXT PRIMARY KEY, url TEXT, kind TEXT, depth INTEGER,"
            " found_by TEXT, found_on INTEGER, text TEXT, priority REAL, state TEXT, attempts INTEGER,"
            " seq INTEGER, topics TEXT NOT NULL DEFAULT '', section TEXT NOT NULL DEFAULT '',"
            " linking INTEGER NOT NULL DEFAULT 1)"
        )
        known = {row[1] for row in db.execute("PRAGMA table_info(frontier)")}
        for name, kind in (
            ("topics", "TEXT NOT NULL DEFAULT ''"),
            ("section", "TEXT NOT NULL DEFAULT ''"),
            ("linking", "INTEGER NOT NULL DEFAULT 1"),
        ):
            if name not in known:
                db.execute(f"ALTER TABLE frontier ADD COLUMN {name} {kind}")  # an older visit's
        for index, order in (
            ("best", "topics, kind, priority DESC, depth, seq"),
            ("first", "kind, priority DESC"),
            ("sections", "section, kind, priority DESC, depth, seq"),
            ("linking", "kind, linking DESC, priority DESC, depth, seq"),
        ):
            db.execute(
                f"CREATE INDEX IF NOT EXISTS queued_{index} ON frontier ({order}) WHERE state = 'queued'"
            )
        db.execute("CREATE TABLE IF NOT EXISTS topics (topic TEXT PRIMARY KEY, pages REAL)")
        db.execute("CREATE TABLE IF NOT EXISTS sections (section TEXT PRIMARY KEY, pages INTEGER)")
        db.execute("CREATE INDEX IF NOT EXISTS least_seen ON sections (pages)")
        self._waiting: defaultdict[str, set[str]] = defaultdict(set)
        """The topics of what waits, by kind; also some of which nothing waits any more."""
        for kind, topics in db.execute("SELECT DISTINCT kind, topics FROM frontier WHERE state = 'queued'"):
            self._waiting[kind].add(topics)

    def topics(self, url: str, text: str) -> str:
        """What a link is about, by its words and its address, as in `Entry.topics`; '' for nothing that is
        looked for."""
        named = self._interests.clarity(url, text) if self._interests else {}
        return _written({topic: round(10 * clarity) for topic, clarity in named.items()})

    def names_topic(self, text: str) -> bool:
        """Whether a link's text clearly names something that is looked for."""
        named = self._interests.clarity("", text) if self._interests else {}
        return max(named.values(), default=0.0) >= CLEAR

    def add(self, entry: Entry) -> bool:
        """True if the address is new. One that is queued already is worth the better of both."""
        if self.upgrade(entry.key, entry.priority, entry.topics):
            return False
        self._insert(entry, "queued")
        return True

    def upgrade(self, key: str, priority: float, topics: str) -> bool:
        """True if the address is known; while it is queued, all its topics and its best priority count."""
        row = self._db.execute(
            "SELECT state, kind, priority, topics FROM frontier WHERE key = ?", (key,)
        ).fetchone()
        if row is None:
            return False
        if row["state"] == "queued":
            before = (row["priority"], row["topics"])
            after = (max(before[0], priority), _united(before[1], topics))
            if after != before:
                self._waiting[row["kind"]].add(after[1])
                self._db.execute("UPDATE frontier SET priority = ?, topics = ? WHERE key = ?", (*after, key))
        return True

    def count_linking(self, keys: Collection[str]) -> None:
        """Notes that one more page links to these addresses."""
        if self._interests:
            self._db.executemany(
                "UPDATE frontier SET linking = linking + 1"
                " WHERE key = ? AND state = 'queued' AND linking < ?",
                ((key, MAX_LINKING) for key in keys),
            )

    def _insert(self, entry: Entry, state: str) -> None:
        self._waiting[entry.kind].add(entry.topics)
        section = kind_of(entry.url) if self._interests and entry.kind == "page" else ""
        if section:
            self._db.execute("INSERT OR IGNORE INTO sections VALUES (?, 0)", (section,))
        self._db.execute(
            "INSERT OR REPLACE INTO frontier VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0,"
            " (SELECT COALESCE(MAX(rowid), 0) + 1 FROM frontier), ?, ?, ?)",
            (
                entry.key, entry.url, entry.kind, entry.depth, entry.found_by, entry.found_on,
                entry.text, entry.priority, state, entry.topics, section,
                int(entry.found_by != "sitemap"),
            ),
        )  # fmt: skip

    def refuse(self, entry: Entry) -> None:
        """Notes an address that was not known as never to be asked for."""
        self._insert(entry, "refused")

    def begin(self, *, kinds: Iterable[Kind]) -> Entry | None:
        """The next address, counted as begun; None if there is none of these kinds."""
        worths = self._worths()
        ranks = [rank for kind in kinds for rank in self._best(kind, worths)]
        if not ranks:
            return None
        best = min(ranks)
        self._db.execute("UPDATE frontier SET attempts = attempts + 1 WHERE key = ?", (best.key,))
        row = self._db.execute("SELECT * FROM frontier WHERE key = ?", (best.key,)).fetchone()
        return Entry(**{name: row[name] for name in Entry.__dataclass_fields__})

    def _best(self, kind: Kind, worths: Mapping[str, float]) -> Iterator[_Rank]:
        """The address of one kind that is worth the most for its topics; of pages also the first of the least
        seen section, and the first of those to which most pages link."""
        best = self._best_by_topic(kind, worths)
        if best is not None:
            yield best
        if kind == "page" and self._interests:
            section = self._db.execute(
                "SELECT section, pages FROM sections WHERE EXISTS (SELECT 1 FROM frontier WHERE"
                " frontier.section = sections.section AND kind = 'page' AND state = 'queued')"
                " ORDER BY pages, rowid LIMIT 1"
            ).fetchone()
            if section and (row := self._first("section = ? AND kind = 'page'", "", section["section"])):
                yield _rank(row, self._interests.section * _left(section["pages"]))
            if row := self._first("kind = 'page'", "linking DESC, "):
                yield _rank(row, self._interests.linked * (1 - 1 / max(row["linking"], 1)))

    def _best_by_topic(self, kind: Kind, worths: Mapping[str, float]) -> _Rank | None:
        most = self._db.execute(
            "SELECT MAX(priority) FROM frontier WHERE state = 'queued' AND kind = ?", (kind,)
        ).fetchone()[0]
        if most is None:
            return None
        best: _Rank | None = None
        waiting = [
            (max((worths.get(topic, 0.0) * tenths for topic, tenths in _read(topics)), default=0.0), topics)
            for topics in self._waiting[kind]
        ]
        for tenfold, topics in sorted(waiting, reverse=True):
            worth = tenfold / 10
            if best is not None and worth + most < -best.worth:
                break
            row = self._first("topics = ? AND kind = ?", "", topics, kind)
            if row is None:
                self._waiting[kind].discard(topics)
            elif best is None or _rank(row, worth) < best:
                best = _rank(row, worth)
        return best

    def _first(self, where: str, order: str, *values: object) -> sqlite3.Row | None:
        """The first of some addresses that wait."""
        row: sqlite3.Row | None = self._db.execute(
            f"SELECT key, priority, depth, seq, linking FROM frontier WHERE state = 'queued' AND {where}"  # noqa: S608
            f" ORDER BY {order}priority DESC, depth, seq LIMIT 1",
            values,
        ).fetchone()
        return row

    def _worths(self) -> dict[str, float]:
        """What a page that is clearly about a topic is worth now."""
        if self._interests is None:
            return {}
        seen = dict(self._db.execute("SELECT topic, pages FROM topics").fetchall())
        return {topic: worth * _left(seen.get(topic, 0.0)) for topic, worth in self._interests.topics.items()}

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
        row = self._db.execute(
            "SELECT state, kind, topics, section FROM frontier WHERE key = ?", (key,)
        ).fetchone()
        self._db.execute("UPDATE frontier SET state = ? WHERE key = ?", (state, key))
        if row is not None and (row["state"], state, row["kind"]) == ("queued", "done", "page"):
            self._db.executemany(
                "INSERT INTO topics VALUES (?, ?)"
                " ON CONFLICT (topic) DO UPDATE SET pages = pages + excluded.pages",
                ((topic, tenths / 10) for topic, tenths in _read(row["topics"])),
            )
            self._db.execute("UPDATE sections SET pages = pages + 1 WHERE section = ?", (row["section"],))

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


def _left(pages: float) -> float:
    """The part of its worth that something has left after so many pages of it."""
    return HALF_KNOWN / (HALF_KNOWN + pages)


def _rank(row: sqlite3.Row, worth: float) -> _Rank:
    return _Rank(-worth - row["priority"], row["depth"], row["seq"], row["key"])


def _read(topics: str) -> Iterator[tuple[str, int]]:
    """Topics with their tenths; a topic of an older visit, which has none, is named clearly."""
    for part in topics.split():
        topic, _, tenths = part.partition("=")
        yield topic, int(tenths or 10)


def _written(topics: Mapping[str, int]) -> str:
    return " ".join(f"{topic}={tenths}" for topic, tenths in sorted(topics.items()) if tenths)


def _united(*named: str) -> str:
    """The topics of several links to one address, each as clear as the clearest names it."""
    best: dict[str, int] = {}
    for topic, tenths in (pair for topics in named for pair in _read(topics)):
        best[topic] = max(tenths, best.get(topic, 0))
    return _written(best)
