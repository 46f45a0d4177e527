"""Two-way, polls, or announcements only."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.interaction_type import detect
from indicators.records import Finding
from tests.indicators.make_capture import PageSpec, page, site_of

HOME = page('<p>سازمان</p><a href="/x">صفحه</a> <a href="/news">اخبار</a>')
NEWS = page("<h1>اخبار</h1><p>برداشت سیب پاییزه از باغ‌های استان آغاز شد و تا پایان ماه ادامه دارد.</p>")


def judge(folder: Path, pages: Mapping[str, PageSpec], **options: object) -> Finding:
    with site_of(folder, pages, None, **options) as site:
        return run(detect, site)


FORM = """<h1>{title}</h1><form method="post" action="/m"><input name="n"><input type="email" name="e">
  <textarea name="m"></textarea><button>{button}</button></form>"""
POLL = """<h1>{title}</h1><form method="post" action="/v"><input type="radio" name="c">1 <input type="radio"
  name="c">2 <button>{button}</button></form>"""
REPLY = """<h1>افتتاح پل</h1><h2>دیدگاه‌ها</h2><p>چه زمانی باز می‌شود؟</p><p>پاسخ روابط عمومی: از هفته آینده
  برای همه باز است.</p>"""


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (FORM.format(title="تماس با ما", button="ارسال پیام"), "two_way"),
        (FORM.format(title="File a complaint", button="Send"), "two_way"),
        (FORM.format(title="اتصل بنا", button="إرسال"), "two_way"),
        (REPLY, "two_way"),
        (POLL.format(title="نظرسنجی", button="ثبت رأی"), "info_and_polls"),
        (POLL.format(title="Opinion poll", button="Vote"), "info_and_polls"),
        (FORM.format(title="Feedback", button="Submit"), "one_way"),
        ("<p>تلفن: ۰۲۳-۳۱۰۰۲۴۶۰</p>", "one_way"),
    ],
)
def test_kinds(tmp_path: Path, body: str, answer: str) -> None:
    finding = judge(tmp_path, {"/": HOME, "/x": page(body), "/news": NEWS})
    assert finding.answer == answer
    assert finding.evidence


@pytest.mark.parametrize(
    ("address", "answer"),
    [("https://shekayat.example.ir", "two_way"), ("https://shekayat.example.org", "one_way")],
)
def test_complaints_go_to_a_system_of_the_agencys_own(tmp_path: Path, address: str, answer: str) -> None:
    way = page(f'<p>خدمات</p><a href="{address}">رسیدگی به شکایات</a>')
    assert judge(tmp_path, {"/": HOME, "/x": way, "/news": NEWS}).answer == answer


def test_nothing_at_all(tmp_path: Path) -> None:
    assert judge(tmp_path, {"/": page("<p>سلام</p>")}).answer == "none"


def test_tenders_alone_are_one_way(tmp_path: Path) -> None:
    tenders = """<h1>مناقصات</h1><table><tr><th>عنوان مناقصه</th><th>مهلت</th></tr>
    <tr><td>مناقصه خرید آسفالت معابر شهر</td><td>۱۴۰۴/۰۹/۲۰</td></tr></table>"""
    pages = {"/": page('<p>شهرداری</p><a href="/t">مناقصات</a>'), "/t": page(tenders)}
    assert judge(tmp_path, pages).answer == "one_way"
