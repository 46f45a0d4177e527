"""Tenders, auctions and calls for bids of the agency."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.tender_notices import detect
from indicators.records import Finding
from tests.indicators.make_capture import START, PageSpec, page, site_of

HOME = page('<p>اداره کل راه</p><a href="/tenders">مناقصه‌ها</a>')


def judge(folder: Path, pages: dict[str, PageSpec], language: str | None = None) -> Finding:
    with site_of(folder, pages, language=language) as site:
        return run(detect, site)


def test_the_rows_of_a_list_of_tenders(tmp_path: Path) -> None:
    table = """<h1>مناقصه‌ها</h1><table><tr><th>شماره</th><th>موضوع</th><th>مهلت</th></tr>
      <tr><td>۱۴-ر</td><td>
      <a href="/tenders/14">خط‌کشی گرم محورهای اصلی استان</a></td><td>۱۴۰۴/۱۰/۰۵</td></tr></table>"""
    detail = page("<h1>خط‌کشی گرم محورهای اصلی استان</h1><p>اسناد مناقصه تا پایان مهلت داده می‌شود.</p>")
    finding = judge(tmp_path, {"/": HOME, "/tenders": page(table), "/tenders/14": detail})
    assert finding.answer == "yes"
    first = finding.evidence[0]
    assert (first.url, first.kind) == (START + "tenders", "link")
    assert first.excerpt == "خط‌کشی گرم محورهای اصلی استان"


@pytest.mark.parametrize(
    ("body", "quote"),
    [
        (
            "<h2>آگهی مزایده عمومی اجاره استخر کوثر</h2><p>مهلت دریافت اسناد ده روز و سپرده شرکت در مزایده "
            "پنج درصد است.</p>",
            "آگهی مزایده عمومی اجاره استخر کوثر",
        ),
        (
            "<h2>إعلان مناقصة توريد أجهزة حاسوب للمديرية</h2><p>آخر موعد لاستلام وثائق المناقصة عشرة أيام "
            "وتقديم العروض بعدها.</p>",
            "إعلان مناقصة توريد أجهزة حاسوب للمديرية",
        ),
        (
            "<h2>Tender for the supply of laboratory equipment</h2><p>Tender documents cost 500. Bid "
            "security is due with the offer. Closing date: 5 January 2026</p>",
            "Tender for the supply of laboratory equipment",
        ),
    ],
)
def test_a_notice_among_announcements_in_each_language(tmp_path: Path, body: str, quote: str) -> None:
    finding = judge(tmp_path, {"/": page("<p>سلام</p>"), "/notices/7": page(body)})
    assert finding.answer == "yes"
    assert finding.evidence[0].excerpt == quote


def test_the_agencys_own_list_in_the_national_system(tmp_path: Path) -> None:
    link = '<a href="https://setadiran.ir/setad/cms/agency?id=812">مناقصات این اداره کل در سامانه ستاد</a>'
    finding = judge(tmp_path, {"/": page(link)})
    assert (finding.answer, finding.evidence[0].note) == ("yes", "procurement_list")


def test_other_sections_of_a_page_with_tenders_hold_none(tmp_path: Path) -> None:
    body = """<h1>Water company</h1><h2>News</h2>
      <h3><a href="/n/1">The dam is filled to seventy per cent</a></h3><p>5 December 2025</p>
      <h2>Tenders</h2><p>There are none at present.</p>"""
    finding = judge(tmp_path, {"/": HOME, "/tenders": page(body, lang="en"), "/n/1": page("<p>Dam</p>")})
    assert finding.answer == "no"


@pytest.mark.parametrize(
    "body",
    [
        '<a href="https://setadiran.ir/">مناقصات: سامانه تدارکات الکترونیکی دولت (ستاد)</a>',
        "<h1>مناقصه‌ها</h1><p>موردی برای نمایش وجود ندارد</p>",
        "<h1>مناقصه‌ها</h1><p>این بخش در دست ساخت است</p>",
        '<h1>مناقصه‌ها</h1><p><a href="/dead">مناقصه خرید شن و نمک راه‌ها</a> ۱۴۰۴/۰۹/۰۱</p>',
        "<h1>قانون برگزاری مناقصات مصوب مجلس شورای اسلامی</h1><p>تاریخ تصویب: ۱۳۸۳/۱۱/۰۳</p>",
        "<h1>نتایج مناقصات</h1><p>برنده مناقصه خرید رایانه برای ستاد: شرکت الف، ۱۴۰۴/۰۸/۰۱</p>",
        "<h1>Tenders</h1><p>No content available.</p>",
    ],
)
def test_front_doors_empty_lists_dead_links_and_rules_are_no_notice(tmp_path: Path, body: str) -> None:
    finding = judge(tmp_path, {"/": HOME, "/tenders": page(body), "/dead": ("http_error", "")})
    assert finding.answer == "no"
    assert START + "tenders" in {p.url for p in finding.visited}


def test_a_list_that_could_not_be_seen_is_not_observable(tmp_path: Path) -> None:
    finding = judge(tmp_path, {"/": HOME, "/tenders": ("blocked", "")})
    assert finding.answer is None
    assert "/tenders" in finding.reason


WANTED = "سازمان در نظر دارد نسبت به خرید یک دستگاه چیلر تراکمی با مشخصات زیر اقدام کند"


@pytest.mark.parametrize(
    ("title", "told", "archived", "answer"),
    [
        ("آگهی مناقصه عمومی", WANTED, True, "yes"),
        ("آگهی مناقصه عمومی", WANTED, False, "no"),
        ("آگهی مناقصه عمومی", "ادامه", True, "no"),
        ("نشست بررسی قانون مناقصات با حضور مدیران", WANTED, True, "no"),
        ("نتیجه مناقصه عمومی", WANTED, True, "no"),
    ],
)
def test_a_list_tells_of_a_tender_whose_page_was_not_saved(
    tmp_path: Path, title: str, told: str, archived: bool, answer: str
) -> None:
    item = f'<div>۱۴۰۴/۰۹/۰۱</div><div><a href="/gone">{title}</a><div>{told}</div></div>'
    pages: dict[str, PageSpec] = {"/": page(f"<p>سازمان</p>{item}"), "/gone": ("http_error", "")}
    with site_of(tmp_path, pages, archived=archived) as site:
        assert run(detect, site).answer == answer


def test_a_host_of_the_agency_named_after_tenders_is_its_list(tmp_path: Path) -> None:
    link = '<a href="http://zakupki.example.ir/">Муниципальные закупки</a>'
    with site_of(tmp_path, {"/": page(f"<h1>Город</h1><p>{link}</p>", lang="ru")}) as site:
        assert run(detect, site).answer == "yes"


@pytest.mark.parametrize(("host", "answer"), [("lpse.example.ir", "yes"), ("kota.example.ir", "no")])
def test_a_link_to_such_a_host_names_tenders_among_other_words(
    tmp_path: Path, host: str, answer: str
) -> None:
    link = f'<a href="http://{host}/">Layanan Pengadaan Secara Elektronik</a>'
    with site_of(tmp_path, {"/": page(f"<h1>Kabupaten</h1><p>{link}</p>", lang="id")}) as site:
        assert run(detect, site).answer == answer


@pytest.mark.parametrize(("title", "answer"), [("ABX - Ministerium", "yes"), ("Ministerium", "no")])
def test_a_title_with_its_name_tells_which_hosts_are_the_portals(
    tmp_path: Path, title: str, answer: str
) -> None:
    hosts = ("online.abx.at", "service.abx.at", "www.network.example", "www.other.example", "third.example")
    links = "".join(f'<a href="https://{host}/">{host.split(".")[0]}</a>' for host in hosts)
    tenders = '<a href="https://vergabe.abx.at/">Vergabeportal</a>'
    home = page(f"<h1>Ministerium</h1><p>{links}{tenders}</p>", title, lang="de")
    with site_of(tmp_path, {"/": home}, archived=True, start="http://127.0.0.1:8000/") as site:
        assert run(detect, site).answer == answer


def test_where_tenders_are_published_is_no_tender(tmp_path: Path) -> None:
    body = """<h1>Marchés publics</h1>
    <div>Publication des appels d'offres au journal officiel et sur ce site</div>
    <div>Seuil de passation fixé par la loi n° 10 du 27 avril 2010</div>"""
    pages: dict[str, PageSpec] = {
        "/": page('<a href="/m">Marchés publics</a>', lang="fr"),
        "/m": page(body, lang="fr"),
    }
    assert judge(tmp_path, pages, "fr").answer == "no"


@pytest.mark.parametrize(
    ("menu", "answer"),
    [("Satınalmalar", "yes"), ("Xəbərlər", "no")],
)
def test_an_entry_that_begins_with_its_day_may_name_the_kind_late(
    tmp_path: Path, menu: str, answer: str
) -> None:
    entry = "<p>24.05.2024 – Nazirlik ofis avadanlığının satın alınması üzrə açıq tender elan edir.</p>"
    pages: dict[str, PageSpec] = {
        "/": page(f'<p>Nazirlik</p><a href="/x">{menu}</a>', lang="az"),
        "/x": page(f"<h1>{menu}</h1>{entry}", lang="az"),
    }
    assert judge(tmp_path, pages, "az").answer == answer


@pytest.mark.parametrize(
    ("title", "answer"),
    [("Licitación AB-LP02-2020", "yes"), ("Licitación", "no"), ("Fallo de la licitación LP02-2020", "no")],
)
def test_a_call_told_by_its_number(tmp_path: Path, title: str, answer: str) -> None:
    says = "<div>Compra de equipo de cómputo para los talleres del municipio y sus oficinas.</div>"
    listed = page(f"<h2>Licitaciones</h2><h5>{title}</h5><button>×</button>{says}", lang="es")
    home = page('<p>Fondo</p><a href="/l">Licitaciones</a>', lang="es")
    assert judge(tmp_path, {"/": home, "/l": listed}).answer == answer


@pytest.mark.parametrize(("line", "answer"), [("Current tenders:", "yes"), ("Courses and events:", "no")])
def test_a_line_says_what_the_table_below_it_holds(tmp_path: Path, line: str, answer: str) -> None:
    table = """<table><tr><th>Title</th><th>Closing date</th></tr>
    <tr><td>Grounds maintenance services</td><td>19 December 2025</td></tr></table>"""
    pages = {
        "/": page('<p>x</p><a href="/b">Business</a>', lang="en"),
        "/b": page(f"<h1>Business</h1><p>{line}</p>{table}", lang="en"),
    }
    assert judge(tmp_path, pages, "en").answer == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("متقاضیان برای دریافت اسناد مناقصه تا تاریخ ۱۴۰۴/۰۹/۳۰ به امور قراردادها مراجعه کنند.", "yes"),
        ("این امور از تاریخ ۱۴۰۴/۰۹/۳۰ در شهر آغاز می‌شود و شهروندان از آن بهره خواهند برد.", "no"),
    ],
)
def test_a_heading_on_a_page_of_tenders_and_what_is_told_below(
    tmp_path: Path, text: str, answer: str
) -> None:
    body = f"<h1>مناقصات</h1><h3>واگذاری امور فضای سبز</h3><p>{text}</p>"
    assert judge(tmp_path, {"/": page('<p>x</p><a href="/t">مناقصات</a>'), "/t": page(body)}).answer == answer


BOX = {
    "tr": ("İhale duyuruları", "Kışlık lastik alımı işi", "Yaya üst geçidi yapım işi", "Okul kantini satışı"),
    "ar": ("المناقصات", "توريد أجهزة تكييف للمقر", "صيانة شبكة المياه بالحي", "تأهيل الطريق الساحلي"),
    "en": ("Tenders", "Supply of school benches", "Repair of the north pier", "Lease of a market stall"),
}


@pytest.mark.parametrize("lang", BOX)
def test_a_box_of_subjects_without_their_days(tmp_path: Path, lang: str) -> None:
    head, *subjects = BOX[lang]
    lines = "".join(f"<div><p>{subject}</p></div>" for subject in subjects)
    for heading, answer in ((head, "yes"), ("1923", "no")):
        body = f'<a href="/t"><div><h2>{heading}</h2>{lines}</div></a><h2>2</h2>'
        assert judge(tmp_path / answer, {"/": page(body, lang=lang)}, lang).answer == answer


def test_a_box_of_links_must_lead_to_the_notices(tmp_path: Path) -> None:
    head, *subjects = BOX["en"]
    links = "".join(f'<p><a href="/t/{n}">{subject}</a></p>' for n, subject in enumerate(subjects))
    assert judge(tmp_path, {"/": page(f"<h2>{head}</h2>{links}", lang="en")}, "en").answer == "no"
