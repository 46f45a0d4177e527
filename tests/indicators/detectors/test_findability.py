"""Findability over whole portals: each check met, failed, or not to be seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.capture import Capture
from indicators.detector import all_detectors, run
from indicators.records import Finding
from indicators.verify import verify
from tests.indicators.make_capture import page, site_of

NEWS = {
    "fa": ("خبر", "مدیر کل از آغاز کار سامانهٔ نوبت‌دهی اینترنتی در همهٔ شهرستان‌های استان خبر داد"),
    "en": ("News", "The director said that people of every county can book a visit with the new system"),
    "tr": ("Haber", "Genel müdür yeni çevrim içi randevu sisteminin bütün ilçelerde açıldığını söyledi"),
}


def portal(lang: str, *, good: bool, head: str = "") -> dict[str, str]:
    """Six pages, each with its own title, description, language and Open Graph; or with none of their own."""
    word, text = NEWS[lang]
    pages = {}
    for number, path in enumerate(("/", "/a", "/b", "/c", "/d", "/e")):
        links = "".join(f'<a href="{to}">{word} {to}</a> ' for to in ("/", "/a", "/b", "/c", "/d", "/e"))
        own = f'<meta name="description" content="{word} {number}: {text}">' if good else ""
        own += f'<meta property="og:title" content="{word}">' if good else ""
        body = f"<nav>{links}</nav><main><h1>{word} {number}</h1><p>{text} {number}</p></main>"
        html = page(body, f"{word} {number}" if good else word, lang, own + head)
        pages[path] = html if good else html.replace(f' lang="{lang}"', "")
    return pages


def judged(folder: Path, pages: dict[str, str], **options: object) -> Finding:
    with site_of(folder, pages, **options) as site:
        finding = run(all_detectors()["findability"], site)
    with Capture(folder) as capture:
        assert verify([finding], capture, None).mismatches == ()
    return finding


@pytest.mark.parametrize("lang", ["fa", "en", "tr"])
def test_a_portal_that_can_be_found(tmp_path: Path, lang: str) -> None:
    finding = judged(tmp_path, portal(lang, good=True), sitemaps={"/sitemap.xml": 6}, missing_status=404)
    assert finding.answer == "very_high"
    assert finding.details["unique_titles_share"] == finding.details["structured_share"] == 1.0
    assert finding.details["missing_page_status"] == 404
    assert isinstance(finding.details["one_host"], str)  # nobody asked for the host's twin: the reason
    assert finding.details["checks_seen"] == 6
    assert {e.note for e in finding.evidence} >= {"unique_title", "xml_sitemap"}


@pytest.mark.parametrize("lang", ["fa", "en", "tr"])
def test_a_portal_that_hides(tmp_path: Path, lang: str) -> None:
    finding = judged(tmp_path, portal(lang, good=False), sitemaps={"/sitemap.xml": 0}, missing_status=200)
    assert finding.answer == "very_low"
    assert finding.details["unique_titles_share"] == finding.details["language_share"] == 0.0
    assert {e.note for e in finding.evidence} >= {"repeated_title", "no_language"}


def test_noindex_on_the_home_page_closes_the_portal(tmp_path: Path) -> None:
    pages = portal("en", good=True)
    pages["/"] = pages["/"].replace("<title>", '<meta name="Robots" content="NOINDEX, follow"><title>')
    finding = judged(tmp_path, pages, sitemaps={"/sitemap.xml": 6}, missing_status=404)
    assert finding.answer == "high"  # five of six
    assert finding.evidence[0].note == "noindex"


def test_robots_txt_of_search_engines_and_the_header_count(tmp_path: Path) -> None:
    pages = portal("en", good=True)
    robots = "User-agent: Googlebot\nDisallow: /a\n"
    finding = judged(
        tmp_path,
        pages,
        robots=robots,
        missing_status=404,
        headers={"/b": [("X-Robots-Tag", "googlebot: none")]},
    )
    assert finding.details["indexable_share"] == pytest.approx(4 / 6, abs=1e-3)
    assert any(e.kind == "header" and e.excerpt == "X-Robots-Tag: googlebot: none" for e in finding.evidence)
    closed = {row.url for row in finding.pages if not row.values["indexable"]}
    assert {url.rsplit("/", 1)[1] for url in closed} == {"a", "b"}


def test_twins_that_lead_to_one_host_and_twins_that_do_not(tmp_path: Path) -> None:
    pages = portal("en", good=True)
    one = judged(tmp_path / "one", pages, redirected={"/": "http://www.portal.example.ir/"})
    assert one.details["one_host"] is True
    twins = {
        **pages,
        "http://portal.example.ir/z": page("<p>The same again, under another address.</p>", "z", "en"),
    }
    two = judged(tmp_path / "two", twins)
    assert two.details["one_host"] is False


def test_a_language_that_is_declared_wrongly_is_not_declared(tmp_path: Path) -> None:
    pages = {path: html.replace('lang="fa"', 'lang="en"') for path, html in portal("fa", good=True).items()}
    finding = judged(tmp_path, pages, missing_status=404)
    assert finding.details["language_share"] == 0.0
    assert any(e.note == "wrong_language" for e in finding.evidence)


def test_of_a_saved_copy_servers_and_sitemaps_are_not_asked(tmp_path: Path) -> None:
    finding = judged(tmp_path, portal("fa", good=True), archived=True, missing_status=404)
    assert finding.details["checks_seen"] == 4
    assert isinstance(finding.details["sitemap_addresses"], str)
    assert isinstance(finding.details["missing_page_status"], str)


def test_what_was_turned_away_is_no_failure(tmp_path: Path) -> None:
    finding = judged(tmp_path, portal("fa", good=True), missing_status=403)
    assert (
        finding.details["checks_seen"] == 4
    )  # no sitemap was asked for, nor a twin; the question was blocked
    assert finding.answer == "very_high"


def test_duplicates_and_pages_that_name_another_need_no_title(tmp_path: Path) -> None:
    pages = portal("en", good=True)
    pages["/print/a"] = pages["/a"].replace("<title>", '<link rel="canonical" href="/a"><title>')
    finding = judged(tmp_path, pages, missing_status=404)
    assert finding.details["unique_titles_share"] == 1.0
