"""The open data policy as a page or document of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.open_data_policy_published import detect
from indicators.records import Finding
from tests.indicators.make_capture import START, PageSpec, page, site_of

TERMS = "هر کس می‌تواند داده‌ها و محتوای این درگاه را با ذکر منبع کپی و بازنشر کند."


def judge(
    folder: Path, pages: dict[str, PageSpec], files: dict[str, tuple[str, str]] | None = None
) -> Finding:
    with site_of(folder, pages, files=files) as site:
        return run(detect, site)


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("پروانه داده باز", TERMS),
        ("سياسة البيانات المفتوحة", "يجوز إعادة استخدام البيانات ونشرها مجانا بشرط ذكر المصدر."),
        (
            "Open data licence",
            "The data may be copied and re-used by anyone provided that the source is credited.",
        ),
    ],
)
def test_a_page_of_its_own(tmp_path: Path, name: str, terms: str) -> None:
    pages: dict[str, PageSpec] = {
        "/": page(f'<p>راه</p><a href="/licence">{name}</a>'),
        "/licence": page(f"<h1>{name}</h1><p>{terms}</p>"),
    }
    finding = judge(tmp_path, pages)
    assert (finding.answer, finding.evidence[0].url) == ("yes", START + "licence")


def test_a_document(tmp_path: Path) -> None:
    body = '<p>راه</p><a href="/f/policy.pdf">سیاست داده باز اداره کل (PDF)</a>'
    there = {"/f/policy.pdf": ("application/pdf", "%PDF-1.7")}
    assert judge(tmp_path / "there", {"/": page(body)}, there).answer == "yes"
    assert judge(tmp_path / "dead", {"/": page(body)}).answer == "no"


def test_terms_in_the_footer_are_no_page_of_their_own(tmp_path: Path) -> None:
    finding = judge(tmp_path, {"/": page(f"<p>راه</p><footer><p>{TERMS}</p></footer>")})
    assert finding.answer == "no"
    assert "tells them in passing" in {place.reason for place in finding.visited}
