"""The planning portal: its pages, forms, search, log-in and open data really work."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from browsing import launch
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from playwright.sync_api import sync_playwright
from ruamel.yaml import YAML
from werkzeug.serving import make_server

from demo.portals import planning

GATEWAY = "http://127.0.0.1:8609"
PACKAGE = Path(planning.__file__).parent
TRUTH: dict[str, Any] = YAML(typ="safe").load(PACKAGE / "truth.yaml")
DAY = date(2026, 3, 1)


def words(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def text_of(html: str) -> str:
    return words(BeautifulSoup(html, "lxml").body.get_text(" "))


@pytest.fixture
def client() -> FlaskClient:
    return planning.create_app(DAY, GATEWAY).test_client()


@pytest.fixture(scope="module")
def reader() -> FlaskClient:
    """For tests that only read: building the portal takes a third of a second."""
    return planning.create_app(DAY, GATEWAY).test_client()


@pytest.fixture(scope="module")
def visit(reader) -> tuple[dict[str, BeautifulSoup], dict[str, int]]:
    """The pages that links reach from the start, and the status of every own address named on them."""
    pages: dict[str, BeautifulSoup] = {}
    statuses: dict[str, int] = {}
    wanted = ["/"]
    while wanted:
        path = wanted.pop()
        if path in statuses:
            continue
        answer = reader.get(path, follow_redirects=True)
        statuses[path] = answer.status_code
        if path == "/" or answer.mimetype != "text/html":
            wanted += ["/fa/"] if path == "/" else []
            continue
        soup = pages[path] = BeautifulSoup(answer.text, "lxml")
        named = [tag.get(a) for a in ("href", "src") for tag in soup.find_all(attrs={a: True})]
        wanted += [re.sub(r"^http://localhost(?=/)", "", to) for to in named]
        wanted = [to for to in wanted if to.startswith("/")]
    return pages, statuses


def test_every_own_address_answers_and_there_are_20_to_60_pages(visit):
    pages, statuses = visit
    assert {path for path, status in statuses.items() if status != 200} == set()
    assert 20 <= len(pages) <= 60


def test_titles_and_descriptions_are_unique_within_a_language(visit):
    pages, _ = visit
    for what in (lambda s: s.title.text, lambda s: s.find("meta", attrs={"name": "description"})["content"]):
        seen = [what(soup) for soup in pages.values()]
        assert len(set(seen)) == len(seen)


@pytest.mark.parametrize("indicator", [k for k, v in TRUTH["labels"].items() if v["quote"]])
def test_the_quote_stands_on_its_page(reader, indicator):
    label = TRUTH["labels"][indicator]
    assert words(label["quote"]) in text_of(reader.get(label["page"]).text)


def test_truth_covers_what_a_portal_can_settle():
    assert len(TRUTH["labels"]) == 56


def test_each_half_is_written_in_its_language_and_names_the_other(visit):
    pages, _ = visit
    for path, soup in pages.items():
        language = path[1:3]
        assert soup.html["lang"] == language
        letters = re.findall(r"[A-Za-z]|[\u0600-\u06ff]", soup.main.get_text())
        english = sum(letter.isascii() for letter in letters) / len(letters)
        if language == "en":
            assert english > 0.8
        elif not path.startswith("/fa/data"):  # columns and checksums
            assert english < 0.5
        for other in soup.find_all("link", rel="alternate"):
            assert urlsplit(other["href"]).path in pages or "search" in other["href"]


def test_a_missing_page_is_a_404_in_its_language(client):
    assert "صفحه پیدا نشد" in client.get("/fa/none").text
    answer = client.get("/en/none")
    assert (answer.status_code, "Page not found" in answer.text) == (404, True)
    assert client.get("/api/v1/none").json == {"error": "Not Found"}


def test_a_complaint_gets_a_code_that_tracking_knows(client):
    sent = {"back": "/fa/complaint", "kind": "شکایت", "name": "مریم", "phone": "0912", "text": "تأخیر"}
    answer = client.post("/fa/forms/complaint", data=sent | {"file": (io.BytesIO(b"%PDF-"), "a.pdf")})
    code = parse_qs(urlsplit(answer.location).query)["code"][0]
    assert "ثبت شد و در نوبت بررسی است" in client.get(f"/fa/track?code={code.lower()}").text
    assert "پیدا نشد" in client.get("/fa/track?code=ZZZZZZZZ").text


@pytest.mark.parametrize(
    ("change", "status"),
    [({"text": " "}, 422), ({"kind": "دیگر"}, 422), ({"back": "https://evil.example/"}, 404), ({}, 302)],
)
def test_a_form_is_checked(client, change, status):
    sent = {"back": "/fa/complaint", "kind": "شکایت", "name": "<b>", "phone": "0912", "text": "تأخیر"}
    answer = client.post("/fa/forms/complaint", data=sent | change)
    assert answer.status_code == status
    assert 'value="<b>"' not in answer.text


def test_a_file_above_the_stated_limit_is_refused(client):
    big = io.BytesIO(bytes(planning.UPLOAD_LIMIT + 1))
    assert client.post("/fa/forms/complaint", data={"file": (big, "a.pdf")}).status_code == 413


def test_log_in_opens_the_desk_only_with_the_right_password(client):
    national_id, (name, password) = next(iter(client.application.config["ACCOUNTS"].items()))
    assert client.get("/fa/account").location == "/fa/login"
    wrong = client.post("/fa/login", data={"national_id": national_id, "password": "x"})
    assert wrong.status_code == 401
    assert client.post("/fa/login", data={"national_id": "1", "password": ""}).status_code == 401
    client.post("/fa/login", data={"national_id": national_id, "password": password})
    assert name in client.get("/fa/account").text
    client.post("/fa/logout")
    assert client.get("/fa/account").status_code == 302


def test_search_knows_titles_spellings_and_slips_of_the_pen(client):
    def first(query: str) -> str | None:
        soup = BeautifulSoup(client.get("/fa/search", query_string={"q": query}).text, "lxml")
        hit = soup.select_one(".found a")
        return hit and hit["href"]

    assert first("فرصت هاي شغلي") == "/fa/jobs"
    assert first("مناقثه ها") == "/fa/tenders"
    assert first("زقمبوتیکا") is None
    english = client.get("/en/search?q=privacy").text
    assert "/en/privacy" in english


def test_data_files_parse_and_match_their_checksums(client):
    for dataset in client.get("/api/v1/datasets").json["datasets"]:
        for file in dataset["files"]:
            body = client.get(file["href"]).data
            assert hashlib.sha256(body).hexdigest() == file["sha256"]
            if file["href"].endswith("csv"):
                assert len(list(csv.DictReader(io.StringIO(body.decode())))) == dataset["rows"]
            elif file["href"].endswith("xlsx"):
                assert openpyxl.load_workbook(io.BytesIO(body)).active.max_row == dataset["rows"] + 1
            else:
                assert len(json.loads(body)["features"]) == dataset["rows"]


def test_the_api_filters_and_pages(client):
    answer = client.get("/api/v1/datasets/population?county=Rudehen&limit=2&offset=1").json
    assert (answer["total"], [row["year"] for row in answer["rows"]]) == (3, [1402, 1403])
    assert client.get("/api/v1/datasets/none").status_code == 404


def test_fees_are_handed_over_to_the_bank(client):
    form = BeautifulSoup(client.get("/fa/services/contractors").text, "lxml").find("form", class_="pay")
    sent = {tag["name"]: tag["value"] for tag in form.find_all("input")}
    assert form["action"] == f"{GATEWAY}/pay"
    assert sent["amount"] == "3500000"
    assert GATEWAY in client.get("/fa/").headers["Content-Security-Policy"]


def test_xml_sitemap_lists_what_can_be_reached(visit, client):
    pages, _ = visit
    listed = {urlsplit(loc.text).path for loc in BeautifulSoup(client.get("/sitemap.xml").data, "xml")("loc")}
    assert listed == set(pages)
    robots = client.get("/robots.txt").text
    assert "Crawl-delay: 0" in robots
    assert "Disallow: /admin/" in robots


def test_votes_count(client):
    assert client.post("/fa/poll", data={"choice": "9"}).status_code == 422
    client.post("/fa/poll", data={"choice": "3"})
    assert "۹۷ رأی" in text_of(client.get("/fa/poll").text)


def test_dates_follow_the_day_of_the_visit():
    for day, jalali, english in (
        (date(2026, 3, 22), "۱ فروردین ۱۴۰۵", "20 March 2026"),
        (date(2027, 1, 11), "۲۰ دی ۱۴۰۵", "9 January 2027"),
    ):
        client = planning.create_app(day, GATEWAY).test_client()
        assert jalali in client.get("/fa/news").text
        assert english in client.get("/en/about").text


def test_the_questionnaire_has_one_answer_for_a_question():
    with (PACKAGE / "questionnaire.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len({row["question"] for row in rows}) == len(rows) > 80
    assert all(row["answer"] for row in rows)


@pytest.mark.browser
def test_display_settings_last_and_the_map_has_layers_that_can_be_hidden():
    server = make_server("127.0.0.1", 0, planning.create_app(DAY, GATEWAY), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with sync_playwright() as playwright:
            browser = launch(playwright)
            tab = browser.new_page()
            tab.goto(f"http://127.0.0.1:{server.port}/fa/")
            look = "[getComputedStyle(document.body)].map(s => [s.fontSize, s.backgroundColor])[0]"
            plain = tab.evaluate(look)
            tab.click("[data-display=bigger]")
            tab.click("[data-display=dark]")
            tab.goto(f"http://127.0.0.1:{server.port}/fa/gis")
            assert all(now != before for now, before in zip(tab.evaluate(look), plain, strict=True))
            tab.wait_for_selector("#layers label:nth-of-type(5)")
            assert tab.locator("#map circle:visible").count() == 6
            tab.get_by_label("آب و فاضلاب").uncheck()
            assert tab.locator("#map circle:visible").count() == 4
            tab.locator("#map circle:visible").first.click()
            assert "پیشرفت ۷۲ درصد" in tab.inner_text("#chosen")
            browser.close()
    finally:
        server.shutdown()
        thread.join()
