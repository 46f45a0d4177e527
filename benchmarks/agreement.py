"""How far our measuring and Lighthouse's agree on twenty pages, and what each costs.

Run with ``make benchmark NAME=agreement`` (or ``python -m benchmarks.agreement [--only KIND,KIND]
[--rounds N] [--keep FILE] [--json]``) on an otherwise idle machine; a round takes about nine minutes. Every
page of `benchmarks.kinds` is loaded by both, one right after the other, on the same device (the phone of
``audits/profiles.yaml``), in the same Chromium behind the same kind of gate, over the same network and with
the same processor as both slow them down in the browser: Lighthouse is called with
``--throttling-method=devtools``, so what it tells was observed and not simulated.

One load of a slowed page differs from the next by a tenth and more, whoever makes it. As in an audit, several
loads are made, in rounds through all pages, and each side's value of a page is the median of its own.

``--keep`` writes each load to a file and takes from it what it holds already, so that the twenty can be
measured in pieces.

Differences are ours to Lighthouse's. The medians are those over the pages that can tell: TBT over pages on
which either side saw blocking, CLS over pages on which either saw a shift; nothing equals nothing is no
agreement. Processor time is that of a load, user and system time of every process that either needed: ours
with the interpreter, Playwright's driver, the gate and the one browser that serves all pages, their start
included (`benchmarks.measurer`); Lighthouse's with Node.js and a browser for each page, its own way, without
the gate (`benchmarks.cpu`).

Exit status 1 if a limit is not kept; 2 if a page could not be measured by either side.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import psutil

from audits.lighthouse import find_lighthouse
from audits.profiles import Profile, load_profiles
from benchmarks.kinds import KINDS, serving
from crawler.browser import BrowserPolicy, chromium_flags, process_tree, require_chromium

LIMITS = {"lcp": 0.15, "tbt": 0.25, "cls": 0.02, "ttfb": 20.0, "cost": 0.25}
"""LCP and TBT as shares of Lighthouse's value, CLS and TTFB (ms) as differences, cost as a share."""

LIGHTHOUSE_NAMES = {
    "ttfb": "timeToFirstByte",
    "fcp": "firstContentfulPaint",
    "lcp": "largestContentfulPaint",
    "tbt": "totalBlockingTime",
    "max_potential_fid": "maxPotentialFID",
    "cls": "cumulativeLayoutShift",
}
METRICS = tuple(LIGHTHOUSE_NAMES)
_RELATIVE = frozenset(("fcp", "lcp", "tbt", "max_potential_fid"))
_BLOCKED_MS = 25.0
"""Below this on both sides a page has no blocking to agree on."""
_SHIFTED = 0.001
_LIGHTHOUSE_SECONDS = 180.0
_ROUNDS = 3
"""As many loads as an audit makes of a home page, and an odd number: a median that was measured."""

Row = dict[str, Any]
"""One load of a page by each side, or, of several, the medians; {"reason": ...} where a side gave none."""


class Ours:
    """The measurer as a running process; `measure` one address at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def measure(self, url: str) -> tuple[dict[str, float], float]:
        """Our metrics of the page, and the processor seconds that they took."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{url}\n".encode())
        said = await self._process.stdout.readline()
        if not said:
            raise SystemExit("the measurer ended")
        told = json.loads(said)
        missing = [name for name in METRICS if name not in told["values"]]
        if missing:
            raise UnmeasuredError(f"ours gave no {', '.join(missing)}: {told['reasons']}")
        return {name: told["values"][name] for name in METRICS}, told["cpu_seconds"]


class UnmeasuredError(Exception):
    """A side that gave no value; the message says which and why."""


@contextlib.asynccontextmanager
async def our_measuring(host: str) -> AsyncIterator[Ours]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.measurer", "phone", host),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,  # an interruption is for us alone: its driver, hit too, would never answer
    )
    try:
        yield Ours(process)
    except BaseException:
        _end(process)
        raise
    finally:
        assert process.stdin is not None
        process.stdin.close()  # the end of its input is the end of it
        await process.wait()


def _end(process: asyncio.subprocess.Process) -> None:
    """End it with all that it started."""
    for one in process_tree(process.pid):
        with contextlib.suppress(psutil.Error):
            one.kill()


