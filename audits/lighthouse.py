"""Lighthouse, called as the program that it is, and what it found as records.

Lighthouse starts its own Chromium with the same flags and behind the same gate as ours.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import re
import shlex
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from audits.lock import machine_lock
from audits.records import LighthouseRun, Measurement
from audits.vitals import ScreenDevice
from crawler.browser import (
    BrowserPolicy,
    BrowserUnavailableError,
    chromium_flags,
    process_tree,
    require_chromium,
    trusted_keys,
)
from crawler.gate import Gate

SECONDS = 120.0
_VERSION = r"\d+\.\d+\.\d+\S*"
_NODE_MODULES = Path("node_modules/lighthouse/cli/index.js")
_CATEGORIES = ("performance", "accessibility", "best-practices", "seo")

METRICS = {
    "server-response-time": ("ttfb", "ms"),
    "first-contentful-paint": ("fcp", "ms"),
    "largest-contentful-paint": ("lcp", "ms"),
    "cumulative-layout-shift": ("cls", "ratio"),
    "total-blocking-time": ("tbt", "ms"),
    "speed-index": ("speed_index", "ms"),
    "max-potential-fid": ("max_potential_fid", "ms"),
    "total-byte-weight": ("transfer_bytes", "bytes"),
}
"""Lighthouse's audits that are kept as measurements: our names and units."""

_REASONS = {
    "NO_FCP": "nothing was painted",
    "NO_LCP": "no largest paint",
    "NO_LCP_ALL_FRAMES": "no largest paint",
    "PAGE_HUNG": "the page hung",
    "TARGET_CRASHED": "the page crashed",
    "NOT_HTML": "not a page",
    "DNS_FAILURE": "name not resolved",
    "INSECURE_DOCUMENT_REQUEST": "certificate not trusted",
    "CHROME_INTERSTITIAL_ERROR": "certificate not trusted, or a warning page of the browser stood before it",
    "FAILED_DOCUMENT_REQUEST": "no connection",
    "ERRORED_DOCUMENT_REQUEST": "answered an error",
    "PROTOCOL_TIMEOUT": "the browser did not answer",
    "CRI_TIMEOUT": "the browser did not start in time",
    "NO_TTI_CPU_IDLE_PERIOD": "the page never came to rest",
    "NO_TTI_NETWORK_IDLE_PERIOD": "the page never came to rest",
}


class LighthouseUnavailableError(RuntimeError):
    """Lighthouse cannot be run here; the message says what is missing and how to mend it."""


@dataclass(frozen=True)
class LighthouseProgram:
    """Lighthouse as it is called. `command` is the program and its first argument."""

    command: tuple[str, ...]
    version: str


@dataclass(frozen=True)
class LighthouseResult:
    run: LighthouseRun
    measurements: tuple[Measurement, ...]


def find_lighthouse() -> LighthouseProgram:
    """The program named by DARGAH_LIGHTHOUSE, else the one in the project's node_modules (then in the
    working folder's), with the version that its package states. Raises LighthouseUnavailableError."""
    named = os.environ.get("DARGAH_LIGHTHOUSE")
    node = shutil.which("node")
    if node is None:
        raise LighthouseUnavailableError("Node.js is missing: install it (the system's package `nodejs`)")
    if named:
        places = [Path(named)]
    else:
        places = [folder / _NODE_MODULES for folder in (Path(__file__).resolve().parents[1], Path.cwd())]
    script = next((place.resolve() for place in places if place.is_file()), None)
    if script is None:
        where = f"DARGAH_LIGHTHOUSE names {named}, which is not there" if named else "Lighthouse is missing"
        raise LighthouseUnavailableError(f"{where}: run `make setup` or `npm ci`")
    # To ask the program itself costs a second of processor time, at each run.
    try:
        package = json.loads((script.parents[1] / "package.json").read_text(encoding="utf-8"))
        name, version = package["name"], package["version"]
    except (OSError, ValueError, KeyError, TypeError):
        name = version = None
    if name != "lighthouse" or not isinstance(version, str) or not re.fullmatch(_VERSION, version):
        raise LighthouseUnavailableError(f"{script} is not Lighthouse's: run `npm ci`")
    return LighthouseProgram((node, str(script)), version)


async def run_lighthouse(
    url: str,
    folder: Path,
    policy: BrowserPolicy,
    *,
    device: ScreenDevice = "phone",
    seconds: float = SECONDS,
    progress: Callable[[str], None] = lambda _: None,
) -> LighthouseResult:
    """Run Lighthouse on `url` and keep its JSON and HTML in ``folder/lighthouse/``.

    Never fails: a run that did not come about, or that Lighthouse calls failed, says why in its record,
    and so do its measurements. It is ended after `seconds` with everything that it started.
    """
    began = time.monotonic()
    version = ""
    report: Mapping[str, Any] = {}
    paths = ("", "")
    try:
        program = find_lighthouse()
        version = program.version
        chromium = (await asyncio.to_thread(require_chromium)).path
        keys = await trusted_keys(policy)
        async with (
            machine_lock("lighthouse", lambda: progress("waiting for another run of Lighthouse")),
            policy.gate() as gate,
        ):
            began = time.monotonic()
            with tempfile.TemporaryDirectory(prefix="dargah-lighthouse-", ignore_cleanup_errors=True) as name:
                home = Path(name)
                command = _command(program, url, home, chromium_flags(gate.proxy, spki_allow=keys), device)
                said = await _run(command, home, chromium, seconds)
                report = _read_report(home / "run.report.json")
                reason = _failure(report, said, gate, url)
                if report:
                    paths = _keep(home, folder, url, device)
    except (LighthouseUnavailableError, BrowserUnavailableError) as error:
        reason = str(error)
    except TimeoutError:
        reason = f"timed out: Lighthouse was ended after {seconds:g} s"
    except OSError as error:
        reason = f"Lighthouse could not be run: {error}"
    now = datetime.now(UTC)
    run = LighthouseRun(
        url=url,
        device=device,
        version=str(report.get("lighthouseVersion") or version),
        ok=not reason,
        reason=reason,
        json_path=paths[0],
        html_path=paths[1],
        scores={} if reason else _scores(report),
        seconds=round(time.monotonic() - began, 3),
        measured_at=now,
    )
    return LighthouseResult(run, tuple(_measurements(report, run)))


