"""How fees are paid, in five levels."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.online_payment import detect
from indicators.records import Finding
from tests.indicators.make_capture import START, PageSpec, page, site_of


def judge(folder: Path, pages: Mapping[str, PageSpec]) -> Finding:
    with site_of(folder, pages) as site:
        return run(detect, site)


def behind(link: str, body: str, lang: str = "fa") -> dict[str, PageSpec]:
    return {"/": page(f'<p>اداره کل</p><a href="/x">{link}</a>', lang=lang), "/x": page(body, lang=lang)}


@pytest.mark.parametrize(
    ("lang", "button"),
    [("fa", "پرداخت از درگاه بانکی"), ("en", "Pay now"), ("ar", "ادفع الآن")],
)
def test_fees_are_paid_on_the_portal(tmp_path: Path, lang: str, button: str) -> None:
    form = (
        '<form method="post" action="https://bank.example/pay"><input type="hidden" name="amount" value="9">'
        f"<p>1,200,000</p><button>{button}</button></form>"
    )
    finding = judge(tmp_path, behind("x", form, lang))
    assert finding.answer == "very_high"
    assert (finding.evidence[0].url, finding.evidence[0].kind) == (START + "x", "form")


def test_a_payment_button_with_nothing_behind_it(tmp_path: Path) -> None:
    body = '<form action="#" onsubmit="return false"><button>پرداخت اینترنتی</button></form>'
    assert judge(tmp_path, behind("پرداخت", body)).answer == "none"


def test_another_bodys_payment_service(tmp_path: Path) -> None:
    finding = judge(tmp_path, behind("خدمات", '<a href="https://bank.example/bill">پرداخت عوارض</a>'))
    assert (finding.answer, finding.evidence[0].excerpt) == ("high", "پرداخت عوارض")


@pytest.mark.parametrize(
    "body",
    [
        "<p>۸۵۰٬۰۰۰ ریال به شماره حساب ۴۰۰۱۰۳۹۷۰۴۰۲۱۵۸۶ نزد بانک کشاورزی واریز شود.</p>",
        "<table><tr><th>شماره شبا</th><td>IR۱۲ ۰۱۷۰ ۰۰۰۰ ۰۰۱۲ ۳۴۵۶ ۷۸۹۰ ۰۱</td></tr></table>",
        "<p>Sort code 20-00-00, account number 43218765, account name County Council.</p>",
    ],
)
def test_an_account_to_pay_to(tmp_path: Path, body: str) -> None:
    assert judge(tmp_path, behind("خدمات", body)).answer == "medium"


@pytest.mark.parametrize(
    ("lang", "body"),
    [
        ("fa", "<dl><dt>هزینه</dt><dd>۱٬۲۰۰٬۰۰۰ ریال</dd></dl>"),
        ("fa", "<p>تعرفه صدور پروانه ۲۵۰ هزار تومان است.</p>"),
        ("ar", "<p>رسوم الخدمة: 50 درهم</p>"),
        ("en", "<p>After 100 pages, a fee of $.25 per page will be charged.</p>"),
        (
            "fa",
            "<table><tr><th>نام</th><th>تعرفه (ریال)</th></tr><tr><td>آب</td><td>۱٬۲۰۰٬۰۰۰</td></tr></table>",
        ),
        (
            "en",
            "<table><tr><th>Service</th><th>Fee</th></tr><tr><td>Meter test</td><td>£10.00</td></tr></table>",
        ),
    ],
)
def test_only_the_fee_is_told(tmp_path: Path, lang: str, body: str) -> None:
    assert judge(tmp_path, behind("x", body, lang)).answer == "low"


@pytest.mark.parametrize(
    "body",
    [
        "<p>هزینه بازسازی این طرح ۲۱۰ میلیارد ریال بوده است.</p>",
        "<h1>مدارک لازم</h1><ul><li>شماره شبا به نام سرپرست</li><li>کد رهگیری ۱۲۳۴۵۶۷۸</li></ul>",
        "<p>هزینه: رایگان</p><p>تلفن: ۰۲۳۳۱۰۰۲۴۶۰</p>",
        "<p>پرداخت مستمری ماهانه مددجویان انجام شد.</p>",
    ],
    ids=["what a project cost", "the applicant's account", "free", "money paid out"],
)
def test_no_fee_and_no_way_to_pay_one(tmp_path: Path, body: str) -> None:
    finding = judge(tmp_path, behind("صفحه", body))
    assert finding.answer == "none"
    assert finding.visited


def test_the_deposit_of_a_tender_is_no_fee(tmp_path: Path) -> None:
    body = "<h1>آگهی مناقصه</h1><p>هزینه اسناد ۵۰۰٬۰۰۰ ریال به شماره حساب ۴۰۰۱۰۳۹۷۰۴۰۲۱۵۸۶ واریز شود.</p>"
    assert judge(tmp_path, behind("آگهی مناقصه", body)).answer == "none"


def test_a_payment_page_that_was_blocked(tmp_path: Path) -> None:
    pages: dict[str, PageSpec] = {
        "/": page('<p>هزینه: ۵۰۰٬۰۰۰ ریال</p><a href="/pay">پرداخت اینترنتی</a>'),
        "/pay": ("blocked", page("x")),
    }
    assert judge(tmp_path, pages).answer is None


def test_a_sum_in_the_news_is_no_fee(tmp_path: Path) -> None:
    body = "<h1>Novità</h1><p>Il consiglio approva il saldo: importo residuo 1.000,00 €.</p>"
    assert judge(tmp_path, behind("Novità", body, "it")).answer == "none"


@pytest.mark.parametrize("price", ["0,05 €/min + prix d'un appel", "0,15 € par appel"])
def test_what_a_call_costs_is_no_fee(tmp_path: Path, price: str) -> None:
    body = f"<p>Renseignements : 0811 00 00 00, prix du service {price}</p>"
    assert judge(tmp_path, behind("Page", body, "fr")).answer == "none"
    body = "<p>Prix de la copie d'un plan : 15,00 € par plan.</p>"
    assert judge(tmp_path / "fee", behind("Page", body, "fr")).answer == "low"


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("http://buy.example.ir/Payment/", "high"),
        ("http://buy.example.ir/cards/", "none"),
        ("http://buy.example.org/Payment/", "none"),
    ],
)
def test_the_agencys_own_desk_for_paying_is_known_by_its_address(
    tmp_path: Path, address: str, answer: str
) -> None:
    home = page(f'<p>سازمان</p><ul><li><a href="{address}">خرید کارت ثبت‌نام</a></li></ul>')
    assert judge(tmp_path, {"/": home}).answer == answer


@pytest.mark.parametrize(
    ("own", "strangers", "answer"),
    [
        (["www", "pay", "exam", "card", "result"], [f"s{n}.org" for n in range(7)], "high"),
        (["www", "pay", "exam", "card", "result"], ["a.org", "x.a.org", "y.a.org", "b.org", "c.org"], "none"),
        (["pay", "exam", "card", "result", "news"], [f"s{n}.org" for n in range(7)], "none"),  # no bare name
    ],
)
def test_a_saved_page_is_at_home_where_far_more_hosts_are_its_own(
    tmp_path: Path, own: list[str], strangers: list[str], answer: str
) -> None:
    hosts = [f"{name}.agency.ir" for name in own] + strangers
    links = "".join(f'<p><a href="http://{host}/">بخش {n}</a></p>' for n, host in enumerate(hosts))
    desk = '<p><a href="http://pay.agency.ir/payment/">خرید کارت ثبت‌نام</a></p>'
    pages = {"/": page(f"<p>سازمان</p>{links}{desk}")}
    with site_of(tmp_path, pages, archived=True, start="http://127.0.0.1:8000/") as site:
        assert run(detect, site).answer == answer


def test_the_title_of_a_dated_item_on_paying_pays_nothing(tmp_path: Path) -> None:
    title = (
        '<h3><a href="http://kec.example.ir/pembayaran-pajak">Pembayaran pajak lewat mobil keliling</a></h3>'
    )
    item = f"{title}<p>19 Maret 2018</p>"
    with site_of(tmp_path, {"/": page(f"<h1>Kabupaten</h1>{item}", lang="id")}) as site:
        assert run(detect, site).answer == "none"


@pytest.mark.parametrize(
    ("link", "answer"),
    [
        ('<a href="https://www.pagopa.it/">PagoPA S.p.A.</a>', "none"),
        ('<h3>pagoPA</h3><p><a href="https://www.pagopa.gov.it/">Vai al sito</a></p>', "none"),
        ('<a href="https://www.pagopa.gov.it/it/">Paga con pagoPA</a>', "high"),
        ('<a href="https://pagamenti.pagopa.gov.it/enti/valle">Vai</a>', "high"),
    ],
)
def test_a_payment_system_that_is_only_told_of(tmp_path: Path, link: str, answer: str) -> None:
    assert judge(tmp_path, {"/": page(f"<p>Il dipartimento</p>{link}", lang="it")}).answer == answer


@pytest.mark.parametrize(
    ("lang", "body", "answer"),
    [
        ("ru", "<p>Реквизиты для оплаты: р/с 03100643000000012900, УИН указан в квитанции</p>", "medium"),
        (
            "bn",
            "<table><tr><th>সেবা</th><th>সেবামূল্য</th><th>সময়</th></tr>"
            "<tr><td>লাইসেন্স</td><td>১০০০ টাকা</td><td>৩০ দিন</td></tr></table>",
            "low",
        ),
    ],
)
def test_numbers_before_a_comma_and_fees_in_a_column(
    tmp_path: Path, lang: str, body: str, answer: str
) -> None:
    assert judge(tmp_path, behind("x", f"<h1>x</h1>{body}", lang)).answer == answer
