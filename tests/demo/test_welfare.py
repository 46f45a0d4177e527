"""The welfare portal: it is what its truth file says, and its services really work."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator

import pytest
import walk
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from demo.portals.welfare import create_app, identity
from demo.portals.welfare.search import Index

TODAY = datetime.date(2026, 11, 22)
GATEWAY = "http://bank.test:8609"


@pytest.fixture(scope="module")
def walked() -> walk.Walked:
    return walk.walk(create_app(TODAY, GATEWAY).test_client())


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    with create_app(TODAY, GATEWAY).test_client() as client:
        yield client


def test_has_between_20_and_60_pages_and_no_broken_link(walked: walk.Walked) -> None:
    assert 20 <= len(walked.pages) <= 60
    assert walked.broken == set()


def test_pages_differ_in_title_and_description(walked: walk.Walked) -> None:
    soups = list(walked.pages.values())
    for pieces in (
        [soup.title.get_text() for soup in soups if soup.title],
        [str(soup.find("meta", {"name": "description"})) for soup in soups],
    ):
        assert len(set(pieces)) == len(soups)


def test_truth_covers_every_indicator_and_quotes_what_stands_there(walked: walk.Walked) -> None:
    labels = walk.truth("welfare")["labels"]
    assert len(labels) == walk.STUDY_INDICATORS
    for indicator, label in labels.items():
        if label["answer"] not in ("no", "none", "not_observable"):
            assert label["page"], f"{indicator} names no page"
        if label["page"]:
            assert label["quote"] in walk.folded(walked.pages[label["page"]].get_text(" ")), indicator


def test_questionnaire_claims_less_than_the_portal_does() -> None:
    answers = walk.answers("welfare")
    labels = walk.truth("welfare")["labels"]
    asked = {int(question.split(".")[0]) for question in answers}
    assert walk.QUESTIONS - asked == {34, 52}, "a few questions are left out, no more"
    for question, indicator in (
        ("79", "privacy_policy"),
        ("43", "digital_identity"),
        ("87", "help_facilities"),
    ):
        assert (answers[question], labels[indicator]["answer"]) == ("خیر", "yes")


def test_every_sitemap_address_is_a_page(walked: walk.Walked, client: FlaskClient) -> None:
    robots = client.get("/robots.txt").text
    assert "Crawl-delay: 0" in robots and "Disallow: /admin/" in robots and "/sitemap.xml" in robots
    paths: list[str] = []
    for part in re.findall(r"<loc>http://localhost(.*?)</loc>", client.get("/sitemap.xml").text):
        paths += re.findall(r"<loc>http://localhost(.*?)</loc>", client.get(part).text)
    assert set(paths) == set(walked.pages)


def test_missing_page_answers_404_with_the_portals_own_page(client: FlaskClient) -> None:
    response = client.get("/nothing-here")
    assert response.status_code == 404
    assert "پیدا نشد" in response.text


def test_complaint_gets_a_code_that_shows_its_status(client: FlaskClient) -> None:
    form = {"kind": "شکایت", "subject": "تأخیر در کمیسیون", "text": "دو ماه است منتظرم."}
    sent = client.post("/complaint", data={**form, "attachment": (io.BytesIO(b"%PDF-1.4"), "madrak.pdf")})
    code = re.search(r'class="code">(\d{10})<', sent.text)
    assert code
    persian_code = code[1].translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    for typed in (code[1], persian_code):
        status = client.get("/complaint/track", query_string={"code": typed}).text
        assert "تأخیر در کمیسیون" in status and "در دست بررسی" in status and "madrak.pdf" in status
    assert "پیدا نشد" in client.get("/complaint/track?code=1").text


def test_incomplete_complaint_and_oversized_attachment_are_refused(client: FlaskClient) -> None:
    assert client.post("/complaint", data={"kind": "شکایت", "subject": " "}).status_code == 400
    heavy = io.BytesIO(b"0" * (26 * 1024 * 1024))
    form = {"kind": "شکایت", "subject": "x", "text": "y", "attachment": (heavy, "a.pdf")}
    assert client.post("/complaint", data=form).status_code == 413


def _ask_for_code(client: FlaskClient, national_code: str, captcha: str | None = None) -> str:
    """Text of the answer to the first step; the captcha is read from the picture unless given."""
    picture = client.get("/captcha.svg").text
    drawn = {strokes: str(digit) for digit, strokes in enumerate(identity._DIGITS)}
    parts = {stroke: part for part, stroke in identity._STROKES.items()}
    digits = [
        drawn["".join(parts[f"M{move}"] for move in path.replace(" M", "|M")[1:].split("|M"))]
        for path in re.findall(r'<path d="([^"]+)" transform', picture)
    ]
    data = {"national_code": national_code, "captcha": captcha or "".join(digits)}
    return client.post("/login", data=data).text


def test_citizen_logs_in_with_national_code_captcha_and_one_time_code(client: FlaskClient) -> None:
    assert client.get("/my").status_code == 302
    step = _ask_for_code(client, "0499370899")
    code = re.search(r'class="code">(\d{6})<', step)
    assert code
    cookie = client.post("/login/verify", data={"code": code[1]}).headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert "۰۴۹۹۳۷۰۸۹۹" in client.get("/my").text
    client.post("/logout")
    assert client.get("/my").status_code == 302


def test_wrong_national_code_captcha_or_one_time_code_do_not_log_in(client: FlaskClient) -> None:
    assert "کد ملی درست نیست" in _ask_for_code(client, "0499370898")
    assert "عبارت امنیتی درست نیست" in _ask_for_code(client, "0499370899", captcha="x")
    step = _ask_for_code(client, "0499370899")
    right = re.search(r'class="code">(\d{6})<', step)
    assert right
    wrong = "000000" if right[1] != "000000" else "111111"
    for _ in range(3):
        assert client.post("/login/verify", data={"code": wrong}).status_code == 400
    assert client.post("/login/verify", data={"code": right[1]}).status_code == 400, "three tries only"
    assert client.get("/my").status_code == 302


def test_poll_counts_a_vote_and_refuses_an_unknown_choice(client: FlaskClient) -> None:
    assert "۲۱۴ رأی" in client.get("/poll").text
    client.post("/poll", data={"choice": "early"})
    assert "۲۱۵ رأی" in client.get("/poll").text
    assert client.post("/poll", data={"choice": "never"}).status_code == 400


def test_comment_is_shown_as_text_not_as_markup(client: FlaskClient) -> None:
    client.post("/news/wheelchairs/comment", data={"name": "آرش", "text": "<script>alert(1)</script>"})
    page = client.get("/news/wheelchairs").text
    assert "آرش" in page and "<script>alert" not in page


def test_payment_hands_over_to_the_bank_and_the_policy_allows_it(client: FlaskClient) -> None:
    response = client.get("/payment")
    forms = BeautifulSoup(response.text, "lxml").select("form.payline")
    assert forms
    for form in forms:
        assert form["action"] == f"{GATEWAY}/pay" and form["method"] == "post"
        assert {str(field["name"]) for field in form.find_all("input")} >= {"amount", "merchant"}
    policy = response.headers["Content-Security-Policy"]
    assert f"form-action 'self' {GATEWAY}" in policy


def _first_title(html: str) -> str:
    hit = BeautifulSoup(html, "lxml").select_one(".hits a")
    return hit.get_text() if hit else ""


@pytest.mark.parametrize(
    "query",
    [
        "مراقبت از سالمندان در منزل",
        "مراقبت از سالمندان در منزل".replace("ی", "ي"),
        "مراقبت از سالمندن در منزل",
    ],
    ids=["as written", "Arabic letters", "misspelt"],
)
def test_search_finds_a_known_page_first(client: FlaskClient, query: str) -> None:
    found = client.get("/search", query_string={"q": query})
    assert _first_title(found.text) == "مراقبت از سالمندان در منزل"


def test_search_finds_every_page_by_its_title(walked: walk.Walked) -> None:
    index = Index((path, str(soup)) for path, soup in walked.pages.items())
    for path, soup in walked.pages.items():
        heading = soup.select_one("main h1")
        assert heading
        hits = [hit.path for hit in index.find(heading.get_text()).hits[:10]]
        assert path in hits


def test_search_says_so_when_nothing_matches(client: FlaskClient) -> None:
    assert "نتیجه‌ای پیدا نشد" in client.get("/search", query_string={"q": "زرقمبیل"}).text
    assert client.get("/search", query_string={"q": "؟!"}).status_code == 200
