# ruff: noqa: E501  (records, one to a line)
"""address_change_notice: a former host of the portal that leads to the new one."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.capture import Capture, Footprint, Page, Visit
from crawler.extract import extract
from crawler.portal import Names, Portal
from crawler.writer import CaptureWriter
from indicators.detector import run
from indicators.detectors.address_change_notice import detect
from indicators.load import load_site
from indicators.records import Finding
from indicators.verify import verify
from tests.indicators.make_capture import VISITED, page

NEW = "https://roads.example.ir/"


def judge(folder: Path, asked: str) -> Finding:
    """What is found where `asked` answered with the way to NEW; the evidence is verified, too."""
    portal = Portal(
        id="portal",
        names=Names(fa="درگاه", en="Portal"),
        kind="office",
        start=NEW,
        hosts=("rahdari.example.com",),
    )
    html = page("<p>اداره کل راهداری</p>")
    with CaptureWriter(folder, portal) as writer, writer.commit():

        def archive(url: str, status: str, headers: list[tuple[str, str]], body: bytes) -> str:
            return writer.archive_exchange(
                url, method="GET", request_headers=[], status_line=status, response_headers=headers, body=body,
                at=VISITED,
            )  # fmt: skip

        archive(asked, "301 Moved Permanently", [("Location", NEW)], b"")
        record = archive(NEW, "200 OK", [("Content-Type", "text/html; charset=utf-8")], html.encode())
        seen = extract(html, NEW)
        writer.add(
            Page(
                id=1, url=asked, final_url=NEW, status=200, outcome="ok", fetched_at=VISITED, seconds=0.1,
                media_type="text/html", charset="utf-8", language=seen.language, depth=0, title=seen.title,
                found_by="start", found_on=None, mode="plain", record_id=record, bytes=len(html),
                text_length=seen.text_length,
            )
        )  # fmt: skip
        writer.save_visit(
            Visit(
                portal="portal", started_at=VISITED, finished_at=VISITED, outcome="ok", reason="", complete=True, stopped_by="",
                footprint=Footprint(requests=2, bytes=1, seconds=1, highest_rate=1, refusals=0),
            )
        )  # fmt: skip
    with Capture(folder) as capture:
        finding = run(detect, load_site(capture, None))
        assert verify([finding], capture, None).mismatches == ()
    return finding


def test_a_former_host_leads_to_the_new_one(tmp_path: Path) -> None:
    finding = judge(tmp_path, "https://rahdari.example.com/")
    assert finding.answer is None and "none" not in finding.suggests and finding.suggests
    assert [(e.kind, e.note, e.excerpt) for e in finding.evidence] == [
        ("header", "old_host", f"Location: {NEW}")
    ]


@pytest.mark.parametrize("asked", ["http://roads.example.ir/", "https://www.roads.example.ir/"])
def test_the_same_host_with_www_or_in_safety_is_no_other(tmp_path: Path, asked: str) -> None:
    assert not judge(tmp_path, asked).suggests
