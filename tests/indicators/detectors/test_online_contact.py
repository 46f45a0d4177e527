"""Chat, appointment, forms, e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.online_contact import detect
from indicators.records import Finding
from tests.indicators.make_capture import PageSpec, page, site_of

HOME = page('<p>سازمان</p><a href="/x">تماس با ما</a>')


def judge(folder: Path, pages: Mapping[str, PageSpec], **options: object) -> Finding:
    with site_of(folder, pages, None, **options) as site:
        return run(detect, site)


FORM = """<form method="post" action="/m"><input name="name"><input type="tel" name="tel"><textarea name="m">
  </textarea><button>{button}</button></form>"""
BOOKING = """<h1>{title}</h1><form method="post" action="/b"><input name="n"><input type="tel" name="t">
  <select name="w"><option>1</select><button>OK</button></form>"""


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (BOOKING.format(title="درخواست ملاقات با مدیران"), "very_high"),
        (BOOKING.format(title="Book an appointment"), "very_high"),
        (BOOKING.format(title="حجز موعد"), "very_high"),
        ('<a href="https://chat.example/room?id=1">گفتگوی آنلاین</a>', "very_high"),
        ('<iframe title="chat" src="https://embed.tawk.to/7f/default"></iframe>', "very_high"),
        ('<script>var s = {}; s.src = "https://embed.tawk.to/7f/default";</script>', "very_high"),
        (
            "<h1>پرسش از کارشناسان</h1>"
            + FORM.format(button="ارسال پرسش")
            + "<h2>پرسش‌ها و پاسخ‌های منتشرشده</h2><p>اعتبار طرح تا پایان ماه ابلاغ می‌شود.</p>",
            "high",
        ),
        (
            "<h1>ثبت شکایت</h1><p>پس از ثبت، کد رهگیری می‌گیرید.</p>" + FORM.format(button="ثبت شکایت"),
            "high",
        ),
        ("<h1>تماس با ما</h1>" + FORM.format(button="ارسال پیام"), "medium"),
        ("<h1>Contact us</h1>" + FORM.format(button="Send"), "medium"),
        ("<h1>اتصل بنا</h1>" + FORM.format(button="إرسال"), "medium"),
        ("<p>پست الکترونیک: ravabet [at] rah-damavand [dot] ir</p>", "low"),
    ],
)
def test_levels(tmp_path: Path, body: str, answer: str) -> None:
    finding = judge(tmp_path, {"/": HOME, "/x": page(body)})
    assert finding.answer == answer
    assert finding.evidence[0].url.endswith("/x")


@pytest.mark.parametrize(
    "body",
    [
        "<h1>تماس با ما</h1><p>تلفن: ۰۲۳-۳۱۰۰۲۴۶۰</p>",
        "<h1>تماس با ما</h1><p>info@example.com</p>",
        '<h1>تماس با ما</h1><form onsubmit="return false"><textarea name="m"></textarea><button>ارسال'
        "</button></form>",
        '<a href="#">گفتگوی آنلاین</a>',
    ],
)
def test_telephones_filler_and_buttons_without_effect_are_nothing(tmp_path: Path, body: str) -> None:
    assert judge(tmp_path, {"/": HOME, "/x": page(body)}).answer == "none"


@pytest.mark.parametrize(
    ("promise", "answer"),
    [("Κάθε αίτημα λαμβάνει αριθμό αναφοράς.", "high"), ("Γράψτε μας όποτε θέλετε.", "medium")],
)
def test_a_help_desk_on_another_host(tmp_path: Path, promise: str, answer: str) -> None:
    body = f'<h1>Επικοινωνία</h1><p>{promise}</p><a href="https://desk.zendesk.com">Υποβολή αιτήματος</a>'
    pages = {"/": page('<p>Φορέας</p><a href="/x">Επικοινωνία</a>', lang="el"), "/x": page(body, lang="el")}
    assert judge(tmp_path, pages).answer == answer


@pytest.mark.parametrize(("domain", "answer"), [("example.ir", "medium"), ("example.org", "none")])
def test_a_system_of_the_agencys_that_takes_questions(tmp_path: Path, domain: str, answer: str) -> None:
    desk = f'<ul><li><a href="http://desk.{domain}">ورود به سامانه پاسخگویی</a></li></ul>'
    with site_of(tmp_path, {"/": page(f"<p>سازمان</p>{desk}")}) as site:
        assert run(detect, site).answer == answer
