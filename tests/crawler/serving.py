"""Loopback servers that behave as told, and visits to them in a process of their own."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import ssl
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.capture import Visit
from crawler.portal import Portal
from tests.crawler.looking import Words

Answer = Callable[["Handler"], None]
ROOT = Path(__file__).parents[2]

RUN = """
import json, sys
from pathlib import Path
from crawler.portal import Portal
from crawler.visit import visit
from tests.crawler.looking import Words
args = json.loads(sys.argv[1])
if __name__ == "__main__":
    found = visit(
        Portal.model_validate(args["portal"]), Path(args["folder"]),
        user_agent_contact="mailto:audit@example.org", base_folder=Path(args["base"]),
        interests=Words(args["looked_for"]) if args["looked_for"] else None,
        progress=lambda p: print("progress", p.pages, p.url, flush=True),
    )
    print("visit", found.model_dump_json(), flush=True)
"""


class Handler(BaseHTTPRequestHandler):
    """Answers by the server's table of paths; everything asked for is noted with its time."""

    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        self.server.note(self)
        path = urlsplit(self.path).path
        answer = self.server.answers.get(path) or self.server.answers.get("*")
        if answer is None:
            self.page("<h1>404 Not Found</h1>", status=404)
        else:
            answer(self)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.form = self.rfile.read(length).decode()
        self.do_GET()

    form = ""

    def page(
        self,
        body: str | bytes,
        *,
        status: int = 200,
        kind: str | None = "text/html; charset=utf-8",
        headers: dict[str, str] | None = None,
    ) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        if kind is not None:
            self.send_header("Content-Type", kind)
        for name, value in {"Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: Any) -> None:
        pass


class Site(ThreadingHTTPServer):
    """A portal on loopback. `asked` lists (method, path) in order of arrival."""

    daemon_threads = True
    listens_on = "127.0.0.1"

    def __init__(self, answers: dict[str, Answer], context: ssl.SSLContext | None = None) -> None:
        super().__init__((self.listens_on, 0), Handler)
        self.answers = answers
        self.asked: list[tuple[str, str]] = []
        self.times: list[float] = []
        self.agents: set[str] = set()
        self._lock = threading.Lock()
        self.scheme = "http"
        if context is not None:
            self.scheme = "https"
            self.socket = context.wrap_socket(self.socket, server_side=True)

    def note(self, handler: Handler) -> None:
        import time

        with self._lock:
            self.asked.append((handler.command, handler.path))
            self.times.append(time.monotonic())
            self.agents.add(handler.headers.get("User-Agent") or "")

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def count(self, path: str) -> int:
        return sum(asked == path for _, asked in self.asked)

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@contextmanager
def serving(answers: dict[str, Answer], context: ssl.SSLContext | None = None) -> Iterator[Site]:
    site = Site(answers, context)
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        site.server_close()


def html(body: str, title: str = "درگاه", head: str = "") -> Answer:
    """A page with this body."""
    text = f"<!doctype html><html lang=fa><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return lambda handler: handler.page(text)


def to(target: str, status: int = 302) -> Answer:
    return lambda handler: handler.page("", status=status, headers={"Location": target})


WORDS = "این صفحه نمونه‌ای از متن یک درگاه اداری است که برای آزمودن خزنده نوشته شده است. " * 3


def a_portal(start: str, **fields: Any) -> Portal:
    budget = {"delay_seconds": 0, "minutes": 3, **fields.pop("budget", {})}
    return Portal.model_validate(
        {
            "id": "test",
            "names": {"fa": "آزمون", "en": "Test"},
            "kind": "office",
            "start": start,
            "allow_private": True,
            "budget": budget,
            **fields,
        }
    )


def begin(
    portal: Portal,
    folder: Path,
    *,
    browser: bool = False,
    base: Path | None = None,
    looked_for: tuple[tuple[str, float, str], ...] = (),
) -> subprocess.Popen[str]:
    """Starts a visit in a process of its own; without `browser`, that process finds none."""
    args = {
        "portal": portal.model_dump(mode="json"),
        "folder": str(folder),
        "base": str(base or folder),
        "looked_for": looked_for,
    }
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    if not browser:
        environment["DARGAH_CHROMIUM"] = "/bin/false"
    return subprocess.Popen(
        [sys.executable, "-c", RUN, json.dumps(args)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=ROOT,
    )


def end(process: subprocess.Popen[str]) -> Visit:
    out, err = process.communicate(timeout=150)
    last = out.strip().split("\n")[-1]
    assert process.returncode == 0 and last.startswith("visit "), f"{out[-2000:]}\n{err[-4000:]}"
    return Visit.model_validate_json(last.removeprefix("visit "))


def forks() -> ForkServerContext:
    """Processes that begin at once: all that they load is loaded in the server from which they are forked."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["dargah.preload"])
    return context


def run(
    portal: Portal,
    folder: Path,
    *,
    browser: bool = False,
    base: Path | None = None,
    looked_for: tuple[tuple[str, float, str], ...] = (),
    file_size: int | None = None,
) -> Visit:
    """A whole visit, like `begin` and `end`, in a process that need not load everything anew. `file_size`:
    the system refuses to make files of more bytes than that."""
    hears, tells = forks().Pipe(duplex=False)
    process = forks().Process(
        target=_run, args=(tells, portal, folder, browser, base or folder, looked_for, file_size)
    )
    process.start()
    tells.close()
    try:
        if not hears.poll(150):
            raise AssertionError("the visit did not come to its end")
        said = hears.recv()
    except EOFError:
        process.join()
        raise AssertionError(f"the visit's process ended with status {process.exitcode}") from None
    finally:
        process.kill()
        process.join()
    assert isinstance(said, Visit), said
    return said


def _run(
    tells: Connection,
    portal: Portal,
    folder: Path,
    browser: bool,
    base: Path,
    looked_for: tuple[tuple[str, float, str], ...],
    file_size: int | None,
) -> None:
    """The body of the process."""
    if file_size is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, resource.RLIM_INFINITY))
    if not browser:
        os.environ["DARGAH_CHROMIUM"] = "/bin/false"
    from crawler.visit import visit

    try:
        tells.send(
            visit(
                portal,
                folder,
                user_agent_contact="mailto:audit@example.org",
                base_folder=base,
                interests=Words(looked_for) if looked_for else None,
            )
        )
    except Exception:
        tells.send(traceback.format_exc())
