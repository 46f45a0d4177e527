"""Where a run keeps its files.

::

    <home>/dargah.sqlite                      history: runs, steps, answers, findings, scores
    <home>/links.sqlite                       what links to other hosts answered, for a week
    <home>/<run>/agencies.yaml                the file as it was when the run began
    <home>/<run>/portals/<portal>/capture/    what the crawl kept
    <home>/<run>/portals/<portal>/measurements/measurements.json, lighthouse/
    <home>/<run>/portals/<portal>/findings.json
    <home>/<run>/portals/<portal>/problems.json   for the webmaster, page by page
    <home>/<run>/portals/<portal>/scores.json
    <home>/<run>/report/index.html
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

HOME_VARIABLE = "DARGAH_HOME"
LINKS = "links.sqlite"


def default_home() -> Path:
    return Path(os.environ.get(HOME_VARIABLE, "runs"))


def new_run_id(province: str, at: datetime, taken: set[str]) -> str:
    """``damavand-20261122-1504``, with a counter where that is taken."""
    base = f"{province}-{at:%Y%m%d-%H%M}"
    run_id, count = base, 1
    while run_id in taken:
        count += 1
        run_id = f"{base}-{count}"
    return run_id


@dataclass(frozen=True)
class PortalFolder:
    path: Path

    @property
    def capture(self) -> Path:
        return self.path / "capture"

    @property
    def measurements(self) -> Path:
        return self.path / "measurements"

    @property
    def findings(self) -> Path:
        return self.path / "findings.json"

    @property
    def problems(self) -> Path:
        return self.path / "problems.json"

    @property
    def scores(self) -> Path:
        return self.path / "scores.json"


@dataclass(frozen=True)
class RunFolder:
    path: Path

    @property
    def agencies(self) -> Path:
        return self.path / "agencies.yaml"

    @property
    def report(self) -> Path:
        return self.path / "report"

    def portal(self, portal_id: str) -> PortalFolder:
        return PortalFolder(self.path / "portals" / portal_id)
