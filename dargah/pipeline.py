"""Runs the steps of an audit over all portals, each portal in a process of its own."""

from __future__ import annotations

import contextlib
import errno
import multiprocessing
import os
import resource
import shutil
import signal
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from filelock import FileLock, Timeout

from crawler.browser import sandbox_usable
from crawler.capture import CaptureError, StorageError, VisitStoppedError
from crawler.datafile import write_atomic
from crawler.portal import OutsideWindowError
from dargah.agencies import Agencies, load_agencies
from dargah.results import reached, read_findings
from dargah.runs import RunFolder, new_run_id
from dargah.store import PORTAL_STEPS, WHOLE_RUN, Step, Store
from indicators.model import load_model
from indicators.records import Answer
from indicators.scoring import score_portal
from indicators.study import baseline_answers

GRACE_MINUTES = 20.0
"""How long a step may take beyond the visit's own budget before its process is ended."""

BROWSER_STEPS: frozenset[Step] = frozenset(("crawl", "measure", "report"))
BESIDE_MEASURING: frozenset[Step] = frozenset(("crawl", "detect"))
NICENESS = 10
"""How far these stand back, browsers and all: what else runs must not slow the page that is measured."""

LOCK_SECONDS = 15.0
STOP_SECONDS = 5.0
"""How long a step that is interrupted may take to come to an orderly end."""

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

# A server that has loaded what steps need forks their processes: each is as good as new, and begins at once.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["dargah.preload"])

Event = tuple[str, Step, str, str]
"""(portal, step, kind, text); kind is ``start``, ``progress``, ``done`` or ``failed``."""


class RunError(Exception):
    """The run that was asked for does not exist or cannot go on; the message says how to mend it."""


@dataclass(frozen=True)
class Options:
    """What the operator chose for this call. `lighthouse_pages` replaces the portals' own setting; `afresh`
    measures what was measured before, too."""

    jobs: int | None = None
    lighthouse_pages: int | None = None
    afresh: bool = False
    screenshots: bool = True
    only: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Outcome:
    """How a call ended. `unobserved` are the portals that could not be visited, with the reason; `failed`
    are steps that broke, with the reason; `unverified` are the portals that were reached although
    agencies.yaml does not call their address verified yet."""

    run: str
    unobserved: dict[str, str]
    failed: dict[tuple[str, str], str]
    report: Path | None
    unverified: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.unobserved and not self.failed


def start_run(
    store: Store, home: Path, agencies_file: Path, agencies: Agencies, model: str, *, listed_in: str = ""
) -> str:
    """Makes the folder and the store's entries of a new run; returns its id. `listed_in` is what the run
    remembers as its list of agencies where that is not `agencies_file`."""
    at = datetime.now(UTC)
    run_id = new_run_id(agencies.id, at, {row.id for row in store.runs()})
    folder = RunFolder(home / run_id)
    write_atomic(folder.agencies, agencies_file.read_bytes())
    for agency in agencies.agencies:
        if agency.certificate_authority:
            target = folder.path / agency.certificate_authority
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(agencies_file.parent / agency.certificate_authority, target)
    store.add_run(
        run_id,
        province=agencies.id,
        agencies_file=listed_in or str(agencies_file),
        model=model,
        portals=[a.id for a in agencies.agencies],
        at=at,
    )
    return run_id


