"""``python -m tests.odd``: lets `dargah crawl` visit the odd portals, and says what became of each.

With ``serve``, only serves them, until Ctrl-C;
with ``table``, only prints what docs/crawling.md holds. Exit status 1 if anything is not as the catalogue
says.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dargah.runs import RunFolder
from tests.odd.catalogue import Answered, Odd, catalogue
from tests.odd.compare import differences
from tests.odd.server import NETWORK, Served, serve

ROOT = Path(__file__).parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.odd", description=__doc__)
    parser.add_argument("command", nargs="?", choices=("crawl", "serve", "table"), default="crawl")
    parser.add_argument("--only", action="append", metavar="ID", help="only this portal; may be repeated")
    parser.add_argument("--home", type=Path, help="keep captures and addresses here (default: nowhere)")
    parser.add_argument("--json", action="store_true", help="print JSON for machines")
    chosen = parser.parse_args()
    if chosen.command == "table":
        print(table_for_docs())
        return 0
    if unknown := set(chosen.only or ()) - {odd.id for odd in catalogue()}:
        parser.error(f"no odd portal is called {', '.join(sorted(unknown))}")
    odds = [odd for odd in catalogue() if not chosen.only or odd.id in chosen.only]
    with tempfile.TemporaryDirectory() as temporary:
        home: Path = chosen.home or Path(temporary)
        with serve(odds, home) as served:
            if chosen.command == "serve":
                return _wait(served, home)
            return _crawl(odds, served, home, as_json=chosen.json)


def environment(home: Path) -> dict[str, str]:
    """What a process needs to find the odd portals by name, and nothing beyond them."""
    paths = [str(NETWORK), str(ROOT)]
    return {**os.environ, "ODD_NETWORK": str(home / "network.json"), "PYTHONPATH": os.pathsep.join(paths)}


def _wait(served: dict[str, Served], home: Path) -> int:
    for item in served.values():
        print(f"{item.odd.id:26} {item.start}")
    print(f"\nODD_NETWORK={home / 'network.json'} PYTHONPATH={NETWORK} \\")
    print(f"  dargah crawl --agencies {home / 'agencies.yaml'}")
    print("Ctrl-C ends it.", flush=True)
    try:
        while True:
            time.sleep(3_600)
    except KeyboardInterrupt:
        return 0


def _crawl(odds: list[Odd], served: dict[str, Served], home: Path, *, as_json: bool) -> int:
    command = [sys.executable, "-m", "dargah", "crawl", "--agencies", str(home / "agencies.yaml")]
    done = subprocess.run(
        [*command, "--home", str(home / "runs"), "--json"],
        stdout=subprocess.PIPE, env=environment(home), cwd=ROOT,
    )  # fmt: skip
    run = json.loads(done.stdout)
    visits = {visit["portal"]: visit for visit in run["visits"]}
    folder = RunFolder(home / "runs" / run["id"])
    rows = [
        {
            "portal": odd.id,
            "what": odd.what,
            "expected": _expected(odd),
            **visits[odd.id],
            "differences": differences(served[odd.id], folder.portal(odd.id).capture, browser=True),
        }
        for odd in odds
    ]
    wrong = sum(bool(row["differences"]) for row in rows)
    if as_json:
        print(json.dumps({"portals": rows, "wrong": wrong}, ensure_ascii=False, indent=1))
    else:
        _show(rows, wrong)
    return 1 if wrong else 0


def _expected(odd: Odd) -> str:
    return " or ".join(_outcomes(odd.expected.start))


def _outcomes(answered: Answered) -> tuple[str, ...]:
    return answered.outcome if isinstance(answered.outcome, tuple) else (answered.outcome,)


def table_for_docs() -> str:
    """The catalogue as docs/crawling.md shows it."""
    lines = ["| portal | what it does | what becomes of it |", "|---|---|---|"]
    for odd in catalogue():
        expected = odd.expected
        parts = [f"`{_expected(odd)}`" + (f" ({expected.start.reason})" if expected.start.reason else "")]
        within = {o: None for answered in expected.pages.values() for o in _outcomes(answered) if o != "ok"}
        if within:
            parts.append("within: " + ", ".join(f"`{outcome}`" for outcome in within))
        if expected.stopped_by:
            parts.append(f"the budget of {expected.stopped_by} ends it")
        parts.append(f"at most {expected.requests} requests")
        lines.append(f"| {odd.id} | {odd.what} | {'; '.join(parts)} |")
    return "\n".join(lines)


def _show(rows: list[dict[str, object]], wrong: int) -> None:
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("portal", "expected", "what became of it", "requests", "MB", "seconds", ""):
        table.add_column(name, justify="right" if name in ("requests", "MB", "seconds") else "left")
    for row in rows:
        became = f"{row['outcome']} {row['reason']}".strip()
        table.add_row(
            str(row["portal"]), str(row["expected"]), Text(became), str(row["requests"]),
            f"{float(str(row['bytes'] or 0)) / 1e6:.2f}", f"{float(str(row['seconds'] or 0)):.1f}",
            Text("\n".join(row["differences"]) or "✓", "red" if row["differences"] else "green"),  # type: ignore[arg-type]
        )  # fmt: skip
    console = Console()
    console.print(table)
    console.print(f"{len(rows)} portals, {wrong} not as the catalogue says")


if __name__ == "__main__":
    sys.exit(main())
