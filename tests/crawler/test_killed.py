"""Killed at any moment, a visit goes on where it stopped: the capture becomes what it would have been."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from killing import PRIORITIES, Killed, differences, portrait, visit_undisturbed, warcio_check
from serving import WORDS, Answer, Handler, Site, a_portal, html, run, serving, to

from crawler.capture import Capture

pytestmark = pytest.mark.slow

SEED = 1404
MOMENTS, KILLS = 20, 5


def plain_portal(count: int = 30) -> dict[str, Answer]:
    """Pages with lists, files, style sheets, aliases, variants, sitemaps, a search, a trap: whatever leaves
    traces in the state of a visit."""
    answers: dict[str, Answer] = {}
    for number in range(count):
        links = "".join(
            f"<li><a href='/p{n}'>خبر شماره {n} درباره خدمات استان</a></li>"
            for n in range(3 * number + 1, min(3 * number + 4, count))
        )
        extra = (
            f"<a href='/list?page={number}'>صفحه {number}</a><a href='/old{number}'>کهنه</a>"
            f"<a href='/f{number % 7}.pdf'>پرونده</a><a href='/x/x/x/x/x{number}'>دام</a>"
        )
        head = f"<link rel=stylesheet href='/s{number % 3}.css'>"
        title = f"خبر شماره {number} درباره خدمات استان"
        search = "<form action='/find'><input type=search name=q></form>"
        answers[f"/p{number}" if number else "/"] = html(
            f"<h1>{title}</h1><p>{WORDS}</p><main><ul>{links}</ul></main>{extra}{search}", title, head
        )
        answers[f"/old{number}"] = to(f"/p{(number * 7) % count}" if number else "/")
        answers[f"/s{number % 3}.css"] = lambda h: h.page("p { color: #111 }", kind="text/css")
        answers[f"/f{number % 7}.pdf"] = lambda h: h.page(b"%PDF-1.4 x", kind="application/pdf")
    answers["/list"] = lambda h: h.page(
        f"<!doctype html><title>فهرست {h.path}</title><h1>فهرست</h1><p>{WORDS} {h.path}</p>"
    )
    answers["/find"] = html(f"<h1>نتیجه</h1><p>{WORDS}</p><a href='/p3'>خبر</a>", "جست‌وجو")
    answers["/robots.txt"] = lambda h: h.page(
        f"User-agent: *\nDisallow: /p13\nSitemap: {origin(h)}/index.xml\n", kind="text/plain"
    )
    answers["/index.xml"] = lambda h: h.page(
        f"<sitemapindex><sitemap><loc>{origin(h)}/a.xml</loc></sitemap>"
        f"<sitemap><loc>{origin(h)}/b.xml</loc></sitemap></sitemapindex>",
        kind="text/xml",
    )
    for name in "ab":
        answers[f"/{name}.xml"] = _sitemap_of(name)
        answers[f"/only-{name}"] = html(f"<h1>تنها در نقشه {name}</h1><p>{WORDS}</p>", f"نقشه {name}")
    return answers


def _sitemap_of(name: str) -> Answer:
    return lambda h: h.page(
        f"<urlset><url><loc>{origin(h)}/only-{name}</loc></url></urlset>", kind="text/xml"
    )


def origin(handler: Handler) -> str:
    return f"http://{handler.headers['Host']}"


def check(killed: Killed, site: Site, before: int, expected: dict[str, object]) -> None:
    """The capture is what it would have been, and nothing that was kept was asked for again."""
    warcio_check(killed.folder)
    said = f"killed after {killed.moments} (seed {SEED})"
    assert not differences(expected, portrait(killed.folder)), said
    asked = Counter(path for _, path in site.asked[before:])
    lost = Counter(path for paths in killed.lost for path in paths)
    assert {path: n for path, n in asked.items() if n > 1 + lost[path]} == {}, said


@pytest.fixture(scope="module")
def portal_site() -> Iterator[Site]:
    with serving(plain_portal()) as site:
        yield site


@pytest.fixture(scope="module")
def undisturbed(portal_site: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, object], int]:
    folder = tmp_path_factory.mktemp("undisturbed")
    before = len(portal_site.asked)
    visit_undisturbed(a_portal(portal_site.url + "/"), folder)
    return portrait(folder), len(portal_site.asked) - before


def test_killed_at_twenty_moments(
    portal_site: Site, undisturbed: tuple[dict[str, object], int], tmp_path: Path
) -> None:
    expected, requests = undisturbed
    draw, moments, visits = random.Random(SEED), 0, 0
    while moments < MOMENTS:
        visits += 1
        before = len(portal_site.asked)
        killed = Killed(a_portal(portal_site.url + "/"), tmp_path / str(visits), portal_site)
        # A visit that ends before its moment comes was killed fewer times; the next one makes up for it.
        killed.go(draw, kills=min(KILLS, MOMENTS - moments), within=requests // (KILLS + 1))
        print(f"killed after {killed.moments}")
        # One page at a time is in flight: its address, with the address it leads to.
        assert all(len(paths) <= 2 for paths in killed.lost), killed.lost
        check(killed, portal_site, before, expected)
        moments += len(killed.moments)


def scripted_portal() -> dict[str, Answer]:
    """Pages that only a browser can read, with what they share, a menu to press, and files."""
    answers: dict[str, Answer] = {
        "/site.css": lambda h: h.page("h1 { color: #036 }", kind="text/css"),
        "/site.js": lambda h: h.page(
            f"""document.addEventListener("DOMContentLoaded", () => {{
              const number = location.pathname.replace(/\\D/g, "") || "0";
              document.getElementById("app").innerHTML = `<h1>صفحه ${{number}}</h1><p>{WORDS}</p>` +
                [1, 2, 3].map(n => `<a href="/v${{(+number * 3 + n) % 10}}">صفحه ${{n}}</a> `).join("");
            }});""",
            kind="text/javascript",
        ),
    }
    head = "<link rel=stylesheet href=/site.css><script src=/site.js></script>"
    menu = "<nav><span onclick=\"location.href='/pressed'\">گزارش‌ها</span></nav>"
    for number in range(10):
        page = html(f"{menu}<div id=app></div><a href='/p.pdf'>پرونده</a>", f"برگ {number}", head)
        answers[f"/v{number}" if number else "/"] = page
    answers["/pressed"] = html(f"<h1>گزارش‌ها</h1><p>{WORDS}</p>", "گزارش‌ها")
    answers["/p.pdf"] = lambda h: h.page(b"%PDF-1.4 x", kind="application/pdf")
    return answers


def test_killed_where_pages_need_a_browser(tmp_path: Path) -> None:
    with serving(scripted_portal()) as site:
        portal = a_portal(site.url + "/")
        visit_undisturbed(portal, tmp_path / "whole", browser=True)
        expected = portrait(tmp_path / "whole")
        before = len(site.asked)
        killed = Killed(portal, tmp_path / "killed", site, browser=True)
        killed.go(random.Random(SEED), kills=3, within=len(site.asked) // 4)
        assert killed.moments
        check(killed, site, before, expected)
    with Capture(tmp_path / "killed") as capture:
        modes = Counter(page.mode for page in capture.pages)
        assert modes["rendered"] >= 10
        assert any(page.url.endswith("/pressed") for page in capture.pages)


class TestFullDisk:
    """The limit on file size (``ulimit -f``) stands for the disk: the system refuses to write, for real."""

    @staticmethod
    def _visit(site: Site, folder: Path, limit: int | None) -> None:
        run(a_portal(site.url + "/"), folder, looked_for=PRIORITIES, file_size=limit)

    @pytest.mark.parametrize("limit", [30_000, 700_000])
    def test_is_said_once_and_the_visit_goes_on_later(
        self,
        limit: int,
        portal_site: Site,
        undisturbed: tuple[dict[str, object], int],
        tmp_path: Path,
    ) -> None:
        expected, _ = undisturbed
        before, folder = len(portal_site.asked), tmp_path
        with pytest.raises(AssertionError) as stopped:
            self._visit(portal_site, folder, limit)
        last = str(stopped.value).strip().splitlines()[-1]
        assert last.startswith("crawler.capture.StorageError: ") and "cannot be written" in last
        assert "goes on where it stopped" in last
        kept = set()
        if limit > 500_000:
            with Capture(folder) as capture:  # what is there can be read
                assert capture.visit.finished_at is None
                for page in capture.pages:
                    assert not page.record_id or capture.body(page.record_id) is not None
                    kept.add(page.url)
            warcio_check(folder)
            assert kept
        self._visit(portal_site, folder, None)
        asked = Counter(path for _, path in portal_site.asked[before:])
        assert not differences(expected, portrait(folder))
        warcio_check(folder)
        assert sum(n - 1 for n in asked.values()) <= 2