async def lighthouse_measuring(url: str, host: str) -> tuple[dict[str, float], float]:
    """Lighthouse's metrics of the page, and the processor seconds that they took."""
    program = find_lighthouse()
    chromium = require_chromium()
    profile = load_profiles().profiles.phone
    agent = profile.user_agent.format(major=chromium.version.split(".", 1)[0])
    async with BrowserPolicy(hosts=(host,), allow_private=True).gate() as gate:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            report = Path(folder) / "report.json"
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "benchmarks.cpu", *program.command, url),
                f"--output-path={report}",
                f"--chrome-flags={' '.join(chromium_flags(gate.proxy))}",
                f"--emulated-user-agent={agent}",
                *_lighthouse_flags(profile),
                env={
                    "PATH": os.environ.get("PATH", ""),
                    "HOME": folder,
                    "TMPDIR": folder,
                    "CHROME_PATH": str(chromium.path),
                },
                stdout=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
            try:
                async with asyncio.timeout(_LIGHTHOUSE_SECONDS):
                    said, _ = await process.communicate()
            except TimeoutError:
                raise UnmeasuredError(f"Lighthouse did not end within {_LIGHTHOUSE_SECONDS:g} s") from None
            finally:
                if process.returncode is None:
                    _end(process)
            return _told(report), float(said)


def _lighthouse_flags(profile: Profile) -> list[str]:
    return [
        "--quiet",
        "--no-enable-error-reporting",
        "--output=json",
        "--only-categories=performance",
        "--disable-full-page-screenshot",
        "--form-factor=mobile",
        "--screenEmulation.mobile",
        f"--screenEmulation.width={profile.width}",
        f"--screenEmulation.height={profile.height}",
        f"--screenEmulation.deviceScaleFactor={profile.pixel_ratio:g}",
        "--throttling-method=devtools",
        f"--throttling.requestLatencyMs={profile.latency_ms}",
        f"--throttling.downloadThroughputKbps={profile.download_kbps}",
        f"--throttling.uploadThroughputKbps={profile.upload_kbps}",
        f"--throttling.cpuSlowdownMultiplier={profile.cpu_slowdown:g}",
    ]


