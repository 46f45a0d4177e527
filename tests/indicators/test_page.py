"""The facts of a page: what a reader sees, where it stands, and nothing else."""

from __future__ import annotations

from urllib.parse import urldefrag, urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.markup import Base
from indicators.page import Tree
from indicators.reading import Known, read_page, read_tree
from tests.indicators.make_capture import page

URL = "https://portal.example.ir/a/b.html"


def texts(html: str) -> list[str]:
    return [block.text for block in read_page(html, URL).blocks]


def test_text_comes_in_blocks_in_the_order_of_reading() -> None:
    html = page("<div>اول <b>دوم</b><p>سوم\n  چهارم</p>پنجم<ul><li>شش</li><li>هفت</li></ul></div>")
    assert texts(html) == ["اول دوم", "سوم چهارم", "پنجم", "شش", "هفت"]


@pytest.mark.parametrize(
    "html",
    [
        "<!doctype html><title>t</title><main>a <b>b</b></main><p>c</p>",
        "<meta charset=utf-8><title>t</title><link rel=icon href=i><main>a <b>b</b></main>c",
        "<html><head><title>t</title><main>a <b>b</b></main></head><body>c</body></html>",
        "<title>t</title><x-page><main>a <b>b</b></main></x-page><body><p>c</p></body>",
    ],
)
def test_the_body_begins_where_a_browser_begins_it(html: str) -> None:
    facts = read_page(html, URL)
    assert facts.title == "t"
    assert [block.text for block in facts.blocks] == ["a b", "c"]
    tree = Tree(html)
    assert tree.xpath(facts.blocks[0].node).startswith("/html/body[1]/")


@pytest.mark.parametrize(
    "html",
    [
        "<html><body><p>a</p></body></html><footer>b</footer>",
        "<HTML><BODY><P>a</P></BODY></HTML>\n<P>b</P>",
        "<html><body><p>a</p></body></html><!doctype html><html><head><title>u</title><body>b</html>",
        "<html><head><title>t</title></head><body><div><p>a</p></body></html><p>b</div>",
    ],
)
def test_what_follows_the_end_of_the_document_is_read_as_a_browser_reads_it(html: str) -> None:
    assert texts(html) == ["a", "b"]


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>not me</script>",
        "<style>not me</style>",
        "<noscript>not me</noscript>",
        "<template>not me</template>",
        "<!-- not me -->",
        "<p hidden>not me</p>",
        '<div style="color:red; display : none">not me <b>nor me</b></div>',
        '<span style="visibility:hidden">not me</span>',
    ],
)
def test_what_nobody_sees_is_no_text(hidden: str) -> None:
    assert texts(page(f"<p>seen</p>{hidden}<p>seen too</p>")) == ["seen", "seen too"]


def test_what_a_script_will_lay_out_is_seen() -> None:
    assert texts(page('<div class="tabs" style="visibility:hidden"><p>اخبار</p></div>')) == ["اخبار"]


@pytest.mark.parametrize(
    "closed",
    [
        '<ul><li>خدمات<ul style="display:none"><li><a href="/a">گواهی</a></li></ul></li></ul>',
        '<ul><li>خدمات<div class="slide" style="display:none"><a href="/a">گواهی</a></div></li></ul>',
        '<a href="#two">خدمات</a><div id="two" style="display: none"><a href="/a">گواهی</a></div>',
        '<a aria-controls="two">خدمات</a><div id="two" hidden=""><a href="/a">گواهی</a></div>',
        '<div style="display:none"><ul><li><a href="#one">خبر</a></li><li><a href="#two">آمار</a></li></ul>'
        '<div id="one"></div><div id="two"><a href="/a">گواهی</a></div></div>',
    ],
)
def test_what_the_page_itself_opens_is_seen(closed: str) -> None:
    facts = read_page(page(closed), URL)
    assert not facts.hidden
    assert [link.visible for link in facts.links if link.text == "گواهی"] == [True]


def test_links_to_elsewhere_open_nothing() -> None:
    facts = read_page(page('<a href="#top">بالا</a><div style="display:none"><a href="/a">x</a></div>'), URL)
    assert [link.visible for link in facts.links] == [True, False]


def test_switched_off_text_is_kept_apart() -> None:
    facts = read_page(page('<p>پرسش</p><div style="display:none">پاسخ</div>'), URL)
    assert [(hidden.before, hidden.block.text) for hidden in facts.hidden] == [(1, "پاسخ")]


