"""The browser asks a host for one thing at a time, and answers without end do not stop it."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from serving import WORDS, Answer, Handler, a_portal, html, run, serving

from crawler.capture import Capture

pytestmark = pytest.mark.browser

ANSWERING = 0.05


class InFlight:
    """Counts the requests that a server is answering at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.now = self.most = 0

    def __call__(self, answer: Answer) -> Answer:
        def counted(handler: Handler) -> None:
            with self._lock:
                self.now += 1
                self.most = max(self.most, self.now)
            time.sleep(ANSWERING)  # time enough for another to arrive, if there were one
            with self._lock:
                self.now -= 1
            answer(handler)

        return counted


def parts(count: int) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    for number in range(count):
        answers[f"/s{number}.js"] = lambda h: h.page(
            "document.addEventListener('DOMContentLoaded', () => { fetch('/moved?' + Math.random());"
            " document.getElementById('app').append('+ '); });",
            kind="text/javascript",
        )
        answers[f"/c{number}.css"] = lambda h: h.page("h1 { color: #036 }", kind="text/css")
    answers["/moved"] = lambda h: h.page("", status=302, headers={"Location": "/data"})
    answers["/data"] = lambda h: h.page("{}", kind="application/json")
    answers["/frame"] = html(f"<h1>قاب</h1><p>{WORDS}</p>", "قاب")
    head = "".join(
        f"<link rel=stylesheet href=/c{n}.css><script src=/s{n}.js></script>" for n in range(count)
    )
    body = f"<h1>خانه</h1><p>{WORDS}</p><div id=app></div><iframe src=/frame></iframe>"
    answers["/"] = html(body, "خانه", head)
    return answers


def test_a_host_is_asked_for_one_thing_at_a_time(tmp_path: Path) -> None:
    flight = InFlight()
    with serving({path: flight(answer) for path, answer in parts(6).items()}) as site:
        run(a_portal(site.url + "/"), tmp_path, browser=True)
        asked = [path.partition("?")[0] for _, path in site.asked]
    assert {f"/s{n}.js" for n in range(6)} | {f"/c{n}.css" for n in range(6)} | {"/data", "/frame"} <= set(
        asked
    )
    assert flight.most == 1


def test_answers_without_end_do_not_keep_the_others_waiting_for_ever(tmp_path: Path) -> None:
    done = threading.Event()

    def endless(handler: Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not done.wait(0.2):
            handler.wfile.write(b" ")
            handler.wfile.flush()

    answers = parts(2)
    answers["/endless"] = endless
    answers["/late.js"] = lambda h: h.page(
        "document.getElementById('app').innerHTML = '<a href=/found>یافته</a>'.repeat(9);",
        kind="text/javascript",
    )
    answers["/found"] = html(f"<h1>یافته</h1><p>{WORDS}</p>", "یافته")
    script = (
        "<script>fetch('/endless'); new EventSource('/endless');"
        "const late = document.createElement('script'); late.src = '/late.js'; document.head.append(late);"
        "</script>"
    )
    answers["/"] = html(f"<div id=app></div>{script}", "خانه")
    try:
        with serving(answers) as site:
            run(a_portal(site.url + "/"), tmp_path, browser=True)
    finally:
        done.set()
    with Capture(tmp_path) as capture:
        assert any(page.url.endswith("/found") for page in capture.pages)
