"""The figures for machines: CSV files and one JSON document. docs/reports.md describes every column."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from indicators.records import Answer, Points
from indicators.scoring import VIEWS
from reports.data import AgencyInput, ReportInput
from reports.pages import Site, Witnesses, items_of
from reports.words import without_controls

FORMAT = 1
"""Raised when a column or key changes its meaning or goes."""

Row = dict[str, Any]

_POINTS = ("points", "maximum", "low", "high", "coverage", "answered", "indicators")


def write(report: ReportInput, witnesses: Witnesses, site: Site, folder: Path) -> None:
    """Writes ``*.csv`` and ``report.json`` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (
        ("scores", _scores(report)),
        ("indicators", _indicators(report)),
        ("evidence", _evidence(report, witnesses)),
        ("visits", _visits(report)),
        ("measurements", _measurements(report)),
        ("problems", _problems(report)),
    ):
        (folder / f"{name}.csv").write_text(_csv(name, rows), encoding="utf-8-sig", newline="")
    document = json.dumps(_document(report, witnesses, site), ensure_ascii=False, indent=1)
    (folder / "report.json").write_text(document + "\n", encoding="utf-8", errors="replace", newline="\n")


COLUMNS: dict[str, tuple[str, ...]] = {
    "scores": ("agency", "level", "id", "name_fa", "name_en", "view", *_POINTS),
    "indicators": (
        "agency", "stage", "group", "indicator", "name_fa", "name_en", "mode", "maximum",
        "automatic", "automatic_points", "confidence", "not_observable", "self_reported",
        "self_reported_points", "analyst", "final", "final_points", "decided_by", "disagrees", "evidence",
        "suggested", "hint",
    ),
    "evidence": (
        "agency", "indicator", "number", "kind", "shows", "url", "seen_at", "excerpt", "locator",
        "archive_record", "archived_copy", "screenshot",
    ),
    "visits": (
        "agency", "name_fa", "name_en", "kind", "address", "observed", "outcome", "reason", "started_at",
        "finished_at", "complete", "stopped_by", "requests", "bytes", "seconds", "highest_rate", "refusals",
        "refused_for", "checked", "checked_gained",
    ),
    "measurements": (
        "agency", "url", "device", "method", "name", "value", "unit", "least", "largest", "runs", "reason",
        "measured_at",
    ),
    "problems": ("agency", "kind", "url", "text", "target", "reason"),
}  # fmt: skip


