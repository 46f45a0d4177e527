"""A run compared with labels given by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from dargah.results import read_findings
from dargah.runs import RunFolder
from indicators.evaluate import Row, compare, rates, read_labels


def labels_file(folder: Path, portal: str) -> Path | None:
    """The labels of a portal: ``<folder>/<portal>.yaml`` or ``<folder>/<portal>/truth.yaml``."""
    places = (folder / f"{portal}.yaml", folder / portal / "truth.yaml")
    return next((place for place in places if place.is_file()), None)


def evaluate_run(run: RunFolder, portals: Iterable[str], labels: Path) -> dict[str, list[Row]]:
    """Rows by portal, for the portals that have both findings and labels.

    Raises `crawler.datafile.DataFileError` where a labels file cannot be used.
    """
    rows: dict[str, list[Row]] = {}
    for portal in portals:
        file, findings = labels_file(labels, portal), run.portal(portal).findings
        if file is not None and findings.is_file():
            rows[portal] = compare(read_findings(findings), read_labels(file))
    return rows


def summary(run_id: str, rows: dict[str, list[Row]]) -> dict[str, Any]:
    """What ``dargah evaluate --json`` prints; docs/commands.md has its shape."""
    every = [row for of_portal in rows.values() for row in of_portal]
    by_indicator: dict[str, list[Row]] = {}
    for row in every:
        by_indicator.setdefault(row.indicator, []).append(row)
    return {
        "run": run_id,
        "portals": {portal: _counts(of_portal) for portal, of_portal in rows.items()},
        "indicators": {indicator: _counts(found) for indicator, found in by_indicator.items()},
        "rates": rates(every)._asdict(),
        "disagreements": [
            {
                "portal": row.portal,
                "indicator": row.indicator,
                "label": list(row.label),
                "answer": row.answer,
                "confidence": row.confidence,
                "label_page": row.label_page,
                "found_on": row.page,
                "excerpt": row.excerpt,
            }
            for row in every
            if not row.agree
        ],
    }


def _counts(rows: Sequence[Row]) -> dict[str, int]:
    return {
        "labelled": len(rows),
        "agree": sum(row.agree is True for row in rows),
        "disagree": sum(row.agree is False for row in rows),
        "not_observable": sum(row.agree is None for row in rows),
    }
