"""What is read of a page, however it is built, and within which time."""

import time

import pytest

from crawler.decode import decode
from crawler.extract import Extracted, extract
from crawler.scope import absolute

WORDS = "سامانه ثبت درخواست شهروندان استان"


def read(body: str) -> Extracted:
    return extract(f"<html lang=fa><title>درگاه</title><body>{body}", "http://portal.example/a/b?c=1")


@pytest.mark.parametrize("opened", ["<div>", "<ul><li>", "<font><p>"])
@pytest.mark.parametrize("closed", [True, False])
def test_markup_nested_deeper_than_any_parser_follows_is_read(opened: str, closed: bool) -> None:
    began = time.monotonic()
    ends = "".join(f"</{tag}" for tag in reversed(opened.split("<")[1:])) if closed else ""
    page = read(
        f"<p>آغاز</p>{opened * 50_000}{WORDS} <a href=/x>پیوند</a><form action=/s><input name=q></form>"
        f"{ends * 50_000}<p>پایان</p>"
    )
    assert page.title == "درگاه"
    assert page.language == "fa"
    assert page.text.startswith("آغاز") and WORDS in page.text and page.text.endswith("پایان")
    assert [(link.url, link.text) for link in page.links] == [("http://portal.example/x", "پیوند")]
    assert [form.fields[0]["name"] for form in page.forms] == ["q"]
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("piece", ["<h1><div>واژه ", "<a href=/x><div>واژه ", "<div data-href=/x>واژه "])
def test_elements_that_share_their_text_take_no_more_time_for_it(piece: str) -> None:
    began = time.monotonic()
    page = read(piece * 5_000)
    assert page.text.count("واژه") == 5_000
    assert time.monotonic() - began < 10


def test_text_stands_in_the_order_of_the_page() -> None:
    page = read(
        "یک <b>دو</b> سه<table><tr><td>چهار<td>پنج</table>شش<script>x</script> هفت<p hidden>نه</p>هشت"
    )
    assert page.text.split("\n") == ["یک دو سه", "چهار", "پنج", "شش هفت", "هشت"]


def test_the_head_of_an_article_is_not_the_head_of_the_page() -> None:
    page = read(
        "<header><a href=/1>۱</a></header><main><header><a href=/2>۲</a></header></main>"
        "<footer><a href=/3>۳</a></footer><article><footer><a href=/4>۴</a></footer></article>"
    )
    assert [link.area for link in page.links] == ["header", "main", "footer", "main"]


def test_only_buttons_outside_forms_are_things_for_scripts() -> None:
    assert read("<form><p><button>ارسال</button></form>").script_links == 0
    assert read("<form></form><p><button>گشودن</button>").script_links == 1


@pytest.mark.parametrize(
    ("base", "address", "found"),
    [
        ("http://h.example/a/b?c=1", "/x/../y?z#f", "http://h.example/y?z#f"),
        ("http://h.example/a/b?c=1", "x", "http://h.example/a/x"),
        ("http://h.example/other/", "x", "http://h.example/other/x"),
        ("http://h.example/a/b?c=1", "?d", "http://h.example/a/b?d"),
        ("http://h.example?c=1", "/x", "http://h.example/x"),
        ("http://h.example/a", "//o.example/x", "http://o.example/x"),
        ("https://h.example/a", "//o.example/x", "https://o.example/x"),
        ("http://h.example/a/b", "HTTP://o.example", "http://o.example"),
        ("http://h.example/a/b", "http:x", "http://h.example/a/x"),
        ("http://h.example/a/b", "mailto:a@b.example", "mailto:a@b.example"),
    ],
)
def test_addresses_are_seen_from_their_page(base: str, address: str, found: str) -> None:
    for _ in range(2):  # remembered or not
        assert absolute(base, address) == found


def test_a_large_body_is_decoded_at_once() -> None:
    body = ("<p>" + WORDS * 40_000).encode()[:2_000_000]
    began = time.monotonic()
    for _ in range(5):
        assert decode(body)[1] == "utf-8"
    assert decode(body[:-1] + b"\xff\xfe\xfd end")[1] == "utf-8"
    assert decode(WORDS.encode("cp1256", errors="replace") * 10)[1] == "cp1256"
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("markup", "address"),
    [
        ("<div onclick=\"location.href='/x'\">ا</div>", "/x"),
        ("<a href='#' onclick=\"document.location='/x'; return false\">ا</a>", "/x"),
        ("<a href='#' onclick='location.href=`/x`'>ا</a>", "/x"),
        ("<a href=\"javascript:window.open('x.html','w')\">ا</a>", "/b/x.html"),
        ('<a href="javascript:location.href=%22/x%22">ا</a>', "/x"),
        ("<a href=\"javascript:openPage('/x')\">ا</a>", "/x"),
        ("<a href=\"javascript:openWin('عنوان', 'x.aspx?id=1')\">ا</a>", "/b/x.aspx?id=1"),
        ("<a href='javascript:void(0)' onclick='window.open(\"/x\")'>ا</a>", "/x"),
        ("<input type=button value=ا onclick=\"window.location='/x'\">", "/x"),
        ("<tr><td data-href='/x'>ا</td></tr>", "/x"),
        ("<select onchange='location=this.value'><option>-<option value='/x'>ا</select>", "/x"),
        ("<a onclick=\"$router.push('/x')\">ا</a>", "/x"),
    ],
)
def test_targets_that_scripts_name_are_read_from_the_page(markup: str, address: str) -> None:
    page = extract(f"<table>{markup}</table>", "http://a.ir/b/")
    assert [(link.url, link.text) for link in page.links] == [(f"http://a.ir{address}", "ا")]
    assert page.script_links == 0


@pytest.mark.parametrize(
    "markup",
    [
        "<a href='#' onclick=\"ga('send', '/x')\">ا</a>",
        "<a href='#' onclick=\"trackEvent('/x')\">ا</a>",
        "<a href='#' onclick=\"show('part')\">ا</a>",
        "<select onchange='filter(this.value)'><option value='/x'>ا</select>",
        "<input type=submit value=ا onclick=\"location='/x'\">",
    ],
)
def test_what_only_looks_like_a_target_is_none(markup: str) -> None:
    assert not any("/x" in link.url for link in extract(markup, "http://a.ir/").links)


def test_links_behind_the_end_of_the_document_are_links() -> None:
    header = "<html><head><title>t</title></head><body><a href=/a>a</a></body></html>"
    page = extract(
        f"{header}<html><body><a href=/b>b</a></body></html><!-- served in 1 ms -->", "http://a.ir/"
    )
    assert [link.url for link in page.links] == ["http://a.ir/a", "http://a.ir/b"]
    assert page.title == "t"
