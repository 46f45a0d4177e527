"""Judging small portals for hints, for the tests of those detectors."""

from __future__ import annotations

import importlib
from pathlib import Path

from indicators.detector import NO_HINT, run
from indicators.records import Finding
from tests.indicators.make_capture import PageSpec, site_of


def judge(folder: Path, indicator: str, pages: dict[str, PageSpec], **options: object) -> Finding:
    """What the detector finds; a hint is never an answer."""
    detector = importlib.import_module(f"indicators.detectors.{indicator}").detect
    with site_of(folder, pages, **options) as site:  # type: ignore[arg-type]
        finding = run(detector, site)
    assert finding.answer is None
    return finding


def is_silent(finding: Finding) -> bool:
    """Nothing was seen: no hint, the places that were visited, and no word of "no"."""
    return (
        not finding.suggests and not finding.evidence and finding.reason == NO_HINT and bool(finding.visited)
    )
