"""Levels of the display standards, from what was seen of the pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from audits.display import METRICS, SOURCE_METRICS, browser_values
from audits.records import DisplayCheck, Measurement, Measurements, Overflow, Source
from indicators.detector import run
from indicators.detectors.display_standards import detect
from indicators.records import Finding
from indicators.thresholds import thresholds
from tests.indicators.detectors.measured import AT
from tests.indicators.make_capture import START, page, site_of

TEXT = "<p>اداره کل راهداری استان خدمات خود را برای مردم و رانندگان در این درگاه ارائه می‌کند و پاسخ می‌دهد</p>"
GOOD: dict[str, Any] = {
    "doctype": "html",
    "language": "fa",
    "direction": "rtl",
    "shown_direction": "rtl",
    "rtl_letters": 500,
    "viewport": "width=device-width, initial-scale=1",
    "overflow": tuple(Overflow(width=width, overflow_px=0) for width in (360, 768, 1280)),
}
UTF8 = {"charset_header": "utf-8", "charset_meta": "utf-8", "charset_real": "utf-8", "elements": 200}


def judge(
    folder: Path,
    *,
    archived: bool = False,
    head: str = "",
    source: dict[str, Any] | None = None,
    **other: Any,
) -> Finding:
    check = DisplayCheck(
        url=START, source=Source(**(UTF8 | (source or {}))), **(GOOD | other), measured_at=AT
    )
    values = browser_values(check) | {"parse_errors": float(check.source.parse_errors)}
    rows = [
        Measurement(
            name=name, value=values.get(name), unit=unit, url=START, method="browser", measured_at=AT,
            device="desktop", reason=check.reason,
        )
        for name, unit in {**METRICS, **SOURCE_METRICS}.items()
    ]  # fmt: skip
    seen = Measurements(
        portal="portal", chromium="1", measurements=tuple(rows), lighthouse=(), display=(check,)
    )
    with site_of(folder, {"/": page(TEXT, head=head)}, seen, archived=archived) as site:
        return run(detect, site)


def share(finding: Finding, name: str) -> object:
    return finding.details.get(f"{name}_ok_share")


def test_a_page_in_order(tmp_path: Path) -> None:
    finding = judge(tmp_path)
    assert (finding.answer, finding.details["share"]) == ("very_high", 1.0)
    (numbers,) = finding.pages
    assert numbers.values["errors_per_hundred"] == 0
    assert finding.limits["overflow_360_px"] == ("overflow_good_px", "overflow_poor_px")
    assert "quirks_mode 0 (desktop)" in [one.excerpt for one in finding.evidence]


OLD: dict[str, Any] = {
    "doctype": "",
    "quirks": True,
    "language": "",
    "direction": "",
    "viewport": None,
    "overflow": tuple(Overflow(width=w, overflow_px=max(0, 960 - w)) for w in (360, 768, 1280)),
}


def test_an_old_page(tmp_path: Path) -> None:
    finding = judge(tmp_path, **OLD, source={"charset_header": "", "charset_meta": "", "parse_errors": 30})
    assert finding.answer == "very_low"
    assert share(finding, "direction") == 0.5
    assert [share(finding, f"width_{width}") for width in (360, 768, 1280)] == [0, 0, 1]


def test_a_tidy_page_of_a_fixed_width_is_medium(tmp_path: Path) -> None:
    assert judge(tmp_path, viewport=None, overflow=OLD["overflow"]).answer == "medium"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"charset_header": ""}, 1.0),
        ({"charset_meta": ""}, 1.0),
        ({"charset_header": "", "charset_meta": ""}, 0.0),
        ({"charset_meta": "cp1256"}, 0.5),
        ({"charset_header": "cp1256"}, 0.0),
        ({"charset_header": "cp1256", "charset_meta": "cp1256"}, 0.0),
        ({"charset_header": "", "charset_meta": "cp1256", "ascii_only": True}, 1.0),
        ({"charset_header": "", "charset_meta": "cp1256", "charset_real": "cp1256"}, 1.0),
        (
            {"charset_header": "", "charset_meta": "", "charset_mark": "utf-8", "charset_real": "utf-8-sig"},
            1.0,
        ),
        ({"reason": "the visit kept no answer of this address"}, None),
    ],
)
def test_character_sets(tmp_path: Path, told: dict[str, Any], expected: float | None) -> None:
    assert share(judge(tmp_path, source=told), "charset") == expected


def test_a_saved_copy_is_not_judged_by_its_server_nor_without_its_styles(tmp_path: Path) -> None:
    told = {"charset_header": "utf-8", "charset_meta": ""}
    sheet = '<link rel="stylesheet" href="/gone.css">'
    finding = judge(tmp_path, archived=True, source=told, head=sheet)
    assert share(finding, "charset") == 0.0
    assert share(finding, "width_360") is None
    assert share(judge(tmp_path / "styled", archived=True), "width_360") == 1.0


@pytest.mark.parametrize(
    ("language", "expected"),
    [("fa", 1.0), ("fa-IR", 1.0), ("FA_ir", 1.0), ("en", 0.0), ("", 0.0), ("Persian language", 0.0)],
)
def test_languages(tmp_path: Path, language: str, expected: float) -> None:
    assert share(judge(tmp_path, language=language), "language") == expected


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({"direction": "", "shown_direction": "rtl"}, 0.5),
        ({"direction": "", "rtl_astray": 500}, 0.0),
        ({"rtl_astray": 40}, 1.0),
        ({"rtl_letters": 0, "ltr_letters": 300, "direction": ""}, 1.0),
        ({"rtl_letters": 0, "ltr_letters": 300, "ltr_astray": 300}, 0.0),
        ({"rtl_letters": 12}, None),
    ],
)
def test_directions(tmp_path: Path, seen: dict[str, Any], expected: float | None) -> None:
    assert share(judge(tmp_path, **seen), "direction") == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("width=device-width", 1.0),
        ("width=device-width, initial-scale=1, maximum-scale=5", 1.0),
        ("width=device-width, initial-scale=1.0, maximum-scale=1.0, user-scalable=no", 0.5),
        ("width=device-width,maximum-scale=1", 0.5),
        ("width=1024", 0.0),
        (None, 0.0),
    ],
)
def test_viewports(tmp_path: Path, content: str | None, expected: float) -> None:
    assert share(judge(tmp_path, viewport=content), "viewport") == expected


def test_a_page_that_the_browser_could_not_show_is_not_observable(tmp_path: Path) -> None:
    finding = judge(tmp_path, reason="the page hung")
    assert (finding.answer, finding.reason) == (None, f"{START}: the page hung")


def test_no_number_of_a_page_bears_the_name_of_another_s_limits(tmp_path: Path) -> None:
    finding = judge(tmp_path)
    (numbers,) = finding.pages
    for name in numbers.values:
        own = [key for key in thresholds() if key.startswith((f"{name}_good", f"{name}_poor"))]
        assert not own or name == "errors_per_hundred", own
