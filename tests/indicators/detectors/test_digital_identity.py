"""National and federated identities, with a way in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.digital_identity import detect
from indicators.records import Finding
from tests.indicators.make_capture import PageSpec, page, site_of

HOME = page('<p>سازمان</p><a href="/login">ورود شهروندان</a>')
PASSWORD = """<form method="post" action="/in"><input name="u"><input type="password" name="p">
  <button>ورود</button></form>"""


def judge(folder: Path, pages: Mapping[str, PageSpec], **options: object) -> Finding:
    with site_of(folder, pages, None, **options) as site:
        return run(detect, site)


@pytest.mark.parametrize(
    "body",
    [
        '<h1>ورود</h1><p><a href="https://my.gov.ir/">ورود با پنجره ملی خدمات</a></p>',
        '<h1>ورود</h1><p><a href="https://sso.my.gov.ir/oauth2/authorize?client_id=7">ورود</a></p>',
        '<h1>Accesso</h1><p><a href="/login/spid">Entra con SPID</a></p>',
        '<h1>تسجيل الدخول</h1><p><a href="https://iam.gov.sa/auth?x=1">النفاذ الوطني الموحد</a></p>',
        '<h1>ورود</h1><p>ورود با کد ملی و رمز یک‌بارمصرف پیامکی است.</p><form method="post" action="/in">'
        "<label>کد ملی <input name=n></label><button>دریافت رمز یکبار مصرف</button></form>",
    ],
)
def test_ways_in(tmp_path: Path, body: str) -> None:
    finding = judge(tmp_path, {"/": HOME, "/login": page(body)})
    assert finding.answer == "yes"
    assert finding.evidence[0].url.endswith("/login")


@pytest.mark.parametrize(
    "body",
    [
        PASSWORD,
        PASSWORD + '<footer><a href="https://my.gov.ir/">پنجره ملی خدمات دولت</a></footer>',
        "<h1>ورود</h1><p>به‌زودی ورود با پنجره ملی خدمات فراهم می‌شود.</p>",
        '<form method="post" action="/in"><label>کد ملی <input name=n></label>'
        "<label>رمز عبور <input type=password name=p></label><button>ورود</button></form>",
    ],
)
def test_passwords_footers_and_promises_are_not(tmp_path: Path, body: str) -> None:
    assert judge(tmp_path, {"/": HOME, "/login": page(body)}).answer == "no"


def test_a_log_in_that_could_not_be_seen(tmp_path: Path) -> None:
    assert judge(tmp_path, {"/": HOME, "/login": ("blocked", "")}).answer is None


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("https://servizi.ente.it/auth/SpidLogin/login", "yes"),
        ("https://servizi.altri.it/auth/SpidLogin/login", "no"),
        ("https://www.ente.it/SpidLogin/login", "no"),  # of the portal itself, and not saved
    ],
)
def test_a_saved_copy_knows_its_agencys_hosts_by_the_mail_address(
    tmp_path: Path, address: str, answer: str
) -> None:
    mails = "".join(f'<a href="mailto:{name}">{name}</a>' for name in ("urp@ente.it", "ente@gmail.com"))
    body = f'<p>Ente</p><a href="{address}">Ingresso cittadini</a>{mails}'
    pages = {"/": page(body, lang="it")}
    assert judge(tmp_path, pages, archived=True, start="http://127.0.0.1:8000/").answer == answer


@pytest.mark.parametrize(("address", "answer"), [("#", "no"), ("/spid?idp=posta", "yes")])
def test_a_list_of_providers_that_leads_nowhere_enters_nothing(
    tmp_path: Path, address: str, answer: str
) -> None:
    listed = "".join(f'<li><a href="{address}">Prosegui con {name}</a></li>' for name in "ABC")
    body = f'<h1>Accesso</h1><a href="#fornitori">Entra con SPID</a><ul id="fornitori">{listed}</ul>'
    pages = {"/": page('<a href="/accesso">Accedi</a>', lang="it"), "/accesso": page(body, lang="it")}
    assert judge(tmp_path, pages).answer == answer


@pytest.mark.parametrize(
    ("text", "answer"), [("Informazioni su SPID", "no"), ("Accedi con SPID", "yes"), ("SPID", "yes")]
)
def test_a_link_that_tells_of_the_identity_lets_nobody_in(tmp_path: Path, text: str, answer: str) -> None:
    body = f'<h1>Accesso</h1><p>Area riservata.</p><a href="https://www.spid.gov.it/">{text}</a>'
    pages = {"/": page('<a href="/accesso">Accedi</a>', lang="it"), "/accesso": page(body, lang="it")}
    assert judge(tmp_path, pages).answer == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [("e-Devlet üzerinden dosya sorgulama", "yes"), ("e-Devlet", "no"), ("Kurumların e-Devlet adresi", "no")],
)
def test_what_is_done_through_the_identity_enters_by_it(tmp_path: Path, text: str, answer: str) -> None:
    link = f'<a href="https://www.turkiye.gov.tr/kurum-dosya-sorgulama">{text}</a>'
    assert judge(tmp_path, {"/": page(f"<p>1962</p>{link}", lang="tr")}).answer == answer


@pytest.mark.parametrize(
    ("lang", "body", "answer"),
    [
        (
            "de",
            '<p>Anmeldung mit <a href="https://eid.oesterreich.gv.at/">ID Austria</a>.</p>',
            "yes",
        ),
        (
            "de",
            '<p>Auskunft gibt <a href="https://eid.oesterreich.gv.at/">ID Austria</a>.</p>',
            "no",
        ),
        (
            "el",
            '<ul><li><a href="https://e.dimos.gr/a">Μεταφορικό ισοδύναμο – Υποβολή αίτησης</a></li></ul>'
            "<p>Η σύνδεση πραγματοποιείται με τους προσωπικούς κωδικούς Taxisnet.</p>",
            "yes",
        ),
        (
            "el",
            '<ul><li><a href="https://e.dimos.gr/a">Μεταφορικό ισοδύναμο – Υποβολή αίτησης</a></li></ul>'
            "<p>Οι κωδικοί Taxisnet εκδίδονται από την ΑΑΔΕ.</p>",
            "no",
        ),
    ],
)
def test_a_sentence_tells_by_what_identity_one_enters(
    tmp_path: Path, lang: str, body: str, answer: str
) -> None:
    pages: dict[str, PageSpec] = {
        "/": page('<p>x</p><a href="/x">y</a>', lang=lang),
        "/x": page(f"<h1>y</h1>{body}", lang=lang),
    }
    with site_of(tmp_path, pages, start="https://www.dimos.gr/", language=lang) as site:
        assert run(detect, site).answer == answer


@pytest.mark.parametrize(("button", "answer"), [("Accedi con SPID", "yes"), ("Che cos'è SPID", "no")])
def test_a_button_on_a_page_of_services(tmp_path: Path, button: str, answer: str) -> None:
    form = f'<h1>Servizi</h1><form method="post" action="/in"><button>{button}</button></form>'
    pages: dict[str, PageSpec] = {
        "/": page('<p>Comune</p><a href="/s">Servizi</a>', lang="it"),
        "/s": page(form, lang="it"),
    }
    assert judge(tmp_path, pages, language="it").answer == answer
