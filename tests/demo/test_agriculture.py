"""The agriculture portal is as old as it says: frames, postbacks, windows-1256, and the truth about it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from browsing import launch
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from playwright.sync_api import sync_playwright
from walk import QUESTIONS, STUDY_INDICATORS, Walked, answers, folded, truth, walk

from demo.portals.agriculture import create_app
from demo.province import Province

TODAY = date(2026, 3, 21)
BROKEN = {"/SiteMap.aspx", "/files/boulten12.pdf"}
ONLY_BY_POSTBACK = {"Faq", "Gallery", "Pest", "Extension", "Water", "Livestock"}


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(today=TODAY, gateway="http://127.0.0.1:1").test_client()


@pytest.fixture(scope="module")
def plain(client: FlaskClient) -> Walked:
    return walk(client)


def test_plain_links_break_where_they_are_meant_to(plain: Walked) -> None:
    assert plain.broken == BROKEN
    assert {"/files/loan-form.pdf", "/files/darkhast.xls", "/files/crops-report.pdf"} <= plain.files


def test_postbacks_lead_to_pages_some_of_which_nothing_else_reaches(
    client: FlaskClient, plain: Walked
) -> None:
    targets = {
        match[1]
        for soup in plain.pages.values()
        for link in soup.find_all("a", href=re.compile("^javascript:__doPostBack"))
        if (match := re.search(r"'(.+?)'", str(link["href"])))
    }
    reached = set()
    for target in targets:
        response = client.post("/Top.aspx", data={"__EVENTTARGET": target}, follow_redirects=True)
        assert response.status_code == 200, target
        reached.add(response.request.path)
    assert reached - set(plain.pages) == {f"/{name}.aspx" for name in ONLY_BY_POSTBACK}
    assert 20 <= len(reached | set(plain.pages)) <= 60


def test_the_home_page_is_a_frameset_and_nothing_else(plain: Walked) -> None:
    home = plain.pages["/"]
    assert [frame["src"] for frame in home.find_all("frame")] == ["Top.aspx", "Main.aspx"]
    assert home.find("noframes") is None
    assert home.find("a") is None


def test_bytes_are_windows_1256_wherever_the_name_stands(client: FlaskClient) -> None:
    said = {}
    for name in ("Main", "News", "Links"):
        response = client.get(f"/{name}.aspx")
        assert "سازمان جهاد كشاورزي" in response.data.decode("windows-1256")
        said[name] = ("charset" in response.content_type, b"charset=windows-1256" in response.data)
    assert said == {"Main": (False, True), "News": (True, False), "Links": (False, False)}


def test_each_quote_of_the_truth_stands_on_its_page(client: FlaskClient) -> None:
    labels = truth("agriculture")["labels"]
    assert len(labels) == STUDY_INDICATORS
    for indicator, label in labels.items():
        assert label["page"] or not label["quote"], indicator
        assert label["page"] or label["answer"] not in ("yes", "medium"), indicator
        if label["page"]:
            response = client.get(label["page"])
            assert response.status_code == 200, indicator
            text = BeautifulSoup(response.data.decode("windows-1256"), "html5lib").get_text(" ")
            assert re.sub(r"\s+", " ", label["quote"]) in re.sub(r"\s+", " ", text), indicator


def test_only_the_clock_is_of_today(client: FlaskClient, plain: Walked) -> None:
    this_year = {path for path, soup in plain.pages.items() if "1405" in soup.get_text()}
    assert this_year == {"/Top.aspx"}
    assert "1403/12/13" in client.get("/News.aspx").data.decode("windows-1256")  # 383 days before 1405/01/01


def test_search_always_fails_and_the_contact_form_works(client: FlaskClient) -> None:
    def posted(path: str, **data: str) -> str:
        return folded(client.post(path, data=data).data.decode("windows-1256"))

    assert "خطا در اتصال به پایگاه داده" in posted("/Main.aspx", btnSearch="1", txtSearch="x")
    assert "پیام شما دریافت شد" in posted("/Contact.aspx", btnSend="1", txtBody="x")
    assert "نادرست است" in posted("/Login.aspx", btnLogin="1", txtUser="admin")


def test_missing_pages_and_items_answer_404_but_online_services_do_not(client: FlaskClient) -> None:
    for path in (
        "/Missing.aspx",
        "/page.aspx",
        "/ShowNews.aspx",
        "/ShowNews.aspx?id=7",
        "/files/../content.yaml",
    ):
        assert client.get(path).status_code == 404, path
    assert client.get("/Online.aspx").status_code == 200


def test_the_questionnaire_covers_the_study_and_claims_too_much() -> None:
    given = answers("agriculture")
    assert QUESTIONS - {int(number.split(".")[0]) for number in given} == {53}
    labels = truth("agriculture")["labels"]
    for question, indicator in {"86": "sitemap", "79": "privacy_policy", "42": "foreign_languages"}.items():
        assert (given[question], labels[indicator]["answer"]) == ("بله", "no")


@pytest.mark.browser
def test_in_a_browser_the_menu_of_one_frame_turns_the_other() -> None:
    with Province(ports="free", only=["agriculture"]) as province, sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page()
        page.goto(province.url("agriculture"))
        top, main = page.frame("top"), page.frame("main")
        assert top
        assert main
        top.click("a[href*=lnkFaq]")
        main.wait_for_url("**/Faq.aspx")
        assert "سوالات متداول" in main.inner_text(".Title >> nth=-1")
        main.click("a[href*=lnkPest]")
        main.wait_for_url("**/Pest.aspx")
        # No character set is told on this page; the browser must guess.
        main.goto(province.url("agriculture") + "/Links.aspx")
        assert "وزارت جهاد كشاورزي" in main.inner_text("body")
        browser.close()
