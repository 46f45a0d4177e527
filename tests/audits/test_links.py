"""Links to other hosts: what is broken, what nobody can tell, and how lightly they are asked for."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread

import pytest
import trustme

from audits.links import AGE, NO_NAMES, Policy, _Memory, check_links, external_links
from audits.measure import measure
from audits.records import ExternalLink
from crawler.capture import Capture
from tests.indicators.make_capture import make_capture, page


class Server:
    """`answers`: path -> (status, location) for HEAD and GET, or a dict by method; `hits`: what was asked."""

    def __init__(self, answers: dict[str, object], tls: ssl.SSLContext | None = None) -> None:
        self.hits: list[tuple[str, str, float]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                server.hits.append((self.command, self.path, time.monotonic()))
                told = answers.get(self.path, 404)
                if isinstance(told, dict):
                    told = told[self.command]
                if told == "slow":
                    self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                    for _ in range(40):  # a header every moment: no single read takes long
                        time.sleep(0.1)
                        try:
                            self.wfile.write(b"X: y\r\n")
                        except OSError:
                            return
                    return
                if isinstance(told, bytes):
                    self.send_response(200)
                    self.end_headers()
                    self.wfile.write(told)
                    return
                status, location = (302, told) if isinstance(told, str) else (told, "")
                assert isinstance(status, int)
                self.send_response(status)
                if location:
                    self.send_header("Location", location)
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(b"x" * 100_000)

            do_GET = do_HEAD = _answer

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        if tls is not None:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.port: int = self.server.server_address[1]

    def asked(self) -> list[str]:
        return [f"{method} {path}" for method, path, _ in self.hits if path != "/robots.txt"]


@contextmanager
def serving(answers: dict[str, object], tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(answers, tls)
    Thread(target=server.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        server.server.shutdown()
        server.server.server_close()


async def names(host: str, _: int) -> list[str]:
    if host == "gone.example":
        raise socket.gaierror(socket.EAI_NONAME, "unknown")
    if host == "shaky.example":
        raise socket.gaierror(socket.EAI_AGAIN, "try again")
    return ["10.1.2.3"] if host == "inside.example" else ["127.0.0.1"]


def policy(**changes: object) -> Policy:
    options: dict[str, object] = {
        "resolve": names,
        "may_ask": lambda address: address == "127.0.0.1",
        "pause_seconds": 0.05,
        "answer_seconds": 1.0,
    }
    return Policy("Mozilla/5.0 (compatible; Dargah/1.0; +test)", **{**options, **changes})  # type: ignore[arg-type]


def check(memory: Path, *urls: str, **changes: object) -> dict[str, ExternalLink]:
    links = [ExternalLink(url=url, page="https://p.example/", text="t", pages=1) for url in urls]
    return {one.url: one for one in asyncio.run(check_links(links, memory, policy(**changes)))}


def test_what_is_broken_and_what_nobody_can_tell(tmp_path: Path) -> None:
    answers: dict[str, object] = {
        "/ok": 200, "/410": 410, "/500": 500, "/403": 403, "/429": 429,
        "/head405": {"HEAD": 405, "GET": 200}, "/head404": {"HEAD": 404, "GET": 206},
        "/moved": "/ok", "/lost": "/404", "/round": "/round", "/inside": "http://inside.example/",
        "/slow": "slow",
    }  # fmt: skip
    with serving(answers) as server:
        at = f"http://a.example:{server.port}"
        paths = ("/ok", "/404", *(path for path in answers if path != "/ok"))
        urls = [f"{at}{path}" for path in paths]
        started = time.monotonic()
        found = check(tmp_path / "l.sqlite", *urls, "http://gone.example/", "http://shaky.example/")
        assert time.monotonic() - started < 10
    told = {url.removeprefix(at): (one.state, one.reason) for url, one in found.items()}
    assert told == {
        "/ok": ("works", ""),
        "/404": ("broken", "status 404"),
        "/410": ("broken", "status 410"),
        "/500": ("unknown", "status 500"),
        "/403": ("unknown", "status 403"),
        "/429": ("unknown", "status 429"),
        "/head405": ("works", ""),
        "/head404": ("works", ""),
        "/moved": ("works", ""),
        "/lost": ("broken", "status 404"),
        "/round": ("broken", "too many redirects"),
        "/inside": ("unknown", "a private address is never asked"),
        "/slow": ("unknown", "no answer in time"),
        "http://gone.example/": ("broken", "the host's name is not known"),
        "http://shaky.example/": ("unknown", "the host's name could not be resolved"),
    }
    assert found[f"{at}/moved"].final_url == f"{at}/ok"
    assert "GET /ok" not in server.asked()  # where HEAD answers, nothing more is asked
    assert [path for method, path, _ in server.hits].count("/robots.txt") == 1


def test_a_host_is_asked_one_at_a_time_with_pauses(tmp_path: Path) -> None:
    with serving({f"/{n}": 200 for n in range(4)}) as server:
        check(tmp_path / "l", *(f"http://a.example:{server.port}/{n}" for n in range(4)), pause_seconds=0.2)
        times = [at for _, _, at in server.hits]
    assert len(times) == 5  # with robots.txt
    assert min(after - before for before, after in pairwise(times)) >= 0.19


def test_robots_txt_is_heeded(tmp_path: Path) -> None:
    rules = b"User-agent: Dargah\nDisallow: /private/\n"
    with serving({"/robots.txt": rules, "/open": 200, "/private/x": 200, "/in": "/private/x"}) as server:
        at = f"http://a.example:{server.port}"
        found = check(tmp_path / "l", f"{at}/open", f"{at}/private/x", f"{at}/in")
        assert server.asked() == ["HEAD /open", "HEAD /in"] or server.asked() == ["HEAD /in", "HEAD /open"]
    assert found[f"{at}/open"].state == "works"
    assert found[f"{at}/private/x"].reason == found[f"{at}/in"].reason == "robots.txt forbids it"


def test_a_certificate_that_is_not_trusted_is_broken(tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("a.example").configure_cert(context)

    def trusting() -> ssl.SSLContext:
        own = ssl.create_default_context()
        authority.configure_trust(own)
        return own

    with serving({"/": 200}, context) as server:
        right, wrong = f"https://a.example:{server.port}/", f"https://b.example:{server.port}/"
        untrusted = check(tmp_path / "1", right)[right]
        assert (untrusted.state, untrusted.reason[:23]) == ("broken", "certificate not trusted")
        both = check(tmp_path / "2", right, wrong, trust=trusting)
    assert both[right].state == "works"
    assert both[wrong].state == "broken"


def test_what_was_asked_this_week_is_remembered(tmp_path: Path) -> None:
    with serving({"/": 200}) as server:
        url = f"http://a.example:{server.port}/"
        first = check(tmp_path / "l", url)[url]
        again = check(tmp_path / "l", url)[url]
        assert again == first
        assert server.asked() == ["HEAD /"]
        with _Memory(tmp_path / "l") as memory:
            old = first.model_copy(update={"checked_at": datetime.now(UTC) - AGE - timedelta(minutes=1)})
            memory.keep(old)
        check(tmp_path / "l", url)
        assert server.asked() == ["HEAD /", "HEAD /"]


def test_a_machine_that_knows_no_names_calls_nothing_broken(tmp_path: Path) -> None:
    url = "http://gone.example/"
    one = check(tmp_path / "l", url)[url]
    assert (one.state, one.reason) == ("unknown", NO_NAMES)
    with _Memory(tmp_path / "l") as memory:
        assert memory.answer(one, datetime.now(UTC) - AGE) is None  # it is asked again


def test_what_there_is_no_time_for_stays_unknown(tmp_path: Path) -> None:
    with serving({"/a": "slow", "/b": 200}) as server:
        urls = [f"http://a.example:{server.port}/{name}" for name in "ab"]
        found = check(tmp_path / "l", *urls, total_seconds=0.5, answer_seconds=5.0)
    assert {one.state for one in found.values()} == {"unknown"}
    assert {one.reason for one in found.values()} == {"there was no time to ask"}


def test_which_links_are_asked(tmp_path: Path) -> None:
    def links(*urls: str) -> str:
        return page("".join(f'<a href="{url}">to {url[-9:]}</a>' for url in urls) + "<p>" + "word " * 30)

    many = [f"https://big.example/{n:02}" for n in range(15)]
    pages = {
        "/": links("https://b.example/#top", "/a", "mailto:a@b.example", *many),
        "/a": links("https://often.example/", "https://once.example/x", "https://b.example/"),
        "/b": links("https://often.example/", "https://www.portal.example.ir/own"),
    }
    with Capture(make_capture(tmp_path, pages)) as capture:
        found = external_links(capture.portal, capture)
        assert found == external_links(capture.portal, capture)
    urls = [one.url for one in found]
    assert urls[0] == "https://b.example/"  # home page, on two pages
    assert urls[-2:] == ["https://often.example/", "https://once.example/x"]
    assert len(urls) == 13  # ten of the host that has fifteen
    assert found[-2].pages == 2
    assert found[-2].page == "https://portal.example.ir/a"
    assert found[-2].text.startswith("to ")


@pytest.mark.parametrize("kind", ["archived", "confined"])
def test_a_portal_kept_to_its_hosts_asks_nobody(tmp_path: Path, kind: str) -> None:
    pages = {"/": page('<a href="https://b.example/">b</a>')}
    # A visit that reached nothing starts no browser.
    with Capture(make_capture(tmp_path / "capture", pages, outcome="unreachable")) as capture:
        portal = capture.portal.model_copy(update={kind: True})
        found = measure(portal, capture, tmp_path / "out", links_memory=tmp_path / "links.sqlite")
    assert found.links == ()
    assert found.links_reason == "a portal that is kept to its own hosts"
    assert not (tmp_path / "links.sqlite").exists()
