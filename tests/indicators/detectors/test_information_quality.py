"""How many kinds of information a portal presents."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.information_quality import detect
from indicators.records import Finding
from tests.indicators.make_capture import PageSpec, page, site_of

ABOUT = page(
    "<h1>درباره ما</h1><p>این اداره کل در سال ۱۳۵۲ بر پایه قانون تشکیل شد. هدف آن نگهداری راه‌ها و نظارت "
    "بر حمل‌ونقل است و زیر نظر وزارت راه است. امروز سیصد نفر در ستاد و شش اداره شهرستان سرگرم خدمت به مردم "
    "و رانندگان استان‌اند و برنامه‌ریزی راه‌های روستایی را نیز بر عهده دارند.</p>"
)
CONTACT = page("<h1>تماس با ما</h1><p>تلفن: ۰۲۳-۳۱۰۰۲۴۶۰</p>")
DUTIES = page(
    "<h1>شرح وظایف</h1><ul><li>نگهداری و ایمن‌سازی راه‌های اصلی و روستایی استان</li><li>نظارت بر شرکت‌های "
    "حمل‌ونقل کالا و مسافر</li><li>راهداری زمستانی در گردنه‌ها</li></ul>"
)
STATISTICS = page(
    "<h1>آمار و گزارش</h1><table><tr><th>محور</th><th>درازا</th><th>تردد</th></tr><tr><td>پلور</td>"
    "<td>۴۶</td><td>۱۲٬۴۰۰</td></tr><tr><td>رینه</td><td>۱۲</td><td>۶٬۲۰۰</td></tr></table><p>تردد محورهای "
    "استان در سال گذشته بر پایه شمارش دستگاه‌های تردد شمار.</p>"
)
FORMS = page('<h1>فرم‌ها</h1><a href="/f/form.pdf">فرم درخواست پروانه راه</a>')
NAMES = {
    "/about": ("درباره ما", ABOUT, "profile"),
    "/contact": ("تماس با ما", CONTACT, "contacts"),
    "/duties": ("شرح وظایف", DUTIES, "duties"),
    "/stats": ("آمار و گزارش", STATISTICS, "reports"),
    "/forms": ("فرم‌ها", FORMS, "forms"),
}


def judge(folder: Path, *paths: str, body: str = "", complete: bool = True) -> Finding:
    links = "".join(f'<a href="{path}">{NAMES[path][0]}</a>' for path in paths)
    pages: dict[str, PageSpec] = {"/": page(f"<p>راه</p>{links}{body}")}
    pages |= {path: NAMES[path][1] for path in paths}
    files = {"/f/form.pdf": ("application/pdf", "%PDF-1.7")}
    with site_of(folder, pages, files=files if "/forms" in paths else None, complete=complete) as site:
        return run(detect, site)


@pytest.mark.parametrize(
    ("paths", "answer"),
    [
        (("/contact",), "very_low"),
        (("/about", "/contact", "/duties"), "low"),
        (("/about", "/contact", "/duties", "/stats", "/forms"), "medium"),
    ],
)
def test_the_number_of_kinds_makes_the_level(tmp_path: Path, paths: tuple[str, ...], answer: str) -> None:
    finding = judge(tmp_path, *paths)
    assert finding.answer == answer
    assert finding.details["kinds"] == len(paths)
    assert all(finding.details[NAMES[path][2]] is True for path in paths)


def test_a_national_system_counts_as_access_to_information(tmp_path: Path) -> None:
    finding = judge(tmp_path, "/contact", body='<a href="https://iranfoia.ir/">دسترسی آزاد</a>')
    assert finding.details["access"] is True


def test_nothing_at_all(tmp_path: Path) -> None:
    finding = judge(tmp_path)
    assert (finding.answer, bool(finding.visited)) == ("none", True)


def test_a_visit_that_ended_early_claims_no_level(tmp_path: Path) -> None:
    finding = judge(tmp_path, "/contact", body='<a href="/services">خدمات</a>', complete=False)
    assert finding.answer is None
