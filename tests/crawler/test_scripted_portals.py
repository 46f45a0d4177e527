"""Portals that only a browser can read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from serving import WORDS, Answer, Handler, Site, a_portal, html, run, serving

from crawler.capture import Capture, Page

pytestmark = pytest.mark.browser

SHELL = """<!doctype html><html lang=fa><head><title>درگاه</title><link rel=stylesheet href=/style.css></head>
<body><div id=app></div><script>
const texts = {"/": "خانه", "/news": "اخبار", "/contact": "تماس با ما", "/hidden": "پنهان"};
function go(path) { history.pushState({}, "", path); draw(); }
function draw() {
  const name = texts[location.pathname];
  document.title = name || "صفحه یافت نشد";
  document.getElementById("app").innerHTML = `<nav><a href="/news">اخبار</a>
    <button onclick="go('/contact')">تماس</button> <span id=quiet style="cursor:pointer">بخش پنهان</span>
    <button id=bye>خروج</button></nav><main><h1>${document.title}</h1>`
    + (name ? "%s".repeat(4) : "") + "</main>";
  document.getElementById("quiet").addEventListener("click", () => go("/hidden"));
  document.getElementById("bye").addEventListener("click", () => { location.href = "/logged-out"; });
}
draw();
fetch("/api/data.json").then((r) => r.json());
</script></body></html>""".replace("%s", WORDS)

POSTBACK = """<form name=Form1 method=post action="/old.aspx" target=main>
<input type=hidden name=__EVENTTARGET><input type=submit name=send value="ارسال">
<script>function __doPostBack(t, a) { const f = document.forms.Form1; f.__EVENTTARGET.value = t; f.submit(); }
</script>
<div class=menu><a href="javascript:__doPostBack('m$about','')">درباره</a>
<a href="javascript:__doPostBack('m$inplace','')">همین‌جا</a></div></form>"""


ABOUT = """<meta http-equiv=Content-Type content="text/html; charset=windows-1256">
<title>درباره سازمان</title>
<h1>درباره</h1><div id=text></div><script>document.getElementById("text").innerHTML =
"<p>اين سازمان در سال 1328 براي كمك به كشاورزان گرامي استان تاسيس شد</p>".repeat(9)</script>"""


def old(handler: Handler) -> None:
    target = parse_qs(handler.form).get("__EVENTTARGET", [""])[0]
    if target == "m$about":
        handler.page("", status=302, headers={"Location": "/about.aspx"})
    elif target == "m$inplace":
        handler.page(f"<title>درجا</title><h1>صفحه درجا</h1><p>{WORDS}</p>")
    else:
        handler.page(f"<title>قدیمی</title><h1>قدیمی</h1><p>{WORDS}</p>{POSTBACK}")


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Capture, Site]]:
    answers: dict[str, Answer] = {
        path: lambda h: h.page(SHELL)
        for path in ("/", "/news", "/contact", "/hidden", "/none", "/logged-out")
    }
    answers["/style.css"] = lambda h: h.page("body{color:navy}", kind="text/css")
    answers["/api/data.json"] = lambda h: h.page('{"a": 1}', kind="application/json")
    answers["/sitemap.xml"] = lambda h: h.page(f"<urlset><url><loc>{site.url}/none</loc></url></urlset>")
    folder = tmp_path_factory.mktemp("scripted")
    with serving(answers) as site:
        visit = run(a_portal(site.url + "/", confined=True), folder, browser=True)
        assert visit.outcome == "ok" and visit.complete, visit
        with Capture(folder) as capture:
            yield capture, site


def by_path(capture: Capture) -> dict[str, Page]:
    return {page.url.split("/", 3)[3]: page for page in capture.pages}


def test_pages_are_judged_as_the_browser_shows_them(visited: tuple[Capture, Site]) -> None:
    pages = by_path(visited[0])
    news = pages["news"]
    assert (news.mode, news.title, news.outcome) == ("rendered", "اخبار", "ok")
    assert "<h1>اخبار</h1>" in visited[0].html(news)
    assert pages["none"].outcome == "soft_404"


def test_menus_without_addresses_lead_somewhere(visited: tuple[Capture, Site]) -> None:
    pages = by_path(visited[0])
    assert pages["contact"].title == "تماس با ما" and pages["contact"].found_by == "script"
    assert pages["hidden"].title == "پنهان" and pages["hidden"].found_by == "script"
    texts = {link.text for link in visited[0].links(visited[0].pages[0]) if link.url.endswith("/hidden")}
    assert texts == {"بخش پنهان"}


def test_buttons_that_could_do_something_are_not_pressed(visited: tuple[Capture, Site]) -> None:
    _, site = visited
    assert site.count("/logged-out") == 0
    assert {method for method, _ in site.asked} == {"GET"}


def test_what_the_pages_need_is_archived_and_asked_for_once(visited: tuple[Capture, Site]) -> None:
    capture, site = visited
    style = capture.latest_record(f"{site.url}/style.css")
    assert style is not None and capture.body(style) == b"body{color:navy}"
    assert site.count("/style.css") == 1
    assert site.count("/news") == 1
    assert capture.latest_record(f"{site.url}/api/data.json")


def test_the_start_page_has_a_picture(visited: tuple[Capture, Site]) -> None:
    capture, _ = visited
    picture = capture.folder / capture.pages[0].screenshot
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.fixture(scope="module")
def ancient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Capture, Site]]:
    answers: dict[str, Answer] = {
        "/": lambda h: h.page(
            "<html><head><title>چارچوب</title></head><frameset cols='20%,*'><frame src='/old.aspx' name=menu>"
            "<frame src='/main.aspx' name=main><noframes>مرورگر شما چارچوب ندارد</noframes></frameset></html>"
        ),
        "/old.aspx": old,
        "/main.aspx": html(f"<h1>اصلی</h1><p>{WORDS}</p>"),
        # Of its time: one byte a letter, said by the page alone, and filled by a script.
        "/about.aspx": lambda h: h.page(ABOUT.encode("cp1256"), kind="text/html"),
    }
    folder = tmp_path_factory.mktemp("ancient")
    with serving(answers) as site:
        visit = run(a_portal(site.url + "/", confined=True), folder, browser=True)
        assert visit.outcome == "ok" and visit.complete, visit
        with Capture(folder) as capture:
            yield capture, site


def test_frames_are_pages(ancient: tuple[Capture, Site]) -> None:
    pages = by_path(ancient[0])
    assert pages["main.aspx"].found_by == pages["old.aspx"].found_by == "frame"
    assert "چارچوب" in pages[""].title


def test_frames_and_targets_of_postbacks_are_asked_for_once(ancient: tuple[Capture, Site]) -> None:
    capture, site = ancient
    for path in ("/", "/old.aspx", "/main.aspx", "/about.aspx"):
        assert sum(asked == ("GET", path) for asked in site.asked) == 1, path
    assert {page.outcome for page in capture.pages} == {"ok"}
    assert all(capture.html(page) for page in capture.pages)


def test_postback_menus_are_resolved(ancient: tuple[Capture, Site]) -> None:
    capture, site = ancient
    pages = by_path(capture)
    assert pages["about.aspx"].title == "درباره سازمان"
    assert pages["about.aspx"].mode == "rendered"
    assert "<p>اين سازمان در سال 1328" in capture.html(pages["about.aspx"])
    link = next(link for link in capture.links(pages["old.aspx"]) if link.text == "درباره")
    assert link.url == f"{site.url}/about.aspx"
    in_place = pages["old.aspx#postback:m$inplace"]
    assert (in_place.title, in_place.outcome) == ("درجا", "ok")
    assert not any("send=" in asked for _, asked in site.asked)


@pytest.mark.parametrize(
    ("script", "outcome", "reason"),
    [
        ("location.href = 'http://elsewhere.example/'", "redirected_away", "elsewhere.example"),
        ("while (true) {}", "empty", "browser"),
        ("setInterval(() => alert('x'), 10)", "empty", ""),
    ],
)
def test_hostile_scripts_cost_one_page(script: str, outcome: str, reason: str, tmp_path: Path) -> None:
    with serving({"/": html(f"<script>{script}</script>")}) as site:
        visit = run(a_portal(site.url + "/"), tmp_path, browser=True)
    assert visit.outcome == outcome
    assert reason in visit.reason
