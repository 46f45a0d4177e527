"""Figures on the use of services."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.usage_stats_published import detect
from indicators.records import Finding
from tests.indicators.make_capture import START, page, site_of


def judge(folder: Path, body: str, name: str = "آمار") -> Finding:
    with site_of(folder, {"/": page(f'<p>سلام</p><a href="/s">{name}</a>'), "/s": page(body)}) as site:
        return run(detect, site)


@pytest.mark.parametrize(
    ("body", "quote"),
    [
        ("<p>در شش ماه گذشته ۱۲٬۸۴۶ درخواست الكترونيكي ثبت شده است.</p>", "۱۲٬۸۴۶ درخواست"),
        ("<p>بلغ عدد المعاملات ١٢٣٤٥ معاملة خلال العام.</p>", "عدد المعاملات"),
        ("<p>The agency completed 15,945 online transactions in 2024.</p>", "15,945 online transactions"),
        ("<dl><dt>تعداد درخواست‌ها</dt><dd>۸٬۰۱۷</dd></dl>", "تعداد درخواست‌ها"),
        (
            "<table><tr><th>خدمت</th><th>همه درخواست‌ها</th><th>میانگین</th></tr>"
            "<tr><td>پروانه</td><td>۲٬۸۴۷</td><td>۲۸</td></tr></table>",
            "همه درخواست‌ها",
        ),
    ],
)
def test_numbers_of_requests_and_transactions(tmp_path: Path, body: str, quote: str) -> None:
    finding = judge(tmp_path, body)
    assert (finding.answer, finding.evidence[0].url) == ("yes", START + "s")
    assert quote in finding.evidence[0].excerpt


def test_a_page_called_statistics_of_services(tmp_path: Path) -> None:
    rows = "<h1>آمار خدمات الکترونیکی</h1><ul><li>صدور پروانه: ۲۱۸ مورد</li><li>تمدید: ۹۷۳ مورد</li></ul>"
    assert judge(tmp_path, rows, "آمار خدمات الکترونیکی").answer == "yes"


@pytest.mark.parametrize(
    "body",
    [
        "<p>شمار بازدید: ۴۱۲۸۸۵</p><p>افراد آنلاین: ۱۲</p>",
        "<table><tr><th>محصول</th><th>تولید (تن)</th></tr><tr><td>گندم</td><td>۴۶۵۰۰</td></tr></table>",
        "<div>۲۸۶ باشگاه دارای مجوز</div><div>۱۸٬۴۰۰ ورزشکار بیمه‌شده</div>",
        "<table><tr><td>درخواست اینترنتی</td><td>۱۰۰۴۱۶۱۳۰۰۰</td></tr></table>",
        "<p>درخواست الکترونیکی از سال ۱۴۰۲ ممکن شد.</p>",
        "<h1>آمار خدمات</h1><p>در دست ساخت</p>",
    ],
)
def test_visits_fields_codes_and_years_are_no_use_of_services(tmp_path: Path, body: str) -> None:
    assert judge(tmp_path, body).answer == "no"


@pytest.mark.parametrize(
    ("number", "answer"), [("5k+", "yes"), ("12.480", "yes"), ("24h", "no"), ("★", "no")]
)
def test_a_row_of_counters_has_the_number_above_its_name(tmp_path: Path, number: str, answer: str) -> None:
    row = f"<h1>Ouvidoria</h1><div><div>{number}</div><div>Cidadãos atendidos</div></div>"
    pages = {"/": page('<a href="/o">Ouvidoria</a>', lang="pt"), "/o": page(row, lang="pt")}
    with site_of(tmp_path, pages) as site:
        assert run(detect, site).answer == answer
