"""What the command prints: progress, errors, JSON."""

from __future__ import annotations

import json
import sys
import time
from typing import Any, NoReturn, Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from dargah.pipeline import Event
from dargah.store import WHOLE_RUN, Step

VERBS: dict[Step, str] = {
    "crawl": "visiting",
    "measure": "measuring",
    "detect": "judging",
    "score": "scoring",
    "report": "writing the report",
}


WIDTH = 110
"""Columns that a table of rates needs, whatever the terminal or pipe says of itself."""

RATE_COLUMNS = ("labelled", "observed", "agree", "precision", "recall", "f1", "exact", "within_one")


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


JOINERS = "\u200c\u200d"
"""The half-space of Persian words and its like: not printable, but part of what was written."""


def plain(text: str) -> str:
    """Text that came from a portal, on one line and without what a terminal would take for a command."""
    one_line = (" " if c.isspace() else c for c in text)
    return "".join(c if c.isprintable() or c in JOINERS else "�" for c in one_line)


def fail(message: str, status: int) -> NoReturn:
    """Says what is wrong on standard error and ends with the status."""
    Console(stderr=True).print(Text(message), soft_wrap=True)
    raise SystemExit(status)


def show_evaluation(result: dict[str, Any]) -> None:
    """Prints a comparison with labels: rates by portal, language and indicator, confusions, what confidences
    are worth, then each disagreement with both sides."""
    console = Console(width=max(Console().width, WIDTH))
    for part in ("portals", "languages", "indicators"):
        _show_rates(console, part.removesuffix("s"), result[part])
    for indicator, counts in result["confusion"].items():
        pairs = [
            f"{label} → {answer} {count}" for label, own in counts.items() for answer, count in own.items()
        ]
        console.print(Text.assemble((indicator, "bold"), ": ", ", ".join(pairs)), soft_wrap=True)
    for name in ("rates", "graded", "coverage"):
        shown = ", ".join(f"{key} {_number(value)}" for key, value in result[name].items())
        console.print(Text.assemble((name, "bold"), ": ", shown), soft_wrap=True)
    _show_reliability(console, "confidence", result["calibration"])
    if learnt := result.get("calibrated"):
        _show_reliability(console, "calibrated, portal left out", learnt["left_out"])
    for item in (*result["disagreements"], *result["not_observed"]):
        answer = item["answer"] or "not observable"
        console.print(
            Text.assemble(
                (f"{item['portal']} {item['indicator']}", "bold"),
                f": label {'/'.join(item['label'])}, found {answer} ({item['confidence']:.2f})\n"
                f"    label: {item['label_page'] or 'no page'} {_quoted(item['label_quote'])}\n"
                f"    found: {plain(item['found_on'])} {_quoted(item['excerpt'])}",
            ),
            soft_wrap=True,
        )
    console.print(f"Run {result['run']}", highlight=False)


def _show_rates(console: Console, name: str, groups: dict[str, dict[str, Any]]) -> None:
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column(name, no_wrap=True)
    for column in RATE_COLUMNS:
        table.add_column(column.replace("_", " "), justify="right", no_wrap=True)
    for group, values in groups.items():
        table.add_row(group, *(_number(values[column]) for column in RATE_COLUMNS))
    console.print(table)


def _show_reliability(console: Console, name: str, found: dict[str, Any]) -> None:
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for column in (name, "verdicts", "right", "stated", "share right", "95 %"):
        table.add_column(column, justify="left" if column == name else "right")
    for row in found["bins"]:
        table.add_row(
            f"{row['low']:.1f} to {row['high']:.1f}",
            str(row["verdicts"]),
            str(row["right"]),
            _number(row["stated"]),
            _number(row["share"]),
            f"{_number(row['share_low'])} to {_number(row['share_high'])}",
        )
    table.add_row("Brier score", "", "", "", _number(found["brier"], 3), "")
    console.print(table)


def _number(value: float | None, digits: int = 2) -> str:
    return "" if value is None else f"{value:.{digits}f}" if isinstance(value, float) else str(value)


