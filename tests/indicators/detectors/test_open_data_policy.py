"""Whether a portal says that its data or content may be used again, and on what terms."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.open_data_policy import detect
from indicators.records import Finding
from tests.indicators.make_capture import START, PageSpec, page, site_of

HOME = page('<p>سازمان برنامه</p><a href="/data">داده باز</a>')


def judge(folder: Path, pages: dict[str, PageSpec]) -> Finding:
    with site_of(folder, pages) as site:
        return run(detect, site)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (
            "هر کس می‌تواند داده‌های این درگاه را کپی، بازنشر و ترکیب کند، به شرط آن که نام سازمان را ذکر کند.",
            "هر کس می‌تواند داده‌های این درگاه را کپی",
        ),
        (
            "Data on this portal may be re-used for any purpose under the Creative Commons licence.",
            "may be re-used for any purpose",
        ),
        (
            "يجوز إعادة استخدام البيانات المنشورة في هذه البوابة شريطة ذكر المصدر وتاريخ النشر.",
            "يجوز إعادة استخدام البيانات",
        ),
        (
            "مجموعه‌داده‌های باز سازمان بر پایه قانون انتشار و دسترسی آزاد به اطلاعات منتشر می‌شود.",
            "قانون انتشار و دسترسی آزاد به اطلاعات",
        ),
    ],
)
def test_leave_with_terms_or_the_law_of_publication(tmp_path: Path, text: str, quote: str) -> None:
    finding = judge(tmp_path, {"/": HOME, "/data": page(f"<h1>داده باز</h1><p>{text}</p>")})
    assert finding.answer == "yes"
    assert finding.evidence[0].url == START + "data"
    assert quote in finding.evidence[0].excerpt


def test_a_line_in_the_footer_counts_for_less(tmp_path: Path) -> None:
    line = "<footer><p>استفاده از مطالب این درگاه با ذکر منبع بلامانع است.</p></footer>"
    finding = judge(tmp_path, {"/": page(f"<p>اخبار</p>{line}")})
    assert finding.answer == "yes"
    assert finding.strength < 0.8


@pytest.mark.parametrize(
    "text",
    [
        "Material featured on this portal may be reproduced free of charge after taking proper permission by "
        "sending a mail to us, provided that it is reproduced accurately.",
        "استفاده از مطالب این درگاه تنها با اجازه کتبی و ذکر منبع مجاز است.",
        "کلیه حقوق مادی و معنوی این درگاه محفوظ است و هرگونه کپی‌برداری بدون مجوز پیگرد قانونی دارد.",
        "کپی کارت ملی و اطلاعات متقاضی می‌تواند با پروانه کسب تحویل شود؟ خیر.",
        "در این بخش گزارش‌های شفافیت و عملکرد مالی سازمان برای آگاهی مردم آمده است.",
        "Freedom of information requests are answered within ten days by the disclosure officer.",
        "Treated water may be reused in parks; the licence is issued by the environment agency.",
    ],
)
def test_leave_to_be_asked_for_disclosure_and_other_copies_are_no_policy(tmp_path: Path, text: str) -> None:
    finding = judge(tmp_path, {"/": HOME, "/data": page(f"<h1>شفافیت و داده‌ها</h1><p>{text}</p>")})
    assert finding.answer == "no"
    assert finding.visited


def test_a_policy_that_could_not_be_seen_is_not_observable(tmp_path: Path) -> None:
    finding = judge(tmp_path, {"/": HOME, "/data": ("unreachable", "")})
    assert finding.answer is None
    assert "/data" in finding.reason


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("Все материалы сайта доступны по лицензии Creative Commons Attribution 4.0", "yes"),
        ("All content is available under the Open Government Licence v3.0, except where stated", "yes"),
        ("Map data © OpenStreetMap contributors, licensed under CC BY-SA and shown as it is", "no"),
    ],
)
def test_an_open_licence_says_by_its_name_what_it_allows(tmp_path: Path, line: str, answer: str) -> None:
    lang = "ru" if "сайта" in line else "en"
    home = page(f"<h1>Portal</h1><p>Welcome</p><footer><p>{line}</p></footer>", lang=lang)
    assert judge(tmp_path, {"/": home}).answer == answer
