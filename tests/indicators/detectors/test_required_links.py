"""Useful links for visitors."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.required_links import detect
from indicators.records import Finding
from tests.indicators.make_capture import START, PageSpec, page, site_of

CONTENT = page("<h1>صفحه</h1><p>این صفحه درباره یکی از خدمات اداره کل راه استان است.</p>")


def judge(folder: Path, pages: dict[str, PageSpec]) -> Finding:
    with site_of(folder, pages) as site:
        return run(detect, site)


def block(caption: str, *addresses: str) -> str:
    links = "".join(f'<li><a href="{a}">پیوند شماره {n}</a></li>' for n, a in enumerate(addresses))
    return f"<h3>{caption}</h3><ul>{links}</ul>"


@pytest.mark.parametrize(
    "caption", ["پیوندهای مفید", "دسترسی سريع", "روابط مهمة", "Useful links", "Quick Links"]
)
def test_three_working_links_below_a_caption(tmp_path: Path, caption: str) -> None:
    home = page(block(caption, "https://www.rmto.ir/", "/a", "/b"))
    finding = judge(tmp_path, {"/": home, "/a": CONTENT, "/b": CONTENT})
    assert finding.answer == "yes"
    assert [e.excerpt for e in finding.evidence] == [caption, *(f"پیوند شماره {n}" for n in range(3))]


def test_a_page_of_links(tmp_path: Path) -> None:
    links = page(block("پیوندها", "https://moi.ir/", "https://dolat.ir/", "https://medu.ir/"))
    finding = judge(tmp_path, {"/": page('<a href="/links">پیوندها</a><p>راه</p>'), "/links": links})
    assert (finding.answer, finding.evidence[0].url) == ("yes", START + "links")


def test_in_any_language_links_in_the_footer_serve_as_quick_links(tmp_path: Path) -> None:
    home = page(f"<p>Ufficio</p><footer>{block('Amministrazione', '/a', '/b', '/c')}</footer>", lang="it")
    finding = judge(tmp_path, {"/": home, "/a": CONTENT, "/b": CONTENT, "/c": CONTENT})
    assert (finding.answer, finding.strength < 0.85) == ("yes", True)


def test_dead_links_accounts_and_repeated_addresses_do_not_count(tmp_path: Path) -> None:
    links = block("پیوندهای مفید", "/dead", "/a", "/a", "#", "https://t.me/agency", "https://moi.ir/")
    finding = judge(tmp_path, {"/": page(links), "/a": CONTENT, "/dead": ("http_error", "")})
    assert (finding.answer, finding.details["links"]) == ("no", 2)


def test_emblems_of_public_bodies_say_by_their_addresses_what_they_are(tmp_path: Path) -> None:
    def emblems(*addresses: str) -> str:
        links = "".join(f'<li><a href="{a}"><img src="/e.png" alt=""></a></li>' for a in addresses)
        return page(f"<div class='ticker'><ul>{links}</ul></div>")

    public = ("https://www.leader.ir/", "https://president.ir/fa", "https://www.moe.gov.ir/")
    assert judge(tmp_path / "known", {"/": emblems(*public)}).answer == "yes"
    strangers = ("https://a.example.com/", "https://b.example.com/", "https://c.example.com/")
    assert judge(tmp_path / "unknown", {"/": emblems(*strangers)}).answer == "no"


def test_links_beside_an_article_serve_too(tmp_path: Path) -> None:
    beside = block("Useful links", "https://moi.ir/", "https://dolat.ir/", "https://medu.ir/")
    article = page(f"<h1>A new road</h1><p>The road was opened.</p><aside>{beside}</aside>")
    finding = judge(tmp_path, {"/": page('<p>Roads</p><a href="/a">A new road</a>'), "/a": article})
    assert (finding.answer, finding.evidence[0].excerpt) == ("yes", "Useful links")


@pytest.mark.parametrize(
    ("third", "answer"),
    [
        ('<a href="https://www.rmto.ir/">سازمان راهداری</a>', "yes"),
        ('<a href="https://www.rmto.ir/RSSCreatorShow.aspx">rss اخبار</a>', "no"),
        ('<div>Powered by <a href="https://portal.example.com/">PortalMaker</a></div>', "no"),
    ],
)
def test_feeds_and_makers_are_no_useful_links(tmp_path: Path, third: str, answer: str) -> None:
    links = '<a href="https://a.example.org/x">پژوهش</a> <a href="https://b.example.org/y">آمار</a>'
    assert judge(tmp_path, {"/": page(f"<p>{links}</p>{third}")}).answer == answer


@pytest.mark.parametrize(("host", "answer"), [("www.roads-example.az", "no"), ("www.port-example.az", "yes")])
def test_pages_that_were_not_saved_with_a_copy_are_no_links_to_others(
    tmp_path: Path, host: str, answer: str
) -> None:
    links = "".join(f'<p><a href="https://{host}/{n}">Şöbə {n}</a></p>' for n in range(4))
    head = '<link rel="canonical" href="https://roads-example.az/">'
    with site_of(tmp_path, {"/": page(links, lang="az", head=head)}, archived=True) as site:
        assert run(detect, site).answer == answer


@pytest.mark.parametrize(("footer", "answer"), [("abc", "no"), ("def", "yes")])
def test_a_footer_that_repeats_the_menu_has_no_useful_links(tmp_path: Path, footer: str, answer: str) -> None:
    menu = "".join(f'<li><a href="/{n}">Thema {n}</a></li>' for n in "abc")
    foot = "".join(f'<li><a href="/{n}">Thema {n}</a></li>' for n in footer)
    pages: dict[str, PageSpec] = {f"/{n}": page(f"<h1>Thema {n}</h1>", lang="de") for n in "abcdef"}
    body = f"<nav><ul>{menu}</ul></nav><p>Gemeinde</p><footer><ul>{foot}</ul></footer>"
    assert judge(tmp_path, {"/": page(body, lang="de"), **pages}).answer == answer


def test_a_menu_below_a_caption_is_not_what_it_announces(tmp_path: Path) -> None:
    menu = "".join(f'<a href="/{n}">Topic {n}</a>' for n in "abc")
    body = f"<header><h1>Council</h1><div>Useful links</div><nav>{menu}</nav></header><p>Two halls.</p>"
    pages: dict[str, PageSpec] = {f"/{n}": page(f"<h1>Topic {n}</h1>", lang="en") for n in "abc"}
    assert judge(tmp_path, {"/": page(body, lang="en"), **pages}).answer == "no"
