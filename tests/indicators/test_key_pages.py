"""Which pages are measured beside the home page."""

from __future__ import annotations

from pathlib import Path

from crawler.capture import POSTED, Search
from indicators.key_pages import key_pages
from tests.indicators.make_capture import START, page, site_of

HOME = page(
    """<nav><a href="/tamas">تماس با ما</a> <a href="/khadamat">خدمات</a> <a href="/akhbar">اخبار</a>
    <a href="/vorud">ورود کاربران</a> <a href="/karkonan">ورود کارکنان</a></nav>
    <form action="/search" role="search"><input type="search" name="q"><button>جست‌وجو</button></form>
    <p>به درگاه خوش آمدید</p>"""
)
LOGIN = page(
    """<h1>ورود کاربران</h1><form action="/vorud" method="post"><label>کد ملی <input name="melli"></label>
    <label>گذرواژه <input type="password" name="p"></label><button>ورود</button></form>""",
    title="ورود کاربران",
)
STAFF = page(
    """<h1>ورود کارکنان</h1><form action="/karkonan" method="post"><input name="u">
    <input type="password" name="p"><button>ورود</button></form>""",
    title="ورود کارکنان",
)
PORTAL = {
    "/": HOME,
    "/tamas": page("<h1>تماس با ما</h1><p>تلفن: ۰۴۴۳۳۴۴۵۵۶۶</p>", title="تماس با ما"),
    "/karkonan": STAFF,
    "/vorud": LOGIN,
    "/khadamat": page("<h1>خدمات</h1><p>صدور پروانه</p>", title="خدمات"),
    "/akhbar": page("<h1>اخبار</h1><p>گشایش راه</p>", title="اخبار"),
    "/search?q=%D8%B1": page('<h1>نتیجه</h1><a href="/akhbar">گشایش راه</a>', title="نتیجه"),
}


def search(url: str, page_id: int) -> Search:
    return Search(
        query="راه", kind="title", expected=6, page=page_id, url=url, seconds=0.1, outcome="ok", reason=""
    )


def found(folder: Path, pages: dict[str, str], **more: object) -> dict[str, str]:
    with site_of(folder, pages, **more) as site:  # type: ignore[arg-type]
        return {one.kind: one.url.removeprefix(START) for one in key_pages(site)}


def test_each_kind_is_found_and_the_staffs_door_is_left_alone(tmp_path: Path) -> None:
    asked = [search(f"{START}search?q=%D8%B1", 7)]
    assert found(tmp_path, PORTAL, searches=asked) == {
        "contact": "tamas",
        "services": "khadamat",
        "search": "search?q=%D8%B1",
        "news": "akhbar",
        "login": "vorud",
    }


def test_what_the_portal_does_not_have_is_left_out(tmp_path: Path) -> None:
    pages = {path: body for path, body in PORTAL.items() if path in ("/", "/karkonan", "/akhbar")}
    assert found(tmp_path, pages) == {"news": "akhbar"}


def test_the_answer_to_a_posted_query_cannot_be_opened_and_a_page_for_searching_can(tmp_path: Path) -> None:
    posted = f"/find#{POSTED}%D8%B1"
    box = '<h1>جست‌وجو</h1><form action="/find"><input type="search" name="q"><button>جست‌وجو</button></form>'
    pages = {
        "/": page('<a href="/jostoju">جست‌وجو</a>'),
        posted: page("<p>راه</p>"),
        "/jostoju": page(box, title="جست‌وجو"),
    }
    asked = [search(f"{START}{posted[1:]}", 2)]
    assert found(tmp_path, pages, searches=asked) == {"search": "jostoju"}


def test_only_what_is_wanted_and_one_page_once(tmp_path: Path) -> None:
    pages = {
        "/": page('<a href="/all">تماس با ما</a> <a href="/all">خدمات</a>'),
        "/all": page("<h1>خدمات</h1><h2>تماس با ما</h2>", title="خدمات | تماس با ما"),
    }
    with site_of(tmp_path, pages) as site:
        assert [one.kind for one in key_pages(site)] == ["contact"]
        assert [one.kind for one in key_pages(site, ["services"])] == ["services"]
        assert key_pages(site, []) == []
