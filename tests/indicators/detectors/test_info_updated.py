"""Freshness: dated items and marks within 90 days of the visit (14 Azar 1404)."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.info_updated import detect
from indicators.records import Finding
from tests.indicators.make_capture import START, PageSpec, page, site_of


def judge(folder: Path, pages: dict[str, PageSpec], *, archived: bool = False) -> Finding:
    with site_of(folder, pages, archived=archived) as site:
        return run(detect, site)


@pytest.mark.parametrize(
    ("body", "quote"),
    [
        ("<li>۲۰ آبان ۱۴۰۴ بهسازی محور پلور به پایان رسید</li>", "۲۰ آبان ۱۴۰۴"),
        ("<p>آخرین به‌روزرسانی: ۱۴۰۴/۰۸/۰۳</p>", "۱۴۰۴/۰۸/۰۳"),
        ("<p>آخر تحديث: ١٥ نوفمبر ٢٠٢٥</p>", "١٥ نوفمبر ٢٠٢٥"),
        ("<p>This page was updated on 20 November 2025.</p>", "20 November 2025"),
        ('<article><h2>تعطیلی جاده</h2><time datetime="2025-11-30">یکشنبه</time></article>', "یکشنبه"),
    ],
)
def test_a_recent_date(tmp_path: Path, body: str, quote: str) -> None:
    finding = judge(tmp_path, {"/": page("<p>درگاه</p>"), "/n": page(f"<h1>راه</h1>{body}")})
    assert (finding.answer, finding.evidence[0].url) == ("yes", START + "n")
    assert quote in finding.evidence[0].excerpt


def test_recent_items_beside_every_page(tmp_path: Path) -> None:
    side = "<aside><ul><li>۱۴۰۴/۰۸/۲۰</li><li>بهسازی محور پلور</li></ul></aside>"
    pages: dict[str, PageSpec] = {f"/{n or ''}": page(f"<p>صفحه {n}</p>{side}") for n in range(6)}
    assert judge(tmp_path, pages).answer == "yes"


@pytest.mark.parametrize(
    "body",
    [
        "<header><div>امروز جمعه ۱۴ آذر ۱۴۰۴</div></header><p>راه</p>",
        "<div>جمعه ۱۴ آذر ۱۴۰۴</div><p>راه</p>",
        "<h1>راه</h1><p>یک</p><p>دو</p><p>سه</p><p>امروز: ۱۴۰۴/۰۹/۱۴</p>",
        "<li>۱۴۰۳/۰۴/۱۹ مجوز دامداری صادر شد</li>",
        "<p>مهلت ارسال: ۲۲ دی ۱۴۰۴</p>",
        "<footer><p>© ۱۴۰۴/۰۸/۲۰ همه حقوق محفوظ است</p></footer><p>راه</p>",
    ],
)
def test_clocks_old_items_deadlines_and_copyright_are_no_update(tmp_path: Path, body: str) -> None:
    assert judge(tmp_path, {"/": page(body)}).answer == "no"


def test_in_a_saved_copy_freshness_is_measured_by_its_newest_date_or_not_at_all(tmp_path: Path) -> None:
    dated = page("<h1>News</h1><li>3 March 2019 The road to Polour is open</li>", lang="en")
    finding = judge(tmp_path / "dated", {"/": dated}, archived=True)
    assert (finding.answer, finding.strength) == ("yes", 0.7)
    assert judge(tmp_path / "undated", {"/": page("<p>Roads</p>")}, archived=True).answer is None
