"""Certificates and electronic signatures in use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.digital_signature import detect
from indicators.records import Finding
from tests.indicators.make_capture import PageSpec, page, site_of

HOME = page('<p>سازمان</p><a href="/x">خدمات</a>')


def judge(folder: Path, pages: Mapping[str, PageSpec], **options: object) -> Finding:
    with site_of(folder, pages, None, **options) as site:
        return run(detect, site)


@pytest.mark.parametrize(
    ("lang", "body"),
    [
        (
            "fa",
            "<h1>راهنمای امضای الکترونیکی</h1><p>گواهی امضای الکترونیکی را از مرکز صدور گواهی الکترونیکی "
            "دریافت کنید و درخواست تعیین صلاحیت خود را در صفحه همان خدمت با آن امضا کنید.</p>",
        ),
        (
            "en",
            "<h1>Digital signature</h1><p>Obtain a digital signature certificate from a certifying authority "
            "and use it to sign the application form of each licence before you submit it.</p>",
        ),
        (
            "ar",
            "<h1>التوقيع الإلكتروني</h1><p>يجب الحصول على شهادة رقمية من جهة التصديق ثم توقيع الطلب بها قبل "
            "إرساله إلى المديرية عبر صفحة الخدمة المطلوبة.</p>",
        ),
        ("en", '<h1>Log in</h1><form method="post" action="/in"><button>Digital certificate</button></form>'),
    ],
)
def test_guides_and_fields(tmp_path: Path, lang: str, body: str) -> None:
    finding = judge(tmp_path, {"/": HOME, "/x": page(body, lang=lang)})
    assert finding.answer == "yes"
    assert finding.evidence[0].note == "digital_signature"


@pytest.mark.parametrize(
    "body",
    [
        "<h1>اخبار</h1><p>همایش امضای الکترونیکی در تهران با حضور مدیران برگزار شد.</p>",
        "<h1>راهنمای امضای الکترونیکی</h1><p>این صفحه در دست ساخت است</p>",
        '<form method="post" action="/in"><input type="password" name="p"><button>ورود</button></form>',
        "<h1>Forms</h1><p>Print the form and send the signed copy by post.</p>",
    ],
)
def test_mentions_are_not(tmp_path: Path, body: str) -> None:
    assert judge(tmp_path, {"/": HOME, "/x": page(body)}).answer == "no"


@pytest.mark.parametrize(
    ("address", "text", "answer"),
    [
        ("http://desk.example.ir/sign", "درخواست امضای الکترونیکی", "yes"),
        ("http://desk.example.ir/", "درخواست امضای الکترونیکی", "no"),
        ("http://desk.example.org/sign", "درخواست امضای الکترونیکی", "no"),
        ("http://desk.example.ir/news", "همایش امضای الکترونیکی با حضور مدیران استان برگزار شد", "no"),
    ],
)
def test_a_system_of_the_agencys_for_signatures(tmp_path: Path, address: str, text: str, answer: str) -> None:
    assert (
        judge(tmp_path, {"/": page(f'<p>سازمان</p><p><a href="{address}">{text}</a></p>')}).answer == answer
    )


@pytest.mark.parametrize(
    ("captions", "answer"),
    [
        ("<h3>Δικαιολογητικά</h3><p>Ταυτότητα</p><h3>Χρόνος διεκπεραίωσης</h3><p>2 ημέρες</p>", "yes"),
        ("", "no"),
    ],
)
def test_a_statement_where_a_service_is_presented(tmp_path: Path, captions: str, answer: str) -> None:
    told = "<p>Η αίτηση υποβάλλεται ψηφιακά υπογεγραμμένη.</p>"
    pages = {
        "/": page('<p>Δήμος</p><a href="/x">Βεβαίωση κατοικίας</a>', lang="el"),
        "/x": page(f"<h1>Βεβαίωση κατοικίας</h1>{captions}{told}", lang="el"),
    }
    assert judge(tmp_path, pages, language="el").answer == answer


@pytest.mark.parametrize(
    ("lang", "address", "text", "answer"),
    [
        ("tr", "https://belge.example.ir/", "e-İmzalı belge doğrulama", "yes"),
        ("tr", "https://belge.example.org/", "e-İmzalı belge doğrulama", "no"),
        ("es", "https://valida.example.ir/", "Verificación de firma", "yes"),
        ("ar", "https://verify.example.ir/", "التحقق من التوقيع الإلكتروني", "yes"),
    ],
)
def test_a_system_that_checks_signed_documents(
    tmp_path: Path, lang: str, address: str, text: str, answer: str
) -> None:
    home = page(f'<p>1923</p><a href="{address}">{text}</a>', lang=lang)
    assert judge(tmp_path, {"/": home}).answer == answer
