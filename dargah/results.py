"""Reads back what the steps of a run left in its folder."""

from __future__ import annotations

from pathlib import Path

from pydantic import TypeAdapter

from crawler.capture import Capture, CaptureError
from dargah.runs import PortalFolder
from indicators.records import Finding, Problem
from indicators.scoring import PortalScores

NOT_VISITED = "the portal was not visited"

FINDINGS = TypeAdapter(list[Finding])
PROBLEMS = TypeAdapter(list[Problem])


def read_findings(path: Path) -> list[Finding]:
    """Raises FileNotFoundError if the portal was not judged yet."""
    return FINDINGS.validate_json(path.read_bytes())


def read_problems(path: Path) -> list[Problem]:
    """None where the portal was judged before there was this list."""
    return PROBLEMS.validate_json(path.read_bytes()) if path.is_file() else []


def read_scores(path: Path) -> PortalScores:
    """Raises FileNotFoundError if the portal was not scored yet."""
    return PortalScores.model_validate_json(path.read_bytes())


def reached(folder: PortalFolder) -> str:
    """Why the portal could not be observed, '' if it could."""
    try:
        with Capture(folder.capture) as capture:
            visit = capture.visit
    except CaptureError:
        return NOT_VISITED
    return "" if visit.outcome == "ok" else visit.reason or visit.outcome
