"""Levels of accessibility, from what axe-core found."""

from __future__ import annotations

from pathlib import Path

import pytest

from audits.records import AccessibilityCheck, AccessibilityRule, Measurement, Measurements
from indicators.detector import run
from indicators.detectors.accessibility_standards import detect, level_of
from indicators.records import Finding
from tests.indicators.detectors.measured import AT
from tests.indicators.make_capture import START, page, site_of

IMPACTS = {"c": "critical", "s": "serious", "m": "moderate"}


def check(
    passed: int, broken: str, url: str = START, review: int = 0, reason: str = ""
) -> AccessibilityCheck:
    """`broken`: a letter for each broken rule's impact; ``C`` is a critical one that depends on looks."""
    rules = [AccessibilityRule(id=f"p{n}", outcome="passed") for n in range(passed)]
    rules += [AccessibilityRule(id=f"r{n}", outcome="needs_review", needs_review=9) for n in range(review)]
    rules += [AccessibilityRule(id=f"n{n}", outcome="not_applicable") for n in range(30)]
    for n, mark in enumerate(broken):
        name = "color-contrast" if mark == "C" else f"v{n}"
        rules.append(
            AccessibilityRule(id=name, outcome="violated", impact=IMPACTS[mark.lower()], violated=3)  # type: ignore[arg-type]
        )
    return AccessibilityCheck(
        url=url, engine="axe-core 4", rules=() if reason else tuple(rules), reason=reason, measured_at=AT
    )


def judge(folder: Path, *checks: AccessibilityCheck, archived: bool = False, head: str = "") -> Finding:
    rows = [
        Measurement(
            name=name, value=None if one.reason else 1.0, unit="count", url=one.url, device="desktop",
            method="browser", reason=one.reason, measured_at=AT,
        )
        for one in checks
        for name in ("rules_violated", "severe_violations")
    ]  # fmt: skip
    seen = Measurements(
        portal="portal", chromium="1", measurements=tuple(rows), lighthouse=(), accessibility=checks
    )
    pages = {"/": page("<p>درگاه سازمان</p>", head=head)}
    with site_of(folder, pages, seen, archived=archived) as site:
        return run(detect, site)


@pytest.mark.parametrize(
    ("passed", "broken", "answer"),
    [
        (30, "", "very_high"),
        (40, "m", "very_high"),
        (30, "s", "high"),
        (20, "mm", "high"),
        (40, "sss", "medium"),
        (20, "mmmm", "medium"),
        (60, "sssss", "low"),
        (10, "mmmmm", "low"),
        (100, "cccccccc", "very_low"),
        (3, "mmmm", "very_low"),
    ],
)
def test_the_lower_of_both_makes_the_level(tmp_path: Path, passed: int, broken: str, answer: str) -> None:
    assert judge(tmp_path, check(passed, broken)).answer == answer


def test_what_a_person_must_see_counts_for_nothing(tmp_path: Path) -> None:
    finding = judge(tmp_path, check(9, "m", review=40))
    assert finding.details["passed_share"] == 0.9
    (numbers,) = finding.pages
    assert numbers.values["rules_to_review"] == 40
    assert {e.note for e in finding.evidence} == {"rules_violated", "severe_violations"}
    assert set(finding.limits) == {"passed_share", "severe_violations"}


def test_pages_that_failed_are_shown_and_left_out(tmp_path: Path) -> None:
    gone = check(0, "", url=f"{START}gone", reason="answered HTTP 404")
    finding = judge(tmp_path, gone, check(30, ""))
    assert (finding.answer, finding.details["pages"]) == ("very_high", 1)
    assert [one.reason for one in finding.pages] == ["answered HTTP 404", ""]
    finding = judge(tmp_path / "all", gone)
    assert (finding.answer, finding.reason) == (None, f"{START}gone: answered HTTP 404")


def test_nothing_examined_is_not_observable(tmp_path: Path) -> None:
    finding = judge(tmp_path)
    assert (finding.answer, finding.reason) == (None, "no page was examined for accessibility")


def test_a_saved_page_without_its_styles_is_not_judged_by_its_looks(tmp_path: Path) -> None:
    sheet = '<link rel="stylesheet" href="/gone.css">'
    bare = judge(tmp_path / "bare", check(30, "C"), archived=True, head=sheet)
    assert (bare.answer, bare.details["rules_broken"]) == ("very_high", 0)
    whole = judge(tmp_path / "whole", check(30, "C"), archived=True)
    assert (whole.answer, whole.details["rules_broken"]) == ("high", 1)
    assert judge(tmp_path / "live", check(30, "C"), head=sheet).details["rules_broken"] == 1


def test_more_faults_never_make_a_better_level() -> None:
    order = ["very_low", "low", "medium", "high", "very_high"]
    for severe in range(10):
        found = [order.index(level_of(passed / 50, severe)) for passed in range(51)]
        assert found == sorted(found)
    for passed in (0.5, 0.7, 0.85, 0.95, 1.0):
        found = [order.index(level_of(passed, severe)) for severe in range(10)]
        assert found == sorted(found, reverse=True)
