"""The citizen's right of access to information."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.information_access_rights import detect
from indicators.records import Finding
from tests.indicators.make_capture import START, PageSpec, page, site_of

HOME = page('<p>اداره کل راه</p><a href="/foi">دسترسی آزاد به اطلاعات</a>')


def judge(folder: Path, pages: dict[str, PageSpec], language: str | None = None) -> Finding:
    with site_of(folder, pages, language=language) as site:
        return run(detect, site)


@pytest.mark.parametrize(
    ("name", "body", "quote"),
    [
        (
            "دسترسی آزاد به اطلاعات",
            "<p>بر پایه قانون انتشار و دسترسی آزاد به اطلاعات هر شخص حق دسترسی به اطلاعات عمومی را دارد.</p>",
            "هر شخص حق دسترسی",
        ),
        (
            "حق الحصول على المعلومات",
            "<p>يحق لكل مواطن تقديم طلب للحصول على المعلومات وفق القانون رقم ٣١ ومدة الرد عشرة أيام عمل.</p>",
            "يحق لكل مواطن",
        ),
        (
            "Freedom of Information",
            "<p>Any person may make a request for records under the Act. If we refuse, you may appeal to the "
            "information officer.</p>",
            "make a request for records",
        ),
    ],
)
def test_a_page_that_tells_of_the_right(tmp_path: Path, name: str, body: str, quote: str) -> None:
    home = page(f'<p>درگاه</p><a href="/foi">{name}</a>')
    finding = judge(tmp_path, {"/": home, "/foi": page(f"<h1>{name}</h1>{body}")})
    assert (finding.answer, finding.evidence[0].url) == ("yes", START + "foi")
    assert quote in finding.evidence[0].excerpt


def test_a_form_for_requests(tmp_path: Path) -> None:
    form = (
        '<h1>درخواست اطلاعات</h1><form action="/send" method="post"><label>نام<input name="n"></label>'
        '<label>شرح درخواست<textarea name="t"></textarea></label><button>ثبت</button></form>'
    )
    finding = judge(tmp_path, {"/": HOME, "/foi": page(form)})
    assert (finding.answer, finding.evidence[0].kind) == ("yes", "form")


@pytest.mark.parametrize("host", ["https://iranfoia.ir/", "https://rti.gov.in/", "https://www.foia.gov/"])
def test_a_link_to_a_national_system_whatever_it_is_called(tmp_path: Path, host: str) -> None:
    finding = judge(tmp_path, {"/": page(f'<p>پیوندها</p><a href="{host}">شفافیت</a>')})
    assert (finding.answer, finding.evidence[0].note) == ("yes", "national_access_system")


@pytest.mark.parametrize(
    "target",
    [
        page("<h1>دسترسی آزاد به اطلاعات</h1><p>این بخش در دست ساخت است</p>"),
        page("<h1>دسترسی آزاد به اطلاعات</h1>"),
        page("<h1>کتابخانه</h1><p>ساعت کار کتابخانه اداره کل از هشت تا چهارده است.</p>"),
        ("http_error", ""),
    ],
)
def test_an_empty_or_dead_page_is_no_evidence(tmp_path: Path, target: PageSpec) -> None:
    finding = judge(tmp_path, {"/": HOME, "/foi": target})
    assert finding.answer == "no"
    assert START + "foi" in {place.url for place in finding.visited}


def test_a_page_that_could_not_be_seen(tmp_path: Path) -> None:
    assert judge(tmp_path, {"/": HOME, "/foi": ("blocked", "")}).answer is None


@pytest.mark.parametrize(("host", "answer"), [("www.rah-example.ir", "no"), ("foia.other-example.ir", "yes")])
def test_a_page_that_was_not_saved_with_its_portal_tells_nothing(
    tmp_path: Path, host: str, answer: str
) -> None:
    link = f'<a href="http://{host}/foi">دسترسی آزاد به اطلاعات</a>'
    home = page(f"<p>{link}</p><footer><p>info@rah-example.ir</p></footer>")
    with site_of(tmp_path, {"/": home}, start="http://127.0.0.1/", archived=True) as site:
        assert run(detect, site).answer == answer


def test_a_host_of_the_agency_named_after_the_right_is_its_place(tmp_path: Path) -> None:
    link = '<a href="http://ppid.example.ir/">PPID Kabupaten Contoh Raya Sekali</a>'
    with site_of(tmp_path, {"/": page(f"<h1>Kabupaten</h1><p>{link}</p>", lang="id")}) as site:
        assert run(detect, site).answer == "yes"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (
            "El derecho de acceso a la información lo tiene toda persona que presente aquí su solicitud.",
            "yes",
        ),
        ("El derecho de acceso lo tiene el usuario de la web, que presenta su solicitud por correo.", "no"),
        ("Aquí se reúnen los informes de gasto del organismo y los contratos que ha firmado este año.", "no"),
    ],
)
def test_a_text_that_begins_with_the_rights_full_name_tells_of_it(
    tmp_path: Path, text: str, answer: str
) -> None:
    home = page('<p>El organismo del agua</p><a href="/t">Transparencia</a>', lang="es")
    told = page(f"<h2>Obligaciones de transparencia</h2><p>{text}</p>", lang="es")
    assert judge(tmp_path, {"/": home, "/t": told}).answer == answer


@pytest.mark.parametrize(
    ("url", "answer"),
    [("https://forms.gle/abcd", "yes"), ("https://drive.google.com/abcd", "no"), ("/none", "no")],
)
def test_a_request_form_kept_with_a_service_for_forms(tmp_path: Path, url: str, answer: str) -> None:
    home = page('<p>Dinas Contoh</p><a href="/ppid">PPID</a>', lang="id")
    body = f'<h1>PPID</h1><p>Layanan kami</p><a href="{url}">Ajukan di sini</a>'
    assert judge(tmp_path, {"/": home, "/ppid": page(body, lang="id")}).answer == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (
            "Todas las personas tienen derecho a acceder a la información pública según la Ley 19/2013 de "
            "transparencia. La solicitud no se motiva y se resuelve en el plazo de un mes.",
            "yes",
        ),
        ("El plan prevé acceder a la información pública meteorológica con mayor rapidez que antes.", "no"),
    ],
)
def test_the_right_named_farther_on_in_a_text_that_tells_much_of_it(
    tmp_path: Path, text: str, answer: str
) -> None:
    pages: dict[str, PageSpec] = {
        "/": page('<p>Ayuntamiento</p><a href="/t">Transparencia</a>', lang="es"),
        "/t": page(f"<h1>Transparencia</h1><main><p>{text}</p></main>", lang="es"),
    }
    assert judge(tmp_path, pages, "es").answer == answer
