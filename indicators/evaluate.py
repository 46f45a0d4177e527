"""Findings compared with labels given by hand: the arithmetic of how well the detectors agree with people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from crawler.datafile import load_yaml
from indicators.records import Finding

UNSURE = "unsure"
NOT_OBSERVABLE = "not_observable"
"""A label that says so: nobody can tell from the portal."""


class Label(BaseModel):
    """What a person answered. `answer` may be several levels that would all be right."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answer: str | tuple[str, ...]
    page: str = ""
    quote: str = ""
    note: str = ""

    @property
    def answers(self) -> tuple[str, ...]:
        return (self.answer,) if isinstance(self.answer, str) else self.answer


class Labels(BaseModel):
    """A labels or truth file of one portal: `start` is the path of the home page."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    site: str
    start: str
    language: str
    reachable_pages_looked_at: int | None = None
    labels: Mapping[str, Label]


class Row(NamedTuple):
    """One indicator of one portal. `agree` is None where the detector could not observe what people could."""

    portal: str
    indicator: str
    label: tuple[str, ...]
    answer: str | None
    agree: bool | None
    confidence: float
    page: str
    """What the finding shows: its first evidence, else its reason."""
    label_page: str
    excerpt: str


class Rates(NamedTuple):
    """Over presence indicators, "yes" being what is looked for; None where nothing was there to divide by."""

    precision: float | None
    recall: float | None
    f1: float | None
    accuracy: float | None
    observed: int
    labelled: int


def read_labels(path: Path) -> Labels:
    """Raises `crawler.datafile.DataFileError`."""
    return load_yaml(path, Labels)


def compare(findings: Iterable[Finding], labels: Labels) -> list[Row]:
    """One row per indicator with both a finding and a label other than 'unsure', in the findings' order."""
    rows = []
    for finding in findings:
        label = labels.labels.get(finding.indicator)
        if label is None or UNSURE in label.answers:
            continue
        first: Any = finding.evidence[0] if finding.evidence else None
        rows.append(
            Row(
                finding.portal,
                finding.indicator,
                label.answers,
                finding.answer,
                _agrees(finding.answer, label.answers),
                finding.confidence,
                first.url if first else finding.reason,
                label.page,
                first.excerpt if first else "",
            )
        )
    return rows


def _agrees(answer: str | None, label: tuple[str, ...]) -> bool | None:
    if answer is None:
        return True if NOT_OBSERVABLE in label else None
    return answer in label


def rates(rows: Iterable[Row]) -> Rates:
    """Precision, recall and F1 of "yes" over rows whose label is yes or no, accuracy over all observed rows.
    What was not observable lowers recall where the label is "yes", as it would for a reader."""
    rows = list(rows)
    judged = [row for row in rows if row.label in (("yes",), ("no",))]
    hits = sum(row.answer == "yes" and row.label == ("yes",) for row in judged)
    claimed = sum(row.answer == "yes" for row in judged)
    there = sum(row.label == ("yes",) for row in judged)
    precision = hits / claimed if claimed else None
    recall = hits / there if there else None
    f1 = 2 * precision * recall / (precision + recall) if precision and recall else None
    observed = [row for row in rows if row.agree is not None]
    accuracy = sum(row.agree is True for row in observed) / len(observed) if observed else None
    return Rates(precision, recall, f1, accuracy, len(observed), len(rows))