def cell(value: object) -> object:
    """A value as a spreadsheet may safely open it: text that would be taken for a formula gets an
    apostrophe before it, line breaks become spaces."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if not isinstance(value, str):
        return value
    text = " ".join(without_controls(value).split())
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")) else text


def _csv(name: str, rows: Iterable[Row]) -> str:
    columns = COLUMNS[name]
    values = [[cell(row[column]) for column in columns] for row in rows]
    # As objects: figures are written as they are, and what is missing stays empty.
    frame = pd.DataFrame(values, columns=columns, dtype=object)
    text: str = frame.to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8", "replace").decode()


def _scores(report: ReportInput) -> Iterator[Row]:
    for agency in report.agencies:
        levels = (
            ("stage", report.model.stages, agency.scores.stages),
            ("group", report.model.groups, agency.scores.groups),
        )
        for level, parts, sums in levels:
            for part in parts:
                for view in VIEWS:
                    points: Points = sums[part.id][view]
                    yield {
                        "agency": agency.portal.id,
                        "level": level,
                        "id": part.id,
                        "name_fa": part.name.fa,
                        "name_en": part.name.en,
                        "view": view,
                        **points.model_dump(),
                    }


def _option(answer: Answer | None) -> str:
    return "" if answer is None else answer.option or "points_only"


def _indicators(report: ReportInput) -> Iterator[Row]:
    for agency in report.agencies:
        for item in items_of(report, agency):
            indicator, score, finding = item.indicator, item.score, item.finding
            yield {
                "agency": agency.portal.id,
                "stage": indicator.stage,
                "group": indicator.group,
                "indicator": indicator.id,
                "name_fa": indicator.name.fa,
                "name_en": indicator.name.en,
                "mode": indicator.mode,
                "maximum": indicator.maximum,
                "automatic": _option(score.automatic),
                "automatic_points": score.automatic_points,
                "confidence": finding.confidence if finding and finding.answer is not None else None,
                "not_observable": score.not_observable,
                "self_reported": _option(score.self_reported),
                "self_reported_points": score.self_reported_points,
                "analyst": _option(score.analyst),
                "final": _option(score.final),
                "final_points": score.final_points,
                "decided_by": score.final.source if score.final else "",
                "disagrees": score.disagrees,
                "evidence": len(finding.evidence) if finding else 0,
                "suggested": " ".join(score.suggested),
                "hint": score.hint or "",
            }


def _evidence(report: ReportInput, witnesses: Witnesses) -> Iterator[Row]:
    for agency in report.agencies:
        for finding in _findings(report, agency):
            for number, evidence in enumerate(finding.evidence, 1):
                shot = witnesses.shot_of(evidence)
                yield {
                    "agency": agency.portal.id,
                    "indicator": finding.indicator,
                    "number": number,
                    "kind": evidence.kind,
                    "shows": evidence.note,
                    "url": evidence.url,
                    "seen_at": evidence.seen_at,
                    "excerpt": evidence.excerpt,
                    "locator": evidence.locator,
                    "archive_record": evidence.warc_record,
                    "archived_copy": witnesses.copy_of(agency.portal.id, evidence),
                    "screenshot": f"screenshots/{shot.file}" if shot else "",
                }


def _visits(report: ReportInput) -> Iterator[Row]:
    for agency in report.agencies:
        portal, visit = agency.portal, agency.visit
        footprint = visit.footprint if visit else None
        yield {
            "agency": portal.id,
            "name_fa": portal.names.fa,
            "name_en": portal.names.en,
            "kind": portal.kind,
            "address": portal.start,
            "observed": agency.observed,
            "outcome": visit.outcome if visit else "not_visited",
            "reason": (visit.reason if visit else "") or agency.reason,
            "started_at": visit.started_at if visit else None,
            "finished_at": visit.finished_at if visit else None,
            "complete": visit.complete if visit else None,
            "stopped_by": visit.stopped_by if visit else "",
            "requests": footprint.requests if footprint else None,
            "bytes": footprint.bytes if footprint else None,
            "seconds": footprint.seconds if footprint else None,
            "highest_rate": footprint.highest_rate if footprint else None,
            "refusals": footprint.refusals if footprint else None,
            "refused_for": _counted(footprint.refused_for) if footprint else "",
            "checked": len(agency.checked) if visit else None,
            "checked_gained": sum(one.gained for one in agency.checked) if visit else None,
        }


def _counted(reasons: Mapping[str, int]) -> str:
    """How often each reason was given, as ``robots.txt forbids it (2); too deep (1)``."""
    return "; ".join(f"{reason} ({count})" for reason, count in reasons.items())


def _measurements(report: ReportInput) -> Iterator[Row]:
    for agency in report.agencies:
        for measurement in agency.measurements.measurements if agency.measurements else ():
            row = measurement.model_dump()
            least, largest = measurement.spread or (None, None)
            yield {
                "agency": agency.portal.id,
                **row,
                "least": least,
                "largest": largest,
                "runs": " ".join(f"{run:.10g}" for run in measurement.runs),
            }


def _problems(report: ReportInput) -> Iterator[Row]:
    for agency in report.agencies:
        for problem in agency.problems:
            yield {"agency": agency.portal.id, **problem.model_dump()}
        for link in agency.broken_outside:
            yield {
                "agency": agency.portal.id,
                "kind": "broken_outside_link",
                "url": link.page,
                "text": link.text,
                "target": link.url,
                "reason": link.reason,
            }


def _findings(report: ReportInput, agency: AgencyInput) -> list[Any]:
    return [item.finding for item in items_of(report, agency) if item.finding]


def _document(report: ReportInput, witnesses: Witnesses, site: Site) -> dict[str, Any]:
    def dump(record: Any) -> Any:
        return record.model_dump(mode="json") if record is not None else None

    def finding(portal: str, record: Any) -> dict[str, Any]:
        data: dict[str, Any] = dump(record)
        for entry, evidence in zip(data["evidence"], record.evidence, strict=True):
            shot = witnesses.shot_of(evidence)
            entry["archived_copy"] = witnesses.copy_of(portal, evidence)
            entry["screenshot"] = f"screenshots/{shot.file}" if shot else ""
            box = shot.box if shot else None
            entry["box"] = [box.x, box.y, box.width, box.height] if box else None
        return data

    return {
        "format": FORMAT,
        "run": report.run,
        "started_at": report.started_at.isoformat(),
        "finished_at": report.finished_at.isoformat() if report.finished_at else None,
        "time_zone": report.time_zone,
        "province": dump(report.province),
        "kinds": {key: dump(names) for key, names in sorted(report.kinds.items())},
        "model": {
            "id": report.model.id,
            "version": report.model.version,
            "name": dump(report.model.name),
            "answer_order": list(report.model.answer_order),
            "stages": [dump(stage) for stage in report.model.stages],
            "groups": [dump(group) for group in report.model.groups],
            "indicators": [dump(indicator) for indicator in report.model.indicators],
        },
        "agencies": [
            {
                "portal": dump(agency.portal),
                "observed": agency.observed,
                "why_not_observed": agency.why_not_observed,
                "page": site.agency(site.languages[0], agency.portal.id),
                "visit": dump(agency.visit),
                "comparisons": [dump(one) for one in agency.comparisons],
                "hosts": [dump(host) for host in agency.hosts],
                "measurements": dump(agency.measurements),
                "scores": dump(agency.scores),
                "findings": [finding(agency.portal.id, record) for record in _findings(report, agency)],
                "problems": [dump(problem) for problem in agency.problems],
                "answers": [dump(answer) for answer in agency.answers],
            }
            for agency in report.agencies
        ],
    }
