"""A run compared with labels given by hand: an earlier run, or one of saved portals made for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from dargah.agencies import load_agencies
from dargah.corpus import SavedPortal, agencies_of
from dargah.pipeline import Event, Options, Outcome, Pipeline, RunError, start_run
from dargah.results import read_findings
from dargah.runs import RunFolder
from dargah.saved_portals import serve
from dargah.store import Store
from indicators.calibration import Judged, brier, fit, left_out, reliability
from indicators.detector import all_detectors
from indicators.evaluate import UNSURE, Labels, Row, compare, confusion, levels, rates, read_labels
from indicators.model import Model


def labels_file(folder: Path, portal: str) -> Path | None:
    """The labels of a portal: ``<folder>/<portal>.yaml`` or ``<folder>/<portal>/truth.yaml``."""
    places = (folder / f"{portal}.yaml", folder / portal / "truth.yaml")
    return next((place for place in places if place.is_file()), None)


def labels_of(portals: Iterable[str], folder: Path, model: Model) -> dict[str, Labels]:
    """The labels of those portals that have any.

    Raises `crawler.datafile.DataFileError` where a labels file cannot be used.
    """
    files = {portal: labels_file(folder, portal) for portal in portals}
    return {portal: read_labels(file, model) for portal, file in files.items() if file is not None}


def begin(store: Store, home: Path, corpus: Path, sites: Sequence[SavedPortal], model: Model) -> str:
    """Begins a run of the corpus: its ports are chosen now, and kept."""
    with serve({site.id: site.folder for site in sites}) as addresses, TemporaryDirectory() as folder:
        file = Path(folder) / "agencies.yaml"
        file.write_text(agencies_of(corpus, sites, addresses), encoding="utf-8")
        return start_run(store, home, file, load_agencies(file), model.id, listed_in=str(corpus))


def judge(
    store: Store,
    home: Path,
    run_id: str,
    sites: Sequence[SavedPortal],
    jobs: int | None,
    listen: Callable[[Event], None],
) -> Outcome:
    """Visits what the run has not visited yet, on loopback, and judges all of it anew.

    The portals are served on the ports that the run knows; where nothing is left to visit, nothing is served.
    Raises RunError for a run that is not of these sites, SavedPortalsError where a port is taken.
    """
    options = Options(jobs, lighthouse_pages=0, only=frozenset(site.id for site in sites))
    pipeline = Pipeline(store, home, run_id, options, listen)
    measured = frozenset(site.id for site in sites if needs_measuring(site.labels))
    pending = {
        (s.portal, s.step) for s in store.steps(run_id) if s.state != "done" and s.portal in options.only
    }
    to_visit = {portal for portal, step in pending if step == "crawl"}
    to_visit |= {portal for portal, step in pending if step == "measure" and portal in measured}
    failed: dict[tuple[str, str], str] = {}
    with ExitStack() as stack:
        if to_visit:
            ports = {a.id: urlsplit(a.start).port or 0 for a in pipeline.agencies.agencies}
            stack.enter_context(serve({s.id: s.folder for s in sites if s.id in to_visit}, ports))
            failed |= pipeline.go(["crawl"], again=False).failed
            if measured:
                only = replace(options, only=measured)
                failed |= Pipeline(store, home, run_id, only, listen).go(["measure"], again=False).failed
    outcome = pipeline.go(["detect"], again=True)
    return replace(outcome, failed=failed | outcome.failed, unverified=())


def needs_measuring(labels: Labels) -> bool:
    """Whether a label asks for something that is judged by measurements in a browser."""
    known = all_detectors()
    return any(name in known and known[name].measured for name in labels.sure)


def rows_of(run: RunFolder, labels: Mapping[str, Labels], model: Model) -> dict[str, list[Row]]:
    """Rows by portal, for the portals that have both findings and labels. Our pages are told as paths of
    their portal, as the labels tell theirs."""
    starts = {a.id: a.start for a in load_agencies(run.agencies).agencies}
    rows: dict[str, list[Row]] = {}
    for portal, own in labels.items():
        findings = run.portal(portal).findings
        if findings.is_file():
            root = "{0.scheme}://{0.netloc}/".format(urlsplit(starts[portal]))
            rows[portal] = [
                row._replace(page=row.page.replace(root, "/"))
                for row in compare(portal, read_findings(findings), own, model)
            ]
    return rows


def summary(run_id: str, rows: Mapping[str, list[Row]], labels: Mapping[str, Labels]) -> dict[str, Any]:
    """What ``dargah evaluate --json`` prints; docs/commands.md has its shape."""
    every = [row for of_portal in rows.values() for row in of_portal]
    unsure = sum(UNSURE in label.answers for own in labels.values() for label in own.labels.values())
    graded = [row for row in every if row.scale != "presence"]
    stated = judged(every)
    return {
        "run": run_id,
        "rates": rates(every)._asdict(),
        "graded": levels(every)._asdict(),
        "coverage": _counts(every) | {"unsure": unsure},
        "portals": _each(every, lambda row: row.portal),
        "languages": _each(every, lambda row: row.language),
        "indicators": _each(every, lambda row: row.indicator),
        "confusion": {name: confusion(own) for name, own in _by(graded, lambda row: row.indicator).items()},
        "calibration": {"brier": brier(stated), "bins": [bin_._asdict() for bin_ in reliability(stated)]},
        "disagreements": [_both_sides(row) for row in every if row.agree is False],
        "not_observed": [_both_sides(row) for row in every if row.agree is None],
    }


def judged(rows: Iterable[Row], by: str = "confidence") -> list[Judged]:
    """Confidence (or `by`="strength") of each verdict that was given, and whether it was right."""
    return [(getattr(row, by), row.agree is True) for row in rows if row.answer is not None]


def calibrated(rows: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    """What these labels make of the detectors' strengths, and how well that holds for portals left out.

    Raises RunError where there is no verdict, or findings are so old that they state no strength.
    """
    strengths = [strength for own in rows.values() for strength, _ in judged(own, "strength")]
    if not all(strengths) or not strengths:
        raise RunError("the findings state no strength to calibrate; judge the run anew: dargah detect RUN")
    by_portal = {portal: judged(own, "strength") for portal, own in rows.items()}
    unseen = left_out(by_portal)
    return {
        "levels": [level.model_dump() for level in fit(item for own in by_portal.values() for item in own)],
        "left_out": {"brier": brier(unseen), "bins": [bin_._asdict() for bin_ in reliability(unseen)]},
    }


def calibration_file(levels: Sequence[Mapping[str, float]], rows: Mapping[str, Sequence[Row]]) -> str:
    """The text of an indicators/calibration.yaml."""
    verdicts = sum(int(level["verdicts"]) for level in levels)
    languages = sorted({row.language for own in rows.values() for row in own})
    lines = [
        "# Made by `dargah evaluate ... --calibrate`: counted, not chosen. docs/detectors.md says how.",
        "reason: verdicts of a detector's strength were right this often; few verdicts promise little",
        f"source: {verdicts} labelled verdicts on {len(rows)} portals in {', '.join(languages)}",
        "levels:",
    ]
    lines += [
        "  - {" + ", ".join(f"{name}: {value:g}" for name, value in level.items()) + "}" for level in levels
    ]
    return "\n".join(lines) + "\n"


def _by(rows: Iterable[Row], key: Callable[[Row], str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def _each(rows: Iterable[Row], key: Callable[[Row], str]) -> dict[str, dict[str, Any]]:
    """Counts and rates of each group of rows."""
    groups = _by(rows, key)
    return {name: _counts(own) | _shares(own) for name, own in groups.items()}


def _counts(rows: Sequence[Row]) -> dict[str, int]:
    return {
        "labelled": len(rows),
        "observed": sum(row.agree is not None for row in rows),
        "agree": sum(row.agree is True for row in rows),
        "disagree": sum(row.agree is False for row in rows),
        "not_observable": sum(row.agree is None for row in rows),
    }


def _shares(rows: Sequence[Row]) -> dict[str, float | None]:
    found, near = rates(rows), levels(rows)
    return {
        "precision": found.precision,
        "recall": found.recall,
        "f1": found.f1,
        "exact": near.exact,
        "within_one": near.within_one,
    }


def _both_sides(row: Row) -> dict[str, Any]:
    return {
        "portal": row.portal,
        "indicator": row.indicator,
        "label": list(row.label),
        "answer": row.answer,
        "confidence": row.confidence,
        "label_page": row.label_page,
        "label_quote": row.label_quote,
        "label_note": row.label_note,
        "found_on": row.page,
        "excerpt": row.excerpt,
    }
