"""A portal of one page on loopback, as if visited, and its measuring."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from audits.measure import measure
from audits.records import MeasuredPage, Measurements
from crawler.capture import Capture, Outcome, Page, Visit
from crawler.portal import KEY_PAGES, Measuring, Names, Portal
from crawler.writer import CaptureWriter

NOW = datetime(2025, 1, 1, tzinfo=UTC)


def portal(start: str, *, runs: int = 1, key_page_runs: int = 1) -> Portal:
    names = Names(fa="یک", en="One")
    return Portal(
        id="one",
        names=names,
        kind="office",
        start=start,
        allow_private=True,
        confined=True,
        measuring=Measuring(runs=runs, key_page_runs=key_page_runs),
    )


def visited(
    folder: Path, target: Portal, *, final: str = "", outcome: Outcome = "ok", reason: str = ""
) -> Path:
    """A capture of the start page alone."""
    page = Page(
        id=1,
        url=target.start,
        final_url=final or target.start,
        status=200 if outcome == "ok" else None,
        outcome=outcome,
        reason=reason,
        fetched_at=NOW,
        seconds=0.1,
        media_type="text/html",
        charset="utf-8",
        language="fa",
        depth=0,
        title="",
        found_by="start",
        found_on=None,
        mode="plain",
        record_id="",
        bytes=1,
        text_length=1,
    )
    visit = Visit(
        portal=target.id,
        started_at=NOW,
        finished_at=NOW,
        outcome=outcome,
        reason=reason,
        complete=True,
        stopped_by="",
        footprint=None,
    )
    with CaptureWriter(folder, target) as writer, writer.commit():
        writer.add(page)
        writer.save_visit(visit)
    return folder


def run(
    target: Portal, capture: Path, folder: Path, *key_pages: str, lighthouse: int = 0, again: bool = False
) -> Measurements:
    pages = [MeasuredPage(kind=kind, url=url) for kind, url in zip(KEY_PAGES, key_pages, strict=False)]
    with Capture(capture) as read:
        return measure(target, read, folder, lighthouse_pages=lighthouse, key_pages=pages, again=again)
