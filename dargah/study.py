"""`dargah study`: what the reference study published, beside what its single scores give."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from indicators.study import AverageComparison, StudyReport, baseline_answers, recompute

__all__ = ["baseline_answers", "recompute", "render", "study", "to_json"]

WIDTH = 120
"""Columns of the tables where there is no terminal to fit."""


def study(json_output: bool = False) -> int:
    """Prints the study recomputed, as tables or as one JSON document; returns the exit status, 0."""
    report = recompute()
    if json_output:
        sys.stdout.write(json.dumps(to_json(report), ensure_ascii=False, indent=2) + "\n")
        return 0
    console = Console()
    if not console.is_terminal:
        console.width = WIDTH
    for part in render(report):
        console.print(part)
    return 0


def to_json(report: StudyReport) -> dict[str, Any]:
    """The whole report as plain values, with the counts that sum it up."""
    return {
        "summary": {
            "totals": len(report.totals),
            "totals_exact": sum(total.exact for total in report.totals),
            "totals_exact_without_corrections": sum(
                abs(total.published - total.rows) < 1e-6 for total in report.totals
            ),
            "percentages": dict(Counter(percent.agreement for percent in report.percentages)),
            "ratings": len(report.ratings),
            "ratings_by_cut_off": sum(rating.agrees for rating in report.ratings),
        },
        **report.model_dump(mode="json"),
    }


def render(report: StudyReport) -> Iterator[RenderableType]:
    """The report as things that rich can print, in the order of the argument."""
    summary = to_json(report)["summary"]
    yield Text("The reference study, recomputed from its single scores", style="bold")
    yield ""
    yield _totals(report)
    yield _indented(
        f"{summary['totals_exact']} of {summary['totals']} stage totals come out exactly "
        f"({summary['totals_exact_without_corrections']} without the corrections). "
        "A star marks a total with a correction, a cross one that does not come out."
    )
    yield Text("Corrections", style="bold")
    for correction in report.corrections:
        lines = ", ".join(map(str, correction.lines))
        yield _indented(f"{correction.id}: {correction.what} {correction.why} (Report, lines {lines}.)")
    yield _unexplained(report)
    yield ""
    yield _denominators(report)
    yield _indented(report.denominator_note)
    for percent in report.percentages:
        if percent.agreement != "exact":
            said = "the next tenth was printed" if percent.agreement == "rounded_up" else "not reproduced"
            yield _indented(
                f"{percent.agency}, stage {percent.stage}: {percent.published:g}% published, "
                f"{percent.total:g} / {percent.denominator:g} = {percent.recomputed:.2f}%: {said} "
                f"(line {percent.source_line})."
            )
    yield ""
    yield _averages("Averages by stage", report.stage_averages)
    yield _averages("Averages by group", report.group_averages)
    yield _indented(report.averages_note)
    yield ""
    yield _ratings(report)
    yield _indented(
        f"These cut-offs give {summary['ratings_by_cut_off']} of {summary['ratings']} ratings back; "
        "the ranges overlap, so none can give all."
    )


def _totals(report: StudyReport) -> Table:
    table = Table(title="Stage totals: published / recomputed", title_justify="left")
    table.add_column("agency", no_wrap=True)
    stages = sorted({total.stage for total in report.totals})
    for stage in stages:
        table.add_column(f"stage {stage}", justify="right")
    by_place = {(total.agency, total.stage): total for total in report.totals}
    for agency in dict.fromkeys(total.agency for total in report.totals):
        cells = []
        for stage in stages:
            total = by_place[agency, stage]
            mark = "✗" if not total.exact else "*" if total.corrections else " "
            style = "" if total.exact else "bold red"
            cells.append(Text(f"{total.published:g} / {total.recomputed:g} {mark}", style=style))
        table.add_row(agency, *cells)
    return table


def _unexplained(report: StudyReport) -> Table:
    table = Table(title="Totals that do not come out", title_justify="left")
    for name in ("agency", "stage", "published", "recomputed", "difference", "line"):
        table.add_column(name, justify="left" if name == "agency" else "right", no_wrap=True)
    table.add_column("likely reason")
    for total in report.unexplained:
        table.add_row(
            total.agency,
            str(total.stage),
            f"{total.published:g}",
            f"{total.recomputed:g}",
            f"{total.difference:+g}",
            str(total.source_line),
            total.reason,
        )
    return table


def _denominators(report: StudyReport) -> Table:
    table = Table(title="What the published percentages divide by", title_justify="left")
    for name in ("stage", "denominator", "agencies", "exact", "rounded up", "not reproduced"):
        table.add_column(name, justify="right")
    counts = Counter(
        (percent.stage, percent.denominator, percent.agreement) for percent in report.percentages
    )
    for stage, denominator in dict.fromkeys(
        (stage, denominator) for stage, denominator, _ in sorted(counts, key=lambda key: key[:2])
    ):
        exact, rounded, differs = (
            counts[stage, denominator, "exact"],
            counts[stage, denominator, "rounded_up"],
            counts[stage, denominator, "differs"],
        )
        total = exact + rounded + differs
        table.add_row(str(stage), f"{denominator:g}", *map(str, (total, exact, rounded, differs)))
    return table


def _averages(title: str, averages: tuple[AverageComparison, ...]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("", no_wrap=True)
    for name in (
        "published mean",
        "over",
        "published %",
        "mean of totals",
        "mean of rows",
        "maximum",
        "% of maximum",
        "all options added",
    ):
        table.add_column(name, justify="right")
    for average in averages:
        table.add_row(
            average.id,
            f"{average.published_mean:.2f}",
            f"{average.desirable:g}",
            f"{average.published_percent:.1f}",
            "" if average.mean_of_totals is None else f"{average.mean_of_totals:.2f}",
            f"{average.mean_of_rows:.2f}",
            f"{average.maximum:g}",
            f"{average.percent_of_maximum:.1f}",
            f"{average.all_options:g}",
        )
    return table


def _ratings(report: StudyReport) -> Table:
    table = Table(title="Verbal ratings and the percentages that earned them", title_justify="left")
    for name in ("rating", "lowest", "highest", "cut-off from", "given", "of these by cut-off"):
        table.add_column(name, justify="left" if name == "rating" else "right")
    for rating in report.rating_scale:
        low, high = report.rating_ranges[rating.id]
        given = [item for item in report.ratings if item.published == rating.id]
        table.add_row(
            rating.name.en,
            f"{low:g}%",
            f"{high:g}%",
            f"{rating.lowest:g}%",
            str(len(given)),
            str(sum(item.agrees for item in given)),
        )
    return table


def _indented(text: str) -> RenderableType:
    return Padding(Text(text), (0, 0, 0, 2))
