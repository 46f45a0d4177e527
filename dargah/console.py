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