class Pipeline:
    """One call of the command on one run."""

    def __init__(
        self, store: Store, home: Path, run_id: str, options: Options, listen: Callable[[Event], None]
    ) -> None:
        row = store.run(run_id)
        if row is None:
            known = ", ".join(r.id for r in store.runs()[:5]) or "none yet"
            raise RunError(f"there is no run '{run_id}' under {home} (known: {known}; see `dargah runs`)")
        self.store, self.run, self.options, self.listen = store, row, options, listen
        self.folder = RunFolder(home / run_id)
        self.agencies = load_agencies(self.folder.agencies)
        self.portals = [p for p in store.portals(run_id) if not options.only or p in options.only]
        unknown = options.only - set(store.portals(run_id))
        if unknown:
            raise RunError(
                f"run '{run_id}' has no portal '{min(unknown)}' (it has: {', '.join(store.portals(run_id))})"
            )

    def go(self, wanted: Sequence[Step], *, again: bool) -> Outcome:
        """Does the wanted steps in order: those not done yet, or, with `again`, all of them.

        A step that is done anew makes the later ones of that portal pending again.
        """
        if BROWSER_STEPS & set(wanted):
            sandbox_usable()  # warns here, once, and not in every worker
        todo = {portal: self._todo(portal, wanted, again) for portal in self.portals}
        failed = self._work({portal: deque(s for s in own if s != "score") for portal, own in todo.items()})
        for portal, own in todo.items():
            if "score" in own:
                self._score(portal)
        if "report" in wanted and (again or self._pending(WHOLE_RUN, "report")):
            failed |= self._work({WHOLE_RUN: deque[Step](["report"])})
        if all(s.state == "done" for s in self.store.steps(self.run.id)):
            self.store.finish_run(self.run.id, datetime.now(UTC))
        return self._outcome(failed)

    def _todo(self, portal: str, wanted: Sequence[Step], again: bool) -> list[Step]:
        """The portal's steps that are to be done; what follows one of them is done anew, too."""
        todo: list[Step] = []
        for step in PORTAL_STEPS:
            if step in wanted and (again or todo or self._pending(portal, step)):
                todo.append(step)
        return todo

    def _outcome(self, failed: dict[tuple[str, str], str]) -> Outcome:
        reasons = {p: reached(self.folder.portal(p)) for p in self.portals}
        index = self.folder.report / "index.html"
        return Outcome(
            run=self.run.id,
            unobserved={p: reason for p, reason in reasons.items() if reason},
            failed=failed,
            report=index if index.is_file() else None,
            unverified=tuple(
                p for p in self.portals if not reasons[p] and not self.agencies.agency(p).verified
            ),
        )

    def _pending(self, portal: str, step: Step) -> bool:
        return any(
            s.portal == portal and s.step == step and s.state != "done" for s in self.store.steps(self.run.id)
        )

    def _work(self, todo: dict[str, deque[Step]]) -> dict[tuple[str, str], str]:
        """Runs each portal's steps in their order, several portals at a time; returns what failed."""
        failed: dict[tuple[str, str], str] = {}
        running: dict[Connection, _Worker] = {}
        jobs = self.options.jobs or os.cpu_count() or 1
        try:
            while running or any(todo.values()):
                while len(running) < jobs and (portal := _next(todo, list(running.values()))) is not None:
                    worker = self._launch(todo[portal].popleft(), portal)
                    running[worker.connection] = worker
                for connection in wait(list(running), timeout=1.0):
                    assert isinstance(connection, Connection)
                    worker = running[connection]
                    if reason := self._hear(worker):
                        failed[worker.portal, worker.step] = reason
                    if worker.ended:
                        del running[connection]
                for worker in running.values():
                    if time.monotonic() > worker.deadline:
                        worker.kill()
        finally:
            _stop(running.values())
        return failed

    def _launch(self, step: Step, portal: str) -> _Worker:
        self._reset_later(portal, step)
        self.store.set_step(self.run.id, portal, step, "running", at=datetime.now(UTC))
        self.listen((portal, step, "start", ""))
        minutes = GRACE_MINUTES
        if portal != WHOLE_RUN:
            minutes += self.agencies.agency(portal).budget.minutes
        task = _Task(
            step,
            self.folder,
            portal,
            self.run.model,
            self.run.started_at,
            self.options,
            self._answers() if step == "report" else (),
            dict(os.environ),
        )
        return _Worker(task, time.monotonic() + minutes * 60)

    def _score(self, portal: str) -> None:
        """Scores one portal here: our own files and plain sums, nothing that needs a process of its own."""
        self._reset_later(portal, "score")
        self.store.set_step(self.run.id, portal, "score", "running", at=datetime.now(UTC))
        self.listen((portal, "score", "start", ""))
        folder = self.folder.portal(portal)
        findings = read_findings(folder.findings) if folder.findings.is_file() else []
        scores = score_portal(portal, load_model(self.run.model), findings, self._answers())
        write_atomic(folder.scores, scores.model_dump_json(indent=1) + "\n")
        self.store.keep_scores(self.run.id, scores)
        self.store.set_step(self.run.id, portal, "score", "done", at=datetime.now(UTC))
        self.listen((portal, "score", "done", ""))

    def _answers(self) -> tuple[Answer, ...]:
        """What agencies and analysts said: imported answers over the baseline."""
        return (*self._baseline(), *self.store.answers(self.run.province))

    def _baseline(self) -> list[Answer]:
        return baseline_answers() if self.agencies.baseline == "study" else []

    def _reset_later(self, portal: str, step: Step) -> None:
        if portal == WHOLE_RUN:
            return
        now = datetime.now(UTC)
        for later in PORTAL_STEPS[PORTAL_STEPS.index(step) + 1 :]:
            self.store.set_step(self.run.id, portal, later, "pending", at=now)
        self.store.set_step(self.run.id, WHOLE_RUN, "report", "pending", at=now)
        self.store.finish_run(self.run.id, None)

    def _hear(self, worker: _Worker) -> str:
        """Takes one message of a worker; returns the reason if it failed."""
        try:
            kind, text, cpu = worker.connection.recv()
        except (EOFError, OSError):
            worker.join()
            kind, text, cpu = "failed", worker.epitaph(), None
        if kind == "progress":
            self.listen((worker.portal, worker.step, "progress", text))
            return ""
        worker.join()
        now = datetime.now(UTC)
        if kind == "done":
            self._keep_results(worker)
            self.store.set_step(
                self.run.id, worker.portal, worker.step, "done", at=now, reason=text, cpu_seconds=cpu
            )
        else:
            self.store.set_step(
                self.run.id, worker.portal, worker.step, "failed", at=now, reason=text, cpu_seconds=cpu
            )
        self.listen((worker.portal, worker.step, kind, text))
        return text if kind == "failed" else ""

    def _keep_results(self, worker: _Worker) -> None:
        folder = self.folder.portal(worker.portal)
        if worker.step == "detect":
            self.store.keep_findings(self.run.id, worker.portal, read_findings(folder.findings))


