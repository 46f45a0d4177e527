"""Findings compared with labels given by hand: the arithmetic of how well the detectors agree with people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from crawler.datafile import DataFileError, load_yaml, read_yaml
from indicators.model import Model, Scale, ScaleKind
from indicators.records import Finding

UNSURE = "unsure"
NOT_OBSERVABLE = "not_observable"
"""A label that says so: nobody can tell from the portal."""


class Label(BaseModel):
    """What a person answered. `answer` may be several levels that would all be right. Fields beyond these
    are the assessors' own notes."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    answer: str | tuple[str, ...]
    page: str = ""
    quote: str = ""
    note: str = ""

    @property
    def answers(self) -> tuple[str, ...]:
        return (self.answer,) if isinstance(self.answer, str) else self.answer


class Labels(BaseModel):
    """A labels or truth file of one portal: `start` is the path of the home page."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    site: str
    start: str
    language: str
    labels: Mapping[str, Label]

    @property
    def sure(self) -> dict[str, Label]:
        """The labels that count: those of which the assessor was sure."""
        return {name: label for name, label in self.labels.items() if UNSURE not in label.answers}


class Row(NamedTuple):
    """One labelled indicator of one portal, beside what was found."""

    portal: str
    language: str
    indicator: str
    scale: ScaleKind
    label: tuple[str, ...]
    answer: str | None
    nearest: str
    """The label nearest to the answer on the indicator's scale."""
    distance: int | None
    """How many levels lie between the two; None where nothing was observed."""
    confidence: float
    strength: float
    page: str
    """What the finding shows: the page of its first evidence, else its reason, else where it looked."""
    excerpt: str
    label_page: str
    label_quote: str
    label_note: str

    @property
    def agree(self) -> bool | None:
        """None where the detector could not observe what people could."""
        if self.answer is None:
            return True if NOT_OBSERVABLE in self.label else None
        return self.answer in self.label


class Rates(NamedTuple):
    """Over presence indicators, "yes" being what is looked for; None where nothing was there to divide by."""

    precision: float | None
    recall: float | None
    f1: float | None
    accuracy: float | None
    observed: int
    labelled: int


class Levels(NamedTuple):
    """How near the graded answers come: shares of all labelled cases, what was not observed counting as a
    miss; None without cases."""

    cases: int
    observed: int
    exact: float | None
    within_one: float | None


def read_labels(path: Path, model: Model) -> Labels:
    """Raises `crawler.datafile.DataFileError`: for what the file lacks, and for each indicator or answer that
    the model does not know."""
    labels = load_yaml(path, Labels)
    _, lines = read_yaml(path)
    known = {indicator.id for indicator in model.indicators}
    errors: list[DataFileError] = []
    for name, label in labels.labels.items():
        field = f"labels.{name}"
        if name not in known:
            mend = f"the indicators of {model.id} are listed by `dargah model`"
            errors.append(DataFileError(path, lines["labels", name], field, "is no indicator", mend))
            continue
        allowed = (*model.scale_of(name).option_ids, UNSURE, NOT_OBSERVABLE)
        wrong = [answer for answer in label.answers if answer not in allowed]
        if wrong or not label.answers:
            said = f"'{wrong[0]}' is no answer to it" if wrong else "is empty"
            line = lines["labels", name, "answer"]
            errors.append(DataFileError(path, line, f"{field}.answer", said, f"one of {', '.join(allowed)}"))
    if errors:
        errors[0].also = tuple(errors[1:])
        raise errors[0]
    return labels


def compare(portal: str, findings: Iterable[Finding], labels: Labels, model: Model) -> list[Row]:
    """One row per label that counts, in the labels' order, for what a portal can settle (hints are no
    verdicts). A label that no detector answers is a row, too: nothing was observed."""
    found = {finding.indicator: finding for finding in findings}
    return [
        _row(portal, labels.language, name, label, found.get(name), model.scale_of(name))
        for name, label in labels.sure.items()
        if model.may_settle(name)
    ]


def _row(portal: str, language: str, name: str, label: Label, finding: Finding | None, scale: Scale) -> Row:
    answer = finding.answer if finding else None
    first = finding.evidence[0] if finding and finding.evidence else None
    page = first.url if first else "no detector judges it"
    if finding and not first:
        page = finding.reason or next((place.url for place in finding.visited), "")
    order = {option: place for place, option in enumerate(scale.option_ids)}
    levels = [option for option in label.answers if option in order]
    nearest, distance = label.answers[0], None
    if answer in order and levels:
        nearest = min(levels, key=lambda option: abs(order[option] - order[answer]))
        distance = abs(order[nearest] - order[answer])
    return Row(
        portal=portal,
        language=language,
        indicator=name,
        scale=scale.kind,
        label=label.answers,
        answer=answer,
        nearest=nearest,
        distance=distance,
        confidence=finding.confidence if finding else 0.0,
        strength=finding.strength if finding else 0.0,
        page=page,
        excerpt=first.excerpt if first else "",
        label_page=label.page,
        label_quote=label.quote,
        label_note=label.note,
    )


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
    f1 = 2 * hits / (claimed + there) if claimed + there else None
    observed = [row for row in rows if row.agree is not None]
    accuracy = sum(row.agree is True for row in observed) / len(observed) if observed else None
    return Rates(precision, recall, f1, accuracy, len(observed), len(rows))


def levels(rows: Iterable[Row]) -> Levels:
    """How near the graded answers come to their labels, levels being counted along the indicator's scale."""
    graded = [row for row in rows if row.scale != "presence" and NOT_OBSERVABLE not in row.label]
    near = [row.distance for row in graded if row.distance is not None]

    def share(most: int) -> float | None:
        return sum(distance <= most for distance in near) / len(graded) if graded else None

    return Levels(len(graded), len(near), share(0), share(1))


def confusion(rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    """Label -> answer -> how often. Of several right labels the one nearest to the answer counts."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        counts[row.nearest][row.answer or NOT_OBSERVABLE] += 1
    return {label: dict(answers) for label, answers in counts.items()}
