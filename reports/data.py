"""What a report is made of: records of all the rooms, gathered by the pipeline and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from audits.records import ExternalLink, Measurements
from crawler.capture import Comparison, Host, Visit
from crawler.portal import Names, Portal
from indicators.model import Model
from indicators.records import Answer, Finding, Problem
from indicators.scoring import PortalScores


@dataclass(frozen=True)
class AgencyInput:
    """One agency of the run.

    `visit` is None where there was no visit at all; then `reason` says why. `measurements_folder` is where
    the paths in `measurements` (Lighthouse's files) start. `answers` are the self-reported and the
    analysts' ones.
    """

    portal: Portal
    visit: Visit | None
    scores: PortalScores
    reason: str = ""
    hosts: tuple[Host, ...] = ()
    measurements: Measurements | None = None
    measurements_folder: Path | None = None
    findings: tuple[Finding, ...] = ()
    answers: tuple[Answer, ...] = ()
    problems: tuple[Problem, ...] = ()
    comparisons: tuple[Comparison, ...] = ()

    @property
    def checked(self) -> tuple[Comparison, ...]:
        """The lasting share of pages that are read both ways, plainly and in the browser, to see whether the
        choice between the two still holds. Those that the browser did not get through with say nothing."""
        return tuple(one for one in self.comparisons if one.reason == "check" and not one.failure)

    @property
    def broken_outside(self) -> tuple[ExternalLink, ...]:
        """Links to other hosts that are broken."""
        links = self.measurements.links if self.measurements else ()
        return tuple(link for link in links if link.state == "broken")

    @cached_property
    def by_indicator(self) -> dict[str, Finding]:
        return {finding.indicator: finding for finding in self.findings}

    @property
    def observed(self) -> bool:
        """The portal was there when it was visited."""
        return self.visit is not None and self.visit.outcome == "ok"

    @property
    def why_not_observed(self) -> str:
        """An outcome or a reason in words; '' if the portal was observed."""
        if self.visit is None:
            return self.reason or "not_visited"
        return "" if self.observed else self.visit.outcome


@dataclass(frozen=True)
class ReportInput:
    """One run. `kinds` names the kinds of institution; times are shown in `time_zone` (IANA name)."""

    run: str
    started_at: datetime
    finished_at: datetime | None
    model: Model
    province: Names
    kinds: Mapping[str, Names]
    agencies: tuple[AgencyInput, ...]
    time_zone: str = "Asia/Tehran"
