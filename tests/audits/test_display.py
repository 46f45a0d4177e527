"""Display standards on pages with known faults: in real Chromium on loopback, and in their sources."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loopback import html, raw, serve

from audits.display import browser_values, check_display, parse_errors, read_source
from audits.records import DisplayCheck, Source
from crawler.browser import BrowserPolicy, open_browser

WORDS = "اداره کل راهداری و حمل و نقل جاده‌ای استان دماوند خدمات خود را به مردم ارائه می‌کند "

PAGES = {
    "/good": html(f"<h1>{WORDS}</h1>"),
    "/quirks": raw(
        f"<html><title>t</title><body><p>{WORDS}</p></body></html>".encode(), "text/html; charset=utf-8"
    ),
    "/xhtml": raw(
        b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">'
        b'<html xml:lang="en" lang="en"><head><title>t</title></head><body><p>plain words</p></body></html>',
        "text/html",
    ),
    "/styled": raw(
        f'<!doctype html><html lang=fa><title>t</title><body style="direction:rtl"><p>{WORDS}</p>'.encode(),
        "text/html; charset=utf-8",
    ),
    "/astray": raw(
        f'<!doctype html><html lang="en"><title>t</title><p>{WORDS}</p><p>plain</p>'.encode(),
        "text/html; charset=utf-8",
    ),
    "/middle": html(
        f'<p>{WORDS}</p><div id="bar" style="width:900px">x</div>',
        head="<style>@media (max-width:700px){#bar{display:none}}</style>",
    ),
    "/guarded": html(
        f"<p>{WORDS}</p>", head="<meta http-equiv=content-security-policy content=\"default-src 'none'\">"
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def shown() -> dict[str, DisplayCheck]:
    with serve(PAGES) as site:

        async def run() -> dict[str, DisplayCheck]:
            policy = BrowserPolicy(hosts=(site.host,), allow_private=True)
            found = {}
            async with open_browser(policy) as browser:
                for path in PAGES:
                    async with browser.page(viewport={"width": 1350, "height": 940}) as page:
                        await page.goto(site.url(path))
                        found[path] = await check_display(page, site.url(path), Source())
                        assert page.viewport_size == {"width": 1350, "height": 940}
                        assert await page.evaluate("innerWidth") == 1350
            return found

        return asyncio.run(run())


@pytest.mark.browser
def test_a_page_says_what_it_is(shown: dict[str, DisplayCheck]) -> None:
    good = shown["/good"]
    assert (good.doctype, good.quirks, good.language, good.direction) == ("html", False, "fa", "rtl")
    assert good.viewport == "width=device-width, initial-scale=1"
    assert good.rtl_letters > 50 and good.rtl_astray == good.ltr_letters == 0
    assert shown["/guarded"].reason == "" and shown["/guarded"].language == "fa"


@pytest.mark.browser
def test_old_doctypes_and_none(shown: dict[str, DisplayCheck]) -> None:
    assert (shown["/quirks"].doctype, shown["/quirks"].quirks) == ("", True)
    assert shown["/quirks"].viewport is None and shown["/quirks"].language == ""
    assert shown["/xhtml"].doctype == "html -//W3C//DTD XHTML 1.0 Strict//EN"
    assert not shown["/xhtml"].quirks


@pytest.mark.browser
def test_direction_is_told_from_what_is_shown(shown: dict[str, DisplayCheck]) -> None:
    styled, astray = shown["/styled"], shown["/astray"]
    assert (styled.direction, styled.shown_direction, styled.rtl_astray) == ("", "rtl", 0)
    assert (astray.direction, astray.shown_direction) == ("", "ltr")
    assert astray.rtl_astray == astray.rtl_letters > 50
    assert (astray.ltr_letters, astray.ltr_astray) == (5, 0)


@pytest.mark.browser
def test_overflow_at_one_width_only_names_the_element_that_sticks_out(shown: dict[str, DisplayCheck]) -> None:
    assert browser_values(shown["/middle"]) == {
        "overflow_360_px": 0,
        "overflow_768_px": pytest.approx(900 - 768, abs=20),
        "overflow_1280_px": 0,
        "quirks_mode": 0,
    }
    narrow, middle, wide = shown["/middle"].overflow
    assert (narrow.elements, wide.elements) == ((), ())
    (bar,) = middle.elements
    assert bar.target == ("#bar",) and bar.html.startswith('<div id="bar"')
    assert bar.box is not None and bar.box.x < 0  # a page from right to left sticks out on its left


class Kept:
    """A capture of one answer."""

    def __init__(self, body: bytes, content_type: str) -> None:
        self._body, self._type = body, content_type
        self.pages = ()

    def latest_record(self, _: str) -> str:
        return "one"

    def body(self, _: str) -> bytes:
        return self._body

    def headers(self, _: str) -> list[tuple[str, str]]:
        return [("Content-Type", self._type)]


def source(body: bytes, content_type: str = "text/html") -> Source:
    return read_source(Kept(body, content_type), "http://x/")  # type: ignore[arg-type]


def test_character_sets_as_declared_and_as_they_are() -> None:
    told = source(f"<!doctype html><meta charset=utf-8><p>{WORDS}".encode(), "text/html; charset=UTF-8")
    assert (told.charset_header, told.charset_meta, told.charset_real) == ("utf-8", "utf-8", "utf-8")
    lying = source(f"<!doctype html><meta charset=windows-1256><p>{WORDS}".encode())
    assert (lying.charset_header, lying.charset_meta, lying.charset_real) == ("", "cp1256", "utf-8")
    silent = source(f"<!doctype html><p>{WORDS}".replace("‌", " ").replace("ی", "ي").encode("cp1256"))
    assert (silent.charset_header, silent.charset_meta, silent.charset_real) == ("", "", "cp1256")
    marked = source("\ufeff<!doctype html><p>x".encode())
    assert (marked.charset_mark, marked.ascii_only) == ("utf-8", False)
    assert source(b"<!doctype html><p>x").ascii_only


def test_parse_errors_are_those_of_the_standard_with_their_places() -> None:
    clean = source(b'<!doctype html><html lang=en><title>x</title><p>one<p>two<a href="/?a=1&b=2">x</a>')
    assert (clean.parse_errors, clean.errors, clean.whole) == (0, (), True)
    bad = source(b"<!doctype html>\n<title>x</title>\n<p id=a id=b>x</b></p>\n<p id=a id=b></p>")
    assert {(e.code, e.count, e.line) for e in bad.errors} == {
        ("duplicate-attribute", 2, 3),
        ("unexpected-end-tag", 1, 3),
    }
    assert bad.parse_errors == 3 and bad.elements == 6


def test_a_long_source_is_parsed_to_its_bound_and_its_end_is_no_error() -> None:
    page = "<!doctype html><title>x</title>" + "<div>" * 10 + "<p>x</p>\n" * 60_000
    long = source(page.encode())
    assert not long.whole and long.characters == len(page)
    assert long.parse_errors == 0
    assert source(b"<!doctype html><div><p>x").parse_errors > 0


def test_an_answer_that_was_not_kept_is_a_reason() -> None:
    class Empty(Kept):
        def latest_record(self, _: str) -> str:
            return ""

    assert read_source(Empty(b"", ""), "http://x/").reason == (  # type: ignore[arg-type]
        "the visit kept no answer of this address"
    )


@settings(max_examples=60)
@given(st.text(alphabet="<>/!-ab=\"' &;\x00\ufffdس", max_size=120))
def test_nothing_that_a_page_holds_breaks_the_parser(text: str) -> None:
    errors, _ = parse_errors(text)
    assert all(line >= 1 for _, line, _ in errors)