def _quoted(text: str) -> str:
    return f"“{plain(text[:120])}”" if text else ""


def show_visits(visits: list[dict[str, Any]]) -> None:
    """Prints what became of each portal: a line each, and below it what was refused."""
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("portal", "start page", "pages", "files", "requests", "MB", "seconds", "stopped by"):
        table.add_column(name, justify="right" if name in ("requests", "MB", "seconds") else "left")
    for visit in visits:
        outcome = visit["outcome"] or "not visited"
        start = Text(outcome, "green" if outcome == "ok" else "yellow")
        if visit["reason"] and visit["outcome"]:
            start.append(f": {plain(visit['reason'])}", "default")
        table.add_row(
            visit["portal"], start, _counts(visit["pages"]), _counts(visit["files"]), str(visit["requests"]),
            f"{visit['bytes'] / 1e6:.2f}", f"{visit['seconds']:.1f}", visit["stopped_by"],
        )  # fmt: skip
        for reason, count in visit["refusals"].items():
            table.add_row("", Text(f"{count} not asked for: {plain(reason)}", "dim"))
    Console().print(table)


def _counts(outcomes: dict[str, int]) -> str:
    """``12 ok, 1 soft_404``, the most frequent first."""
    return ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items())


def show_verification(result: dict[str, Any]) -> None:
    """Prints how much of each portal's evidence is confirmed, then everything that is not."""
    console = Console()
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("portal")
    for name in ("evidence", "confirmed"):
        table.add_column(name, justify="right")
    for portal, counts in result["portals"].items():
        table.add_row(portal, str(counts["evidence"]), str(counts["confirmed"]))
    console.print(table)
    for portal in result["not_judged"]:
        console.print(f"[yellow]not judged yet[/]  {portal}", highlight=False)
    for item in result["mismatches"]:
        console.print(
            Text.assemble(
                (f"{item['portal']} {item['indicator']}", "bold"),
                (f": {item['what']}", "red"),
                f": {plain(item['page'])} {_quoted(item['excerpt'])}; instead: {plain(item['found'][:200])}",
            ),
            soft_wrap=True,
        )


class Progress:
    """Shows on standard error what each portal is at: live on a terminal, a line per step elsewhere."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.console = Console(stderr=True, quiet=quiet)
        self.live = Live(console=self.console, refresh_per_second=4, transient=True)
        self.running: dict[tuple[str, Step], tuple[float, str]] = {}

    def __enter__(self) -> Self:
        if self.console.is_terminal:
            self.live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.console.is_terminal:
            self.live.stop()

    def hear(self, event: Event) -> None:
        """Takes one event of the pipeline."""
        portal, step, kind, text = event
        key = (portal, step)
        if kind == "start":
            self.running[key] = (time.monotonic(), "")
        elif kind == "progress" and key in self.running:
            self.running[key] = (self.running[key][0], text)
        elif kind in ("done", "failed"):
            started, _ = self.running.pop(key, (time.monotonic(), ""))
            self._line(portal, step, kind, text, time.monotonic() - started)
        if self.console.is_terminal:
            self.live.update(self._table())

    def _line(self, portal: str, step: Step, kind: str, text: str, seconds: float) -> None:
        mark = {"done": "✓", "failed": "✗"}[kind] if not (kind == "done" and text) else "!"
        style = {"✓": "green", "✗": "red", "!": "yellow"}[mark]
        line = Text.assemble(
            (mark, style), f" {VERBS[step]} {portal}".rstrip(), (f"  {seconds:.1f} s", "dim")
        )
        if text:
            line.append(f"  {plain(text.splitlines()[0][:200])}", style)
        self.console.print(line, soft_wrap=True)

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        now = time.monotonic()
        for (portal, step), (started, text) in self.running.items():
            name = portal if portal != WHOLE_RUN else ""
            table.add_row(f"… {VERBS[step]} {name}", f"{now - started:.0f} s", Text(plain(text[:100]), "dim"))
        return table
