"""A log-in for the public, with a check of who enters."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.login_verification import detect
from indicators.records import Finding
from tests.indicators.make_capture import START, PageSpec, page, site_of

PASSWORD = (
    '<form method="post" action="/in"><label for="u">نام کاربری</label><input id="u" name="user">'
    '<label for="p">گذرواژه</label><input id="p" type="password" name="pass"><button>ورود</button></form>'
)


def judge(folder: Path, pages: Mapping[str, PageSpec]) -> Finding:
    with site_of(folder, pages) as site:
        return run(detect, site)


def behind(link: str, body: str, lang: str = "fa") -> dict[str, PageSpec]:
    return {"/": page(f'<p>اداره کل</p><a href="/in">{link}</a>', lang=lang), "/in": page(body, lang=lang)}


@pytest.mark.parametrize(
    ("lang", "link", "body"),
    [
        ("fa", "ورود مشترکین", f"<h1>ورود</h1>{PASSWORD}"),
        (
            "fa",
            "ورود",
            '<h1>ورود</h1><form method="post"><label for="n">کد ملی</label><input id="n" name="nc">'
            '<label for="c">عبارت امنیتی</label><input id="c" name="code"><button>دریافت رمز</button></form>',
        ),
        (
            "ar",
            "تسجيل الدخول",
            '<h1>تسجيل الدخول</h1><p>دخول المستفيدين من خدمات الهيئة</p><form method="post">'
            '<input name="u" placeholder="رقم الهوية"><input type="password" name="p"></form>',
        ),
        (
            "en",
            "Sign in",
            '<h1>Sign in</h1><form method="post"><input name="u" aria-label="E-mail"><input type="password" '
            'name="p"><button>Log in</button></form><a href="/in">Create account</a>',
        ),
        (
            "fa",
            "ورود",
            '<h1>ورود</h1><form method="post"><table><tr><td>کد ملی <b>*</b></td><td><input name="t1"></td>'
            '</tr><tr><td>کد امنیتی</td><td><input name="t2"></td></tr></table><button>ورود</button></form>',
        ),
        (
            "ar",
            "تسجيل الدخول",
            '<h1>تسجيل الدخول</h1><form method="post"><input name="m" placeholder="رقم الجوال">'
            "<button>إرسال رمز التحقق</button></form>",
        ),
    ],
    ids=["password", "captcha and code", "arabic", "open account", "cells beside", "code on demand"],
)
def test_log_ins_for_the_public(tmp_path: Path, lang: str, link: str, body: str) -> None:
    finding = judge(tmp_path, behind(link, body, lang))
    assert finding.answer == "yes"
    assert (finding.evidence[0].url, finding.evidence[0].kind) == (START + "in", "form")


@pytest.mark.parametrize(
    ("link", "body"),
    [
        ("ورود همکاران", f"<h1>ورود همکاران</h1>{PASSWORD}"),
        ("ورود", f"<h1>ورود</h1><p>این بخش ویژه کاربران اتوماسیون اداری است.</p>{PASSWORD}"),
        ("ورود کاربران", "<h1>ورود کاربران</h1><p>این بخش به‌زودی راه‌اندازی می‌شود.</p>"),
        (
            "تماس با ما",
            '<h1>تماس با ما</h1><form method="post"><label for="c">کد امنیتی</label><input id="c" name="c">'
            '<textarea name="t"></textarea><button>ارسال</button></form>',
        ),
    ],
    ids=["staff link", "staff text", "nothing behind it", "captcha of a contact form"],
)
def test_what_is_no_log_in_for_the_public(tmp_path: Path, link: str, body: str) -> None:
    finding = judge(tmp_path, behind(link, body))
    assert finding.answer == "no"
    assert finding.visited


def test_staff_mail_on_another_host(tmp_path: Path) -> None:
    home = page('<p>اداره کل</p><a href="https://webmail.example.ir/">ورود همکاران</a>')
    assert judge(tmp_path, {"/": home}).answer == "no"


def test_another_bodys_log_in_and_the_front_page_of_the_national_system(tmp_path: Path) -> None:
    home = page(
        '<p>اداره کل</p><a href="https://bime.example.com/login">ورود به سامانه بیمه</a>'
        '<a href="https://my.gov.ir">پنجره ملی خدمات دولت هوشمند</a>'
    )
    assert judge(tmp_path, {"/": home}).answer == "no"


def test_the_national_identity_as_the_way_in(tmp_path: Path) -> None:
    home = page('<p>اداره کل</p><a href="https://sso.my.gov.ir/oauth/authorize?c=1">ورود با دولت من</a>')
    finding = judge(tmp_path, {"/": home})
    assert (finding.answer, finding.evidence[0].excerpt) == ("yes", "ورود با دولت من")


def test_a_log_in_that_does_not_say_for_whom(tmp_path: Path) -> None:
    finding = judge(tmp_path, behind("Login", f"<h1>Login</h1>{PASSWORD.replace('نام کاربری', 'Username')}"))
    assert finding.answer is None
    assert START + "in" in finding.reason
