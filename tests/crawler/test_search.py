"""The one thing a visit submits: a few queries, put to the portal's own search, each once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from serving import WORDS, Answer, Handler, a_portal, html, run, serving

from crawler.capture import Capture
from crawler.search import find_search

URL = "https://portal.example.ir/a/"


@pytest.mark.parametrize(
    ("form", "address"),
    [
        ('<form action="/s"><input type="search" name="q"></form>', "/s?q=x"),
        (
            '<form action="/s?old=1"><input type="hidden" name="l" value="fa"><input name="q"></form>',
            "/s?l=fa&q=x",
        ),
        (
            '<form role="search"><input name="word"><button name="go" value="1">؟</button></form>',
            "/a/?go=1&word=x",
        ),
        ('<form><input name="t"><input type="submit" name="b" value="جست‌وجو"></form>', "/a/?b=%D8%AC"),
        (
            '<form><input name="t" placeholder="ابحث"><select name="in"><option value="all"></select></form>',
            "in=all",
        ),
    ],
)
def test_search_boxes_and_what_they_send(form: str, address: str) -> None:
    box = find_search(f"<html><body>{form}</body></html>", URL)
    assert box is not None
    assert box.method == "get"
    assert address in box.address("x", "utf-8")


@pytest.mark.parametrize(
    "form",
    [
        '<form><input name="name"><textarea name="q"></textarea><button>ارسال</button></form>',
        '<form><input name="q"><input type="password" name="p"><button>ورود</button></form>',
        '<form><input name="email"><button>عضویت در خبرنامه</button></form>',
        '<form><input type="search"></form>',
        '<form><input name="topic"><button>Research fund</button></form>',
        '<form action="mailto:a@b.ir"><input name="q"></form>',
        "",
    ],
)
def test_nothing_else_is_taken_for_a_search(form: str) -> None:
    assert find_search(f"<html><body>{form}</body></html>", URL) is None


def test_the_query_is_sent_as_the_page_is_written() -> None:
    box = find_search('<form action="/s" method="post"><input name="q"></form>', URL)
    assert box is not None
    assert box.sent("جاده", "windows-1256") == "q=%CC%C7%CF%E5"


@settings(max_examples=100)
@given(st.text(alphabet="<>/=\"' formingputqsearchaction:-&\x00\ud800", max_size=300))
def test_wild_markup_never_raises(wild: str) -> None:
    find_search(wild, URL)


NEWS = {
    "/news/1": "گشایش جاده کمربندی شهر",
    "/news/2": "دیدار مدیرکل با کشاورزان نمونه",
    "/services/1": "صدور پروانه ساختمان روستایی",
    "/services/2": "ثبت درخواست انشعاب آب",
    "/forms/1": "پرسشنامه ارزیابی کارکنان",
}


def a_searching_portal(method: str, find: Answer | None = None) -> dict[str, Answer]:
    """A portal of five titled pages with a search on each that finds titles by their words."""
    box = f'<form action="/find" method="{method}"><input type="search" name="q"></form>'
    menu = "<nav><a href='/contact'>تماس با ما</a></nav>"
    links = "".join(f"<li><a href='{path}'>{title}</a></li>" for path, title in NEWS.items())

    def search(h: Handler) -> None:
        words = parse_qs(h.form or urlsplit(h.path).query)["q"][0].split()
        hits = [(path, title) for path, title in NEWS.items() if all(word in title for word in words)]
        shown = "".join(f"<li><a href='{path}'>{title}</a></li>" for path, title in hits)
        h.page(f"<!doctype html><title>جست‌وجو</title>{menu}{box}<main>{shown or 'نتیجه‌ای یافت نشد.'}</main>")

    answers = {
        path: html(f"{menu}{box}<main><h1>{title}</h1><p>{WORDS} {title}</p></main>", f"{title} | درگاه")
        for path, title in NEWS.items()
    }
    return {
        "/": html(f"{menu}{box}<main><p>{WORDS}</p><ul>{links}</ul></main>"),
        "/contact": html(
            f"{menu}{box}<form method='post' action='/send'><textarea name='t'></textarea></form>"
        ),
        "/find": find or search,
        **answers,
    }


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visit_asks_the_search_for_what_it_has_seen(method: str, tmp_path: Path) -> None:
    with serving(a_searching_portal(method)) as site:
        visit = run(a_portal(site.url + "/"), tmp_path)
        asked = [(how, path) for how, path in site.asked if path.startswith("/find")]
        assert not any(path == "/send" for _, path in site.asked)
    assert visit.complete
    assert visit.footprint is not None and visit.footprint.requests == len(site.asked)
    assert [how for how, _ in asked] == [method.upper()] * 5
    with Capture(tmp_path) as capture:
        pages = {page.id: page for page in capture.pages}
        titles = [search for search in capture.searches if search.kind == "title"]
        assert [search.kind for search in capture.searches] == ["title"] * 3 + ["nonsense", "misspelt"]
        assert all(search.query in NEWS.values() for search in titles)
        assert len({urlsplit(pages[search.expected or 0].url).path.split("/")[1] for search in titles}) == 3
        for search in capture.searches:
            answer = pages[search.page or 0]
            assert (search.outcome, answer.found_by, answer.found_on) == ("ok", "form", 1)
            assert search.seconds == answer.seconds
            expected = pages.get(search.expected or 0)
            listed = expected is not None and f"'{urlsplit(expected.url).path}'" in capture.html(answer)
            assert listed == (search.kind == "title")


def test_an_answer_that_fails_is_kept_as_what_it_is(tmp_path: Path) -> None:
    answers = a_searching_portal("get", lambda h: h.page("<h1>خطا</h1>", status=500))
    with serving(answers) as site:
        run(a_portal(site.url + "/"), tmp_path)
    with Capture(tmp_path) as capture:
        assert {search.outcome for search in capture.searches} == {"http_error"}
        assert {search.reason for search in capture.searches} == {"status 500"}


def test_answers_stay_within_the_budget_of_pages(tmp_path: Path) -> None:
    with serving(a_searching_portal("get")) as site:
        visit = run(a_portal(site.url + "/", budget={"pages": 6}), tmp_path)
    assert visit.stopped_by == "pages"
    with Capture(tmp_path) as capture:
        assert len(capture.pages) == 6
        assert [search.kind for search in capture.searches] == ["title"]


def test_a_search_that_robots_txt_closes_is_left_alone(tmp_path: Path) -> None:
    for method in ("get", "post"):
        answers = a_searching_portal(method)
        answers["/robots.txt"] = lambda h: h.page("User-agent: *\nDisallow: /find", kind="text/plain")
        with serving(answers) as site:
            run(a_portal(site.url + "/"), tmp_path / method)
            assert not any(path.startswith("/find") for _, path in site.asked)
        with Capture(tmp_path / method) as capture:
            assert [refusal.reason for refusal in capture.refusals] == ["robots.txt forbids it"]
            (search,) = capture.searches
            assert (search.outcome, search.reason) == ("refused", "robots.txt forbids it")


def test_captures_without_the_table_hold_no_queries(tmp_path: Path) -> None:
    with serving({"/": html(WORDS)}) as site:
        run(a_portal(site.url + "/"), tmp_path)
    with closing(sqlite3.connect(tmp_path / "capture.sqlite")) as db:
        db.execute("DROP TABLE searches")
    with Capture(tmp_path) as capture:
        assert capture.searches == ()