def _next(todo: dict[str, deque[Step]], running: Sequence[_Worker]) -> str | None:
    """The portal whose next step may begin now; None if all must wait.

    Only one portal is measured at a time, for two would measure each other; it goes first, so that the
    measurements, one after the other, are not kept waiting.
    """
    busy = {worker.portal for worker in running}
    measuring = any(worker.step == "measure" for worker in running)
    ready = [portal for portal, steps in todo.items() if steps and portal not in busy]
    if not measuring and (first := next((p for p in ready if todo[p][0] == "measure"), None)):
        return first
    return next((portal for portal in ready if todo[portal][0] != "measure"), None)


@dataclass(frozen=True)
class _Task:
    """All that a worker process needs; it is pickled, so plain data only."""

    step: Step
    folder: RunFolder
    portal: str
    model: str
    started_at: datetime
    options: Options
    answers: tuple[Answer, ...]
    environment: dict[str, str]
    """This process's own: that of the process from which workers are forked may be older."""


class _Worker:
    """A process that does one step for one portal."""

    def __init__(self, task: _Task, deadline: float) -> None:
        self.step, self.portal, self.deadline = task.step, task.portal, deadline
        self.ended = False
        self.timed_out = False
        self.connection, theirs = PROCESSES.Pipe(duplex=False)
        self.process: BaseProcess = PROCESSES.Process(target=_work, args=(task, theirs), daemon=False)
        self.process.start()
        theirs.close()

    def join(self) -> None:
        self.process.join(timeout=10)
        if self.process.is_alive():
            self.kill()
        self.connection.close()
        self.ended = True

    def interrupt(self) -> None:
        """Asks the process to stop: a visit takes back what is in flight, so that nobody blames it later."""
        self.process.terminate()

    def kill(self) -> None:
        """Ends the process and the browsers that it started."""
        self.timed_out = time.monotonic() > self.deadline
        if self.process.pid is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.kill()  # it may have been too young to lead a group
        self.process.join(timeout=10)

    def epitaph(self) -> str:
        if self.timed_out:
            return "took too long and was ended"
        return f"its process ended unexpectedly (status {self.process.exitcode})"


