"""Wall time, processor time and peak memory of the demo audit, by step.

Run with ``make benchmark`` (or ``python -m benchmarks.demo_audit [--json]``) on an otherwise idle machine.
Memory is the sum of the proportional set sizes of the audit and all its children, browsers too, sampled four
times a second; the demo province's own server is not counted, it runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import psutil

LIMITS = {"wall_seconds": 300.0, "peak_megabytes": 1500.0}
"""What the demo audit should stay under on two cores."""


class MemoryWatch(threading.Thread):
    """Samples the memory of a process tree; `peak` is in bytes."""

    def __init__(self, process: psutil.Process, period: float = 0.25) -> None:
        super().__init__(daemon=True)
        self.process, self.period, self.peak = process, period, 0
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(self.period):
            self.peak = max(self.peak, tree_memory(self.process))


def tree_memory(process: psutil.Process) -> int:
    """Memory of the process and its children in bytes, shared pages counted once (PSS), else RSS."""
    total = 0
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for member in family:
        try:
            info = member.memory_full_info()
            total += getattr(info, "pss", info.rss)
        except psutil.Error:
            continue
    return total


def audit_demo(home: Path) -> tuple[dict[str, Any], float, int]:
    """Audits the demo, served by another process; returns the audit's JSON, wall seconds, peak bytes."""
    server = subprocess.Popen(
        [sys.executable, "-m", "demo", "serve"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert server.stdout is not None
        server.stdout.readline()  # the table of addresses: it serves
        began = time.monotonic()
        command = [
            sys.executable,
            "-m",
            "dargah",
            "audit",
            "demo/agencies.yaml",
            "--home",
            str(home),
            "--json",
        ]
        audit = psutil.Popen(command, stdout=subprocess.PIPE, text=True)
        watch = MemoryWatch(audit)
        watch.start()
        said, _ = audit.communicate()
        seconds = time.monotonic() - began
        watch.stopped.set()
        if audit.returncode != 0:
            raise SystemExit(f"the audit ended with status {audit.returncode}")
        return json.loads(said), seconds, watch.peak
    finally:
        server.terminate()
        server.wait(timeout=30)


def by_step(run: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Summed seconds and processor seconds of each step over all portals."""
    sums: dict[str, dict[str, float]] = defaultdict(lambda: {"seconds": 0.0, "cpu_seconds": 0.0})
    for step in run["steps"]:
        for key in ("seconds", "cpu_seconds"):
            sums[step["step"]][key] += step[key] or 0.0
    return {name: {k: round(v, 1) for k, v in values.items()} for name, values in sums.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run, seconds, peak = audit_demo(Path(folder))
        steps = by_step(run)
        pages = count_pages(Path(folder) / run["id"])
    result = {
        "pages": pages,
        "portals": len(run["portals"]),
        "wall_seconds": round(seconds, 1),
        "cpu_seconds": round(sum(s["cpu_seconds"] for s in steps.values()), 1),
        "peak_megabytes": round(peak / 1e6),
        "steps": steps,
    }
    result["within_limits"] = all(result[name] <= limit for name, limit in LIMITS.items())
    if arguments.json:
        print(json.dumps(result, indent=2))
    else:
        print(f"{result['portals']} portals, {pages} pages")
        print(f"{'step':10}{'wall s':>10}{'cpu s':>10}   (walls of portals added up; crawls overlap)")
        for name, values in steps.items():
            print(f"{name:10}{values['seconds']:10.1f}{values['cpu_seconds']:10.1f}")
        print(f"{'audit':10}{result['wall_seconds']:10.1f}{result['cpu_seconds']:10.1f}")
        print(f"peak memory {result['peak_megabytes']} MB")
        print("limits: " + ", ".join(f"{k} {v:g}" for k, v in LIMITS.items()))
    return 0 if result["within_limits"] else 1


def count_pages(run: Path) -> int:
    from crawler.capture import Capture

    total = 0
    for folder in sorted((run / "portals").iterdir()):
        with Capture(folder / "capture") as capture:
            total += sum(p.outcome == "ok" for p in capture.pages)
    return total


if __name__ == "__main__":
    raise SystemExit(main())
