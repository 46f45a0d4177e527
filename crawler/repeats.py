"""Pages of one kind that say nothing new: endless calendars, filters, sort orders."""

from __future__ import annotations

import re
import sqlite3
from hashlib import blake2b
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.scope import host_of
from crawler.text import normalize

MAX_STALE = 8
"""Pages of one pattern in a row without a new line; further ones are not asked for."""

MIN_WORDS = 3
"""Words from which a line of text counts: shorter ones are labels and days."""

_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]{2,}")


def pattern(url: str) -> str:
    """What the addresses of one kind of page have in common: numbers are left out. '' for an address without
    any, which has no siblings."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    query = sorted(parse_qsl(parts.query, keep_blank_values=True))
    if not _NUMBER.search(path) and not any(_NUMBER.search(value) for _, value in query):
        return ""
    asked = "&".join(f"{name}={_NUMBER.sub('#', value)}" for name, value in query)
    return f"{host_of(url)}{_NUMBER.sub('#', path)}?{asked}"


class Repeats:
    """Remembers, in the capture's database, the lines of text of each pattern of addresses.

    A page is new if its main text has a line that no page of its pattern had before; digits do not count,
    so a calendar's days are alike while each item of a real list brings a title of its own. Write inside the
    transaction of the page.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        db.execute("CREATE TABLE IF NOT EXISTS patterns (pattern TEXT PRIMARY KEY, stale INTEGER)")
        db.execute(
            "CREATE TABLE IF NOT EXISTS lines (pattern INTEGER, line BLOB, PRIMARY KEY (pattern, line))"
            " WITHOUT ROWID"
        )
        rows = db.execute("SELECT pattern FROM patterns WHERE stale >= ?", (MAX_STALE,))
        self._trapped = {row[0] for row in rows}

    def note(self, url: str, main_text: str) -> None:
        """Notes a page that was seen."""
        kind, said = pattern(url), _lines(main_text)
        if not kind or not said or kind in self._trapped:
            return
        self._db.execute("INSERT OR IGNORE INTO patterns VALUES (?, 0)", (kind,))
        number = self._db.execute("SELECT rowid FROM patterns WHERE pattern = ?", (kind,)).fetchone()[0]
        before = self._db.total_changes
        self._db.executemany("INSERT OR IGNORE INTO lines VALUES (?, ?)", ((number, line) for line in said))
        is_new = self._db.total_changes > before
        stale = self._db.execute(
            "UPDATE patterns SET stale = CASE WHEN ? THEN 0 ELSE stale + 1 END WHERE rowid = ?"
            " RETURNING stale",
            (is_new, number),
        ).fetchone()[0]
        if stale >= MAX_STALE:
            self._trapped.add(kind)

    def refusal(self, url: str) -> str:
        """Why a page is not worth asking for, or ''."""
        return "trap: near-duplicates" if self._trapped and pattern(url) in self._trapped else ""


def _lines(text: str) -> set[bytes]:
    """Digests of the lines that count, without digits."""
    found = set()
    for line in text.splitlines():
        words = _WORD.findall(normalize(line))
        if len(words) >= MIN_WORDS:
            found.add(blake2b(" ".join(words).encode(), digest_size=8).digest())
    return found
