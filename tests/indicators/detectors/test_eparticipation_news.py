"""Announcements of participation, by age."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.eparticipation_news import detect
from indicators.records import Finding
from tests.indicators.make_capture import PageSpec, page, site_of

HOME = page('<p>سازمان</p><a href="/news">اخبار</a>')


def judge(folder: Path, pages: Mapping[str, PageSpec], **options: object) -> Finding:
    with site_of(folder, pages, None, **options) as site:
        return run(detect, site)


def article(title: str, day: str, lang: str = "fa") -> str:
    text = "<p>شهروندان می‌توانند تا پایان ماه در این کار شرکت کنند.</p>"
    return page(f"<main><h1>{title}</h1><p>{day}</p>{text}</main>", title, lang)


CALLS = [
    article("فراخوان نظرسنجی درباره ساعت کار مراکز", "۲۳ آبان ۱۴۰۴"),
    article("Call for proposals: ideas for the new library", "3 November 2025", "en"),
    article("دعوة لإبداء الرأي حول مشروع اللائحة الجديدة", "20 مايو 2025", "ar"),
]


@pytest.mark.parametrize(("count", "answer"), [(1, "medium"), (2, "high"), (3, "very_high")])
def test_calls_of_the_last_year_are_counted(tmp_path: Path, count: int, answer: str) -> None:
    pages: dict[str, PageSpec] = {"/": HOME}
    pages |= {f"/news/{number}": call for number, call in enumerate(CALLS[:count])}
    finding = judge(tmp_path, pages)
    assert (finding.answer, finding.details["in_a_year"]) == (answer, count)


def test_older_calls(tmp_path: Path) -> None:
    old = article("فراخوان نظرسنجی درباره ساعت کار مراکز", "۲ آبان ۱۴۰۱")
    finding = judge(tmp_path, {"/": HOME, "/news/1": old})
    assert finding.answer == "low"
    assert finding.evidence[0].excerpt == "فراخوان نظرسنجی درباره ساعت کار مراکز"


@pytest.mark.parametrize(
    "title",
    [
        "نتایج نظرسنجی رضایت مشترکان منتشر شد",
        "فراخوان مناقصه خرید رایانه برای ستاد",
        "Economic survey of the province was published",
        "بازدید مدیرکل از طرح‌های آبرسانی",
    ],
)
def test_results_tenders_and_other_news_are_nothing(tmp_path: Path, title: str) -> None:
    assert judge(tmp_path, {"/": HOME, "/news/1": article(title, "۲۳ آبان ۱۴۰۴")}).answer == "none"


@pytest.mark.parametrize(("element", "answer"), [("nav", "none"), ("div", "low")])
def test_a_menus_entry_for_a_poll_announces_none(tmp_path: Path, element: str, answer: str) -> None:
    link = '<a href="https://poll.example.ir/v">نظرسنجی از ارباب رجوع ادارات استان</a>'
    home = page(f"<{element}><ul><li>{link}</li></ul></{element}><p>سازمان استان</p>")
    assert judge(tmp_path, {"/": home}).answer == answer


@pytest.mark.parametrize(
    ("title", "answer"),
    [
        ("О назначении публичных слушаний на 24.05.2018", "medium"),
        ("О назначении публичных слушаний", "none"),
    ],
)
def test_what_was_not_saved_of_a_copy_is_announced_by_its_title_and_day(
    tmp_path: Path, title: str, answer: str
) -> None:
    came_from = '<link rel="canonical" href="http://www.gorod.ru/">'
    home = page(
        f'<h1>Город</h1><p><a href="http://gorod.ru/article/1">{title}</a></p>', lang="ru", head=came_from
    )
    with site_of(tmp_path, {"/": home}, archived=True) as site:
        assert run(detect, site).answer == answer


def test_a_court_s_public_look_up_is_no_consultation(tmp_path: Path) -> None:
    link = '<a href="https://processos.example.net/lista">Consulta Pública - TCE</a>'
    pages = {
        "/": page('<a href="/t">Transparência</a>', lang="pt"),
        "/t": page(f"<h2>Transparência</h2>{link}", lang="pt"),
    }
    assert judge(tmp_path, pages).answer == "none"


@pytest.mark.parametrize(
    ("name", "answer"), [("Consultas públicas", "medium"), ("Licitaciones públicas", "none")]
)
def test_dated_entries_without_pages_of_their_own(tmp_path: Path, name: str, answer: str) -> None:
    entries = "<li>15 de marzo de 2025 - Se abre la consulta pública sobre el plan de movilidad</li>"
    pages = {
        "/": page(f'<p>Ayuntamiento</p><a href="/x">{name}</a>', lang="es"),
        "/x": page(f"<main><h1>{name}</h1><ul>{entries}<li>Archivo</li></ul></main>", name, "es"),
    }
    assert judge(tmp_path, pages, language="es").answer == answer