@pytest.mark.parametrize(
    ("markup", "area"),
    [
        ("<header><p>x</p></header>", "header"),
        ('<div id="header"><p>x</p></div>', "header"),
        ("<nav><p>x</p></nav>", "menu"),
        ('<ul class="main-menu"><li>x</li></ul>', "menu"),
        ('<div class="page-footer"><div class="menu"><p>x</p></div></div>', "footer"),
        ('<div role="contentinfo"><p>x</p></div>', "footer"),
        ('<div class="card"><div class="card-footer"><p>x</p></div></div>', "main"),
        ('<div class="sidebar"><p>x</p></div>', "aside"),
        ("<main><header><p>x</p></header></main>", "main"),
        ('<section><div><header class="major"><p>x</p></header></div></section>', "main"),
        ('<section><header class="site-header"><p>x</p></header></section>', "header"),
        ('<section><header role="banner"><p>x</p></header></section>', "header"),
        ('<div class="card"><div class="card-body"><p>x</p></div></div>', "main"),
    ],
)
def test_areas(markup: str, area: str) -> None:
    assert [block.area for block in read_page(page(markup), URL).blocks] == [area]


def test_a_drawn_button_says_what_its_link_is_called() -> None:
    facts = read_page(page('<a href="/o"><input type="button" value="Organigrama"></a>'), URL)
    assert [link.text for link in facts.links] == ["Organigrama"]


def test_links_say_what_a_reader_sees_and_where_they_lead() -> None:
    body = (
        '<p>ببینید <a href="../c.html#x">صفحه <i>سه</i></a></p>'
        '<a href="/d"><img src="i.png" alt="نگاره"></a><a href="#">هیچ</a><a href="javascript:go()">هیچ</a>'
        '<a href="/e"><h3>عنوان</h3><p>متن</p></a><div onclick="location.href=\'/f\'">دکمه</div>'
    )
    facts = read_page(page(body), URL)
    assert [(link.text, link.url) for link in facts.links] == [
        ("صفحه سه", "https://portal.example.ir/c.html"),
        ("نگاره", "https://portal.example.ir/d"),
        ("هیچ", ""),
        ("هیچ", ""),
        ("عنوان متن", "https://portal.example.ir/e"),
        ("دکمه", "https://portal.example.ir/f"),
    ]
    assert facts.blocks[facts.links[0].block].text == "ببینید صفحه سه"


def test_forms_keep_their_fields_labels_and_buttons() -> None:
    body = """<form action="/go" method="post"><label for="n">نام</label><input id="n" name="name">
      <label>پیام <textarea name="m"></textarea></label><input type="hidden" name="t">
      <select name="k"><option>یک</option><option>دو</option></select><button>ارسال</button></form>
      <input type="search" placeholder="جستجو">"""
    sent, loose = read_page(page(body), URL).forms
    assert (sent.action, sent.method) == ("https://portal.example.ir/go", "post")
    assert [(c.type, c.name, c.label, c.options) for c in sent.controls] == [
        ("text", "name", "نام", ()),
        ("textarea", "m", "پیام", ()),
        ("select", "k", "", ("یک", "دو")),
        ("submit", "", "ارسال", ()),
    ]
    assert loose.tag == "" and loose.controls[0].label == "جستجو"


def test_protected_and_reversed_addresses_are_read_as_shown() -> None:
    code = "42" + "".join(f"{ord(c) ^ 0x42:02x}" for c in "info@x.gov.ir")
    body = (
        f'<p><a href="/cdn-cgi/l/email-protection" data-cfemail="{code}">[email protected]</a></p>'
        '<p>نامه: <span style="unicode-bidi:bidi-override; direction: rtl">ri.vog.y@ofni</span></p>'
    )
    facts = read_page(page(body), URL)
    assert facts.protected_emails == (("info@x.gov.ir", 0),)
    assert facts.blocks[1].text == "نامه: info@y.gov.ir"


def test_locators_lead_back_to_their_elements() -> None:
    body = """<div id="a"><p>one</p><table><tr><td>r1</td><td><table><tr><td>inner</td></tr></table></td></tr>
      <tr><td>r2</td></tr></table></div><div><p>two</p></div>
      <div id="b"></div><div id="b"><p>three</p></div>"""
    html = page(body)
    tree = Tree(html)
    for block in read_page(html, URL).blocks:
        found = tree.root.xpath(tree.xpath(block.node))
        assert len(found) == 1
        assert "".join(found[0].itertext()).split()[:1] == block.text.split()[:1]


def test_row_locators_hold_in_a_browsers_tree_too() -> None:
    import html5lib
    from lxml import etree

    html = page("<table><tr><td>a</td></tr><tr><td>b <table><tr><td>c</td></tr></table></td></tr></table>")
    browser = html5lib.parse(html, treebuilder="lxml", namespaceHTMLElements=False)
    tree = Tree(html)
    for block in read_page(html, URL).blocks:
        (element,) = etree.ElementTree(browser.getroot()).xpath(tree.xpath(block.node))
        assert (element.text or "").strip() == block.text


