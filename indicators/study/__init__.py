"""The reference study's figures, recomputed from its single scores.

19 agencies of Tehran province answered a questionnaire; their points for the 91 indicators are the data set
in this folder (README.md). `recompute` puts what the study published beside what its own scores give;
`baseline_answers` gives its scores back as what they were: each agency's answers about itself.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from statistics import mean, mode
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from crawler.datafile import load_yaml
from indicators.model import Id, Model, Text, load_model
from indicators.records import Answer

FOLDER = Path(__file__).parent
MODEL = "un_five_stage"
WHO = "reference study, 2021"

Agreement = Literal["exact", "rounded_up", "differs"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Agency(NamedTuple):
    number: int
    id: str
    name: Text


class ScoreRow(NamedTuple):
    """One agency's points for one indicator; `certainty` is '' for printed rows, ``exact`` or
    ``inferred`` for restored ones."""

    agency: str
    stage: int
    indicator: str
    score: float
    source_line: int
    certainty: str = ""


class Correction(_Record):
    """A systematic error of the study, undone by name and never in silence."""

    id: Id
    what: str
    why: str
    lines: tuple[int, ...]
    stage: int | None = None
    indicators: tuple[Id, ...] = ()
    except_agencies: tuple[Id, ...] = ()


class Remaining(_Record):
    """A stage total that the corrections do not explain; `difference` is published - recomputed."""

    agency: Id
    stage: int
    difference: float
    reason: str
    lines: tuple[int, ...]


class Rating(_Record):
    id: Id
    name: Text
    lowest: float = Field(alias="from")


class Corrections(_Record):
    """The file corrections.yaml."""

    corrections: tuple[Correction, ...]
    remaining: tuple[Remaining, ...]
    denominators: dict[str, tuple[float, ...]]
    denominator_note: str
    averages_note: str
    ratings: tuple[Rating, ...]
    off_grid: tuple[Id, ...]


class TotalComparison(_Record):
    """A stage total as published, as its printed rows add up, and with the corrections."""

    agency: str
    stage: int
    published: float
    rows: float
    recomputed: float
    difference: float
    """Published - recomputed; 0 where exact."""
    exact: bool
    corrections: tuple[str, ...]
    """Ids of the corrections that changed the sum."""
    reason: str = ""
    source_line: int


class PercentComparison(_Record):
    """A percentage as published, and the published total over the denominator that it must have used."""

    agency: str
    stage: int
    published: float
    total: float
    printed_maximum: float
    denominator: float
    recomputed: float
    agreement: Agreement
    """``exact`` to one decimal; ``rounded_up`` where the next tenth was printed."""
    source_line: int


class AverageComparison(_Record):
    """An average as published beside the averages that the agencies' figures give, for a stage or a group.

    `all_options` adds up the points of every option of every indicator: what the published maximum
    (`desirable`) seems to be. `maximum` is the one that the study's own tables print most often (for groups,
    the model's). `mean_of_totals` is None for groups, which have no published totals.
    """

    id: str
    desirable: float
    published_mean: float
    published_percent: float
    maximum: float
    all_options: float
    mean_of_totals: float | None
    mean_of_rows: float
    percent_of_maximum: float
    """Of the published totals' mean where there is one, else of the rows' mean."""
    source_line: int


class RatingComparison(_Record):
    agency: str
    stage: int
    percent: float
    published: str
    by_cut_off: str
    agrees: bool
    source_line: int


class StudyReport(_Record):
    """Everything the study published, beside what its single scores give."""

    totals: tuple[TotalComparison, ...]
    percentages: tuple[PercentComparison, ...]
    stage_averages: tuple[AverageComparison, ...]
    group_averages: tuple[AverageComparison, ...]
    ratings: tuple[RatingComparison, ...]
    rating_scale: tuple[Rating, ...]
    rating_ranges: dict[str, tuple[float, float]]
    """Lowest and highest percentage that earned each rating."""
    corrections: tuple[Correction, ...]
    denominator_note: str
    averages_note: str

    @property
    def unexplained(self) -> tuple[TotalComparison, ...]:
        """The totals that do not come out, with their likely reasons."""
        return tuple(total for total in self.totals if not total.exact)


def agencies() -> tuple[Agency, ...]:
    """The 19 agencies, in the study's order."""
    return tuple(
        Agency(int(row["number"]), row["agency"], Text(fa=row["name_fa"], en=row["name_en"]))
        for row in _rows("agencies.csv")
    )


