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


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def fail(message: str, status: int) -> NoReturn:
    """Says what is wrong on standard error and ends with the status."""
    Console(stderr=True).print(Text(message), soft_wrap=True)
    raise SystemExit(status)


def show_evaluation(result: dict[str, Any]) -> None:
    """Prints a comparison with labels: counts by portal, then each disagreement with both sides."""
    console = Console()
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("portal")
    for name in ("labelled", "agree", "disagree", "not observable"):
        table.add_column(name, justify="right")
    for portal, counts in result["portals"].items():
        table.add_row(portal, *map(str, counts.values()))
    console.print(table)
    shown = {k: f"{v:.2f}" if isinstance(v, float) else v for k, v in result["rates"].items()}
    console.print(", ".join(f"{name} {value}" for name, value in shown.items()), highlight=False)
    for item in result["disagreements"]:
        answer = item["answer"] or "not observable"
        console.print(
            Text.assemble(
                (f"{item['portal']} {item['indicator']}", "bold"),
                f": label {'/'.join(item['label'])} ({item['label_page'] or 'no page'}),"
                f" found {answer} ({item['confidence']:.2f}): {item['found_on']}"
                + (f" “{item['excerpt'][:120]}”" if item["excerpt"] else ""),
            ),
            soft_wrap=True,
        )


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
                f": {item['page']} “{item['excerpt'][:120]}”; instead: {item['found'][:200]}",
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
            line.append(f"  {text.splitlines()[0][:200]}", style)
        self.console.print(line, soft_wrap=True)

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        now = time.monotonic()
        for (portal, step), (started, text) in self.running.items():
            name = portal if portal != WHOLE_RUN else ""
            table.add_row(f"… {VERBS[step]} {name}", f"{now - started:.0f} s", Text(text[:100], "dim"))
        return table
