"""Subordinate offices, branches, affiliated institutions."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.subordinate_institutions import detect
from indicators.records import Finding
from tests.indicators.make_capture import START, PageSpec, page, site_of


def judge(folder: Path, pages: dict[str, PageSpec], language: str | None = None) -> Finding:
    with site_of(folder, pages, language=language) as site:
        return run(detect, site)


def around(name: str, body: str, lang: str = "fa") -> dict[str, PageSpec]:
    return {"/": page(f'<p>درگاه</p><a href="/x">{name}</a>', lang=lang), "/x": page(body, lang=lang)}


def test_a_table_of_county_offices(tmp_path: Path) -> None:
    body = """<h1>ادارات شهرستان‌ها</h1><table>
    <tr><th>شهرستان</th><th>رئیس</th><th>تلفن</th><th>نشانی</th></tr>
    <tr><td>فیروزکوه</td><td>ناصر کیانی</td><td>۰۲۱-۷۶۴۴۱۹۱۵</td><td>فیروزکوه، خیابان معلم، ورزشگاه</td></tr>
    <tr><td>رودهن</td><td>لیلا صفایی</td><td>۰۲۱-۷۶۵۰۲۳۴۷</td><td>رودهن، میدان امام، مجموعه کوثر</td></tr>
    </table>"""
    finding = judge(tmp_path, around("ادارات شهرستان‌ها", body))
    assert (finding.answer, finding.details["offices"]) == ("yes", 2)
    assert [e.excerpt for e in finding.evidence] == ["فیروزکوه", "رودهن"]


def test_headings_with_addresses_below_them(tmp_path: Path) -> None:
    body = """<h1>فروع الوزارة</h1><h2>فرع المنطقة الشرقية</h2><p>هاتف: 0133456789</p>
    <h2>فرع المنطقة الغربية</h2><p>هاتف: 0126543210</p>"""
    finding = judge(tmp_path, around("فروع الوزارة", body, "ar"), "ar")
    assert (finding.answer, finding.evidence[0].excerpt) == ("yes", "فرع المنطقة الشرقية")


def test_institutions_with_portals_or_descriptions_of_their_own(tmp_path: Path) -> None:
    body = """<h1>Affiliated institutions</h1>
    <ul><li><a href="https://lab.example.org/">Central Soil Laboratory</a></li></ul>
    <h3>Institute of Forestry</h3><p>The institute breeds trees for dry land, trains foresters of the
    province and keeps a collection of seeds that farmers may ask for.</p>"""
    finding = judge(tmp_path, around("Affiliated institutions", body, "en"), "en")
    assert finding.answer == "yes"
    assert {e.excerpt for e in finding.evidence} == {"Central Soil Laboratory", "Institute of Forestry"}


def test_field_offices_among_the_contacts(tmp_path: Path) -> None:
    body = """<h1>Contact</h1><dl><dt>Headquarters</dt><dd>Tel: (202) 254-3600</dd>
    <dt>Dallas Field Office</dt><dd>Tel: (214) 747-1519</dd>
    <dt>Midwest Field Office</dt><dd>Tel: (313) 226-4496</dd></dl>"""
    finding = judge(tmp_path, around("Contact us", body, "en"), "en")
    assert [e.excerpt for e in finding.evidence] == ["Dallas Field Office", "Midwest Field Office"]


@pytest.mark.parametrize(
    "body",
    [
        "<h1>ادارات شهرستان‌ها</h1><p>این صفحه در دست ساخت است.</p>",
        "<h1>ادارات شهرستان‌ها</h1><ul><li>فیروزکوه</li><li>رودهن</li><li>دماوند</li></ul>",
        "<h1>ادارات شهرستان‌ها</h1><h2>اداره رودهن</h2><p>تلفن: ۰۲۱-۷۶۵۰۲۳۴۷</p>",
        "<h1>ادارات شهرستان‌ها</h1><p><a href='/dead'>اداره فیروزکوه</a> <a href='/gone'>اداره رودهن</a></p>",
    ],
)
def test_names_alone_one_office_and_dead_links_are_not_enough(tmp_path: Path, body: str) -> None:
    pages = around("ادارات شهرستان‌ها", body) | {"/dead": ("http_error", ""), "/gone": ("soft_404", "")}
    finding = judge(tmp_path, pages)
    assert finding.answer == "no"
    assert START + "x" in {place.url for place in finding.visited}


def test_a_menu_names_the_kind_and_then_its_institutions(tmp_path: Path) -> None:
    entries = "".join(
        f'<li><a href="https://{host}.example.ac.ir"><span>{name}</span></a></li>'
        for host, name in (("eng", "دانشکده فنی ومهندسي"), ("sci", "دانشکده علوم"), ("lib", "کتابخانه مرکزی"))
    )
    caption = '<a href="javascript:void(0)">دانشکده ها</a>'
    menu = f'<div class="menu"><ul><li>{caption}<ul>{entries}</ul></li></ul></div>'
    finding = judge(tmp_path, {"/": page(f"{menu}<p>دانشگاه استان</p>")})
    assert (finding.answer, finding.details["offices"]) == ("yes", 2)


def test_in_a_column_the_kind_may_stand_in_the_tooltips_alone(tmp_path: Path) -> None:
    def column(kind: str) -> dict[str, PageSpec]:
        links = "".join(
            f'<li><a href="https://h{n}.example.ac.ir" title="{kind} {name}">{name}</a></li>'
            for n, name in enumerate(("شفا", "رازی"))
        )
        return {"/": page(f'<p>دانشگاه</p><h4>بیمارستان ها</h4><ul class="uk-nav">{links}</ul>')}

    assert judge(tmp_path / "named", column("بیمارستان")).answer == "yes"
    assert judge(tmp_path / "others", column("همایش")).answer == "no"


@pytest.mark.parametrize(
    ("names", "answer"),
    [
        (("مكتب الوادي", "مكتب الجبل"), "yes"),  # the plural of the caption is broken within the word
        (("قسم الوادي", "قسم الجبل"), "no"),
    ],
)
def test_offices_below_a_broken_plural(tmp_path: Path, names: tuple[str, ...], answer: str) -> None:
    entries = "".join(
        f'<li><a href="https://o{n}.example.org">{name}</a></li>' for n, name in enumerate(names)
    )
    menu = f'<nav><ul><li><a name="sub">مكاتب التعليم</a><ul>{entries}</ul></li></ul></nav>'
    pages = {"/": page(f"{menu}<p>إدارة التعليم</p>", lang="ar")}
    assert judge(tmp_path, pages, "ar").answer == answer


@pytest.mark.parametrize(("domain", "answer"), [("example.ir", "yes"), ("example.org", "no")])
def test_units_with_hosts_of_their_own_below_the_agencys_name(
    tmp_path: Path, domain: str, answer: str
) -> None:
    names = ("Kanunlar Genel Müdürlüğü", "Yayın İşleri Dairesi Başkanlığı")
    entries = "".join(f'<li><a href="http://u{n}.{domain}/">{name}</a></li>' for n, name in enumerate(names))
    menu = f'<nav><ul><li><a href="#">BİRİMLER</a><ul>{entries}</ul></li></ul></nav>'
    pages = {"/": page(f"{menu}<p>Bakanlık</p>", lang="tr")}
    assert judge(tmp_path, pages, "tr").answer == answer


@pytest.mark.parametrize(
    ("kind", "domain", "answer"),
    [
        ("دانشکده", "example.ir", "yes"),
        ("مدیریت", "example.ir", "no"),  # departments of the agency itself
        ("دانشکده", "example.org", "no"),
    ],
)
def test_institutions_of_one_kind_on_hosts_of_their_own_below_no_caption(
    tmp_path: Path, kind: str, domain: str, answer: str
) -> None:
    units = "".join(
        f'<div><a href="http://u{n}.{domain}/">{kind} {name}</a></div>'
        for n, name in enumerate(("معماری و شهرسازی", "حفاظت و مرمت", "صنایع دستی"))
    )
    assert judge(tmp_path, {"/": page(f"<p>درگاه</p>{units}")}).answer == answer


@pytest.mark.parametrize(
    ("lang", "name", "body"),
    [
        (
            "fr",
            "Les entités sous tutelle",
            "<h5>Fonds du livre</h5><p>{}</p><h5>Bibliothèque nationale</h5><p>{}</p>",
        ),
        (
            "es",
            "Campus",
            '<ul><li><a href="/a">Sede de Norte</a></li><li><a href="/b">Sede de Sur</a></li></ul>',
        ),
    ],
)
def test_bodies_below_a_heading_for_them(tmp_path: Path, lang: str, name: str, body: str) -> None:
    told = "C'est un établissement public qui soutient la création et la lecture dans tout le pays."
    told_page = page(f"<h3>{name}</h3>{body.format(told, told)}", lang=lang)
    seat = page("<h1>La sede</h1><p>Aulas, biblioteca y residencia junto al río de la ciudad.</p>", lang="es")
    pages: dict[str, PageSpec] = {"/": page(f'<p>x</p><a href="/x">{name}</a>', lang=lang), "/x": told_page}
    assert judge(tmp_path, pages | {"/a": seat, "/b": seat}, lang).answer == "yes"


@pytest.mark.parametrize(("caption", "answer"), [("Services provinciaux", "yes"), ("Nos chiffres", "no")])
def test_offices_below_a_line_that_is_no_heading(tmp_path: Path, caption: str, answer: str) -> None:
    cards = "".join(
        f'<div><div>{name}</div><div>{box}@province.example.org</div><a href="/{box}">Voir la page</a></div>'
        for name, box in (("Eaux et forêts", "forets"), ("Routes et ponts", "routes"))
    )
    pages = around("Contact", f"<h1>Contact</h1><div>{caption}</div>{cards}", "fr")
    finding = judge(tmp_path, pages, "fr")
    assert finding.answer == answer
    if answer == "yes":
        assert [e.excerpt for e in finding.evidence] == ["Eaux et forêts", "Routes et ponts"]


@pytest.mark.parametrize(
    ("lang", "name", "lines", "answer"),
    [
        (
            "ru",
            "Подведомственные организации",
            "<li>ГБУ «Ветеринарная лаборатория», ул. Мира, 4, тел. (8442) 33-20-20</li>"
            '<li>ГБУ «Центр компетенций», сайт <a href="https://ck.example.org">ck.example.org</a></li>',
            "yes",
        ),
        (
            "bn",
            "আওতাধীন দপ্তর",
            '<li>জেলা মৎস্য কর্মকর্তার কার্যালয়, কুমিল্লা – <a href="https://comilla.example.org">ওয়েবসাইট</a></li>'
            '<li>জেলা মৎস্য কর্মকর্তার কার্যালয়, যশোর – <a href="https://jessore.example.org">ওয়েবসাইট</a></li>',
            "yes",
        ),
        (
            "id",
            "UPTD",
            "<li>UPTD Radio – Jl. Siliwangi 4</li><li>UPTD Pusat Data – Jl. Veteran 9</li>",
            "yes",
        ),
        (  # one office, its telephone and its portal on one line
            "tr",
            "Bağlı Birimler",
            '<li><a href="https://kultur.example.org">Kültür Merkezi</a> '
            "– Atatürk Cad. 14, 0232 555 30 30</li>",
            "no",
        ),
    ],
)
def test_lines_with_an_office_and_how_to_reach_it(
    tmp_path: Path, lang: str, name: str, lines: str, answer: str
) -> None:
    pages = around(name, f"<h1>{name}</h1><ul>{lines}</ul>", lang)
    assert judge(tmp_path, pages, lang).answer == answer


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (
            '<ul><li><a href="https://amol.abfa.example.ir">آمل</a></li>'
            '<li><a href="https://babol.abfa.example.ir">بابل</a></li>'
            '<li><a href="https://sari.abfa.example.ir">ساری</a></li></ul>',
            "yes",
        ),
        (
            '<ul><li><a href="https://www.wra.example">Water Resources Fund</a></li>'
            '<li><a href="https://www.nws.example">National Water Storage</a></li>'
            '<li><a href="https://www.pipe.example">Pipes of the North</a></li></ul>',
            "yes",
        ),
        (
            "<table><tr><th>الاسم</th><th>الهاتف</th></tr><tr><td>مياه إربد</td><td>027241000</td></tr>"
            "<tr><td>مياه الكرك</td><td>032351000</td></tr></table>",
            "yes",
        ),
        (
            '<ul><li><a href="https://www.one.example">آمل</a></li>'
            '<li><a href="https://www.two.example">بابل</a></li>'
            '<li><a href="https://www.three.example">ساری</a></li></ul>',
            "no",
        ),
    ],
    ids=["places on hosts of one domain", "names on three hosts", "numbers of a column", "places anywhere"],
)
def test_what_stands_on_a_page_called_one_of_offices(tmp_path: Path, body: str, answer: str) -> None:
    assert judge(tmp_path, around("ادارات تابعه", f"<h1>ادارات تابعه</h1>{body}")).answer == answer


@pytest.mark.parametrize(("kind", "answer"), [("دانشکده‌ها", "yes"), ("همایش‌ها", "no")])
def test_headings_for_offices_on_a_page_of_another_name(tmp_path: Path, kind: str, answer: str) -> None:
    links = "".join(
        f'<li><a href="https://{host}.example.net">دانشکده {name}</a></li>'
        for host, name in (("a", "پزشکی"), ("b", "پرستاری"))
    )
    body = f"<h1>آشنایی با بخش‌ها</h1><h3>{kind}</h3><ul>{links}</ul>"
    assert judge(tmp_path, around("آشنایی با بخش‌ها", body)).answer == answer


def test_a_part_of_a_page_about_something_else(tmp_path: Path) -> None:
    table = (
        "<table><tr><td>Камышловский филиал</td><td>г. Камышловск, ул. Ленина, 5</td></tr>"
        "<tr><td>Северный филиал</td><td>г. Северск, ул. Мира, 9</td></tr></table>"
    )
    pages = around("Сведения", f"<h1>Сведения</h1><h4>Филиалы</h4>{table}<h4>Устав</h4>", "ru")
    assert judge(tmp_path, pages, "ru").answer == "yes"


def test_entries_that_begin_with_a_place_and_go_on_with_how_to_reach_it(tmp_path: Path) -> None:
    body = """<h1>Sub-county offices</h1><ul><li>Makuru East - P.O. Box 12, tel. +254 722 000111</li>
    <li>Makuru West - P.O. Box 40, tel. +254 722 000112</li><li>Note: closed on Friday</li></ul>"""
    finding = judge(tmp_path, around("Sub-county offices", body, "en"), "en")
    assert (finding.answer, finding.details["offices"]) == ("yes", 2)


def test_a_column_of_numbers_as_they_are_dialled_in_another_country(tmp_path: Path) -> None:
    body = """<h1>Direcciones zonales</h1><table><tr><th>Oficina</th><th>Dirección</th><th>Teléfono</th></tr>
    <tr><td>Zonal Ibarra</td><td>Calle Bolívar 4-23</td><td>06 260 1234</td></tr>
    <tr><td>Zonal Loja</td><td>Calle Sucre 10-11</td><td>07 257 8901</td></tr></table>"""
    finding = judge(tmp_path, around("Direcciones zonales", body, "es"), "es")
    assert [e.excerpt for e in finding.evidence] == ["Zonal Ibarra", "Zonal Loja"]
    finding = judge(
        tmp_path / "years", around("Direcciones zonales", body.replace("Teléfono", "Año"), "es"), "es"
    )
    assert finding.answer == "no"
