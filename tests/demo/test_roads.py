"""The roads portal keeps its promises: its pages hang together and the truth about it stands on them."""

from __future__ import annotations

from datetime import date
from email.utils import parsedate_to_datetime

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from walk import QUESTIONS, STUDY_INDICATORS, answers, folded, truth, walk

from demo.portals.roads import create_app

TODAY = date(2026, 3, 21)


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(today=TODAY, gateway="http://127.0.0.1:1").test_client()


def test_all_pages_are_reached_and_no_link_is_broken(client: FlaskClient) -> None:
    found = walk(client)
    assert found.broken == set()
    assert 20 <= len(found.pages) <= 60
    assert {"/doc/tender-14.pdf", "/doc/fleet-form.xls", "/img/banner.jpg"} <= found.files


def test_titles_tell_the_pages_apart(client: FlaskClient) -> None:
    pages = {path: soup for path, soup in walk(client).pages.items() if path != "/"}
    titles = [soup.title.get_text() for soup in pages.values() if soup.title]
    assert len(set(titles)) == len(titles) == len(pages)


def test_each_quote_of_the_truth_stands_on_its_page(client: FlaskClient) -> None:
    labels = truth("roads")["labels"]
    assert len(labels) == STUDY_INDICATORS
    for indicator, label in labels.items():
        if label["page"]:
            response = client.get(label["page"])
            assert response.status_code == 200, indicator
            text = BeautifulSoup(response.data, "html5lib").get_text(" ")
            assert folded(label["quote"]) in folded(text), indicator
        else:
            assert not label["quote"], indicator
        assert label["page"] or label["answer"] not in ("yes", "high"), indicator


def test_news_is_as_old_on_any_day_as_it_was_written(client: FlaskClient) -> None:
    news = client.get("/news-1.html")
    assert "۱۹ بهمن ۱۴۰۴" in news.text  # 41 days before the first of Farvardin 1405
    assert "{{" not in news.text
    assert parsedate_to_datetime(news.headers["Last-Modified"]).date() == date(2026, 2, 8)
    later = create_app(today=date(2026, 4, 21), gateway="").test_client().get("/news-1.html")
    assert "۲۰ اسفند ۱۴۰۴" in later.text


def test_files_come_with_their_types_and_missing_pages_with_404(client: FlaskClient) -> None:
    assert client.get("/doc/tender-14.pdf").mimetype == "application/pdf"
    assert client.get("/doc/tender-14.pdf").data.startswith(b"%PDF-")
    assert client.get("/doc/fleet-form.xls").mimetype == "application/vnd.ms-excel"
    assert client.get("/sitemap.xml").status_code == 404
    assert client.get("/../__init__.py").status_code == 404
    assert client.get("/robots.txt").mimetype == "text/plain"


def test_the_questionnaire_covers_the_study_but_for_the_app_that_there_is_not() -> None:
    given = {int(number.split(".")[0]) for number in answers("roads")}
    assert QUESTIONS - given == {19, 52, 53}
