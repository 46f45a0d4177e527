"""The one thing a visit submits: a title that it has seen, put to the portal's own search, once."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from serving import WORDS, Answer, a_portal, html, run, serving

from crawler.capture import Capture
from crawler.search import find_search

URL = "https://portal.example.ir/a/"
TITLE = "گشایش جاده کمربندی شهر"


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


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="<>/=\"' formingputqsearchaction:-&\x00\ud800", max_size=300))
def test_wild_markup_never_raises(wild: str) -> None:
    find_search(wild, URL)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visit_asks_once_for_a_title_it_has_seen(method: str, tmp_path: Path) -> None:
    box = f'<form action="/find" method="{method}"><input type="search" name="q"></form>'
    answers: dict[str, Answer] = {
        "/": html(f"{box}<main><p>{WORDS}</p><a href='/n'>{TITLE}</a> <a href='/c'>تماس</a></main>"),
        "/n": html(f"{box}<h1>{TITLE}</h1><p>{WORDS}</p>", TITLE),
        "/c": html(f"{box}<form method='post' action='/send'><textarea name='t'></textarea></form>{WORDS}"),
        "/find": html(f"{box}<main><h1>نتیجه‌ها</h1><a href='/n'>{TITLE}</a><p>{WORDS}</p></main>"),
    }
    with serving(answers) as site:
        visit = run(a_portal(site.url + "/"), tmp_path)
        asked = [(how, path) for how, path in site.asked if path.startswith("/find")]
    assert visit.complete
    assert [how for how, _ in asked] == [method.upper()]
    assert not any(path == "/send" for _, path in site.asked)
    with Capture(tmp_path) as capture:
        (found,) = [page for page in capture.pages if page.found_by == "form"]
        assert (found.outcome, found.found_on) == ("ok", 1)
        assert TITLE in capture.html(found)
        parts = urlsplit(found.final_url)
        shown = parse_qs(parts.query)["q"][0] if method == "get" else unquote(parts.fragment)
        assert TITLE in shown


def test_a_search_that_robots_txt_closes_is_left_alone(tmp_path: Path) -> None:
    box = '<form action="/find"><input type="search" name="q"></form>'
    answers: dict[str, Answer] = {
        "/robots.txt": lambda h: h.page("User-agent: *\nDisallow: /find", kind="text/plain"),
        "/": html(f"{box}<main><p>{WORDS}</p><a href='/n'>{TITLE}</a></main>"),
        "/n": html(f"<h1>{TITLE}</h1><p>{WORDS}</p>", TITLE),
    }
    with serving(answers) as site:
        run(a_portal(site.url + "/"), tmp_path)
        assert not any(path.startswith("/find") for _, path in site.asked)
    with Capture(tmp_path) as capture:
        assert [refusal.reason for refusal in capture.refusals] == ["robots.txt forbids it"]
