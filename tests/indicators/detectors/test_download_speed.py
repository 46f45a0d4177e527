"""How fast a portal loads on a phone, against the published limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.download_speed import detect
from indicators.records import Finding
from tests.indicators.detectors.measured import GOOD, measurements
from tests.indicators.make_capture import START, page, site_of

PAGES = {"/": page("<p>درگاه اداره کل راه</p>"), "/khadamat": page("<p>خدمات</p>")}


def judge(
    folder: Path, *values: dict[str, float | None], archived: bool = False, reason: str = ""
) -> Finding:
    addresses = (START, START + "khadamat")
    seen = measurements(dict(zip(addresses, values, strict=False)), reason=reason or "it failed")
    with site_of(folder, PAGES, seen, archived=archived) as site:
        return run(detect, site)


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ({}, "very_high"),
        ({"lcp": 2500.0, "ttfb": 800.0, "transfer_bytes": 1600.0 * 1024}, "very_high"),
        ({"lcp": 3200.0}, "high"),
        ({"lcp": 3400.0, "ttfb": 1000.0}, "medium"),
        ({"lcp": 4500.0}, "medium"),
        ({"lcp": 4500.0, "ttfb": 1500.0}, "low"),
        ({"lcp": 9000.0, "ttfb": 2500.0, "transfer_bytes": 9e6}, "very_low"),
    ],
)
def test_levels(tmp_path: Path, values: dict[str, float], answer: str) -> None:
    assert judge(tmp_path, GOOD | values).answer == answer


def test_evidence_names_the_page_the_value_and_the_device(tmp_path: Path) -> None:
    finding = judge(tmp_path, dict(GOOD))
    first = finding.evidence[0]
    assert (first.kind, first.url, first.page, first.excerpt) == (
        "measurement",
        START,
        1,
        "lcp 1800 ms (phone)",
    )
    assert {e.note for e in finding.evidence} == {"lcp", "ttfb", "transfer_bytes"}
    assert finding.details["transfer_kbps"] == pytest.approx(300_000 * 8 / (2400 - 120), abs=0.1)


def test_all_measured_pages_count(tmp_path: Path) -> None:
    slow = GOOD | {"lcp": 9000.0, "ttfb": 2500.0, "transfer_bytes": 9e6}
    finding = judge(tmp_path, dict(GOOD), slow)
    assert (finding.answer, finding.details["pages"]) == ("low", 2)


def test_a_page_that_paints_nothing_leaves_the_verdict_to_the_others(tmp_path: Path) -> None:
    finding = judge(tmp_path, GOOD | {"lcp": None}, dict(GOOD))
    assert finding.answer == "very_high"
    assert {e.url for e in finding.evidence} == {START + "khadamat"}


def test_a_measure_that_failed_is_not_observable_with_its_reason(tmp_path: Path) -> None:
    finding = judge(tmp_path, dict.fromkeys(GOOD), reason="no answer within 20 s")
    assert finding.answer is None
    assert "no answer within 20 s" in finding.reason


def test_nothing_measured_is_not_observable(tmp_path: Path) -> None:
    finding = judge(tmp_path)
    assert (finding.answer, finding.reason) == (None, "nothing was measured on a phone")


def test_a_saved_copy_says_nothing_of_speed(tmp_path: Path) -> None:
    finding = judge(tmp_path, dict(GOOD), archived=True)
    assert finding.answer is None
    assert "saved copy" in finding.reason
