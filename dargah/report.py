"""Gathers what a run left in its folder and hands it to the report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from audits.measure import load_measurements
from crawler.capture import Capture, CaptureError, Comparison, Host, Visit
from crawler.portal import Portal
from dargah.agencies import load_agencies
from dargah.results import read_findings, read_problems, read_scores
from dargah.runs import RunFolder
from indicators.model import Model, load_model
from indicators.records import Answer, Finding
from indicators.scoring import score_portal
from reports.build import build
from reports.data import AgencyInput, ReportInput


def write_report(
    run: RunFolder,
    model_id: str,
    started_at: datetime,
    answers: Sequence[Answer],
    *,
    screenshots: bool,
    progress: Callable[[str], None],
) -> Path:
    """Writes the report of a run, whole or not at all; returns its first page. Reaches no network."""
    agencies = load_agencies(run.agencies)
    model = load_model(model_id)
    gathered = tuple(_agency(run, a, model, answers) for a in agencies.agencies)
    ends = [a.visit.finished_at for a in gathered if a.visit and a.visit.finished_at]
    report = ReportInput(
        run=run.path.name,
        started_at=started_at,
        # The visits' end, not this moment: the same run gives the same report, whenever it is written.
        finished_at=max(ends, default=None),
        model=model,
        province=agencies.province,
        kinds=agencies.kinds,
        agencies=gathered,
        time_zone=agencies.time_zone,
    )
    return build(
        report,
        lambda portal_id: _open(run, portal_id),
        run.report,
        screenshots=screenshots,
        progress=lambda step, done, total: progress(f"{step} {done} of {total}"),
    )


def _agency(run: RunFolder, portal: Portal, model: Model, answers: Sequence[Answer]) -> AgencyInput:
    folder = run.portal(portal.id)
    own = tuple(a for a in answers if a.portal == portal.id)
    findings: list[Finding] = read_findings(folder.findings) if folder.findings.is_file() else []
    scores = (
        read_scores(folder.scores)
        if folder.scores.is_file()
        else score_portal(portal.id, model, findings, own)
    )
    visit, hosts, comparisons, reason = _visit(run, portal.id)
    return AgencyInput(
        portal=portal,
        visit=visit,
        scores=scores,
        reason=reason,
        hosts=hosts,
        comparisons=comparisons,
        measurements=load_measurements(folder.measurements),
        measurements_folder=folder.measurements,
        findings=tuple(findings),
        problems=tuple(read_problems(folder.problems)),
        answers=own,
    )


def _visit(
    run: RunFolder, portal_id: str
) -> tuple[Visit | None, tuple[Host, ...], tuple[Comparison, ...], str]:
    try:
        with Capture(run.portal(portal_id).capture) as capture:
            return capture.visit, capture.hosts, capture.comparisons, ""
    except CaptureError:
        return None, (), (), "not_visited"


def _open(run: RunFolder, portal_id: str) -> Capture | None:
    try:
        return Capture(run.portal(portal_id).capture)
    except CaptureError:
        return None
