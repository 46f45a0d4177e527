"""How a citizen can complain, in five levels."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.complaint_feedback import detect
from indicators.records import Finding
from tests.indicators.make_capture import START, PageSpec, page, site_of

HOME = page('<p>اداره کل راه</p><a href="/c">ثبت شکایت</a> <a href="/contact">تماس با ما</a>')
FORM = (
    '<form method="post" action="/send"><label for="n">نام</label><input id="n" name="n">'
    '<label for="t">شرح</label><textarea id="t" name="t"></textarea><button>ارسال</button></form>'
)
TRACK = (
    '<h1>پیگیری شکایت</h1><form action="/t"><label for="k">کد رهگیری</label><input id="k" name="k">'
    "<button>پیگیری</button></form>"
)


def judge(folder: Path, pages: Mapping[str, PageSpec]) -> Finding:
    with site_of(folder, pages) as site:
        return run(detect, site)


def test_a_form_whose_complaints_can_be_followed(tmp_path: Path) -> None:
    pages = {"/": HOME, "/c": page(f"<h1>ثبت شکایت</h1>{FORM}"), "/t": page(TRACK)}
    finding = judge(tmp_path, pages)
    assert finding.answer == "very_high"
    assert [e.url for e in finding.evidence] == [START + "c", START + "t"]


def test_a_promise_of_a_tracking_code_beside_the_form(tmp_path: Path) -> None:
    body = f"<h1>شکایات</h1><p>پس از ثبت، کد رهگیری پیامک می‌شود.</p>{FORM}"
    assert judge(tmp_path, {"/": HOME, "/c": page(body)}).answer == "very_high"


@pytest.mark.parametrize(
    ("lang", "link", "heading", "label"),
    [
        ("fa", "انتقادات و پیشنهادات", "انتقادات و پیشنهادات", "متن"),
        ("ar", "الشكاوى والمقترحات", "تقديم شكوى", "نص الشكوى"),
        ("en", "Feedback", "Feedback", "Your message"),
    ],
)
def test_a_form_of_its_own(tmp_path: Path, lang: str, link: str, heading: str, label: str) -> None:
    form = (
        f'<form method="post"><textarea aria-label="{label}" name="m"></textarea><button>OK</button></form>'
    )
    pages = {
        "/": page(f'<a href="/f">{link}</a>', lang=lang),
        "/f": page(f"<h1>{heading}</h1>{form}", lang=lang),
    }
    assert judge(tmp_path, pages).answer == "high"


def test_tracking_of_parcels_is_none_of_complaints(tmp_path: Path) -> None:
    parcels = page(TRACK.replace("پیگیری شکایت", "رهگیری مرسوله"))
    pages = {"/": HOME, "/c": page(f"<h1>ثبت شکایت</h1>{FORM}"), "/p": parcels}
    assert judge(tmp_path, pages).answer == "high"


def test_a_link_to_the_national_system(tmp_path: Path) -> None:
    home = page('<p>اداره کل</p><a href="https://www.saamad.ir/">سامد</a>')
    finding = judge(tmp_path, {"/": home})
    assert finding.answer == "high"
    assert (finding.evidence[0].kind, finding.evidence[0].excerpt) == ("link", "سامد")


def test_a_general_contact_form(tmp_path: Path) -> None:
    pages = {"/": page('<a href="/contact">تماس با ما</a>'), "/contact": page(f"<h1>تماس با ما</h1>{FORM}")}
    assert judge(tmp_path, pages).answer == "medium"


@pytest.mark.parametrize(
    "line",
    [
        "<p>تلفن رسیدگی به شکایات: ۰۲۳-۳۱۰۰۲۴۷۷</p>",
        "<table><tr><th>رسیدگی به شکایات</th><td>۰۲۳-۳۱۰۰۲۴۷۷</td></tr></table>",
        "<p>شکایات: shekayat@rah.ir</p>",
    ],
)
def test_a_telephone_or_address_for_complaints(tmp_path: Path, line: str) -> None:
    pages = {"/": page('<a href="/contact">تماس با ما</a>'), "/contact": page(f"<h1>تماس</h1>{line}")}
    assert judge(tmp_path, pages).answer == "low"


@pytest.mark.parametrize(
    "body",
    [
        "<h1>ثبت شکایت</h1><p>به‌زودی</p>",
        '<h1>ثبت شکایت</h1><form action="#" onsubmit="return false"><textarea name="t"></textarea>'
        "<button>ارسال</button></form>",
        "<h1>ثبت شکایت</h1><p>برای شکایت به دبیرخانه بروید.</p>",
    ],
    ids=["soon", "a form with nothing behind it", "talk"],
)
def test_nothing(tmp_path: Path, body: str) -> None:
    home = page('<p>اداره کل، تلفن: ۰۲۳-۳۱۰۰۲۴۶۰</p><a href="/c">ثبت شکایت</a>')
    finding = judge(tmp_path, {"/": home, "/c": page(body)})
    assert finding.answer == "none"
    assert START + "c" in {place.url for place in finding.visited}


def test_comments_under_an_article_are_no_contact(tmp_path: Path) -> None:
    article = page(f"<h1>گشایش جاده</h1>{FORM.replace('ارسال', 'ارسال نظر')}")
    assert judge(tmp_path, {"/": page('<a href="/n">گشایش جاده</a>'), "/n": article}).answer == "none"


def test_a_complaint_page_that_was_blocked(tmp_path: Path) -> None:
    contact = page(f"<h1>تماس با ما</h1>{FORM}")
    finding = judge(tmp_path, {"/": HOME, "/c": ("blocked", page("x")), "/contact": contact})
    assert finding.answer is None
    assert "blocked" in finding.reason


@pytest.mark.parametrize("address", ["/", "/price-list"])
def test_a_form_in_the_footer_that_asks_for_an_address_is_a_contact_form(
    tmp_path: Path, address: str
) -> None:
    form = (
        '<footer><form action="/mail" method="post"><input name="email" placeholder="E-mail *">'
        '<textarea name="text" placeholder="Text *"></textarea><button>Send</button></form></footer>'
    )
    pages = {"/": page("<h1>Water works</h1>", lang="en")} | {address: page(f"<h1>A</h1>{form}", lang="en")}
    assert judge(tmp_path, pages).answer == "medium"


def test_a_form_for_comments_below_an_article_is_no_contact_form(tmp_path: Path) -> None:
    form = (
        '<form id="commentform" action="/c" method="post"><input name="email" placeholder="E-mail">'
        '<textarea name="comment"></textarea><button>Send</button></form>'
    )
    pages = {"/": page("<h1>Water works</h1>", lang="en"), "/a": page(f"<h1>A bridge</h1>{form}", lang="en")}
    assert judge(tmp_path, pages).answer == "none"


@pytest.mark.parametrize(
    ("address", "answer"), [("https://shekayat.example.ir", "high"), ("https://shekayat.example.org", "none")]
)
def test_a_system_of_the_agencys_own_on_a_host_beside_the_portal(
    tmp_path: Path, address: str, answer: str
) -> None:
    home = page(f'<h3>سامانه‌ها</h3><ul><li><a href="{address}">رسیدگی به شکایات</a></li></ul>')
    assert judge(tmp_path, {"/": home}).answer == answer


@pytest.mark.parametrize(("button", "answer"), [("إبلاغ", "high"), ("اشتراك", "none")])
def test_a_form_in_which_a_fault_is_chosen_reports_it(tmp_path: Path, button: str, answer: str) -> None:
    form = (
        '<form action="/r" method="post"><select name="kind"><option>عطل</option>'
        '</select><input name="who" placeholder="الاسم"><input name="phone" placeholder="الهاتف">'
        f"<button>{button}</button></form>"
    )
    home = page(f"<h1>هيئة المياه</h1>{form}", lang="ar")
    assert judge(tmp_path, {"/": home}).answer == answer


def test_a_link_to_write_complaints(tmp_path: Path) -> None:
    line = '<h2>Para enviar una queja presione <a href="mailto:quejas@ciudad.gob.mx">aquí</a></h2>'
    home = page('<p>Obras</p><a href="/b">Buzón</a>', lang="es")
    assert judge(tmp_path, {"/": home, "/b": page(line, lang="es")}).answer == "low"


def test_a_page_of_the_template_calls_no_page(tmp_path: Path) -> None:
    filler = "<p>Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor.</p>"
    home = page('<p>Ville</p><a href="/contact">Contact</a> <a href="/x">Conseil</a>', lang="fr")
    left = page(f'<h1>Council</h1>{filler}<a href="/contact">Réclamations</a>', lang="fr")
    form = FORM.replace("ارسال", "Envoyer")
    pages = {"/": home, "/contact": page(f"<h1>Contact</h1>{form}", lang="fr"), "/x": left}
    assert judge(tmp_path, pages).answer == "medium"


@pytest.mark.parametrize(
    ("lang", "name", "answer"),
    [
        ("fa", "سامانهٔ ثبت انتقاد، پیشنهاد، شکایت و قدردانی", "high"),
        ("it", "Suggerimenti, segnalazioni e reclami", "high"),
        ("fa", "شکایت از شهرداری و انتقاد از عملکرد سازمان تأمین اجتماعی", "none"),
    ],
)
def test_words_for_complaints_side_by_side_name_them_together(
    tmp_path: Path, lang: str, name: str, answer: str
) -> None:
    link = f'<p>اداره کل</p><a href="https://desk.example.ir/ticket">{name}</a>'
    assert judge(tmp_path, {"/": page(link, lang=lang)}).answer == answer


def test_a_page_called_by_several_words_for_complaints_holds_their_form(tmp_path: Path) -> None:
    name = "Quejas, sugerencias y felicitaciones"
    pages = {
        "/": page(f'<a href="/q">{name}</a>', lang="es"),
        "/q": page(f"<h1>{name}</h1>{FORM}", lang="es"),
    }
    assert judge(tmp_path, pages).answer == "high"


@pytest.mark.parametrize(
    ("text", "url", "answer"),
    [
        ("صندوق انتقادات و پیشنهادات", "https://porsline.ir/s/abcd", "high"),
        ("ثبت شکایت", "https://docs.google.com/forms/d/e/abcd/viewform", "high"),
        ("ثبت شکایت", "https://docs.google.com/document/d/abcd", "none"),
        ("فرم ثبت‌نام همایش", "https://porsline.ir/s/abcd", "none"),
    ],
)
def test_a_form_kept_with_a_service_for_forms_is_the_agencys_own(
    tmp_path: Path, text: str, url: str, answer: str
) -> None:
    home = page(f'<p>اداره کل راه</p><a href="{url}">{text}</a>')
    assert judge(tmp_path, {"/": home}).answer == answer


@pytest.mark.parametrize(("head", "level"), [("شکایات و پیشنهادات", "high"), ("پیام شما", "medium")])
def test_the_heading_above_a_form_says_what_it_takes(tmp_path: Path, head: str, level: str) -> None:
    form = '<form method="post"><textarea name="m" placeholder="متن"></textarea><button>ارسال</button></form>'
    body = page(f"<h1>تماس با ما</h1><p>تلفن ۰۲۳۳۱۰۰۲۴۶۰</p><h2>{head}</h2>{form}")
    assert judge(tmp_path, {"/": page('<p>x</p><a href="/c">تماس با ما</a>'), "/c": body}).answer == level