def _command(
    program: LighthouseProgram, url: str, home: Path, flags: list[str], device: ScreenDevice
) -> list[str]:
    command = [
        *program.command,
        url,
        "--quiet",
        "--no-enable-error-reporting",
        "--output=json",
        "--output=html",
        f"--output-path={home / 'run'}",
        f"--only-categories={','.join(_CATEGORIES)}",
        "--disable-full-page-screenshot",  # a second and a megabyte that nothing here reads
        # Lighthouse splits this once more, as a shell would.
        f"--chrome-flags={' '.join(_quoted(flag) for flag in flags)}",
    ]
    return [*command, "--preset=desktop"] if device == "desktop" else command


def _quoted(flag: str) -> str:
    name, equals, value = flag.partition("=")
    return f'{name}="{value}"' if equals and shlex.quote(value) != value else flag


async def _run(command: list[str], home: Path, chromium: Path, seconds: float) -> str:
    """What the program said on its error stream, the end of it. Raises TimeoutError, OSError."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "TMPDIR": str(home),
        "CHROME_PATH": str(chromium),
    }
    errors = home / "errors.txt"
    with errors.open("wb") as sink:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=home,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=sink,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(seconds):
                await process.wait()
        finally:
            _end(process.pid, home)
            await process.wait()
    return errors.read_text("utf-8", "replace")[-4_000:]


def _end(pid: int, home: Path) -> None:
    """End the program and all that it started. Its Chromium leads a process group of its own and outlives
    a Lighthouse that crashed, but carries the folder of this run in its command line."""
    doomed = {process.pid: process for process in process_tree(pid)}
    mark = str(home)
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if any(mark in word for word in process.cmdline()):
                doomed[process.pid] = process
    for process in doomed.values():
        with contextlib.suppress(psutil.Error):
            process.kill()


def _read_report(path: Path) -> Mapping[str, Any]:
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return report if isinstance(report, dict) else {}


def _failure(report: Mapping[str, Any], said: str, gate: Gate, url: str) -> str:
    """Why the run failed, '' if it did not."""
    error = report.get("runtimeError")
    if report and not error:
        return ""
    if isinstance(error, dict):
        code, message = str(error.get("code", "")), str(error.get("message", ""))
    else:
        code, message = "", (said.strip().splitlines() or ["it said nothing"])[-1][:300]
    parts = urlsplit(url)
    endpoint = ((parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80))
    noted = gate.refused.get(endpoint) or gate.failed.get(endpoint)
    if noted:
        return f"no connection: {noted}"
    if "CERT" in message:
        code = "INSECURE_DOCUMENT_REQUEST"
    if code in _REASONS:
        status = re.search(r"[Ss]tatus code: (\d+)", message)
        return f"{_REASONS[code]} ({status.group(1) if status else code})"
    return f"Lighthouse failed: {message}"


def _keep(home: Path, folder: Path, url: str, device: ScreenDevice) -> tuple[str, str]:
    """Move both reports into the folder; their paths below it."""
    target = folder / "lighthouse"
    target.mkdir(parents=True, exist_ok=True)
    stem = f"{device}-{hashlib.sha256(url.encode()).hexdigest()[:12]}"
    kept = []
    for kind in ("json", "html"):
        source = home / f"run.report.{kind}"
        if not source.is_file():
            kept.append("")
            continue
        part = target / f".{stem}.{kind}.part"
        shutil.copyfile(source, part)
        part.replace(target / f"{stem}.{kind}")
        kept.append(f"lighthouse/{stem}.{kind}")
    return kept[0], kept[1]


def _scores(report: Mapping[str, Any]) -> dict[str, float | None]:
    categories = report.get("categories", {})
    return {name: categories[name].get("score") for name in _CATEGORIES if name in categories}


def _measurements(report: Mapping[str, Any], run: LighthouseRun) -> list[Measurement]:
    found = []
    audits = report.get("audits", {}) if run.ok else {}
    for audit, (name, unit) in METRICS.items():
        answer = audits.get(audit, {})
        reason = run.reason or str(answer.get("errorMessage") or "Lighthouse gave no value")
        found.append(_measurement(run, name, unit, answer.get("numericValue"), reason))
    for category in _CATEGORIES:
        reason = run.reason or "Lighthouse gave no score"
        name = f"score_{category.replace('-', '_')}"
        found.append(_measurement(run, name, "score", run.scores.get(category), reason))
    return found


def _measurement(run: LighthouseRun, name: str, unit: str, value: object, reason: str) -> Measurement:
    number = round(float(value), 4) if isinstance(value, int | float) else None
    return Measurement(
        name=name,
        value=number,
        unit=unit,
        url=run.url,
        device=run.device,
        method="lighthouse",
        runs=() if number is None else (number,),
        reason="" if number is not None else reason,
        measured_at=run.measured_at,
    )