def _told(report: Path) -> dict[str, float]:
    try:
        read = json.loads(report.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise UnmeasuredError("Lighthouse wrote no report") from None
    items = read["audits"].get("metrics", {}).get("details", {}).get("items") or [{}]
    told = {ours: items[0].get(theirs) for ours, theirs in LIGHTHOUSE_NAMES.items()}
    missing = [name for name, value in told.items() if not isinstance(value, int | float)]
    if missing:
        error = read.get("runtimeError", {}).get("code", "no error named")
        raise UnmeasuredError(f"Lighthouse gave no {', '.join(missing)} ({error})")
    return told


async def measure_kinds(kinds: Sequence[str], keep: Callable[[str, Row], None]) -> None:
    """Loads the page of each kind once by both, taking turns at who comes first; `keep` is called with every
    row. A kind that is named again is loaded again, with the other one first."""
    with serving() as address:
        host = urlsplit(address).netloc
        async with our_measuring(host) as ours:
            for place, kind in enumerate(kinds):
                url = f"{address}{kind}/"
                try:
                    if (place + place // len(set(kinds))) % 2:
                        theirs = await lighthouse_measuring(url, host)
                        own = await ours.measure(url)
                    else:
                        own = await ours.measure(url)
                        theirs = await lighthouse_measuring(url, host)
                except UnmeasuredError as error:
                    keep(kind, {"reason": str(error)})
                else:
                    keep(
                        kind,
                        {
                            "ours": own[0],
                            "lighthouse": theirs[0],
                            "our_cpu_seconds": round(own[1], 2),
                            "lighthouse_cpu_seconds": round(theirs[1], 2),
                        },
                    )
                print(f"{kind} ({place + 1}/{len(kinds)})", file=sys.stderr, flush=True)


def typical(loads: Sequence[Row]) -> Row:
    """The medians of a page's loads, each value by itself; the reason where one could not be measured."""
    for load in loads:
        if "reason" in load:
            return load
    return {
        **{
            side: {name: median(load[side][name] for load in loads) for name in METRICS}
            for side in ("ours", "lighthouse")
        },
        **{
            cost: median(load[cost] for load in loads)
            for cost in ("our_cpu_seconds", "lighthouse_cpu_seconds")
        },
    }


def difference(name: str, row: Row) -> float | None:
    """Ours to Lighthouse's: a share of theirs, or a plain difference; None where the page cannot tell."""
    own, theirs = row["ours"][name], row["lighthouse"][name]
    if name == "tbt" and max(own, theirs) < _BLOCKED_MS:
        return None
    if name == "cls" and max(own, theirs) < _SHIFTED:
        return None
    if name not in _RELATIVE:
        return float(own - theirs)
    return float(own - theirs) / theirs if theirs > 0 else float("inf")


def summary(rows: dict[str, Row]) -> dict[str, Any]:
    """Medians over the pages that both sides measured, and whether they keep within `LIMITS`."""
    measured = {kind: row for kind, row in rows.items() if "reason" not in row}
    differences = {
        name: [abs(d) for row in measured.values() if (d := difference(name, row)) is not None]
        for name in METRICS
    }
    medians = {name: round(median(found), 4) if found else None for name, found in differences.items()}
    own = sum(row["our_cpu_seconds"] for row in measured.values()) / max(1, len(measured))
    theirs = sum(row["lighthouse_cpu_seconds"] for row in measured.values()) / max(1, len(measured))
    cost = round(own / theirs, 3) if theirs else None
    judged = {**{name: medians[name] for name in LIMITS if name in medians}, "cost": cost}
    return {
        "pages": rows,
        "median_difference": medians,
        "pages_that_tell": {name: len(found) for name, found in differences.items()},
        "our_cpu_seconds_per_page": round(own, 2),
        "lighthouse_cpu_seconds_per_page": round(theirs, 2),
        "cost": cost,
        "limits": LIMITS,
        "within_limits": all(value is not None and value <= LIMITS[name] for name, value in judged.items()),
    }


def show(result: dict[str, Any]) -> None:
    print(f"{'ours / Lighthouse':15}" + "".join(f"{name:>19}" for name in METRICS) + f"{'cpu s':>14}")
    for kind, row in result["pages"].items():
        if "reason" in row:
            print(f"{kind:15}  {row['reason']}")
            continue
        cells = (_cell(name, row["ours"][name], row["lighthouse"][name]) for name in METRICS)
        cost = f"{row['our_cpu_seconds']:.2f} / {row['lighthouse_cpu_seconds']:.2f}"
        print(f"{kind:15}" + "".join(f"{cell:>19}" for cell in cells) + f"{cost:>14}")
    limits = {**dict.fromkeys(METRICS), **LIMITS}
    for name, value in result["median_difference"].items():
        unit = ".1%" if name in _RELATIVE else ".3f" if name == "cls" else ".1f"
        limit = f" (at most {limits[name]:{unit}})" if limits[name] is not None else ""
        number = "no page tells" if value is None else f"{value:{unit}}"
        print(f"median difference of {name}: {number}{limit}, over {result['pages_that_tell'][name]} pages")
    print(
        f"processor seconds a page: ours {result['our_cpu_seconds_per_page']}, Lighthouse's "
        f"{result['lighthouse_cpu_seconds_per_page']}: {result['cost']} of it (at most {LIMITS['cost']})"
    )


def _cell(name: str, own: float, theirs: float) -> str:
    return f"{own:.3f} / {theirs:.3f}" if name == "cls" else f"{own:.0f} / {theirs:.0f}"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", metavar="KIND,KIND", help=f"of {', '.join(KINDS)}")
    parser.add_argument(
        "--rounds",
        type=int,
        default=_ROUNDS,
        metavar="N",
        help="loads of each page by each (%(default)s)",
    )
    parser.add_argument("--keep", type=Path, metavar="FILE", help="take what it holds, add what is measured")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    kinds = arguments.only.split(",") if arguments.only else list(KINDS)
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        parser.error(f"no such kind: {', '.join(unknown)}; there are {', '.join(KINDS)}")
    if arguments.rounds < 1:
        parser.error("--rounds: at least 1")
    loads: dict[str, list[Row]] = {}
    if arguments.keep and arguments.keep.is_file():
        loads = json.loads(arguments.keep.read_text(encoding="utf-8"))

    def keep(kind: str, row: Row) -> None:
        loads.setdefault(kind, []).append(row)
        if arguments.keep:
            arguments.keep.write_text(json.dumps(loads, indent=1), encoding="utf-8")

    todo = [kind for n in range(arguments.rounds) for kind in kinds if len(loads.get(kind, ())) <= n]
    if todo:
        asyncio.run(measure_kinds(todo, keep))
    result = summary({kind: typical(loads[kind]) for kind in KINDS if kind in loads})
    result["loads"] = loads
    if arguments.json:
        print(json.dumps(result, indent=2))
    else:
        show(result)
    if any("reason" in row for row in result["pages"].values()):
        return 2
    return 0 if result["within_limits"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
