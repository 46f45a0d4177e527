"""The water company's portal: it is what its truth file says, its services work and its traps are traps."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator

import pytest
import walk
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from lxml import etree

from demo.portals.water import create_app, is_bill_id

TODAY = datetime.date(2026, 11, 22)
GATEWAY = "http://bank.test:8609"
BILL = "2104587300912"
HTTPS = {"base_url": "https://localhost"}


@pytest.fixture(scope="module")
def walked() -> walk.Walked:
    return walk.walk(create_app(TODAY, GATEWAY).test_client())


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    with create_app(TODAY, GATEWAY).test_client() as client:
        yield client


def test_has_between_20_and_60_pages_and_one_dead_link(walked: walk.Walked) -> None:
    assert 20 <= len(walked.pages) <= 60
    assert walked.broken == {"/fa/sitemap"}


def test_truth_covers_every_indicator_and_quotes_what_stands_there(walked: walk.Walked) -> None:
    labels = walk.truth("water")["labels"]
    assert len(labels) == walk.STUDY_INDICATORS
    for indicator, label in labels.items():
        answers = label["answer"] if isinstance(label["answer"], list) else [label["answer"]]
        if not set(answers) & {"no", "none", "not_observable"}:
            assert label["page"], f"{indicator} names no page"
        if label["page"]:
            assert label["quote"] in walk.folded(walked.pages[label["page"]].get_text(" ")), indicator


def test_questionnaire_is_partly_wrong_in_both_directions() -> None:
    answers = walk.answers("water")
    labels = walk.truth("water")["labels"]
    asked = {int(question.split(".")[0]) for question in answers}
    assert walk.QUESTIONS - asked == {68}, "one question is left out"
    assert (answers["79"], labels["privacy_policy"]["answer"]) == ("بله", "no")
    assert (answers["75"], labels["tender_results"]["answer"]) == ("خیر", "yes")
    assert (answers["74"], labels["tender_notices"]["answer"]) == ("بله", "yes")


def test_english_switch_and_privacy_link_keep_no_promise(walked: walk.Walked) -> None:
    def content(path: str) -> str:
        wrapper = walked.pages[path].select_one("#wrapper")
        assert wrapper
        return walk.folded(wrapper.get_text(" "))

    assert walked.pages["/"].select_one('a[hreflang="en"][href="/en"]')
    assert content("/en") == content("/")
    assert len(content("/fa/privacy").split()) < 10


def test_search_box_has_nothing_behind_it(walked: walk.Walked) -> None:
    box = walked.pages["/"].select_one("form.search-box")
    assert box and box["action"] == "#" and not box.select("[name]")


def test_transport_is_pinned_only_over_https_and_cookies_are_secure(client: FlaskClient) -> None:
    secure = client.get("/", **HTTPS)
    assert "max-age=31536000" in secure.headers["Strict-Transport-Security"]
    cookie = secure.headers["Set-Cookie"]
    assert "Secure" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert "Strict-Transport-Security" not in client.get("/").headers


def test_bill_is_found_and_handed_over_to_the_bank(client: FlaskClient) -> None:
    persian = BILL.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    for typed in (BILL, persian):
        soup = BeautifulSoup(client.get("/fa/bill", query_string={"bill_id": typed}).text, "lxml")
        form = soup.select_one('form[method="post"]')
        assert form and form["action"] == f"{GATEWAY}/pay"
        sent = {str(field["name"]): field["value"] for field in form.select("input")}
        assert sent["order"] == BILL and sent["amount"] == "1482000" and sent["merchant"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [("2104587300913", "درست نیست"), ("12", "درست نیست"), ("0000000000019", "پیدا نشد")],
    ids=["wrong check digit", "too short", "unknown"],
)
def test_wrong_bill_is_refused_with_a_reason(client: FlaskClient, typed: str, words: str) -> None:
    page = client.get("/fa/bill", query_string={"bill_id": typed}).text
    assert words in page and f"{GATEWAY}/pay" not in page


def test_bill_identifier_needs_water_type_and_check_digit() -> None:
    assert is_bill_id(BILL)
    assert not is_bill_id(BILL[:11] + "2" + BILL[12:])
    assert not is_bill_id("²" * 13)


def test_complaint_is_thanked_for_without_a_code_and_needs_its_own_form(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/fa/complaint", **HTTPS).text, "lxml")
    token = page.select_one("input[name=token]")
    assert token
    form = {"token": token["value"], "name": "آرش", "tel": "1", "text": "آب گل‌آلود است."}
    thanks = client.post("/fa/complaint", data=form, **HTTPS).text
    assert "فرستاده شد" in thanks and "رهگیری" not in thanks
    assert client.post("/fa/complaint", data={**form, "token": "x"}, **HTTPS).status_code == 400
    assert client.post("/fa/complaint", data={**form, "text": " "}, **HTTPS).status_code == 400


def test_subscriber_logs_in_and_an_account_closes_after_five_wrong_words(client: FlaskClient) -> None:
    assert client.get("/fa/account", **HTTPS).status_code == 302
    right = {"account": "21045873", "password": "Cheshmeh-48"}
    assert client.post("/fa/account/login", data=right, **HTTPS).status_code == 303
    assert "۱٬۴۸۲٬۰۰۰" in client.get("/fa/account", **HTTPS).text
    client.post("/fa/account/logout", **HTTPS)
    assert client.get("/fa/account", **HTTPS).status_code == 302
    for _ in range(5):
        wrong = client.post("/fa/account/login", data={**right, "password": "x"}, **HTTPS)
        assert wrong.status_code == 400
    assert client.post("/fa/account/login", data=right, **HTTPS).status_code == 403


def test_rating_answers_and_refuses_what_is_not_on_the_form(client: FlaskClient) -> None:
    assert "ثبت شد" in client.post("/fa/rate", data={"useful": "yes"}).text
    assert client.post("/fa/rate", data={"useful": "maybe"}).status_code == 400


def test_tender_dates_follow_today(walked: walk.Walked) -> None:
    text = walked.pages["/fa/tenders"].get_text(" ")
    assert "۱۴۰۵/۰۸/۲۸" in text, "three days before 1405/09/01"
    assert text.count("پایان‌یافته") == 3


def test_map_draws_every_feature_of_the_data_file(walked: walk.Walked, client: FlaskClient) -> None:
    data = json.loads(client.get("/static/facilities.geojson").get_data())
    drawn = walked.pages["/fa/gis"].select("svg [data-in]")
    layers = [feature["properties"]["layer"] for feature in data["features"]]
    assert sorted(str(shape["data-in"]) for shape in drawn) == sorted(layers)
    assert len(set(layers)) == 4


def test_feed_lists_the_news_newest_first(client: FlaskClient) -> None:
    feed = etree.fromstring(client.get("/fa/rss").get_data())
    links = [re.sub(r"^http://localhost", "", link) for link in feed.xpath("//item/link/text()")]
    assert links[0] == "/fa/news/2317" and len(links) == 12
    assert all(client.get(link).status_code == 200 for link in links)


def test_application_is_installable_and_offered_in_stores(walked: walk.Walked, client: FlaskClient) -> None:
    manifest = json.loads(client.get("/manifest.webmanifest").get_data())
    assert manifest["display"] == "standalone" and manifest["icons"]
    assert client.get(manifest["start_url"]).status_code == 200
    worker = client.get("/sw.js")
    assert "javascript" in worker.mimetype and "fetch" in worker.text
    for path in re.findall(r'"(/static/[^"]+)"', worker.text):
        assert client.get(path).status_code == 200
    stores = {str(a["href"]).split("/")[2] for a in walked.pages["/fa/app"].select(".stores a")}
    assert stores == {"cafebazaar.ir", "myket.ir", "sibapp.com"}
