"""What a visit knows of its portal, kept in the capture, so that an interrupted visit goes on as if it had
never stopped."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

from crawler.capture import Comparison, Page, StorageError, Visit, from_row
from crawler.fetch import Meter
from crawler.frontier import Entry, Frontier, Interests
from crawler.portal import Portal
from crawler.rendering import RenderingChoice
from crawler.repeats import Repeats
from crawler.scope import Scope, identity
from crawler.writer import CaptureWriter


class Memory:
    """Goes on from what the capture holds; begins the visit if it holds nothing."""

    visit: Visit
    by_identity: dict[str, int]
    """Page.id by the identity of every address that was visited."""

    postbacks: dict[str, str]
    """Where links without an address led in the browser."""

    pressed: set[str]
    """Texts without an address that were pressed in the browser."""

    def __init__(self, portal: Portal, writer: CaptureWriter, interests: Interests | None = None) -> None:
        self.portal = portal
        self.writer = writer
        self.scope = Scope(portal)
        self.stopped_by = ""
        with writer.commit():
            self.frontier = Frontier(writer.db, interests)
            self.repeats = Repeats(writer.db)
            self._restore()

    def _restore(self) -> None:
        stored = self.recall("visit")
        begun = Visit(
            portal=self.portal.id,
            started_at=datetime.now(UTC),
            finished_at=None,
            outcome="unreachable",
            reason="the visit goes on",
            complete=False,
            stopped_by="",
            footprint=None,
        )
        self.visit = Visit.model_validate(stored) if stored else begun
        if not stored:
            self.writer.save_visit(self.visit)
        meter = self.recall("meter") or {}
        self.meter = Meter(
            requests=meter.get("requests", 0),
            bytes=meter.get("bytes", 0),
            seconds_before=meter.get("seconds", 0.0),
            highest_rate=meter.get("highest_rate", 0.0),
            noted=self._keep_meter,
        )
        learnt = self.recall("learnt") or {}
        self.postbacks = dict(learnt.get("postbacks", {}))
        self.pressed = set(learnt.get("pressed", ()))
        db = self.writer.db
        comparisons = db.execute("SELECT * FROM comparisons ORDER BY rowid")
        self.choice = RenderingChoice(from_row(Comparison, row) for row in comparisons)
        self.by_identity = {}
        for row in db.execute("SELECT id, url, final_url FROM pages ORDER BY id"):
            self.by_identity.setdefault(identity(row["url"]), row["id"])
            if self.scope.contains(row["final_url"]):
                self.by_identity.setdefault(identity(row["final_url"]), row["id"])
        for url in self.frontier.admitted():
            self.scope.admit(url)

    def save(self) -> None:
        """Keeps what the visit has used and learnt; inside the writer's transaction."""
        self.remember("learnt", {"postbacks": self.postbacks, "pressed": sorted(self.pressed)})
        self._remember_meter()

    def _keep_meter(self) -> None:
        """A request counts from when it is sent, though the visit be killed before its answer is kept."""
        # Where there is no room, the commit of its answer says so.
        with contextlib.suppress(StorageError), self.writer.commit(durable=False):
            self._remember_meter()

    def _remember_meter(self) -> None:
        meter = self.meter
        self.remember(
            "meter",
            {
                "requests": meter.requests,
                "bytes": meter.bytes,
                "seconds": meter.seconds,
                "highest_rate": meter.highest_rate,
            },
        )

    def remember(self, key: str, value: Any) -> None:
        """Keeps a value that JSON can hold; inside the writer's transaction."""
        text = json.dumps(value, ensure_ascii=False)
        self.writer.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, text))

    def recall(self, key: str) -> Any:
        """The value that was kept, None if there is none."""
        row = self.writer.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return json.loads(row["value"]) if row else None

    def next_id(self) -> int:
        return int(self.writer.db.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM pages").fetchone()[0])

    def count(self, table: str) -> int:
        return int(self.writer.db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608

    def page(self, number: int) -> Page:
        return from_row(
            Page, self.writer.db.execute("SELECT * FROM pages WHERE id = ?", (number,)).fetchone()
        )

    def start_page(self) -> Page:
        """The first page; one that says why it was not asked for, if there is none."""
        row = self.writer.db.execute("SELECT * FROM pages ORDER BY id LIMIT 1").fetchone()
        if row is None:
            entry = Entry("", self.portal.start, "page", 0, "start", None, "")
            reason = f"the budget of {self.stopped_by or 'the visit'} was spent before the start page"
            return not_asked(0, entry, reason, datetime.now(UTC))
        return from_row(Page, row)

    def address_of(self, page: int | None) -> str:
        """Where a page was seen, '' for none."""
        if page is None:
            return ""
        row = self.writer.db.execute("SELECT final_url FROM pages WHERE id = ?", (page,)).fetchone()
        return str(row["final_url"]) if row else ""


def not_asked(number: int, entry: Entry, reason: str, at: datetime) -> Page:
    """The page record of an address that was not asked for."""
    return Page(
        id=number,
        url=entry.url,
        final_url=entry.url,
        status=None,
        outcome="refused",
        reason=reason,
        fetched_at=at,
        seconds=0.0,
        media_type="",
        charset="",
        language="",
        depth=entry.depth,
        title="",
        found_by=entry.found_by,
        found_on=entry.found_on,
        mode="plain",
        record_id="",
        bytes=0,
        text_length=0,
    )
