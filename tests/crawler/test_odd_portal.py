"""One visit to a portal full of oddities: each is named for what it is, and nothing is harmed."""

from __future__ import annotations

import gzip
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import WORDS, Handler, Site, a_portal, html, run, serving, to

from crawler.capture import Capture, File, Page

PERSIAN = "<p>جهاد كشاورزي استان، خدمات و اطلاعيه ها براي كشاورزان گرامي</p>" * 4


def _window(body: str, kind: str) -> object:
    return lambda handler: handler.page(body, kind=kind)


class Odd:
    """The answers that need a memory or a socket."""

    def __init__(self) -> None:
        self.busy = 0
        self.shaky = 0

    def too_many(self, handler: Handler) -> None:
        self.busy += 1
        if self.busy == 1:
            handler.page("slow down", status=429, headers={"Retry-After": "1"})
        else:
            handler.page(f"<title>آرام</title>{WORDS}")

    def unavailable(self, handler: Handler) -> None:
        self.shaky += 1
        if self.shaky == 1:
            handler.page("busy", status=503)
        else:
            handler.page(f"<title>برگشت</title>{WORDS}")

    def endless_file(self, handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/zip")
        handler.send_header("Content-Length", str(10 * 10**9))
        handler.end_headers()
        self.sent = 0
        try:
            for _ in range(400):
                handler.wfile.write(b"x" * 65536)
                self.sent += 65536
        except OSError:
            pass
        handler.close_connection = True

    def endless_page(self, handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        try:
            for _ in range(2000):
                handler.wfile.write(b"<p>page without end</p>" * 1000)
        except OSError:
            pass
        handler.close_connection = True

    def reset(self, handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        handler.wfile.write(b"<p>half")
        handler.wfile.flush()
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()
        handler.close_connection = True

    def rubbish(self, handler: Handler) -> None:
        handler.wfile.write(b"\x00\x01\x02 this is no HTTP at all\r\n\r\n")
        handler.close_connection = True


def bomb(handler: Handler) -> None:
    body = gzip.compress(b"0" * 50_000_000)
    handler.page(body, headers={"Content-Encoding": "gzip"})


def answers(odd: Odd) -> dict[str, object]:
    home = "".join(
        f'<li><a href="{path}">{text}</a></li>'
        for path, text in [
            ("/about", "درباره ما"), ("/1256", "بدون برچسب"), ("/mislabelled", "برچسب نادرست"),
            ("/utf8-as-1256", "یونیکد"), ("/gone", "نیست"), ("/soft", "خدمات"), ("/private-area", "پرونده"),
            ("/login", "ورود کارکنان"), ("/logout", "خروج"), ("/admin/secret", "مدیریت"), ("/away", "سامانه"),
            ("/loop", "چرخه"), ("/big.zip", "فایل بزرگ"), ("/endless", "بی‌پایان"), ("/busy", "شلوغ"),
            ("/shaky", "لرزان"), ("/reset", "قطع"), ("/rubbish", "-"), ("/bomb", "بمب"), ("/untyped", "-"),
            ("/refresh", "تازه‌سازی"), ("/deep", "تودرتو"), ("/data.csv", "داده‌ها"), ("/report.pdf", "گزارش"),
            ("/about;jsessionid=AB12", "نشست"), ("/about?PHPSESSID=9f", "نشست"), ("/calendar?day=1", "تقویم"),
            ("/inward", "داخلی"), ("/challenge", "چالش"), ("/forbidden", "ممنوع"), ("/hostile", "خصمانه"),
            ("/old-about", "نشانی پیشین"), ("/dup1", "تکرار"), ("http://elsewhere.example/x", "بیرون"),
            ("/%D8%AE%D8%AF%D9%85%D8%A7%D8%AA/فارسی", "مسیر فارسی"),
        ]
    )  # fmt: skip
    return {
        "/": html(f"<nav><ul>{home}</ul></nav><main><p>{WORDS}</p></main>"),
        "/robots.txt": _window("User-agent: *\nDisallow: /admin/\n", "text/plain"),
        "/about": html(f"<h1>درباره ما</h1>{WORDS}"),
        "/old-about": to("/about", 301),
        "/dup1": to("/old-about"),
        "/1256": lambda h: h.page(PERSIAN.encode("cp1256"), kind="text/html"),
        "/mislabelled": lambda h: h.page(PERSIAN.encode("cp1256"), kind="text/html; charset=iso-8859-1"),
        "/utf8-as-1256": lambda h: h.page(PERSIAN.encode(), kind="text/html; charset=windows-1256"),
        "/soft": html("<h2>صفحه مورد نظر یافت نشد</h2><a href=/>بازگشت</a>"),
        "/private-area": to("/login?back=/private-area"),
        "/login": html(
            "<h1>ورود کارکنان</h1><form method=post><input name=u><input type=password name=p></form>"
        ),
        "/logout": html("out"),
        "/admin/secret": html("secret"),
        "/away": to("http://elsewhere.example/home"),
        "/loop": to("/loop2"),
        "/loop2": to("/loop?again=1"),
        "/big.zip": odd.endless_file,
        "/endless": odd.endless_page,
        "/busy": odd.too_many,
        "/shaky": odd.unavailable,
        "/reset": odd.reset,
        "/rubbish": odd.rubbish,
        "/bomb": bomb,
        "/untyped": lambda h: h.page(f"<html><body>{WORDS}</body></html>", kind=None),
        "/refresh": html("", head='<meta http-equiv=refresh content="0; url=/refreshed">'),
        "/refreshed": html(f"<h1>رسیدیم</h1>{WORDS}"),
        "/deep": html("<div>" * 50_000 + WORDS),
        "/data.csv": lambda h: h.page("شهر,جمعیت\nدماوند,1\n" + "رودهن,2\n" * 5000, kind="text/csv"),
        "/report.pdf": lambda h: h.page(b"%PDF-1.4" + b"0" * 200_000, kind="application/pdf"),
        "/calendar": lambda h: h.page(
            f"<p>{WORDS}</p><a href='/calendar?day={int(h.path.rpartition('=')[2]) + 1}'>روز بعد</a>"
        ),
        "/inward": to("http://169.254.169.254/latest/meta-data/"),
        "/challenge": html("<h1>Just a moment...</h1><p>Checking your browser before accessing</p>"),
        "/forbidden": lambda h: h.page("no", status=403),
        "/hostile": html(
            f"<p>{WORDS}</p><a href='/x%0d%0aSet-Cookie:a=b'>x</a>",
            title="&lt;script&gt;alert(1)&lt;/script&gt;\x1b[31m=cmd|' /C calc'!A0",
        ),
        "/خدمات/فارسی": html(WORDS),
        "/%D8%AE%D8%AF%D9%85%D8%A7%D8%AA/%D9%81%D8%A7%D8%B1%D8%B3%DB%8C": html(f"<h1>خدمات</h1>{WORDS}"),
    }  # type: ignore[return-value]


@pytest.fixture(scope="module")
def odd() -> Odd:
    return Odd()


@pytest.fixture(scope="module")
def site(odd: Odd) -> Iterator[Site]:
    with serving(answers(odd)) as site:  # type: ignore[arg-type]
        yield site


@pytest.fixture(scope="module")
def capture(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Capture]:
    folder = tmp_path_factory.mktemp("odd")
    visit = run(a_portal(site.url + "/", budget={"depth": 12}), folder)
    assert visit.outcome == "ok", visit
    assert visit.complete, visit
    with Capture(folder) as capture:
        yield capture


def page(capture: Capture, path: str) -> Page:
    return next(p for p in capture.pages if p.url.partition("//")[2].partition("/")[2] == path.lstrip("/"))


def file(capture: Capture, path: str) -> File:
    return next(f for f in capture.files if f.url.endswith(path))


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("/", "ok"),
        ("/about", "ok"),
        ("/gone", "http_error"),
        ("/soft", "soft_404"),
        ("/private-area", "login_wall"),
        ("/login", "ok"),
        ("/away", "redirected_away"),
        ("/inward", "redirected_away"),
        ("/loop", "http_error"),
        ("/endless", "too_large"),
        ("/bomb", "too_large"),
        ("/busy", "ok"),
        ("/shaky", "ok"),
        ("/rubbish", "unreadable"),
        ("/challenge", "blocked"),
        ("/forbidden", "blocked"),
        ("/untyped", "ok"),
        ("/hostile", "ok"),
    ],
)
def test_each_address_is_named_for_what_it_is(capture: Capture, path: str, outcome: str) -> None:
    found = page(capture, path)
    assert found.outcome == outcome, found.reason
    assert found.outcome == "ok" or found.reason


@pytest.mark.parametrize("path", ["/1256", "/mislabelled", "/utf8-as-1256"])
def test_persian_is_read_whatever_the_label(capture: Capture, path: str) -> None:
    found = page(capture, path)
    assert "جهاد كشاورزي" in capture.html(found)
    assert found.language == "fa"


def test_a_broken_answer_costs_one_page(capture: Capture) -> None:
    assert page(capture, "/reset").outcome in ("ok", "unreachable", "empty")


def test_robots_txt_and_acts_are_heeded(capture: Capture, site: Site) -> None:
    refused = {r.url.replace(site.url, ""): r.reason for r in capture.refusals}
    assert refused["/admin/secret"] == "robots.txt forbids it"
    assert refused["/logout"] == "could change something"
    assert site.count("/admin/secret") == site.count("/logout") == 0


def test_nothing_is_submitted(site: Site, capture: Capture) -> None:
    assert {method for method, _ in site.asked} == {"GET"}


def test_the_crawler_names_itself(site: Site, capture: Capture) -> None:
    assert all("Dargah" in agent and "audit@example.org" in agent for agent in site.agents)


def test_only_the_first_bytes_of_files_are_taken(capture: Capture, odd: Odd) -> None:
    big = file(capture, "/big.zip")
    assert (big.outcome, big.size, big.media_type) == ("ok", 10 * 10**9, "application/zip")
    assert odd.sent < 20_000_000
    data = file(capture, "/data.csv")
    assert data.head.startswith("شهر,جمعیت\nدماوند,1") and len(data.head) == 2000
    assert data.text == "داده‌ها" and data.page == 1
    assert file(capture, "/report.pdf").size == 200_008


def test_redirects_are_followed_within_the_portal(capture: Capture, site: Site) -> None:
    old = page(capture, "/old-about")
    assert old.final_url == f"{site.url}/about" and old.outcome == "ok"
    assert old.record_id == page(capture, "/about").record_id
    assert site.count("/about") == 1
    assert page(capture, "/refresh").final_url == f"{site.url}/refreshed"


def test_session_ids_make_no_new_pages(site: Site, capture: Capture) -> None:
    assert not any("SESSID" in path or "jsession" in path for _, path in site.asked)


def test_an_endless_calendar_ends(site: Site, capture: Capture) -> None:
    assert sum(path.startswith("/calendar") for _, path in site.asked) <= 60


def test_deep_nesting_is_survived(capture: Capture) -> None:
    assert (page(capture, "/deep").outcome, page(capture, "/deep").text_length) == ("ok", len(WORDS.strip()))


def test_nothing_is_asked_twice_without_need(site: Site, capture: Capture) -> None:
    again = {"/busy", "/shaky", "/reset", "/rubbish"}
    paths = [path for _, path in site.asked if path not in again and "loop" not in path]
    assert len(paths) == len(set(paths))


def test_the_pause_that_was_asked_for_is_kept(site: Site, capture: Capture) -> None:
    first, second = (t for t, (_, path) in zip(site.times, site.asked, strict=True) if path == "/busy")
    assert second - first >= 1.0


def test_missing_pages_are_told_from_real_ones(capture: Capture) -> None:
    assert capture.hosts[0].missing_page_status == 404
    assert capture.hosts[0].robots_status == 200


def test_the_archive_is_sound_and_replays(capture: Capture) -> None:
    archives = sorted(map(str, (capture.folder / "archive").glob("*.warc.gz")))
    warcio = Path(sys.executable).with_name("warcio")
    checked = subprocess.run([warcio, "check", *archives], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    about = page(capture, "/about")
    assert "درباره ما" in capture.html(about)
    assert capture.latest_record(about.url) == about.record_id


def test_the_footprint_is_what_the_server_saw(capture: Capture, site: Site) -> None:
    footprint = capture.visit.footprint
    assert footprint is not None
    assert footprint.requests == len(site.asked)
    assert footprint.refusals == len(capture.refusals)
    assert 0 < footprint.bytes < 60_000_000
    assert footprint.highest_rate > 0


def test_links_carry_their_place_and_text(capture: Capture, site: Site) -> None:
    link = next(link for link in capture.links(capture.pages[0]) if link.url == f"{site.url}/about")
    assert (link.text, link.area, link.position) == ("درباره ما", "menu", 0)
    assert any(link.url == "http://elsewhere.example/x" for link in capture.links())
