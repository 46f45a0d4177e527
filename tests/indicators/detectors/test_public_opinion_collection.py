"""Consultations, polls, comments, ratings and invitations."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.public_opinion_collection import detect
from indicators.records import Finding
from tests.indicators.make_capture import PageSpec, page, site_of

HOME = page('<p>سازمان</p><a href="/x">صفحه</a>')


def judge(folder: Path, pages: Mapping[str, PageSpec], **options: object) -> Finding:
    with site_of(folder, pages, None, **options) as site:
        return run(detect, site)


CONSULTATION = """<h1>مشورت عمومی درباره سند آمایش</h1><p>پیش‌نویس سند منتشر شد.</p><form method="post"
  action="/c"><label>نظر شما <textarea name="t"></textarea></label><button>ارسال نظر</button></form>"""
RULE = """<h1>Notice of Proposed Rulemaking: Fees</h1><p>Written comments must be received on or before May 1,
  2025 by mail or e-mail to the office of the counsel.</p>"""
ARABIC = """<h1>استشارة عامة حول مشروع اللائحة</h1><p>ندعوكم إلى إبداء الملاحظات قبل آخر موعد للمشاركة.</p>"""
POLL = """<h1>نظرسنجی</h1><form method="post" action="/v"><p>کدام خدمت مهم‌تر است؟</p><input type="radio"
  name="c" value="1"> آب <input type="radio" name="c" value="2"> راه <button>ثبت رأی</button></form>"""
ENGLISH_POLL = """<h2>Opinion poll</h2><form method="post" action="/v"><label><input type="radio" name="c">Yes
  </label><label><input type="radio" name="c">No</label><input type="submit" value="Vote"></form>"""
COMMENT = """<h1>افتتاح پل</h1><p>پل تازه باز شد.</p><h3>دیدگاه شما</h3><form method="post" action="/k">
  <textarea name="t"></textarea><button>فرستادن دیدگاه</button></form>"""
RATING = """<h1>انشعاب آب</h1><form method="post" action="/r">آیا این صفحه مفید بود؟
  <button name="u">بله</button><button name="u">خیر</button></form>"""


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (CONSULTATION, "very_high"),
        (RULE, "very_high"),
        (ARABIC, "very_high"),
        (POLL, "high"),
        (ENGLISH_POLL, "high"),
        ('<p>بگویید: <a href="https://survey.example/s?id=3">نظرسنجی مردمی</a></p>', "high"),
        (COMMENT, "medium"),
        (RATING, "medium"),
        ("<p>پیشنهادهای خود را برای ما بفرستید.</p>", "low"),
    ],
)
def test_levels(tmp_path: Path, body: str, answer: str) -> None:
    finding = judge(tmp_path, {"/": HOME, "/x": page(body)})
    assert finding.answer == answer
    assert finding.evidence[0].url.endswith("/x")


@pytest.mark.parametrize(
    "body",
    [
        POLL.replace("<button>ثبت رأی</button>", '<a href="#">ثبت رأی</a>'),
        POLL.replace("<form", '<form onsubmit="return false"').replace(' action="/v"', ""),
        "<h1>نتایج نظرسنجی</h1><p>نتیجه به‌زودی منتشر می‌شود.</p>",
        '<h1>تماس با ما</h1><form method="post" action="/c"><textarea name="m"></textarea><button>ارسال پیام'
        "</button></form>",
        "<h1>Public consultation</h1><p>This page is under construction.</p>",
        "<h1>Geological survey</h1><p>The survey of the valley was finished in March.</p>",
    ],
)
def test_dead_polls_contact_forms_and_other_surveys_are_nothing(tmp_path: Path, body: str) -> None:
    assert judge(tmp_path, {"/": HOME, "/x": page(body)}).answer == "none"


def test_a_poll_without_a_form_around_it(tmp_path: Path) -> None:
    choices = "".join(
        f'<tr><td><input type="radio" name="vote" value="{n}"></td><td>{text}</td></tr>'
        for n, text in enumerate(("کاهش هزینه", "نوسازی مراکز", "اعزام پزشک"))
    )
    button = '<input type="button" value="ثبت رای" onclick="send()">'
    asked = "<h4>نظرسنجی</h4><p>کدام دستاورد مهم‌تر بود؟</p>"
    search = '<input type="text" name="q" placeholder="جستجو">'
    poll = f"<p>وزارت</p>{search}<footer>{asked}<table>{choices}</table>{{}}</form></footer>"
    assert judge(tmp_path / "whole", {"/": page(poll.format(button))}).answer == "high"
    assert judge(tmp_path / "mute", {"/": page(poll.format(""))}).answer == "none"
    assert judge(tmp_path / "unasked", {"/": page(f"<table>{choices}</table>{button}")}).answer == "none"


@pytest.mark.parametrize(
    ("name", "answer"), [("Consultation publique", "very_high"), ("Demande de consultation", "none")]
)
def test_consulting_files_is_no_consultation(tmp_path: Path, name: str, answer: str) -> None:
    body = f"<h1>{name}</h1><p>Les documents sont déposés au registre ; la demande va au greffe.</p>"
    pages = {"/": page(f'<p>Agence</p><a href="/x">{name}</a>', lang="fr"), "/x": page(body, lang="fr")}
    assert judge(tmp_path, pages, language="fr").answer == answer


CHOICES = "".join(
    f'<label><input type="radio" name="c" value="{n}">{t}</label>' for n, t in enumerate(("کم", "زیاد"))
)


@pytest.mark.parametrize(
    ("question", "button", "answer"),
    [
        ("<h3>نظرسنجی</h3><p>سایت تازه را چگونه می‌بینید؟</p>", "ارسال", "high"),
        ("<p>مهارت‌آموزی تا چه حد به اشتغال کمک می‌کند؟</p>", "ثبت رای", "high"),
        ("<p>نوع درخواست</p>", "ارسال", "none"),
    ],
)
@pytest.mark.parametrize("whole", ['<form method="post" action="./" id="form1">', "<div>"])
def test_a_poll_that_a_script_sends(
    tmp_path: Path, question: str, button: str, answer: str, whole: str
) -> None:
    press = f'<input type="button" value="{button}" onclick="vote()">'
    body = f"{whole}<p>اخبار سازمان</p><p>سازمان</p>{question}<div>{CHOICES}</div>{press}</form></div>"
    assert judge(tmp_path, {"/": page(body)}).answer == answer


def test_an_unsaved_page_of_the_portal_that_a_copy_came_from_is_no_survey(tmp_path: Path) -> None:
    home = page(
        '<p>info@rah-example.ir</p><a href="http://www.rah-example.ir/forms/12?poll=1">فرم نظرسنجی</a>'
    )
    options = {"start": "http://127.0.0.1/", "archived": True}
    assert judge(tmp_path, {"/": home}, **options).answer == "none"


def test_a_link_that_begins_with_the_word_says_what_the_survey_is_on(tmp_path: Path) -> None:
    subject = "о создании городских агломераций на территории автономного округа и о том, что они дадут"
    link = f'<a href="https://goo.example/G1z1Hu">Опрос {subject}</a>'
    with site_of(tmp_path, {"/": page(f"<h1>Город</h1><div>{link}</div>", lang="ru")}) as site:
        assert run(detect, site).answer == "high"


def test_the_button_of_a_poll_stands_right_after_its_form(tmp_path: Path) -> None:
    form = f"<h4>نظرسنجی</h4><b>پایگاه تازه را چگونه می‌بینید؟</b><form>{CHOICES}</form>"
    press = '<div><input type="button" value="ثبت" onclick="vote(2)"></div>'
    assert judge(tmp_path / "beside", {"/": page(form + press)}).answer == "high"
    far = "<p>سازمان</p>" * 12 + press
    assert judge(tmp_path / "far", {"/": page(form + far)}).answer == "none"


@pytest.mark.parametrize(
    ("host", "answer"), [("hearings.example.ir", "high"), ("hearings.example.org", "none")]
)
def test_a_host_of_the_agency_for_consultations(tmp_path: Path, host: str, answer: str) -> None:
    image = '<img src="/b.png" alt="Портал для публичного обсуждения проектов решений">'
    home = page(f'<h1>Округ</h1><a href="http://{host}/">{image}</a>', lang="ru")
    assert judge(tmp_path, {"/": home}).answer == answer


@pytest.mark.parametrize(
    ("words", "answer"), [("Información pública obligatoria", "none"), ("Consultas públicas", "high")]
)
def test_information_that_must_be_public_asks_nobody(tmp_path: Path, words: str, answer: str) -> None:
    head = '<link rel="canonical" href="http://www.estado.example.mx/">'
    link = f'<a href="http://consulta.estado.example.mx/">{words}</a>'
    assert judge(tmp_path, {"/": page(f"<p>El gobierno</p>{link}", lang="es", head=head)}).answer == answer


@pytest.mark.parametrize(
    ("question", "level"), [("نظر شما درباره نظافت شهر؟", "high"), ("پایتخت ایران کجاست؟", "none")]
)
def test_a_poll_may_say_what_it_is_by_its_question_alone(tmp_path: Path, question: str, level: str) -> None:
    choices = "".join(f'<input type="radio" name="v" value="{n}">گزینه {n}' for n in range(3))
    form = f'<b>{question}</b><form method="post">{choices}<input type="submit" value="ثبت"></form>'
    assert judge(tmp_path, {"/": page(f"<p>درگاه شهرداری</p><div>{form}</div>")}).answer == level


@pytest.mark.parametrize(
    ("host", "text", "answer"),
    [
        ("anket.example.ir", "Ankete katıl", "high"),
        ("anket.example.org", "Ankete katıl", "none"),
        ("kent.example.ir", "Ankete katıl", "none"),
    ],
)
def test_a_host_of_the_agency_for_surveys(tmp_path: Path, host: str, text: str, answer: str) -> None:
    home = page(f'<p>1923</p><a href="http://{host}/"><img src="/a.png" alt="{text}"></a>', lang="tr")
    assert judge(tmp_path, {"/": home}).answer == answer


def test_whether_a_page_was_useful_is_a_rating_and_no_poll(tmp_path: Path) -> None:
    body = """<h1>Padrón</h1><form action="/r" method="post"><p>¿Te ha resultado útil esta página?</p>
    <label><input type="radio" name="r" value="1">Sí</label><label><input type="radio" name="r" value="2">No
    </label><button>Enviar</button></form>"""
    pages: dict[str, PageSpec] = {
        "/": page('<p>Ayuntamiento</p><a href="/x">Padrón</a>', lang="es"),
        "/x": page(body, lang="es"),
    }
    assert judge(tmp_path, pages, language="es").answer == "medium"
