"""What pages put in a visitor's way is passed within bounds; and two visits find the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import Answer, Site, a_portal, begin, end, html, serving

from crawler.capture import Capture, Page
from crawler.obstacles import MAX_MORE, MAX_ROUNDS
from crawler.rendering import in_share

pytestmark = pytest.mark.browser

DRAWN = "متنی که اسکریپت نوشت. " * 12
DRAW = f"document.body.insertAdjacentHTML('beforeend', `<p>{DRAWN}</p>`);"
PAGES = (
    *("window", "banner", "endless", "more", "idle", "alerts", "download", "frames", "own-way"),
    *("seen", "scrolled"),
)


LAZY = "<div style='height:9000px'></div><div id=lazy></div><div style='height:9000px'></div>"
"""Something in the middle of a long page, passed over by whoever goes to its end at once."""

FILL = """const lazy = document.getElementById("lazy");
const fill = () => { lazy.innerHTML = "<a href='http://outside.example/lazy'>دیدنی</a>"; };"""


def scripted(script: str, body: str = "") -> Answer:
    return html(f"{body}<script>{DRAW}{script}</script>")


def portal_pages() -> dict[str, Answer]:
    menu = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in PAGES)
    return {
        "/": html(f"<h1>خانه</h1><p>{DRAWN}</p><ul>{menu}</ul><script>var a = 1;</script>"),
        "/window": scripted("window.open('/opened'); window.open('http://outside.example/ad', 'ad');"),
        "/opened": html(f"<h1>پنجره</h1><p>{DRAWN}</p>"),
        "/banner": scripted(
            """document.body.insertAdjacentHTML("beforeend", `<nav><button id=open>بخش‌ها</button></nav>
              <div id=cover style="position:fixed;inset:0;background:#fff">ما از کوکی استفاده می‌کنیم
              <button onclick="fetch('/accepted')">می‌پذیرم</button>
              <button onclick="document.getElementById('cover').remove()">فقط ضروری</button></div>`);
            document.getElementById("open").onclick = () => history.pushState({}, "", "/sections");
            window.onbeforeunload = (event) => { event.preventDefault(); return "بمانید"; };"""
        ),
        "/sections": html(f"<h1>بخش‌ها</h1><p>{DRAWN}</p>"),
        "/endless": scripted(
            """let n = 0;
            function more() {
              for (let i = 0; i < 20; i += 1) document.body.insertAdjacentHTML("beforeend",
                `<p style="height:60px"><a href="http://outside.example/${n += 1}">${n}</a></p>`);
            }
            more();
            const atEnd = () => scrollY + innerHeight > document.body.scrollHeight - 50;
            addEventListener("scroll", () => { if (atEnd()) more(); });"""
        ),
        "/more": scripted(
            """let n = 0;
            const list = document.getElementById("list");
            document.getElementById("more").onclick = () => {
              if (n < 2) list.innerHTML = `<a href="/late/${n += 1}">دیرآمده ${n}</a>` + "و".repeat(n);
            };""",
            "<div id=list></div><button id=more>نمایش بیشتر (۲)</button>",
        ),
        "/late/1": html(f"<h1>دیر ۱</h1><p>{DRAWN}</p>"),
        "/late/2": html(f"<h1>دیر ۲</h1><p>{DRAWN}</p>"),
        "/idle": scripted("setInterval(() => fetch('/poll'), 50);"),
        "/poll": lambda handler: handler.page("{}", kind="application/json"),
        "/alerts": scripted("for (;;) alert('نه');"),
        "/download": scripted("location.href = '/report.zip';"),
        "/report.zip": lambda handler: handler.page(b"PK\x03\x04" + b"0" * 1000, kind="application/zip"),
        "/frames": scripted(
            "",
            "<iframe src='/inner'></iframe><iframe src='/inner'></iframe><iframe src='http://outside.example/map'></iframe>",
        ),
        "/inner": html(f"<h1>درون</h1><p>{DRAWN}</p>"),
        "/seen": scripted(
            f"""{FILL} const watch = new IntersectionObserver((all) => {{
              if (all[0].isIntersecting) fill();
            }});
            watch.observe(lazy);""",
            LAZY,
        ),
        "/scrolled": scripted(
            f"""{FILL} onscroll = () => {{
              const at = lazy.getBoundingClientRect();
              if (at.top < innerHeight && at.bottom >= 0) fill();
            }};""",
            LAZY,
        ),
        "/own-way": html("<script>location.replace('/arrived')</script>"),
        "/arrived": html(f"<h1>رسیدن</h1><p>{DRAWN}</p>"),
    }


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Capture, Capture, Site]]:
    """Two visits to one portal at the same time."""
    folders: list[Path] = [tmp_path_factory.mktemp(name) for name in ("first", "second")]
    with serving(portal_pages()) as site:
        begun = [begin(a_portal(site.url + "/"), folder, browser=True) for folder in folders]
        for process in begun:
            visit = end(process)
            assert visit.outcome == "ok" and visit.complete, visit
        with Capture(folders[0]) as first, Capture(folders[1]) as second:
            yield first, second, site


def pages(capture: Capture) -> dict[str, Page]:
    return {page.url.split("/", 3)[3]: page for page in capture.pages}


def links(capture: Capture, path: str) -> list[tuple[str, str]]:
    return [(link.url, link.tag) for link in capture.links(pages(capture)[path])]


def test_every_page_is_read(visits: tuple[Capture, Capture, Site]) -> None:
    found = pages(visits[0])
    assert {found[name].outcome for name in PAGES} == {"ok"}
    assert found["alerts"].mode == "rendered" and DRAWN.strip() in visits[0].html(found["alerts"])


def test_windows_become_links(visits: tuple[Capture, Capture, Site]) -> None:
    capture, _, site = visits
    assert (f"{site.url}/opened", "window") in links(capture, "window")
    assert ("http://outside.example/ad", "window") in links(capture, "window")
    assert (pages(capture)["opened"].title, pages(capture)["opened"].found_by) == ("درگاه", "script")


def test_a_banner_is_taken_off_without_consent(visits: tuple[Capture, Capture, Site]) -> None:
    capture, _, site = visits
    assert site.count("/accepted") == 0
    assert pages(capture)["sections"].found_by == "script", "what the banner covered could be pressed"


def test_lists_grow_within_bounds(visits: tuple[Capture, Capture, Site]) -> None:
    capture = visits[0]
    outside = {url for url, _ in links(capture, "endless") if "outside" in url}
    assert 40 <= len(outside) <= 20 * 40 * (MAX_ROUNDS + MAX_MORE)
    assert pages(capture)["late/1"].found_by == "link", "it was there between two presses"
    assert pages(capture)["late/2"].outcome == "ok"


@pytest.mark.parametrize("name", ["seen", "scrolled"])
def test_what_is_drawn_when_it_is_scrolled_to_is_found(
    visits: tuple[Capture, Capture, Site], name: str
) -> None:
    assert ("http://outside.example/lazy", "a") in links(visits[0], name)


def test_a_page_that_blocks_the_browser_is_named(visits: tuple[Capture, Capture, Site]) -> None:
    capture, _, _ = visits
    opened = {item.page: item for item in capture.comparisons}
    assert "stopped" in opened[pages(capture)["alerts"].id].failure
    assert not opened[pages(capture)["idle"].id].failure
    idle = pages(capture)["idle"]
    assert opened[idle.id].reason == ("check" if in_share(idle.url) else "shell")


def test_what_a_script_downloads_is_a_file(visits: tuple[Capture, Capture, Site]) -> None:
    capture, _, site = visits
    (file,) = [file for file in capture.files if file.url.endswith("/report.zip")]
    assert (file.outcome, file.media_type, file.size) == ("ok", "application/zip", 1004)
    assert site.count("/report.zip") == 2, "once for each visit"


def test_frames_and_a_scripts_own_way_are_asked_for_once(visits: tuple[Capture, Capture, Site]) -> None:
    capture, _, site = visits
    assert pages(capture)["inner"].found_by == "frame"
    assert ("http://outside.example/map", "iframe") in links(capture, "frames")
    assert pages(capture)["own-way"].final_url == f"{site.url}/arrived"
    for path in ("/inner", "/arrived", "/own-way", "/frames"):
        assert site.count(path) == 2, f"{path}: once for each visit"
    assert {method for method, _ in site.asked} == {"GET"}


def test_two_visits_find_the_same(visits: tuple[Capture, Capture, Site]) -> None:
    changing = {"fetched_at", "seconds", "record_id"}
    first, second = ([page.model_dump(exclude=changing) for page in capture.pages] for capture in visits[:2])
    assert first == second
    assert list(visits[0].links()) == list(visits[1].links())
    assert visits[0].comparisons == visits[1].comparisons
