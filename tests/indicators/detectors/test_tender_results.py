"""Awards and results of tenders."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.tender_results import detect
from indicators.records import Finding
from tests.indicators.make_capture import START, PageSpec, page, site_of

HOME = page('<p>شرکت آب</p><a href="/results">نتایج مناقصه‌ها</a> <a href="/tenders">مناقصه‌ها</a>')


def judge(folder: Path, pages: Mapping[str, PageSpec], **options: object) -> Finding:
    with site_of(folder, pages, None, **options) as site:
        return run(detect, site)


def test_a_table_with_a_column_of_winners(tmp_path: Path) -> None:
    table = """<h1>نتایج مناقصه‌ها</h1><table><tr><th>موضوع</th><th>برنده</th><th>مبلغ</th></tr>
      <tr><td>ساخت مخزن نوا</td><td>شرکت سازه‌آب البرز</td><td>۲۱٬۷۵۰</td></tr></table>"""
    finding = judge(tmp_path, {"/": HOME, "/results": page(table)})
    assert finding.answer == "yes"
    assert [e.excerpt for e in finding.evidence] == ["شرکت سازه‌آب البرز", "برنده"]


@pytest.mark.parametrize(
    ("lang", "body"),
    [
        (
            "en",
            "<h1>Tender results</h1><p>The contract for road salt was awarded to Northern Minerals Ltd.</p>",
        ),
        ("ar", "<h1>نتائج المناقصات</h1><p>مناقصة توريد الأجهزة: الشركة الفائزة مؤسسة النور للتجارة</p>"),
        ("fa", "<h1>نتیجه مناقصه</h1><p>برنده مناقصه خرید کلر مایع: شرکت پتروکیمیای خزر</p>"),
    ],
)
def test_a_winner_named_in_a_sentence(tmp_path: Path, lang: str, body: str) -> None:
    assert judge(tmp_path, {"/": HOME, "/results": page(body, lang=lang)}).answer == "yes"


@pytest.mark.parametrize(
    "body",
    [
        "<h1>نتایج مناقصه‌ها</h1><p>موردی برای نمایش وجود ندارد</p>",
        "<h1>نتایج مناقصه‌ها</h1><p>این بخش در دست ساخت است</p>",
        "<h1>مناقصه‌ها</h1><p>مناقصه خرید شن و نمک، مهلت دریافت اسناد ۱۴۰۴/۰۹/۲۰</p>",
    ],
)
def test_empty_lists_and_notices_are_no_result(tmp_path: Path, body: str) -> None:
    finding = judge(tmp_path, {"/": HOME, "/results": page(body)})
    assert finding.answer == "no"
    assert START + "results" in {place.url for place in finding.visited}


@pytest.mark.parametrize(
    "body",
    [
        "<h1>اخبار</h1><p>برندگان مسابقه نقاشی کودکان در جشن سالانه اداره معرفی شدند.</p>",
        "<h1>News</h1><p>The winner of the school prize visited our office on Monday.</p>",
    ],
)
def test_other_winners_are_no_result(tmp_path: Path, body: str) -> None:
    assert judge(tmp_path, {"/": page("<p>اداره</p>"), "/news/1": page(body)}).answer == "no"


@pytest.mark.parametrize(
    "names",
    [
        ("فهرست برندگان خوش‌حسابی", "پرداخت عوارض خودرو", "قیمت منطقه‌ای املاک"),
        ("سامانه مناقصات شهر", "فهرست برندگان مسابقه", "راهنمای شهرسازی"),
    ],
)
def test_pages_named_side_by_side_tell_of_no_winner(tmp_path: Path, names: tuple[str, ...]) -> None:
    links = "".join(f'<a href="https://s{n}.example.ir/">{name}</a> ' for n, name in enumerate(names))
    assert judge(tmp_path, {"/": page(f"<div>{links}</div>")}).answer == "no"


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        (
            "Adjudicación directa: solo cuando exista un contratista capaz de prestar el servicio pedido.",
            "no",
        ),
        ("Adjudicación directa: el contratista es Caminos del Valle con un plazo de seis meses.", "yes"),
    ],
)
def test_what_an_award_is_names_no_winner(tmp_path: Path, told: str, answer: str) -> None:
    home = page('<p>Obras</p><a href="/obras">Subdirección de obras</a>', lang="es")
    works = page(f"<h1>Subdirección de obras</h1><ul><li>{told}</li></ul>", lang="es")
    assert judge(tmp_path, {"/": home, "/obras": works}).answer == answer


@pytest.mark.parametrize(
    ("lang", "menu", "body"),
    [
        (
            "az",
            "Satınalmalar",
            '<p>10.04.2024 – Tenderin nəticələri: kompüter avadanlığı üzrə "Bakı Texno" MMC qalib '
            "elan edilmişdir.</p>",
        ),
        (
            "bn",
            "দরপত্র",
            "<table><tr><td>নোটিফিকেশন অব অ্যাওয়ার্ড: কম্পিউটার ক্রয়, মেসার্স রহমান</td><td>২০২৪-০৪-০২</td>"
            '<td><a href="https://files.example.org/noa.pdf">ডাউনলোড</a></td></tr></table>',
        ),
    ],
)
def test_results_whose_winner_or_file_stands_at_the_end(
    tmp_path: Path, lang: str, menu: str, body: str
) -> None:
    pages = {
        "/": page(f'<p>x</p><a href="/t">{menu}</a>', lang=lang),
        "/t": page(f"<h1>{menu}</h1>{body}", lang=lang),
    }
    assert judge(tmp_path, pages, language=lang).answer == "yes"


@pytest.mark.parametrize(("head", "answer"), [("Contracts awarded", "yes"), ("Contracts", "no")])
def test_a_table_right_below_a_heading_for_awards(tmp_path: Path, head: str, answer: str) -> None:
    table = "<table><tr><th>Lot</th><th>Supplier</th></tr><tr><td>Cleaning</td><td>Bright</td></tr></table>"
    pages = {
        "/": page('<p>x</p><a href="/b">Business</a>', lang="en"),
        "/b": page(f"<h1>Business</h1><h2>{head}</h2>{table}", lang="en"),
    }
    assert judge(tmp_path, pages, language="en").answer == answer
