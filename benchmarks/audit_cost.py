"""Processor time of a whole audit of a small portal: crawl, measures, Lighthouse, judging, pictures, report.

Run with ``python -m benchmarks.audit_cost [FOLDER --start PAGE] [--pages N] [--json]``. The portal is one of
the demo province, or the saved portal in FOLDER, served on loopback and audited as a live one with default
settings. Counted is the processor time of the audit's whole process tree; the server is not part of it. Exit
status 1 where a page costs more than the limit.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.cpu import run_counted
from benchmarks.demo_audit import by_step, count_pages
from dargah.agencies import load_agencies
from dargah.saved_portals import serve
from demo.province import Province

LIMIT = 3.0
"""Processor seconds a page."""

PAGES = 21


@contextmanager
def served(folder: Path | None, start: str, demo: str, scratch: Path) -> Iterator[dict[str, Any]]:
    """Serves the portal; gives its entry of agencies.yaml."""
    if folder is not None:
        with serve({"saved": folder}) as addresses:
            address = f"{addresses['saved']}/{quote(start.lstrip('/'))}"
            yield {"id": "saved", "names": {"fa": folder.name, "en": folder.name}, "start": address}
    else:
        with Province(ports="free") as province:
            agency = load_agencies(province.agencies_file(scratch)).agency(demo)
            yield agency.model_dump(
                mode="json", include={"id", "names", "start", "hosts", "certificate_authority", "language"}
            )


def audit(entry: dict[str, Any], pages: int, scratch: Path) -> tuple[dict[str, Any], float, int]:
    """Audits the portal; returns what the command said, processor seconds, and pages seen."""
    content = {
        "schema": 1,
        "id": "cost",
        "province": {"fa": "هزینه", "en": "Cost"},
        "contact": "mailto:benchmark@localhost",
        "kinds": {"portal": {"fa": "درگاه", "en": "Portal"}},
        "defaults": {
            "kind": "portal",
            "allow_private": True,
            "confined": True,
            "budget": {"pages": pages, "delay_seconds": 0},
        },
        "agencies": [entry],
    }
    file, home = scratch / "agencies.yaml", scratch / "runs"
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, "-m", "dargah", "audit", str(file), "--home", str(home), "--json"]
    done, seconds = run_counted(command)
    if not done.stdout:
        raise SystemExit(done.stderr)
    said = json.loads(done.stdout)
    if said["unobserved"] or said["failed"]:
        raise SystemExit(f"the audit did not come about: {said['unobserved'] or said['failed']}")
    return said, seconds, count_pages(home / said["id"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="folder of a saved portal")
    parser.add_argument("--start", default="", help="its start page, a path below the folder")
    parser.add_argument("--demo", default="roads", metavar="ID", help="portal of the demo province")
    parser.add_argument("--pages", type=int, default=PAGES, help="budget of the visit")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        with served(arguments.folder, arguments.start, arguments.demo, scratch) as entry:
            said, seconds, pages = audit(entry, arguments.pages, scratch)
    wall = sum(step["seconds"] or 0.0 for step in said["steps"])
    result = {
        "pages": pages,
        "cpu_seconds": round(seconds, 1),
        "cpu_seconds_per_page": round(seconds / pages, 2),
        "wall_seconds": round(wall, 1),
        "steps": by_step(said),
        "limit": LIMIT,
        "within_limit": seconds / pages <= LIMIT,
    }
    if arguments.json:
        print(json.dumps(result, indent=2))
    else:
        print(
            f"{'step':10}{'wall s':>10}{'cpu s':>10}   (browsers that outlive a step stand in the sum only)"
        )
        for step, values in by_step(said).items():
            print(f"{step:10}{values['seconds']:10.1f}{values['cpu_seconds']:10.1f}")
        print(f"{'audit':10}{wall:10.1f}{seconds:10.1f}")
        print(f"{pages} pages, {seconds / pages:.2f} processor seconds each (limit {LIMIT:g})")
    return 0 if result["within_limit"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
