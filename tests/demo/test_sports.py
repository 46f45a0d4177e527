"""The sports portal in a real browser: what its truth file says is what a visitor sees."""

from __future__ import annotations

import csv
import re
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from browsing import launch
from playwright.sync_api import sync_playwright
from ruamel.yaml import YAML
from werkzeug.serving import make_server

from demo.portals import sports

PACKAGE = Path(sports.__file__).parent
TRUTH: dict[str, Any] = YAML(typ="safe").load(PACKAGE / "truth.yaml")
NOT_FOUND = "صفحه یافت نشد"
DEAD = {"/sitemap", "/en"}

WAYS_ON = """() => [
  ...[...document.querySelectorAll("a[href^='/']")].map(a => a.getAttribute("href")),
  ...[...document.querySelectorAll("[data-route]")].map(b => b.dataset.route),
  ...[...document.querySelectorAll("[onclick]")].map(
    b => /go\\('(.+)'\\)/.exec(b.getAttribute("onclick"))[1]),
]"""


def words(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.fixture(scope="module")
def client() -> Any:
    app = sports.create_app(date(2026, 3, 1), "http://gateway.invalid")
    app.config["API_DELAY"] = 0
    return app.test_client()


@pytest.fixture(scope="module")
def pages() -> Iterator[dict[str, str]]:
    """Every route that can be reached from the home page, with the text that the browser shows."""
    app = sports.create_app(date(2026, 3, 1), "http://gateway.invalid")
    app.config["API_DELAY"] = 0
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    seen: dict[str, str] = {}
    wanted = ["/", *{label["page"] for label in TRUTH["labels"].values() if "?" in label["page"]}]
    try:
        with sync_playwright() as playwright:
            browser = launch(playwright)
            tab = browser.new_page()
            tab.route(re.compile(r"\.(svg|woff2)$"), lambda route: route.abort())
            tab.goto(f"http://127.0.0.1:{server.port}/")
            while wanted:
                route = wanted.pop(0)
                if route in seen or route.startswith("/assets/"):
                    continue
                tab.goto(f"http://127.0.0.1:{server.port}{route}")
                tab.wait_for_selector("main:not([aria-busy])")
                seen[route] = words(tab.inner_text("body"))
                wanted += tab.evaluate(WAYS_ON)
            browser.close()
    finally:
        server.shutdown()
        thread.join()
    yield seen


@pytest.mark.browser
def test_a_visitor_reaches_between_20_and_60_pages_and_only_the_known_routes_are_dead(pages):
    assert 20 <= len(pages) <= 60
    assert {route for route, text in pages.items() if NOT_FOUND in text} == DEAD


@pytest.mark.browser
@pytest.mark.parametrize("indicator", [k for k, v in TRUTH["labels"].items() if v["quote"]])
def test_the_quote_stands_on_its_page(pages, indicator):
    label = TRUTH["labels"][indicator]
    assert words(label["quote"]) in pages[label["page"]]


def test_every_route_answers_the_same_empty_shell_with_status_200(client):
    bodies = {client.get(route).data for route in ("/", "/news/8", "/nowhere/at/all", "/sitemap.xml")}
    assert len(bodies) == 1
    assert b'<div id="app"></div>' in bodies.pop()


def test_unknown_content_is_a_404_of_the_api(client):
    for path in ("news/999", "services/none", "facilities/0", "page/none", "none"):
        assert client.get(f"/api/{path}").status_code == 404


def test_search_finds_by_any_spelling_and_finds_nothing_for_nonsense(client):
    # Arabic yeh and kaf, and a space for the half-space
    found = client.get("/api/search", query_string={"q": "كشتي گيران دماوندي"}).json["items"]
    assert found[0]["to"] == "/news/5"
    assert client.get("/api/search", query_string={"q": "زقمبوت"}).json["items"] == []


def test_forms_refuse_what_is_incomplete_and_take_what_is_whole(client):
    whole = {"name": "مریم", "phone": "09121112233", "message": "سلام"}
    assert "دریافت شد" in client.post("/api/contact", json=whole).json["message"]
    assert client.post("/api/contact", json=whole | {"message": " "}).status_code == 422
    assert client.post("/api/contact", data="not json").status_code == 422
    assert client.post("/api/booking", json={"facility": "x", "day": "", "phone": "1"}).status_code == 422


def test_a_vote_counts_once_and_a_bad_choice_does_not(client):
    before = client.get("/api/poll").json["votes"]
    after = client.post("/api/poll", json={"choice": 2}).json["votes"]
    assert [b - a for a, b in zip(before, after, strict=True)] == [0, 0, 1, 0, 0]
    for bad in ({"choice": 9}, {"choice": "2"}, {}):
        assert client.post("/api/poll", json=bad).status_code == 422


def test_the_files_it_links_are_real(client):
    for name in ("club-licence", "facility-rules"):
        assert client.get(f"/assets/forms/{name}.pdf").data.startswith(b"%PDF-")


def test_news_is_fresh_on_any_day():
    assert sports.load_content(date(2026, 3, 22))["news"][0]["date"] == "۱ فروردین ۱۴۰۵"


def test_truth_covers_what_a_portal_can_settle():
    assert len(TRUTH["labels"]) == 56
    assert unquote(TRUTH["start"]) == "/"


def test_the_questionnaire_has_one_answer_for_a_question():
    with (PACKAGE / "questionnaire.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len({row["question"] for row in rows}) == len(rows) > 80
    assert all(row["answer"] for row in rows)
