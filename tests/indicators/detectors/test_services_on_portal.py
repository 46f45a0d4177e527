"""Three services by name, each with something to read or use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.services_on_portal import detect
from indicators.records import Finding
from tests.indicators.make_capture import PageSpec, page, site_of

MENU = '<nav><a href="/services">خدمات</a> <a href="/news">اخبار</a></nav>'
SAYS = "این خدمت برای صاحبان کسب‌وکار در سراسر استان ارائه می‌شود."


def judge(folder: Path, pages: Mapping[str, PageSpec]) -> Finding:
    with site_of(folder, pages) as site:
        return run(detect, site)


def described(*names: str) -> str:
    return "<h1>خدمات</h1><dl>" + "".join(f"<dt>{name}</dt><dd>{SAYS}</dd>" for name in names) + "</dl>"


def test_names_with_descriptions(tmp_path: Path) -> None:
    body = described("صدور پروانه ساختمانی", "تمدید مجوز صنفی", "استعلام حریم راه")
    finding = judge(tmp_path, {"/": page(MENU), "/services": page(MENU + f"<main>{body}</main>", "خدمات")})
    assert finding.answer == "yes"
    assert {e.excerpt for e in finding.evidence} == {
        "صدور پروانه ساختمانی", "تمدید مجوز صنفی", "استعلام حریم راه",
    }  # fmt: skip
    assert all(e.url.endswith("/services") and e.locator for e in finding.evidence)


@pytest.mark.parametrize(
    ("lang", "title", "item"),
    [
        (
            "en",
            "Our services",
            "<li>Permit renewal {n}: Owners of workshops renew their yearly permit here.</li>",
        ),
        (
            "ar",
            "الخدمات الإلكترونية",
            "<h3>إصدار رخصة {n}</h3><p>يمكن لأصحاب المحلات طلب الرخصة وتجديدها سنويا.</p>",
        ),
    ],
)
def test_other_languages_and_shapes(tmp_path: Path, lang: str, title: str, item: str) -> None:
    body = f"<main><h1>{title}</h1><ul>{''.join(item.format(n=n) for n in 'ABC')}</ul></main>"
    pages = {"/": page(f'<a href="/s">{title}</a>', lang=lang), "/s": page(body, title, lang)}
    assert judge(tmp_path, pages).answer == "yes"


def test_links_to_pages_that_hold_something(tmp_path: Path) -> None:
    links = "".join(f'<li><a href="/s/{n}">صدور پروانه نوع {n}</a></li>' for n in range(3))
    pages = {
        "/": page(MENU),
        "/services": page(f"{MENU}<main><h1>خدمات</h1><ul>{links}</ul></main>"),
    }
    full = pages | {
        f"/s/{n}": page(f"<main><h1>صدور پروانه {n}</h1><p>{n}: {SAYS} {SAYS}</p></main>") for n in range(3)
    }
    assert judge(tmp_path / "full", full).answer == "yes"
    hollow = pages | {f"/s/{n}": page("<main><p>به‌زودی</p></main>") for n in range(3)}
    assert judge(tmp_path / "hollow", hollow).answer == "no"
    dead = pages | {f"/s/{n}": ("http_error", page("نیست")) for n in range(3)}
    finding = judge(tmp_path / "dead", dead)
    assert finding.answer == "no"
    assert any(place.url.endswith("/services") for place in finding.visited)


@pytest.mark.parametrize(
    "body",
    [
        described("صدور پروانه ساختمانی", "تمدید مجوز صنفی"),
        "<h1>خدمات</h1><ul><li>صدور پروانه ساختمانی</li><li>تمدید مجوز صنفی</li><li>استعلام حریم</li></ul>",
        described("مدارک لازم", "مراحل انجام خدمت", "اخبار خدمات"),
        '<h1>خدمات</h1><a href="https://a.ir/l">ورود به سامانه</a><a href="#">ورود کاربران</a>',
        "<h1>خدمات</h1><p>این اداره خدمات گوناگونی به مردم ارائه می‌کند که در آینده معرفی می‌شود.</p>",
    ],
    ids=["two", "bare names", "parts of one service", "log-in captions", "talk"],
)
def test_what_presents_no_three_services(tmp_path: Path, body: str) -> None:
    finding = judge(tmp_path, {"/": page(MENU), "/services": page(f"{MENU}<main>{body}</main>")})
    assert finding.answer == "no"
    assert finding.visited


def test_news_is_no_service(tmp_path: Path) -> None:
    news = "".join(
        f"<h3>افتتاح طرح شماره {n}</h3><p>این طرح با حضور استاندار گشایش یافت و آغاز شد.</p>"
        for n in range(4)
    )
    assert judge(tmp_path, {"/": page(MENU + f"<main><h2>اخبار</h2>{news}</main>")}).answer == "no"


def test_a_services_page_that_could_not_be_seen(tmp_path: Path) -> None:
    finding = judge(tmp_path, {"/": page(MENU), "/services": ("blocked", page("x"))})
    assert finding.answer is None
    assert "blocked" in finding.reason


def test_what_stands_in_the_frame_before_the_list_closes_nothing(tmp_path: Path) -> None:
    frame = (
        "<nav><div><h3>روابط سريعة</h3><a href='/services'>الخدمات</a> <a href='/'>الرئيسية</a></div></nav>"
    )
    rows = "".join(
        f"<tr onclick=\"location='/card'\"><td>{name}</td><td>من الحكومة إلى قطاع الأعمال</td>"
        '<td><a href="/card">تفاصيل الخدمة</a></td></tr>'
        for name in ("اعتماد المخططات الهندسية", "اعتماد خزانات النقل", "شهادة إتمام نظام الغاز")
    )
    table = f"<main><h3>البحث في الخدمات</h3><table><tr><th>اسم الخدمة</th></tr>{rows}</table></main>"
    card = (
        "<main><h1>اعتماد المخططات</h1><p>"
        + "تقدم الهيئة هذه الخدمة لأصحاب المنشآت والمكاتب الهندسية. " * 4
        + "</p></main>"
    )
    pages = {
        path: page(frame + body, lang="ar")
        for path, body in (
            ("/", "<p>الهيئة</p>"),
            ("/services", table),
            ("/card", card),
            ("/a", "<p>أولا</p>"),
            ("/b", "<p>ثانيا</p>"),
        )
    }
    assert judge(tmp_path, pages).answer == "yes"


@pytest.mark.parametrize(
    ("third", "answer"),
    [
        ("<a href='https://dig.example.ir/'>صدور مجوز حفاری</a>", "yes"),
        ("<a href='https://dig.example.ir/'>عضویت در سامانه خدمات ساختمانی</a>", "yes"),
        ("<a href='https://dig.example.ir/'>اتوماسیون اداری شهرداری</a>", "no"),
        ("<a href='https://dig.example.ir/'>نظرسنجی در مورد سامانه ۱۳۷</a>", "no"),
        ("<a href='https://dig.example.org/'>صدور مجوز حفاری</a>", "no"),
    ],
)
def test_systems_beside_the_portal_named_after_what_they_are_for(
    tmp_path: Path, third: str, answer: str
) -> None:
    tiles = (
        "<a href='https://tax.example.ir/'>درخواست مفاصا حساب</a>"
        "<a href='https://plan.example.ir/'>استعلام طرح تفصیلی</a>"
    )
    assert judge(tmp_path, {"/": page(f"<div>{tiles} {third}</div>")}).answer == answer


@pytest.mark.parametrize(
    ("caption", "answer"),
    [
        ('<a href="#">خدمات الکترونیک</a>', "yes"),
        ("<span>خدمات الکترونیک</span>", "yes"),
        ('<a href="/x">خدمات الکترونیک</a>', "no"),
        ('<a href="#">پیوندها</a>', "no"),
    ],
)
def test_a_menu_of_services_opens_the_agencys_own_systems(tmp_path: Path, caption: str, answer: str) -> None:
    names = ("عوارض نوسازی", "پایانه‌های باری", "بایگانی نقشه", "ورود کارکنان")
    entries = "".join(
        f'<li><a href="https://s{n}.example.ir/">{name}</a></li>' for n, name in enumerate(names)
    )
    opened = f"<li>{caption}<ul>{entries}</ul></li>"
    menu = f'<nav><ul>{opened}<li><a href="#">درباره</a></li></ul></nav>'
    assert judge(tmp_path, {"/": page(menu + "<p>شهرداری</p>"), "/x": page("<p>صفحه</p>")}).answer == answer


@pytest.mark.parametrize(("caption", "answer"), [("خدمات الکترونیکی", "yes"), ("درباره سازمان", "no")])
def test_what_submenus_of_a_menu_of_services_lead_to(tmp_path: Path, caption: str, answer: str) -> None:
    def entries(*names: str) -> str:
        return "".join(f'<li><a href="https://mines.example.ir/in">{name}</a></li>' for name in names)

    opened = (
        f'<li><a href="#">بخش صنعت</a><ul>{entries("صدور جواز تأسیس", "تمدید پروانه")}</ul></li>'
        f'<li><a href="#">بخش معدن</a><ul>{entries("ثبت محدوده معدنی")}</ul></li>'
    )
    menu = f'<nav><ul><li><a href="#">{caption}</a><ul>{opened}</ul></li></ul></nav>'
    assert judge(tmp_path, {"/": page(menu + "<p>سازمان</p>")}).answer == answer


def test_pages_that_a_menu_of_services_opens(tmp_path: Path) -> None:
    names = ("پذیرش دانشجوی مهمان", "تغییر رشته تحصیلی", "دریافت وام شهریه")
    entries = "".join(f'<li><a href="/s{n}">{name}</a></li>' for n, name in enumerate(names))
    menu = f'<nav><ul><li><a href="#">خدمات</a><ul>{entries}</ul></li></ul></nav>'
    pages = {f"/s{n}": page(f"<h1>{name}</h1><p>{name}: {SAYS * 2}</p>") for n, name in enumerate(names)}
    assert judge(tmp_path, {"/": page(menu), **pages}).answer == "yes"


def test_cards_whose_headings_have_the_rank_of_the_caption(tmp_path: Path) -> None:
    def card(name: str) -> str:
        return f'<div><h1><a href="/gone">{name}</a></h1></div><p>{SAYS}</p>'

    cards = "".join(map(card, ("صدور پروانه ساختمانی", "تمدید مجوز صنفی", "استعلام حریم راه")))
    pages: dict[str, PageSpec] = {"/gone": ("http_error", "")}
    pages["/"] = page(f"<main><h1>خدمات الکترونیک</h1>{cards}</main>")
    assert judge(tmp_path / "cards", pages).answer == "yes"
    pages["/"] = page(f"<main><h1>خدمات الکترونیک</h1><p>به‌زودی</p><h1>تازه‌ها</h1>{cards}</main>")
    assert judge(tmp_path / "others", pages).answer == "no"


@pytest.mark.parametrize(
    ("footer", "answer"),
    [
        ("<p>پست الکترونیک: info@rah-example.ir</p>", "yes"),
        ("<p>پست الکترونیک: kargah@gmail.com</p>", "no"),
    ],
)
def test_a_saved_copy_came_from_where_its_mail_goes(tmp_path: Path, footer: str, answer: str) -> None:
    names = {"pay": "سامانه پرداخت عوارض", "plan": "استعلام طرح تفصیلی", "dig": "پیگیری مکاتبات"}
    tiles = "".join(f'<a href="http://{host}.rah-example.ir/">{name}</a>' for host, name in names.items())
    others = "".join(
        f'<a href="http://www.{name}-example.ir/">مرکز {name}</a>' for name in ("a", "b", "c", "d")
    )
    home = page(f"<p>{tiles}</p><p>{others}</p><footer>{footer}</footer>")
    with site_of(tmp_path, {"/": home}, start="http://127.0.0.1/", archived=True) as site:
        assert run(detect, site).answer == answer


@pytest.mark.parametrize(("others", "answer"), [(2, "yes"), (4, "no")])
def test_a_saved_copy_came_from_where_most_of_its_links_go(tmp_path: Path, others: int, answer: str) -> None:
    names = {"pay": "سامانه پرداخت عوارض", "plan": "استعلام طرح تفصیلی", "dig": "پیگیری مکاتبات"}
    tiles = "".join(f'<a href="http://{host}.rah-example.ir/">{name}</a>' for host, name in names.items())
    more = "".join(f'<a href="http://www.other{n}.ir/">مرکز {n}</a>' for n in range(others))
    home = page(f"<p>{tiles}</p><p>{more}</p>")
    with site_of(tmp_path, {"/": home}, start="http://127.0.0.1/", archived=True) as site:
        assert run(detect, site).answer == answer


@pytest.mark.parametrize(
    ("between", "answer"), [("", "yes"), (" | ", "yes"), (" که از سال گذشته در همه شهرها هست و ", "no")]
)
def test_tiles_that_share_one_element(tmp_path: Path, between: str, answer: str) -> None:
    names = {"tax": "مفاصاحساب نوسازی ملک", "plan": "گواهی طرح تفصیلی", "dig": "مجوز حفاری معابر"}
    tiles = between.join(f'<a href="https://{host}.example.org/">{name}</a>' for host, name in names.items())
    assert (
        judge(tmp_path, {"/": page(f"<main><h2>خدمات الکترونیک</h2><div>{tiles}</div></main>")}).answer
        == answer
    )


def test_the_first_words_of_a_page_may_open_a_menu_of_services(tmp_path: Path) -> None:
    names = {"5": "Başvuru takip", "6": "Bilgi edinme", "7": "Çevrimiçi ödeme"}
    entries = "".join(
        f'<li><a href="https://e.liman-example.bel.tr/?s={n}">{t}</a></li>' for n, t in names.items()
    )
    menu = f'<nav><ul><li><a href="">Bilgi hizmetleri</a><ul>{entries}</ul></li></ul></nav>'
    head = '<link rel="canonical" href="https://www.liman-example.bel.tr/">'
    home = page(f"{menu}<p>Liman Belediyesi</p>", lang="tr", head=head)
    with site_of(tmp_path, {"/": home}, start="http://127.0.0.1/", archived=True) as site:
        assert run(detect, site).answer == "yes"


@pytest.mark.parametrize(("name", "answer"), [("الخدمات", "yes"), ("تقييم الخدمات", "no")])
def test_what_people_think_of_services_is_no_list_of_them(tmp_path: Path, name: str, answer: str) -> None:
    says = "<p>يحتوي هذا القسم على ما يهم الزوار من المعلومات عن البرامج.</p>"
    parts = "".join(
        f"<h2>{part}</h2>{says}"
        for part in ("البدايات والتأسيس", "خطة السنوات القادمة", "مراحل العمل الثلاث")
    )
    pages = {
        "/": page(f'<a href="/r">{name}</a>', lang="ar"),
        "/r": page(f"<h1>{name}</h1>{parts}", lang="ar"),
    }
    assert judge(tmp_path, pages).answer == answer


def test_the_central_services_of_all_bodies_are_not_the_agency_s(tmp_path: Path) -> None:
    names = ("অনলাইনে সেবার আবেদন", "জন্ম ও মৃত্যু নিবন্ধন", "অনলাইনে পাসপোর্টের আবেদন")
    links = "".join(f'<li><a href="http://forms.gov.bd/{n}">{name}</a></li>' for n, name in enumerate(names))
    home = page(f"<h1>কর্তৃপক্ষ</h1><aside><h5>কেন্দ্রীয় ই-সেবা</h5><ul>{links}</ul></aside>", lang="bn")
    with site_of(tmp_path, {"/": home}) as site:
        assert run(detect, site).answer == "no"


def test_a_short_line_stands_between_a_name_and_its_description(tmp_path: Path) -> None:
    cards = "".join(
        f'<h4><a href="#">{name}</a></h4><p>Oficina</p><p>Atiende a los vecinos que piden apoyo cada mes.</p>'
        for name in ("OMAP", "Vaso de leche", "Registro civil")
    )
    menu = '<nav><a href="/servicios">Servicios</a></nav>'
    listed = page(menu + f"<main><h1>Servicios</h1>{cards}</main>", "Servicios", lang="es")
    finding = judge(tmp_path, {"/": page(menu, lang="es"), "/servicios": listed})
    assert (finding.answer, finding.details["services"]) == ("yes", 3)


@pytest.mark.parametrize(("says", "answer"), [("الوثائق المطلوبة", "yes"), ("صورة من المقر", "no")])
def test_a_short_page_that_names_its_papers_is_one_of_a_service(
    tmp_path: Path, says: str, answer: str
) -> None:
    names = ("رخصة حفر بئر", "شهادة فلاح جديدة", "منحة غرس الأشجار")
    links = "".join(f'<li><a href="/s/{n}">{name}</a></li>' for n, name in enumerate(names))
    pages: dict[str, PageSpec] = {
        "/": page('<a href="/l">الخدمات</a>', lang="ar"),
        "/l": page(f"<h1>الخدمات الإدارية</h1><ul>{links}</ul>", "الخدمات", lang="ar"),
    }
    for n, name in enumerate(names):
        pages[f"/s/{n}"] = page(
            f"<h1>{name}</h1><h3>{says}</h3><ul><li>نسخة من بطاقة الهوية</li><li>مطلب على ورق عادي</li></ul>",
            lang="ar",
        )
    assert judge(tmp_path, pages).answer == answer


@pytest.mark.parametrize(("caption", "answer"), [("e-Υπηρεσίες", "yes"), ("Τμήματα", "no")])
def test_own_systems_listed_below_a_caption_of_services(tmp_path: Path, caption: str, answer: str) -> None:
    names = {"register": "Μητρώο μελών", "rooms": "Κρατήσεις αιθουσών", "cards": "Κάρτες μετακίνησης"}
    links = "".join(f'<li><a href="https://{n}.example.ir/">{t}</a></li>' for n, t in names.items())
    body = f"<h1>Ίδρυμα</h1><div>{caption}</div><div>Φοιτητές</div><ul>{links}</ul>"
    assert judge(tmp_path, {"/": page(body, lang="el")}).answer == answer


@pytest.mark.parametrize(
    ("caption", "answer"), [("Services en ligne", "yes"), ("Nos services", "no"), ("Le gouvernement", "no")]
)
def test_a_column_of_online_services(tmp_path: Path, caption: str, answer: str) -> None:
    names = ("Payer la taxe foncière", "Dénoncer une fraude", "Louer une salle")
    entries = "".join(f'<li><a href="/s/{n}">{name}</a></li>' for n, name in enumerate(names))
    text = "<p>" + "{} : chacun peut le faire ici sans se déplacer, de jour comme de nuit. " * 6 + "</p>"
    pages: dict[str, PageSpec] = {
        "/": page(f"<p>Province</p><footer><h4>{caption}</h4><ul>{entries}</ul></footer>", lang="fr")
    }
    pages |= {
        f"/s/{n}": page(f"<h1>{name}</h1>" + text.replace("{}", name), lang="fr")
        for n, name in enumerate(names)
    }
    assert judge(tmp_path, pages).answer == answer


def test_names_that_open_on_a_click(tmp_path: Path) -> None:
    """Of an accordion, the saved page shows the names only; what a click shows is told all the same."""
    items = "".join(
        f'<dt><button aria-expanded="false"><span>{name}</span></button></dt>'
        "<dd hidden><p>On peut la demander en mairie ou par courrier, sans frais.</p></dd>"
        for name in ("Acte de naissance", "Permis de voirie", "Carte de bus")
    )
    menu = '<nav><a href="/services">Services</a></nav>'
    body = f"<main><h1>Services</h1><dl>{items}</dl></main>"
    finding = judge(tmp_path, {"/": page(menu, lang="fr"), "/services": page(menu + body, "Services", "fr")})
    assert finding.answer == "yes"
    assert len(finding.evidence) == 3


@pytest.mark.parametrize(("count", "answer"), [(4, "yes"), (2, "no")])
def test_a_row_of_cards_without_headings(tmp_path: Path, count: int, answer: str) -> None:
    names = ("Hitung pajak", "Cetak bukti setor", "Jadwal mobil keliling", "Lapor jual")[:count]
    cards = "".join(
        f"<div><div>{name}</div><div>Untuk pemilik kendaraan yang terdaftar di provinsi ini.</div></div>"
        for name in names
    )
    home = page(f"<main><h2>Layanan kami</h2>{cards}</main>", lang="id")
    assert judge(tmp_path, {"/": home}).answer == answer


def test_the_foot_of_a_card_closes_no_list(tmp_path: Path) -> None:
    cards = "".join(
        f'<div class="card"><h5>{name}</h5><h5>FONDO DE APOYO {name}</h5><p>Créditos para quienes abren o '
        f'amplían un taller.</p><div class="card-footer"><a href="#">Descargar</a></div></div>'
        for name in ("FOTA", "FOMI", "FOJO")
    )
    home = page(f"<main><h2>Nuestros programas</h2>{cards}</main>", lang="es")
    assert judge(tmp_path, {"/": home}).answer == "yes"


def test_rows_whose_last_cell_lets_in(tmp_path: Path) -> None:
    rows = "".join(
        f'<tr><td>{number}</td><td>{name}</td><td>1{number}</td><td><a href="/s{number}">ورود</a></td></tr>'
        for number, name in enumerate(
            ("صدور پروانه ساختمانی", "صدور گواهی پایان کار", "پاسخ به استعلام دفترخانه")
        )
    )
    form = '<h1>ورود</h1><form method="post" action="/in"><input name="a"><button>ثبت</button></form>'
    pages = {
        "/": page('<p>درگاه</p><a href="/x">فهرست خدمات</a>'),
        "/x": page(f"<h1>فهرست خدمات</h1><table><tr><th>ردیف</th><th>عنوان</th></tr>{rows}</table>"),
        **{f"/s{number}": page(form) for number in range(3)},
    }
    assert judge(tmp_path, pages).answer == "yes"


@pytest.mark.parametrize(
    ("lang", "systems", "answer"),
    [
        ("tr", ("bel|e-Tahsilat", "form|Nikâh başvurusu", "harita|Kent rehberi"), "yes"),
        ("tr", ("form|Nikâh başvurusu", "form|Pazar yeri başvurusu", "form|Numarataj başvurusu"), "yes"),
        ("tr", ("bel|e-Tahsilat", "bel|e-Beyan", "bel|e-Ödeme"), "no"),  # three names of one system
        ("tr", ("haber|E-Haberler", "posta|E-posta", "basin|Haber portalı"), "no"),
        ("en", ("tax|E-Filing", "court|E-Courts", "plan|Check plans online"), "yes"),
        ("en", ("news|E-news", "mail|E-mail", "parks|The parks of the city"), "no"),
    ],
)
def test_own_systems_by_what_their_names_begin_or_end_with(
    tmp_path: Path, lang: str, systems: tuple[str, ...], answer: str
) -> None:
    named = (system.split("|") for system in systems)
    links = "".join(f'<li><a href="https://{host}.example.ir/">{name}</a></li>' for host, name in named)
    assert judge(tmp_path, {"/": page(f"<p>1923</p><ul>{links}</ul>", lang=lang)}).answer == answer


@pytest.mark.parametrize(
    ("lang", "menu", "heads", "answer"),
    [
        ("tr", "Belgeler", ["Sıra", "Hizmetin Adı", "İstenen Belgeler", "Tamamlanma Süresi"], "yes"),
        ("tr", "Etkinlikler", ["Sıra", "Etkinlik", "Salon", "Süre"], "no"),
    ],
)
def test_a_table_with_columns_for_what_each_service_takes(
    tmp_path: Path, lang: str, menu: str, heads: list[str], answer: str
) -> None:
    rows = "".join(
        f"<tr><td>{n}</td><td>{name}</td><td>Dilekçe</td><td>15 gün</td></tr>"
        for n, name in enumerate(("Apostil tasdik şerhi", "Silah ruhsatı başvurusu", "Dernek kaydı"), 1)
    )
    head = "".join(f"<th>{text}</th>" for text in heads)
    pages: dict[str, PageSpec] = {
        "/": page(f'<p>Valilik</p><a href="/x">{menu}</a>', lang=lang),
        "/x": page(f"<h1>{menu}</h1><table><tr>{head}</tr>{rows}</table>", lang=lang),
    }
    with site_of(tmp_path, pages, language=lang) as site:
        assert run(detect, site).answer == answer


@pytest.mark.parametrize(("name", "answer"), [("Servicios", "yes"), ("Galería", "no")])
def test_a_page_that_says_nothing_of_itself_is_what_its_link_calls_it(
    tmp_path: Path, name: str, answer: str
) -> None:
    cards = "".join(
        f"<div><h3>{title}</h3><p>Se atiende de lunes a viernes en la oficina de la plaza mayor.</p></div>"
        for title in ("Registro civil", "Licencia de obras", "Padrón de habitantes")
    )
    pages = {"/": f'<p>Municipio</p><a href="/p2">{name}</a>', "/p2": cards}
    finding = judge(
        tmp_path, {path: page(body, title="Municipio", lang="es") for path, body in pages.items()}
    )
    assert finding.answer == answer


@pytest.mark.parametrize(
    ("head", "answer"), [(("Trámite", "Unidad", "Plazo"), "yes"), (("Lugar", "Unidad", "Barrio"), "no")]
)
def test_rows_of_a_table_that_tells_terms(tmp_path: Path, head: tuple[str, ...], answer: str) -> None:
    rows = [
        ("Licencia de obra menor", "Urbanismo", "1 mes"),
        ("Alta en el padrón", "Estadística", "1 día"),
        ("Vado permanente", "Policía local", "15 días"),
    ]
    table = "<tr>" + "".join(f"<th>{cell}</th>" for cell in head) + "</tr>"
    table += "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    finding = judge(
        tmp_path,
        {
            "/": page('<nav><a href="/t">Trámites</a></nav>', lang="es"),
            "/t": page(f"<main><h1>Trámites</h1><table>{table}</table></main>", "Trámites", "es"),
        },
    )
    assert finding.answer == answer