def scores() -> tuple[ScoreRow, ...]:
    """All 1,729 scores: those that were printed, then those that were restored."""
    return (*_score_rows("scores.csv"), *_score_rows("restored_rows.csv"))


@cache
def corrections() -> Corrections:
    return load_yaml(FOLDER / "corrections.yaml", Corrections)


def recompute() -> StudyReport:
    """Published beside recomputed, from the data set in this folder. Pure; takes milliseconds."""
    known = corrections()
    model = load_model(MODEL)
    published = _rows("stage_totals.csv")
    all_scores = scores()
    ratings = tuple(_ratings(known.ratings))
    ranges: dict[str, list[float]] = {rating.id: [] for rating in known.ratings}
    for rating in ratings:
        ranges[rating.published].append(rating.percent)
    return StudyReport(
        totals=tuple(_totals(published, all_scores, known)),
        percentages=tuple(_percentages(published, known)),
        stage_averages=tuple(_stage_averages(model, published, all_scores)),
        group_averages=tuple(_group_averages(model, all_scores)),
        ratings=ratings,
        rating_scale=known.ratings,
        rating_ranges={name: (min(values), max(values)) for name, values in ranges.items() if values},
        corrections=known.corrections,
        denominator_note=known.denominator_note,
        averages_note=known.averages_note,
    )


def baseline_answers() -> list[Answer]:
    """What the agencies said of themselves, as 19 x 91 self-reported answers with the study's points.

    `option` is None where the points do not prove it, and `note` says why: 0 points (they may be "no", "no
    information" or no answer), points between the options, or a row that was only inferred.
    """
    model = load_model(MODEL)
    off_grid = set(corrections().off_grid)
    order = {agency.id: agency.number for agency in agencies()}
    place = {indicator.id: number for number, indicator in enumerate(model.indicators)}
    return [
        _answer(model, row, row.agency in off_grid)
        for row in sorted(scores(), key=lambda row: (order[row.agency], place[row.indicator]))
    ]


def _answer(model: Model, row: ScoreRow, off_grid: bool) -> Answer:
    option = model.option_from_points(row.indicator, row.score)
    notes = [f"row restored from the stage total ({row.certainty})"] if row.certainty else []
    if row.certainty == "inferred":
        option = None
    elif row.score == 0:
        notes.append("0 points: 'no', 'no information' or no answer")
    elif option is None:
        notes.append("points fit no option")
    elif off_grid and row.score < model.indicator(row.indicator).maximum:
        option = None
        notes.append("agency partly scored between the options: points prove none")
    if option is not None and row.score > model.indicator(row.indicator).maximum:
        notes.append("the study gave more than its own maximum")
    questions = model.indicator(row.indicator).questions
    return Answer(
        portal=row.agency,
        indicator=row.indicator,
        question=questions[0] if len(questions) == 1 else "",
        source="self_reported",
        option=option,
        points=row.score,
        who=WHO,
        note="; ".join(notes),
    )


def _totals(
    published: list[dict[str, str]], all_scores: Iterable[ScoreRow], known: Corrections
) -> Iterable[TotalComparison]:
    by_stage: dict[tuple[str, int], list[ScoreRow]] = defaultdict(list)
    for score in all_scores:
        by_stage[score.agency, score.stage].append(score)
    reasons = {(item.agency, item.stage): item.reason for item in known.remaining}
    twice = next(item for item in known.corrections if item.id == "counted_twice")
    for row in published:
        agency, stage, total = row["agency"], int(row["stage"]), float(row["total"])
        own = by_stage[agency, stage]
        printed = sum(score.score for score in own if not score.certainty)
        restored = sum(score.score for score in own if score.certainty)
        doubled = 0.0
        if stage == twice.stage and agency not in twice.except_agencies:
            doubled = sum(score.score for score in own if score.indicator in twice.indicators)
        difference = round(total - printed - restored - doubled, 6)
        yield TotalComparison(
            agency=agency,
            stage=stage,
            published=total,
            rows=round(printed, 6),
            recomputed=round(printed + restored + doubled, 6),
            difference=difference,
            exact=difference == 0,
            corrections=tuple(
                name for name, change in (("restored_rows", restored), (twice.id, doubled)) if change
            ),
            reason="" if difference == 0 else reasons.get((agency, stage), "Unexplained."),
            source_line=int(row["source_line"]),
        )


