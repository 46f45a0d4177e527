"""Navigation and coherence over whole portals: each check met, failed, or not to be seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.capture import Capture
from indicators.detector import all_detectors, run
from indicators.records import Finding
from indicators.verify import verify
from tests.indicators.make_capture import PageSpec, page, site_of

WORDS = {
    "fa": {
        "home": "صفحهٔ نخست", "search": "جستجو", "map": "نقشه سایت", "built": "این بخش در دست ساخت است",
        "/about": "دربارهٔ اداره", "/news": "اخبار", "/services": "خدمات", "/contact": "تماس با ما",
        "text": "این اداره کار ساخت و نگهداری راه‌های استان را با همکاری شهرستان‌ها انجام می‌دهد",
    },
    "en": {
        "home": "Home", "search": "Search", "map": "Site map", "built": "This page is under construction",
        "/about": "About us", "/news": "News", "/services": "Services", "/contact": "Contact",
        "text": "The office builds and keeps the roads of the province together with the counties",
    },
    "fr": {
        "home": "Accueil", "search": "Rechercher", "map": "Plan du site", "built": "Page en construction",
        "/about": "À propos", "/news": "Actualités", "/services": "Services", "/contact": "Contact",
        "text": "La direction construit et entretient les routes de la région avec les communes",
    },
}  # fmt: skip
SECTIONS = ("/about", "/news", "/services", "/contact")


def steady(lang: str) -> dict[str, PageSpec]:
    """Five pages with the same menu, a trail, a way home and a search box; each says something of its own."""
    words = WORDS[lang]
    menu = "".join(f'<li><a href="{to}">{words[to]}</a></li>' for to in SECTIONS)
    search = f'<form action="/s"><input type="search" name="q" aria-label="{words["search"]}"></form>'
    frame = f'<header><a href="/">{words["home"]}</a><nav><ul>{menu}</ul></nav>{search}</header>'
    pages: dict[str, PageSpec] = {"/": page(f"{frame}<main><h1>{words['text']}</h1></main>", lang=lang)}
    for number, to in enumerate(SECTIONS):
        trail = f'<nav class="breadcrumb"><a href="/">{words["home"]}</a> › {words[to]}</nav>'
        said = f"<h1>{words[to]}</h1><p>{words[to]}: {words['text']} {number}. {words[to]} {number}</p>"
        pages[to] = page(f"{frame}{trail}<main>{said}</main>", words[to], lang)
    return pages


def wild(lang: str) -> dict[str, PageSpec]:
    """Five pages, each with another menu; no trail, no way home, no search; some links are dead."""
    words = WORDS[lang]
    pages: dict[str, PageSpec] = {}
    for number, to in enumerate(("/", *SECTIONS)):
        menu = "".join(f'<a href="/x{number}{n}">{words["text"][:9]} {number}{n}</a> ' for n in range(3))
        there = "".join(f'<a href="{other}">{words[other]}</a> ' for other in SECTIONS) if to == "/" else ""
        said = f"<p>{words.get(to, '')} {words['text']} {number}</p>"
        pages[to] = page(f"<nav>{menu}</nav><main>{said}{there}</main>", lang=lang)
        for n in range(3):
            pages[f"/x{number}{n}"] = ("http_error", page("<p>404</p>"))
    return pages


def judged(indicator: str, folder: Path, pages: dict[str, PageSpec], **options: object) -> Finding:
    with site_of(folder, pages, **options) as site:
        finding = run(all_detectors()[indicator], site)
    with Capture(folder) as capture:
        assert verify([finding], capture, None).mismatches == ()
    return finding


@pytest.mark.parametrize("lang", ["fa", "en", "fr"])
def test_a_portal_in_which_one_finds_ones_way(tmp_path: Path, lang: str) -> None:
    finding = judged("navigation_quality", tmp_path, steady(lang))
    assert finding.answer == "very_high"
    assert finding.details["menu_likeness_share"] == 1.0
    assert finding.details["place_share"] == finding.details["way_home_share"] == 1
    assert finding.details["broken_links"] == 0
    assert finding.details["median_clicks"] == 1.0
    assert {e.note for e in finding.evidence} >= {"menu", "breadcrumbs"}


@pytest.mark.parametrize("lang", ["fa", "en", "fr"])
def test_a_portal_in_which_one_gets_lost(tmp_path: Path, lang: str) -> None:
    finding = judged("navigation_quality", tmp_path, wild(lang))
    assert finding.answer == "very_low"
    assert finding.details["menu_likeness_share"] == finding.details["help_share"] == 0.0
    assert finding.details["broken_links"] == 15
    assert "broken_link" in {e.note for e in finding.evidence}


def test_an_entry_counts_as_the_present_place_on_its_own_page_only(tmp_path: Path) -> None:
    pages = steady("en")
    for to in SECTIONS:
        html = pages[to]
        assert isinstance(html, str)
        # The trail is gone; a template marks "News" as present, wherever the visitor is.
        trail = html[html.index('<nav class="breadcrumb">') : html.index("<main>")]
        html = html.replace(trail, "").replace('<li><a href="/news">', '<li class="active"><a href="/news">')
        pages[to] = html
    finding = judged("navigation_quality", tmp_path, pages)
    assert finding.details["place_share"] == 0.25


def test_a_language_switch_is_no_way_home(tmp_path: Path) -> None:
    pages = steady("fa")
    for to in SECTIONS:
        html = pages[to]
        assert isinstance(html, str)
        pages[to] = html.replace('href="/"', 'href="/en/"')
    assert judged("navigation_quality", tmp_path, pages).details["way_home_share"] == 0


def test_a_home_page_under_two_addresses_is_home_twice(tmp_path: Path) -> None:
    pages = {to: html.replace('href="/"', 'href="/index.html"') for to, html in steady("en").items()}  # type: ignore[union-attr]
    long = f"<p>{WORDS['en']['text']} and {WORDS['en']['text']}, every day of the year.</p></main>"
    pages["/"] = pages["/"].replace("</main>", long)
    pages["/index.html"] = pages["/"]
    assert judged("navigation_quality", tmp_path, dict(pages)).details["way_home_share"] == 1


def test_a_visit_that_began_elsewhere_knows_the_front_page(tmp_path: Path) -> None:
    pages = {to: html.replace('href="/"', 'href="/index.html"') for to, html in steady("en").items()}  # type: ignore[union-attr]
    pages["/index.html"] = page(f"<main><p>{WORDS['en']['text']}: welcome</p></main>", "Front", "en")
    begun = {"/about": pages.pop("/about"), **pages}
    share = judged("navigation_quality", tmp_path, dict(begun)).details["way_home_share"]
    assert share == 0.8  # of five pages, the front page itself has no link home


def test_with_three_pages_nothing_is_compared(tmp_path: Path) -> None:
    pages = dict(list(steady("fa").items())[:3])
    for indicator in ("navigation_quality", "content_coherence"):
        finding = judged(indicator, tmp_path / indicator, pages)
        assert finding.answer is None
        assert finding.reason.startswith("too few pages were seen")


@pytest.mark.parametrize("lang", ["fa", "en", "fr"])
def test_coherent_content(tmp_path: Path, lang: str) -> None:
    finding = judged("content_coherence", tmp_path, steady(lang), sitemaps={"/sitemap.xml": 5})
    assert finding.answer == "very_high"
    assert finding.details["checks_seen"] == 4
    assert finding.details["duplicates"] == finding.details["empty_pages"] == finding.details["orphans"] == 0


@pytest.mark.parametrize("lang", ["fa", "en", "fr"])
def test_content_that_falls_apart(tmp_path: Path, lang: str) -> None:
    words, pages = WORDS[lang], steady(lang)
    long = f"<main><p>{words['text']}. {words['text']}!</p><p>{words['text']} {words['/news']}</p></main>"
    pages["/print"] = page(long, "a", lang)
    pages["/copy"] = page(
        long.replace("<p>", "<p><b>1 </b>", 1).replace("</main>", "<p>7</p></main>"), "b", lang
    )
    pages["/soon"] = page(f"<main><p>{words['built']}</p></main>", "c", lang)
    pages["/none"] = ("empty", page("<main></main>", "d", lang))
    pages["/alone"] = page(
        f"<main><p>{words['/about']} {words['text']} {words['/contact']}</p></main>", "e", lang
    )
    links = "".join(f'<a href="{to}">{to}</a>' for to in ("/print", "/copy", "/soon", "/none", "/gone"))
    home = pages["/"]
    assert isinstance(home, str)
    pages["/"] = home.replace("</main>", f"{links}</main>")
    pages["/gone"] = ("http_error", page("<p>404</p>"))
    finding = judged(
        "content_coherence", tmp_path, pages, sitemaps={"/sitemap.xml": 9}, found_by={"/alone": "sitemap"}
    )
    details = finding.details
    assert finding.answer == "very_low", details
    assert (details["duplicates"], details["empty_pages"], details["broken_links"], details["orphans"]) == (
        1,
        2,
        1,
        1,
    )
    by_page = {row.url.rsplit("/", 1)[1]: row.values for row in finding.pages}
    assert by_page["copy"]["duplicate_of"] == "https://portal.example.ir/print"
    assert by_page["soon"]["empty_because"] == "under construction"
    assert by_page["alone"]["orphan"] is True
    assert {e.note for e in finding.evidence} >= {"duplicate", "empty_page", "broken_link", "orphan"}


def test_a_canonical_address_is_no_duplicate(tmp_path: Path) -> None:
    pages = steady("en")
    long = f"<main><p>{WORDS['en']['text']}.</p><p>{WORDS['en']['text']} {WORDS['en']['text']}</p></main>"
    pages["/a"] = page(long, "a", "en")
    pages["/a?print=1"] = page(long, "a", "en", '<link rel="canonical" href="/a">')
    assert judged("content_coherence", tmp_path, pages).details["duplicates"] == 0


@pytest.mark.parametrize("outcome", ["blocked", "unreachable", "refused", "certificate"])
def test_what_was_not_seen_is_not_broken(tmp_path: Path, outcome: str) -> None:
    pages = steady("en")
    home = pages["/"]
    assert isinstance(home, str)
    pages["/"] = home.replace("</main>", '<a href="/far">Far</a><a href="/never">Never</a></main>')
    pages["/far"] = (outcome, page("<p>?</p>"))  # type: ignore[assignment]
    details = judged("content_coherence", tmp_path, pages, complete=False).details
    assert details["broken_links"] == 0
    assert details["links_known"] == 5  # the four sections and the home page


def test_a_visit_that_ended_early_makes_no_orphans(tmp_path: Path) -> None:
    pages = steady("en")
    pages["/alone"] = page(f"<main><p>{WORDS['en']['text']} alone</p></main>", "e", "en")
    options = {"sitemaps": {"/sitemap.xml": 6}, "found_by": {"/alone": "sitemap"}}
    whole = judged("content_coherence", tmp_path / "whole", pages, **options)
    assert whole.details["orphans"] == 1
    early = judged("content_coherence", tmp_path / "early", pages, complete=False, **options)
    assert early.details["orphans_share"] == "the visit ended before every page was seen"
    assert early.details["checks_seen"] == 3


def test_of_a_saved_copy_broken_links_are_not_told(tmp_path: Path) -> None:
    finding = judged("content_coherence", tmp_path, wild("fa"), archived=True)
    assert finding.answer is None
    assert finding.reason == "too few of the checks could be seen"
    navigation = judged("navigation_quality", tmp_path / "n", wild("fa"), archived=True)
    assert navigation.details["checks_seen"] == 5