@settings(max_examples=200)
@given(st.text(alphabet="<>/=\"' abdivptrhfe!-&;#\x00\u200cآ", max_size=400))
def test_wild_markup_never_raises(wild: str) -> None:
    facts = read_page(wild, URL)
    tree = Tree(wild)
    for block in facts.blocks:
        assert block.text == " ".join(block.text.split())
        assert block.node < len(tree.elements)


def test_very_deep_markup_is_survived() -> None:
    assert read_page("<div>" * 50_000 + "x", URL).title == ""


PIECES = st.sampled_from(
    [
        "<div>",
        "</div>",
        "<div class='menu'>",
        "<nav>",
        "</nav>",
        "<section hidden>",
        "</section>",
        "<ul><li class='active'><a href='/one'>One</a></li><li><a href='two'>Two</a></li></ul>",
        "<a href='?page=2'>Next</a>",
        "<a href='#'><h3>Heading</h3><img src='i.png' alt='Picture'>",
        "</a>",
        "<label>Name <input name='n'></label>",
        "<time datetime='2025-01-02'>2 January</time>",
        "<span style='unicode-bidi: bidi-override'>ri.vog</span>",
        "<ol class='breadcrumb'><li>Home</li></ol>",
        "<p itemscope itemtype='https://schema.org/Person'>A &amp; B &lt;c&gt;</p>",
        "<script>if (a < b && c) d('</p>')</script>",
        "<footer><p data-cfemail='422b2c242d023a'>Mail</p></footer>",
        "words " * 12,
        "text",
    ]
)


@settings(max_examples=150)
@given(
    st.lists(PIECES, min_size=5, max_size=25).map("".join),
    st.lists(st.tuples(PIECES, PIECES, st.sampled_from(["a/b", "a/c", "d/e?f=1"])), min_size=2, max_size=5),
)
def test_what_pages_share_is_read_the_same_on_each(shared: str, pages: list[tuple[str, str, str]]) -> None:
    known = Known()
    for before, after, path in pages:
        html, url = page(f"{before}<div>{shared}</div>{after}<div>{shared}</div>"), f"https://x.ir/{path}"
        assert read_tree(Tree(html), url, known) == read_page(html, url)


def test_shared_parts_lead_where_their_page_says() -> None:
    menu = (
        "<div><ul>" + "".join(f"<li><a href='{n}.html'>Item {n}</a></li>" for n in range(20)) + "</ul></div>"
    )
    known = Known()
    for folder in ("a", "b", "a", "b", "c"):
        facts = read_tree(Tree(page(f"<p>x</p>{menu}")), f"https://x.ir/{folder}/", known)
        assert facts.links[3].url == f"https://x.ir/{folder}/3.html"


HREFS = st.text(alphabet="/ab.?=&:%;#@-é[]~ \t", max_size=12)


@settings(max_examples=500)
@given(
    st.sampled_from(["", "/", "//x.ir", "https://y.ir", "HTTP://y.ir/", "http:", "mailto:", "javascript:"]),
    HREFS,
    st.sampled_from([URL, "http://x.ir:80/a/?b", "https://x.ir"]),
)
def test_addresses_are_joined_as_the_standard_says(start: str, rest: str, url: str) -> None:
    href = (start + rest).strip()
    try:
        expected = urldefrag(urljoin(url, href)).url
    except ValueError:
        expected = ""
    joined = Base(url).join(href)
    if not href or href.startswith(("#", "javascript:")):
        assert joined == ""
    else:
        assert joined == (href if href.startswith("mailto:") else expected)


@pytest.mark.parametrize(
    "html",
    [
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"><p><a name="n" href="/x">a</a></p>',
        '<p><a title="one&#10;two &quot;three&quot; &amp;amp; <four>" href="/x">a</a></p>',
        "<p><x-y \"='1' =b='2'><a href='/x'>a</a></x-y></p>",
        "<p><a<b href='/y'>a</a<b><a href=/x>a</a></p>",
    ],
)
def test_odd_markup_is_read_as_it_was_parsed(html: str) -> None:
    facts, tree = read_page(html, URL), Tree(html)
    anchors = [element for element in tree.elements if element.tag == "a"]
    assert [(link.href, link.title) for link in facts.links] == [
        (a.get("href"), " ".join((a.get("title") or "").split())) for a in anchors
    ]
    assert [tree.elements[link.node] for link in facts.links] == anchors


def test_a_whole_block_that_is_shown_backwards_is_read_as_shown() -> None:
    html = page('<div>text<p style="unicode-bidi:bidi-override">ri.vog.y@ofni</p></div>')
    assert texts(html) == ["text", "info@y.gov.ir"]