def _percentages(published: list[dict[str, str]], known: Corrections) -> Iterable[PercentComparison]:
    for row in published:
        total, percent = float(row["total"]), float(row["percent"])
        off = {
            denominator: abs(100 * total / denominator - percent)
            for denominator in known.denominators[row["stage"]]
        }
        denominator = min(off, key=lambda value: off[value])
        recomputed = 100 * total / denominator
        agreement: Agreement = "differs"
        if off[denominator] <= 0.05 + 1e-9:
            agreement = "exact"
        elif 0 < percent - recomputed < 0.1:
            agreement = "rounded_up"
        yield PercentComparison(
            agency=row["agency"],
            stage=int(row["stage"]),
            published=percent,
            total=total,
            printed_maximum=float(row["printed_maximum"]),
            denominator=denominator,
            recomputed=round(recomputed, 2),
            agreement=agreement,
            source_line=int(row["source_line"]),
        )


def _stage_averages(
    model: Model, published: list[dict[str, str]], all_scores: tuple[ScoreRow, ...]
) -> Iterable[AverageComparison]:
    for row in _rows("stage_averages.csv"):
        stage = next(stage for stage in model.stages if stage.number == int(row["stage"]))
        own = {indicator.id for indicator in model.in_stage(stage.id)}
        printed = [total for total in published if total["stage"] == row["stage"]]
        totals = mean(float(total["total"]) for total in printed)
        maximum = mode(float(total["printed_maximum"]) for total in printed)
        yield _average(row, stage.id, own, totals, maximum, model, all_scores)


def _group_averages(model: Model, all_scores: tuple[ScoreRow, ...]) -> Iterable[AverageComparison]:
    for row in _rows("group_averages.csv"):
        own = {indicator.id for indicator in model.indicators if indicator.group == row["group"]}
        maximum = sum(model.indicator(indicator).maximum for indicator in own)
        yield _average(row, row["group"], own, None, maximum, model, all_scores)


def _average(
    row: dict[str, str],
    name: str,
    own: set[str],
    mean_of_totals: float | None,
    maximum: float,
    model: Model,
    all_scores: tuple[ScoreRow, ...],
) -> AverageComparison:
    indicators = [model.indicator(indicator) for indicator in own]
    rows = sum(score.score for score in all_scores if score.indicator in own) / len(agencies())
    return AverageComparison(
        id=name,
        desirable=float(row["desirable"]),
        published_mean=float(row["mean"]),
        published_percent=float(row["percent"]),
        maximum=round(maximum, 6),
        all_options=round(
            sum(worth.points for indicator in indicators for worth in indicator.points.values()), 6
        ),
        mean_of_totals=None if mean_of_totals is None else round(mean_of_totals, 2),
        mean_of_rows=round(rows, 2),
        percent_of_maximum=round(100 * (rows if mean_of_totals is None else mean_of_totals) / maximum, 1),
        source_line=int(row["source_line"]),
    )


def _ratings(scale: tuple[Rating, ...]) -> Iterable[RatingComparison]:
    for row in _rows("ratings.csv"):
        percent = float(row["percent"])
        by_cut_off = max((rating for rating in scale if percent >= rating.lowest), key=lambda r: r.lowest)
        yield RatingComparison(
            agency=row["agency"],
            stage=int(row["stage"]),
            percent=percent,
            published=row["rating"],
            by_cut_off=by_cut_off.id,
            agrees=by_cut_off.id == row["rating"],
            source_line=int(row["source_line"]),
        )


@cache
def _score_rows(name: str) -> tuple[ScoreRow, ...]:
    return tuple(
        ScoreRow(
            row["agency"],
            int(row["stage"]),
            row["indicator"],
            float(row["score"]),
            int(row["source_line"]),
            row.get("certainty", ""),
        )
        for row in _rows(name)
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
