"""How a portal fits a phone, from what was measured on it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.mobile_site_quality import detect
from indicators.records import Finding
from tests.indicators.detectors.measured import GOOD, OLD, measurements
from tests.indicators.make_capture import START, page, site_of

SHEETS = '<link rel="stylesheet" href="/a.css"><link rel="stylesheet" href="/b.css">'
CSS = {"/a.css": ("text/css", "p{}"), "/b.css": ("text/css", "p{}")}


def judge(
    folder: Path,
    values: Mapping[str, float | None] | None,
    *,
    archived: bool = False,
    files: dict[str, tuple[str, str]] | None = None,
    head: str = SHEETS,
) -> Finding:
    seen = measurements({START: values}, reason="the page hung") if values is not None else None
    pages = {"/": page("<p>درگاه سازمان</p>", head=head)}
    with site_of(folder, pages, seen, archived=archived, files=files) as site:
        return run(detect, site)


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ({}, "very_high"),
        ({"small_text_share": 0.25}, "very_high"),
        ({"menu_opens": 0.0}, "high"),
        ({"menu_opener": 0.0, "menu_opens": None, "small_tap_targets": 30.0}, "high"),
        ({"menu_opens": 0.0, "small_tap_targets": 40.0}, "medium"),
        ({"overflow_px": 300.0, "menu_opener": 0.0, "menu_opens": None, "small_tap_targets": 40.0}, "low"),
        (dict(OLD), "very_low"),
    ],
)
def test_levels(tmp_path: Path, values: dict[str, float | None], answer: str) -> None:
    assert judge(tmp_path, GOOD | values).answer == answer


def test_each_check_has_its_witness(tmp_path: Path) -> None:
    finding = judge(tmp_path, GOOD)
    assert [e.excerpt for e in finding.evidence] == [
        "viewport_meta 1 (phone)",
        "overflow_px 0 px (phone)",
        "small_text_share 0.02 (phone)",
        "small_tap_targets 1 (phone)",
        "menu_opens 1 (phone)",
    ]
    assert all(e.kind == "measurement" and e.url == START for e in finding.evidence)


def test_a_frame_set_without_text_or_targets_is_judged_by_its_fit(tmp_path: Path) -> None:
    bare = OLD | {"small_text_share": None, "tap_targets": 0.0, "small_tap_targets": 0.0}
    finding = judge(tmp_path, bare)
    assert finding.answer == "very_low"
    assert "text" not in finding.details and "targets" not in finding.details


def test_a_failed_measure_is_not_observable_with_its_reason(tmp_path: Path) -> None:
    finding = judge(tmp_path, dict.fromkeys(GOOD))
    assert finding.answer is None
    assert "the page hung" in finding.reason
    assert judge(tmp_path / "none", None).answer is None


def test_a_saved_copy_is_judged_only_with_its_style_sheets(tmp_path: Path) -> None:
    assert judge(tmp_path / "all", GOOD, archived=True, files=CSS).answer == "very_high"
    lost = judge(tmp_path / "lost", GOOD, archived=True)
    assert lost.answer is None
    assert "style sheets" in lost.reason


def test_an_error_page_in_place_of_a_style_sheet_is_none(tmp_path: Path) -> None:
    files = CSS | {"/a.css": ("text/html", "<h1>404</h1>"), "/b.css": ("text/html", "<h1>404</h1>")}
    assert judge(tmp_path, GOOD, archived=True, files=files).answer is None


def test_a_saved_copy_that_never_had_style_sheets_is_judged_as_it_is(tmp_path: Path) -> None:
    assert judge(tmp_path, OLD, archived=True, head="").answer == "very_low"