def _stop(workers: Collection[_Worker]) -> None:
    """Ends workers that are still at work: in order, by force if that takes too long."""
    try:
        for worker in workers:
            worker.interrupt()
        latest = time.monotonic() + STOP_SECONDS
        for worker in workers:
            worker.process.join(max(0.0, latest - time.monotonic()))
    finally:  # also when the operator asks a second time
        for worker in workers:
            worker.kill()


def _work(task: _Task, connection: Connection) -> None:
    """The body of a worker process."""
    os.environ.clear()
    os.environ.update(task.environment)
    os.setsid()  # so that the browsers of this step can be ended with it
    if task.step in BESIDE_MEASURING:
        os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    # A visit has its own way to stop; the other steps are done anew.
    signal.signal(signal.SIGTERM, lambda *_: os.killpg(0, signal.SIGKILL))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    last = 0.0

    def progress(text: str) -> None:
        nonlocal last
        if time.monotonic() - last > 0.2:
            last = time.monotonic()
            connection.send(("progress", text, None))

    place = task.folder.path if task.portal == WHOLE_RUN else task.folder.portal(task.portal).path
    try:
        place.mkdir(parents=True, exist_ok=True)
        # Two audits of one run would write over each other.
        with FileLock(place / ".lock", timeout=LOCK_SECONDS):
            message = ("done", _do(task, progress), _cpu_seconds())
    except Timeout:
        message = ("failed", f"another process is at work in {place}", _cpu_seconds())
    except (StorageError, CaptureError, OutsideWindowError, VisitStoppedError) as error:
        message = ("failed", str(error), _cpu_seconds())
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
        if isinstance(error, OSError) and error.errno in DISK_FULL:
            text = f"{error} (free space and run the same command again)"
        else:
            traceback.print_exc()
        message = ("failed", text, _cpu_seconds())
    with contextlib.suppress(BrokenPipeError):  # whoever asked is gone
        connection.send(message)
    connection.close()


def _end_with_parent() -> None:
    """However the parent ended (kill -9 too), nobody is left visiting a portal."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(STOP_SECONDS)
        os.killpg(0, signal.SIGKILL)


def _do(task: _Task, progress: Callable[[str], None]) -> str:
    # Here, not above: the parent needs neither Scrapy nor a browser, and starts at once without them.
    from dargah import steps
    from dargah.report import write_report

    match task.step:
        case "crawl":
            return steps.crawl(task.folder, task.portal, progress)
        case "measure":
            return steps.measure_portal(
                task.folder,
                task.portal,
                progress,
                lighthouse_pages=task.options.lighthouse_pages,
                again=task.options.afresh,
            )
        case "detect":
            steps.detect(task.folder, task.portal, task.model)
        case "report":
            write_report(
                task.folder,
                task.model,
                task.started_at,
                task.answers,
                screenshots=task.options.screenshots,
                progress=progress,
            )
    return ""


def _cpu_seconds() -> float:
    """Processor time of this process and of the browsers it has waited for."""
    usages: Iterable[resource.struct_rusage] = (
        resource.getrusage(resource.RUSAGE_SELF),
        resource.getrusage(resource.RUSAGE_CHILDREN),
    )
    return round(sum(u.ru_utime + u.ru_stime for u in usages), 3)
