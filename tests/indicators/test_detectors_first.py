"""Detectors of contacts, profile, site map, news, people, links, privacy, help, languages and networks, each
on small pages as real portals have them: those that show what is asked, and those that only look so."""

# Pages are read more easily in one line than cut in pieces.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from indicators.detector import all_detectors, run
from indicators.records import Finding
from tests.indicators.make_capture import PageSpec, page, site_of

LONG_FA = "این اداره کل در سال ۱۳۵۲ بر پایه قانون تأسیس شد و وظیفه آن نگهداری راه‌های استان است. " * 4
LONG_EN = (
    "The agency was established by the Act of 1980 and is responsible for licensing. Its mission is safety. "
    * 4
)
LONG_AR = "تأسست الوزارة بموجب القانون رقم ١٢ وتهدف إلى تنظيم الخدمات، ومن المهام الإشراف على التنفيذ. " * 4
PRIVACY_FA = (
    "اطلاعات شخصی کاربران مانند کد ملی و شماره تماس تنها برای رسیدگی به درخواست‌ها جمع‌آوری و نگهداری می‌شود و بدون "
    "رضایت آنان در اختیار اشخاص ثالث قرار نمی‌گیرد. کوکی‌ها تنها برای نگه داشتن زبان به کار می‌روند و پس از پایان بازدید پاک می‌شوند."
)
PRIVACY_EN = (
    "We collect personal information such as your name and e-mail address only when you give it to us. It is stored "
    "for one year and never disclosed to third parties without your consent. Cookies are used for language only."
)
PRIVACY_AR = (
    "نجمع المعلومات الشخصية مثل الاسم ورقم الهاتف فقط عند تقديم الطلب، ولا نشاركها مع أطراف ثالثة إلا بعد موافقتك. "
    "تحفظ البيانات الشخصية لمدة عام واحد، وتستخدم ملفات تعريف الارتباط لحفظ اللغة فقط ثم تحذف بعد ذلك."
)


def judge(folder: Path, indicator: str, pages: Mapping[str, PageSpec], **options: object) -> Finding:
    with site_of(folder, pages, **options) as site:
        return run(all_detectors()[indicator], site)


def home(*links: tuple[str, str], body: str = "", lang: str = "fa", footer: str = "") -> str:
    menu = "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in links)
    return page(f"<nav><ul>{menu}</ul></nav><main>{body}</main><footer>{footer}</footer>", lang=lang)


def with_page(name: str, body: str, *, lang: str = "fa", title: str | None = None) -> dict[str, PageSpec]:
    """A home page whose menu names one other page."""
    return {
        "/": home(("/x", name), lang=lang),
        "/x": page(f"<main><h1>{title or name}</h1>{body}</main>", title=title or name, lang=lang),
    }


CASES: list[tuple[str, str, str, dict[str, PageSpec]]] = [
    # contact_info
    ("contact_info", "yes", "fa footer", {"/": home(footer="<p>نشانی: ساری، بلوار خزر، کوچه ۱۲ تلفن: ۰۱۱-۳۳۲۵۶۶۴۷</p>")}),
    ("contact_info", "yes", "ar", with_page("اتصل بنا", "<p>هاتف: ٠١١٢٣٤٤٥٦٦</p>", lang="ar")),
    ("contact_info", "yes", "en", with_page("Contact us", "<p>Tel: (202) 254-3600</p>", lang="en")),
    ("contact_info", "yes", "tel link", {"/": home(footer='<a href="tel:+982133256647">تماس بگیرید</a>')}),
    ("contact_info", "no", "a form is not enough", with_page("تماس با ما", "<form><label>نام <input name=n></label></form>")),
    ("contact_info", "no", "links named after a number", {"/": home(footer='<div><a href="/a">نظرسنجی درباره سامانه ۱۸۸۸</a> <a href="/b">سامانه ۱۳۷</a> <a href="/c">درباره شهر</a></div>')}),
    ("contact_info", "no", "an entry of a menu named after a number", {"/": home(body='<ul class="menu"><li><a href="/a">سامانه نظرسنجی 1888</a></li></ul>')}),
    ("contact_info", "yes", "a number among links", {"/": home(footer='<div><a href="/a">نقشه پایگاه</a> <a href="/b">پرسش‌های متداول</a> <a href="/c">تماس با ما</a> ۰۱۱-۳۳۲۵۶۶۴۷</div>')}),
    ("contact_info", "no", "a template says what belongs there", {"/": home(lang="it", footer="<p>PEC: nome.cognome@comune.it</p>")}),
    ("contact_info", "yes", "where complaints are written to", with_page("Quejas y sugerencias", '<p>Escriba <a href="mailto:quejas@ciudad.gob.mx">aquí</a></p>', lang="es")),
    ("contact_info", "no", "filler", with_page("تماس با ما", "<p>تلفن: ۰۲۱-۱۲۳۴۵۶۷۸ info@example.com</p>")),
    (
        "contact_info", "no", "the studio's own",
        {"/": home(footer="<p>طراحی و پشتیبانی: شرکت رایان‌پرداز تلفن: ۰۲۱-۸۸۹۹۷۷۶۶ info@rayan.ir</p>")},
    ),
    # email_available
    ("email_available", "yes", "mailto", {"/": home(footer='<a href="mailto:info@sari.gov.ir">پست الکترونیک</a>')}),
    ("email_available", "yes", "for people only", with_page("تماس با ما", "<p>info [at] sari [dot] ir</p>")),
    ("email_available", "yes", "en", with_page("Contact", "<p>Write to help(at)agency.gov</p>", lang="en")),
    ("email_available", "no", "filler", with_page("تماس با ما", "<p>ایمیل: info@example.com</p>")),
    (
        "email_available", "no", "the studio's own",
        {"/": home(footer='<p>طراحی سایت: <a href="https://rayan.ir">رایان</a></p><p>support@rayan.ir</p>')},
    ),
    (
        "contact_info", "no", "a menu in one line is no address",
        {"/": home(footer='<a href="/a">Kabupaten</a> <a href="/b">Kota</a> <a href="/c">Kecamatan 2</a>', lang="id")},
    ),
    # org_profile
    ("org_profile", "yes", "fa", with_page("درباره ما", f"<p>{LONG_FA}</p>")),
    ("org_profile", "yes", "ar", with_page("نبذة عن الوزارة", f"<p>{LONG_AR}</p>", lang="ar")),
    ("org_profile", "yes", "en", with_page("About us", f"<p>{LONG_EN}</p>", lang="en")),
    ("org_profile", "yes", "captions that are no headings", with_page("Gobierno local", "<div>MISIÓN</div><p>Somos una institución al servicio de los vecinos del distrito, que brinda servicios de calidad y promueve el desarrollo local de manera transparente.</p><div>VISIÓN</div><p>Ser un municipio moderno y ordenado, con una gestión responsable de sus recursos y objetivos claros para todos sus habitantes.</p>", lang="es", title="Inicio")),
    ("org_profile", "yes", "the first page says what the agency is", {"/": home(lang="es", body="<p>La SOP es la encargada de diseñar y ejecutar las políticas de obras públicas del estado, por ley tiene entre sus funciones construir y conservar los caminos, puentes y edificios, vigilar el transporte y autorizar las rutas de los autobuses que sirven a los habitantes de cada región y municipio.</p>")}),
    ("org_profile", "yes", "a cabinet", with_page("Le Cabinet", "<p>Le Cabinet du Ministre est un organe qui assiste le Ministre dans la conduite de la politique nationale.</p><h4>Les missions du Cabinet</h4><p>Il coordonne les activités des services du ministère, assure la communication interne et externe, suit l'exécution des politiques et prépare les dossiers qui sont soumis au conseil.</p>", lang="fr")),
    ("org_profile", "yes", "a list of units", with_page("Organizzazione", "<ul><li>Settore Affari generali</li><li>Servizio Protocollo</li><li>Ufficio Tributi</li><li>Settore Lavori pubblici</li><li>Ufficio Scuola</li></ul>", lang="it")),
    ("org_profile", "no", "a menu whose entries begin like units", with_page("Organizzazione", "<ul><li>Legge sulla trasparenza</li><li>Statuto del comune</li><li>Uffici e orari</li><li>Struttura del sito</li><li>Obiettivi raggiunti</li></ul>", lang="it")),
    ("org_profile", "no", "a list of other things", with_page("Organizzazione", "<ul><li>Festa del paese</li><li>Mercato di Natale</li><li>Corsa podistica</li><li>Sagra della castagna</li><li>Cinema estivo</li></ul>", lang="it")),
    ("org_profile", "no", "being built", with_page("درباره ما", "<p>این صفحه در دست ساخت است.</p>")),
    ("org_profile", "no", "a menu of links", with_page("معرفی", '<ul><li><a href="/a">تاریخچه</a></li></ul>')),
    (
        "org_profile", "no", "a menu in one line presents nobody",
        with_page("Profil", "<div>" + "".join(
            f'<a href="/{n}">Visi, misi dan tugas dinas bagian {n} yang dibentuk</a> ' for n in range(8)) + "</div>", lang="id"),
    ),
    # sitemap
    (
        "sitemap", "yes", "for people",
        {
            "/": home(("/map", "نقشه سایت")),
            "/map": page("<h1>نقشه سایت</h1>" + "".join(f'<a href="/s{i}">بخش {i}</a> ' for i in range(12))),
            **{f"/s{i}": page(f"<p>متن بخش شماره {i}</p>") for i in range(12)},
        },
    ),
    ("sitemap", "no", "a dead link", {"/": home(("/map", "نقشه سایت")), "/map": ("http_error", "")}),
    (
        "sitemap", "no", "a list of dead links",
        {
            "/": home(("/map", "Site map"), lang="en"),
            "/map": page("<h1>Site map</h1>" + "".join(f'<a href="/s{i}">Part {i}</a> ' for i in range(12)), lang="en"),
            **{f"/s{i}": ("http_error", "") for i in range(12)},
        },
    ),
    # privacy_policy
    ("privacy_policy", "yes", "fa", with_page("حریم خصوصی", f"<p>{PRIVACY_FA}</p>")),
    ("privacy_policy", "yes", "ar", with_page("سياسة الخصوصية", f"<p>{PRIVACY_AR}</p>", lang="ar")),
    ("privacy_policy", "yes", "en", with_page("Privacy policy", f"<p>{PRIVACY_EN}</p>", lang="en")),
    (
        "privacy_policy", "yes", "a section of the terms",
        with_page("Terms of use", f"<h2>Copyright</h2><p>All rights.</p><h2>Privacy</h2><p>{PRIVACY_EN}</p>", lang="en"),
    ),
    ("privacy_policy", "yes", "a paragraph of the legal notice", with_page("Mentions légales", "<p>Hébergeur : un prestataire français.</p><p>Les données personnelles recueillies sur ce site servent à répondre aux demandes des usagers. Vous disposez d'un droit d'accès, de rectification et d'effacement auprès du délégué à la protection des données. Elles sont conservées un an.</p>", lang="fr")),
    ("privacy_policy", "no", "a legal notice on rights of authors", with_page("Mentions légales", "<p>Hébergeur : un prestataire français. Les textes et les images de ce site sont protégés par le droit d'auteur et ne peuvent être reproduits sans autorisation écrite de la commune, qui en est titulaire. Tout usage commercial est interdit.</p>", lang="fr")),
    ("privacy_policy", "no", "empty", with_page("Privacy policy", "<p>No content available.</p>", lang="en")),
    ("privacy_policy", "no", "one line", {"/": home(body="<form>نام <input name=n><p>اطلاعات شما محرمانه است.</p></form>")}),
    # help_facilities
    ("help_facilities", "yes", "short questions", with_page("Preguntas frecuentes", "<h3>¿Cómo solicito el certificado?</h3><p>Puede pedirlo en la sede electrónica.</p><h3>¿Cuánto cuesta?</h3><p>El certificado es gratuito para los vecinos.</p><h3>¿Cuánto tarda?</h3><p>Se entrega en el momento.</p>", lang="es")),
    ("help_facilities", "no", "captions of a service", with_page("Servicios", "<h3>¿Qué es?</h3><p>El certificado que acredita la residencia.</p><h3>¿Cuánto cuesta?</h3><p>El certificado es gratuito para los vecinos.</p><h3>¿Cuánto tarda?</h3><p>Se entrega en el momento.</p>", lang="es")),
    (
        "help_facilities", "yes", "fa questions",
        with_page(
            "پرسش‌های متداول",
            "<h3>چگونه نوبت بگیرم؟</h3><p>از بخش نوبت‌دهی، روز خود را انتخاب کنید.</p>"
            "<h3>هزینه چقدر است؟</h3><p>برای بیشتر خدمت‌ها هزینه‌ای گرفته نمی‌شود.</p>"
            "<h3>مدارک لازم چیست؟</h3><p>کارت ملی و شناسنامه متقاضی کافی است.</p>",
        ),
    ),
    (
        "help_facilities", "yes", "closed answers",
        with_page(
            "FAQ",
            "".join(
                f'<button>How do I get form {i}?</button><div style="display:none"><p>Ask at the desk of the office.</p></div>'
                for i in range(3)
            ),
            lang="en",
        ),
    ),
    (
        "help_facilities", "yes", "under a label on a page about something else",
        with_page(
            "Ammissione",
            "<p>Domande frequenti</p><h2>Le risposte alle domande più comuni</h2>" + "".join(
                f"<button><span>Chi può iscriversi al piano {i}?</span></button>"
                '<div style="display:none"><p>Tutti gli studenti iscritti al nostro istituto.</p></div>'
                for i in range(3)
            ),
            lang="it",
        ),
    ),
    (
        "help_facilities", "yes", "a guide",
        with_page(
            "راهنمای استفاده از درگاه",
            "<p>" + "ابتدا وارد شوید، سپس گزینه درخواست را انتخاب کنید و روی دکمه ارسال کلیک کنید. " * 5 + "</p>",
        ),
    ),
    (
        "help_facilities", "yes", "question and answer in one paragraph",
        with_page(
            "سوالات متداول",
            "<p>سهمیه کود را چه زمانی می‌دهند؟<br>از مهر تا پایان آبان هر سال.</p><p>بیمه محصول کجاست؟<br>در شعبه‌های بانک کشاورزی.</p>"
            "<p>آیا تغییر کاربری مجاز است؟<br>بدون مجوز کمیسیون ممنوع است.</p>",
        ),
    ),
    ("help_facilities", "no", "questions without answers", with_page("سوالات متداول", "<p>چگونه ثبت‌نام کنم؟</p>" * 4)),
    (
        "help_facilities", "no", "answers that the template came with",
        with_page("FAQ", "<h3>How do I apply?</h3><p>Lorem ipsum is simply dummy text of the trade.</p>" * 2
        + "<h3>What does it cost?</h3><p>Lorem ipsum dolor sit amet, consectetur adipiscing.</p>", lang="en"),
    ),
    (
        "help_facilities", "no", "one and the same line below every question",
        with_page("سوالات متداول", "".join(f"<h3>{q}</h3><p>هنوز چیزی بارگذاری نشده است</p>"
        for q in ("چه باری حمل می‌شود؟", "بار چگونه حمل می‌شود؟", "مسیرهای حمل کجاست؟"))),
    ),
    (
        "help_facilities", "yes", "listed lines of what to press, on a page about something else",
        with_page("Costi", "<h2>Immatricolazione</h2><ol><li>Effettua il login sul portale di ateneo con le tue credenziali;</li>"
        "<li>Seleziona dal menu la voce dedicata alle iscrizioni e compila la domanda in ogni sua parte;</li>"
        "<li>Stampa la domanda e il bollettino, quindi procedi al versamento presso uno sportello della banca.</li></ol>", lang="it"),
    ),
    (
        "help_facilities", "no", "listed lines that press nothing",
        with_page("Costi", "<h2>Immatricolazione</h2><ol><li>Il modulo si trova presso lo sportello della segreteria studenti;</li>"
        "<li>Il versamento avviene in banca entro il mese di ottobre di ogni anno accademico;</li>"
        "<li>La ricevuta va consegnata in segreteria insieme alla fototessera e alla copia del codice fiscale.</li></ol>", lang="it"),
    ),
    ("help_facilities", "no", "empty", with_page("Help", "<p>No content available.</p>", lang="en")),
    # related_agency_links
    (
        "related_agency_links", "yes", "fa",
        {
            "/": home(
                footer='<a href="https://dolat.ir">دولت</a><a href="https://www.moe.gov.ir">وزارت نیرو</a>'
                '<a href="https://ostan-mz.ir">استانداری مازندران</a>'
            )
        },
    ),
    (
        "related_agency_links", "yes", "en",
        with_page(
            "Related links",
            '<a href="https://www.usa.gov">USA.gov</a><a href="https://dol.gov/x">Labor</a><a href="https://osc.gov">OSC</a>',
            lang="en",
        ),
    ),
    (
        "related_agency_links", "yes", "forms of one body, and another body",
        with_page(
            "Démarches",
            '<a href="https://www.service-public.fr/R1">Formulaire</a><a href="https://www.service-public.fr/R2">Notice</a>'
            '<a href="https://www.geoportail-urbanisme.gouv.fr">Accéder</a>',
            lang="fr",
        ),
    ),
    (
        "related_agency_links", "yes", "hosts that say whose they are",
        {
            "/": home(
                footer='<a href="http://www.provincia.torino.it"><img alt=""></a><a href="https://www.polito.it"><img alt=""></a>'
                '<a href="https://www.liceogioberti.it"><img alt=""></a>',
                lang="it",
            )
        },
    ),
    (
        "related_agency_links", "no", "hosts that begin like a public body's in another country",
        {
            "/": home(
                footer='<a href="http://comune.example.com">a</a><a href="https://mairie-x.com">b</a>'
                '<a href="https://stadt-y.it">c</a>',
                lang="it",
            )
        },
    ),
    ("related_agency_links", "no", "an address as text", with_page("پیوندها", "<p>وزارت نیرو www.moe.gov.ir</p>" * 4)),
    (
        "related_agency_links", "no", "one body, and companies",
        {
            "/": home(
                footer='<a href="https://moe.gov.ir/1">وزارت</a><a href="https://news.moe.gov.ir">خبر</a>'
                '<a href="https://shop.example.com">فروشگاه</a><a href="https://eitaa.com/x_y">ایتا</a>'
            )
        },
    ),
    # foreign_languages
    (
        "foreign_languages", "yes", "en",
        {"/": home(("/en/", "English"), body=f"<p>{LONG_FA}</p>"), "/en/": page(f"<p>{LONG_EN}</p>", lang="en")},
    ),
    (
        "foreign_languages", "yes", "ar",
        {"/": home(("/b", "العربية"), body=f"<p>{LONG_FA}</p>"), "/b": page(f"<p>{LONG_AR}</p>", lang="fa")},
    ),
    (
        "foreign_languages", "no", "a switch to the same language",
        {"/": home(("/en/", "English"), body=f"<p>{LONG_FA}</p>"), "/en/": page(f"<p>{LONG_FA}</p>", lang="en")},
    ),
    (
        "foreign_languages", "no", "a dead switch",
        {"/": home(("/en/", "English"), body=f"<p>{LONG_FA}</p>"), "/en/": ("http_error", "")},
    ),
    (
        "foreign_languages", "no", "a machine",
        {"/": home(("https://translate.google.com/translate?u=x", "English"), body=f"<p>{LONG_FA}</p>")},
    ),
    # two_way_public_networks
    ("two_way_public_networks", "yes", "Eitaa", {"/": home(footer='<a href="https://eitaa.com/rah_sari">ایتا</a>')}),
    ("two_way_public_networks", "yes", "X", {"/": home(footer='<a href="https://x.com/agency">X</a>', lang="en")}),
    (
        "two_way_public_networks", "yes", "through a page of leaving",
        {"/": home(footer='<a href="/exit?url=https%3A%2F%2Ft.me%2Frah_sari">تلگرام</a>')},
    ),
    ("two_way_public_networks", "yes", "Facebook, shared from a telephone", {"/": home(footer='<a href="https://www.facebook.com/share/1Ab2Cd3Ef4/?mibextid=x">Facebook</a>', lang="fr")}),
    ("two_way_public_networks", "no", "whoever wrote it", {"/": home(footer='© 2026 <a href="https://www.linkedin.com/in/annemartin/">Anne Martin</a>', lang="fr")}),
    ("two_way_public_networks", "yes", "a person's account as its own", {"/": home(footer='<a href="https://www.linkedin.com/in/mairie/">LinkedIn</a>', lang="fr")}),
    (
        "two_way_public_networks", "no", "share buttons and home pages",
        {
            "/": home(
                footer='<a href="https://t.me/share/url?url=x">تلگرام</a><a href="https://eitaa.com/">ایتا</a>'
                '<a href="https://www.facebook.com/sharer/sharer.php?u=x">f</a>'
                '<a href="https://twitter.com/intent/tweet?text=x">t</a><a href="https://www.instagram.com">i</a>'
            )
        },
    ),
    # department_heads_contacts
    (
        "department_heads_contacts", "yes", "fa table",
        with_page(
            "مدیران",
            "<table><tr><th>نام و نام خانوادگی<th>سمت<th>تلفن</tr>"
            "<tr><td>علی رضایی<td>مدیرکل<td>۰۱۱-۳۳۲۵۶۶۴۷</tr><tr><td>مریم احمدی<td>معاون فنی<td>۰۱۱-۳۳۲۵۶۶۴۸</tr>"
            "<tr><td>حسین کاوه<td>رئیس حراست<td>۰۱۱-۳۳۲۵۶۶۴۹</tr></table>",
        ),
    ),
    (
        "department_heads_contacts", "yes", "ar cards",
        with_page(
            "كبار المسؤولين",
            "<div><h3>الدكتور سالم العمري</h3><p>وكيل الوزارة</p></div><div><h3>المهندسة هدى ناصر</h3><p>مدير عام التخطيط</p>"
            "</div><div><h3>الأستاذ خالد يوسف</h3><p>رئيس قسم الترخيص</p><p>khaled@moi.gov.sa</p></div>",
            lang="ar",
        ),
    ),
    (
        "department_heads_contacts", "yes", "en lines",
        with_page(
            "Leadership",
            "<p>Jane Miller, Director</p><p>Omar Haddad, Deputy Director</p><p>Lucia Rossi, Chief of Staff</p>"
            '<p><a href="mailto:jmiller@agency.gov">Write to the director</a></p>',
            lang="en",
        ),
    ),
    (
        "department_heads_contacts", "no", "posts without names",
        with_page("مدیران", "<p>مدیرکل: ۰۱۱-۳۳۲۵۶۶۴۷</p><p>معاون فنی: ۰۱۱-۳۳۲۵۶۶۴۸</p><p>حراست: ۰۱۱-۳۳۲۵۶۶۴۹</p>"),
    ),
    (
        "department_heads_contacts", "no", "nobody to reach",
        with_page("Leadership", "<p>Jane Miller, Director</p><p>Omar Haddad, Deputy Director</p><p>Lucia Rossi, Chief</p>", lang="en"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("indicator", "answer", "pages"),
    [pytest.param(i, a, p, id=f"{i}-{a}-{name}") for i, a, name, p in CASES],
)
def test_presence(tmp_path: Path, indicator: str, answer: str, pages: dict[str, PageSpec]) -> None:
    finding = judge(tmp_path, indicator, pages)
    assert finding.answer == answer, finding
    if answer == "yes":
        assert all(evidence.excerpt for evidence in finding.evidence)


def test_an_xml_sitemap_with_addresses_is_one(tmp_path: Path) -> None:
    assert judge(tmp_path, "sitemap", {"/": home()}, sitemaps={"/sitemap.xml": 12}).answer == "yes"


def test_an_xml_sitemap_without_addresses_is_none(tmp_path: Path) -> None:
    assert judge(tmp_path, "sitemap", {"/": home()}, sitemaps={"/sitemap.xml": 0}).answer == "no"


# The visit is on ۱۴ آذر ۱۴۰۴, 2025-12-05.
DAYS_FA = ["۱۳ آذر ۱۴۰۴", "۱۴۰۴/۰۹/۱۰", "۵ آذر ۱۴۰۴", "1404/09/01"]
OLDER_FA = ["۲۰ مهر ۱۴۰۴", "۱۴۰۴/۰۷/۱۵", "۱۰ مهر ۱۴۰۴"]
LAST_YEAR = ["March 3, 2025", "12 February 2025", "2025-01-20"]
LONG_AGO = ["١٢ رمضان ١٤٤٢", "٥ شوال ١٤٤٢", "٨ صفر ١٤٤٢"]


def news_pages(days: list[str], *, before: bool = False, many: int = 0) -> dict[str, PageSpec]:
    entries = [
        f'<h3><a href="/news/{i}">خبر شماره {i} درباره کارهای استان</a></h3>' for i in range(len(days))
    ]
    rows = [
        f"<p>{day}</p>{entry}" if before else f"{entry}<p>{day}</p>"
        for day, entry in zip(days, entries, strict=True)
    ]
    return {
        "/": home(("/news", "اخبار")),
        "/news": page("<main><h1>اخبار</h1>" + "".join(f"<div>{row}</div>" for row in rows) + "</main>"),
        **{
            f"/news/{i}": page(f"<main><h1>خبر شماره {i}</h1><p>متن بلند خبر در اینجا است.</p></main>")
            for i in range(len(days))
        },
    }


@pytest.mark.parametrize(
    ("days", "answer"),
    [
        (DAYS_FA * 3, "very_high"),
        (DAYS_FA[:3], "high"),
        (OLDER_FA, "medium"),
        ([*DAYS_FA[:2], OLDER_FA[0]], "medium"),
        (LAST_YEAR, "low"),
        (["", "", ""], "low"),
        (LONG_AGO, "very_low"),
        (DAYS_FA[:2], "very_low"),
    ],
)
@pytest.mark.parametrize("before", [True, False], ids=["date first", "title first"])
def test_news_by_number_and_age(tmp_path: Path, days: list[str], answer: str, before: bool) -> None:
    finding = judge(tmp_path, "news", news_pages(days, before=before))
    assert finding.answer == answer, finding.details


def test_dates_beside_titles_are_not_mixed_up(tmp_path: Path) -> None:
    days = ["۱۳ آذر ۱۴۰۴", "۱ مهر ۱۴۰۴", "۱ مرداد ۱۴۰۳", "۲ مرداد ۱۴۰۳"]
    for before in (True, False):
        finding = judge(tmp_path / str(before), "news", news_pages(days, before=before))
        assert (finding.details["in_30_days"], finding.details["in_90_days"]) == (1, 2)


def test_no_news_at_all(tmp_path: Path) -> None:
    assert judge(tmp_path, "news", with_page("اخبار", "<p>موردی یافت نشد</p>")).answer == "none"


def test_items_whose_pages_are_dead_are_no_news(tmp_path: Path) -> None:
    pages = news_pages(DAYS_FA)
    dead = {path: spec if "/news/" not in path else ("http_error", "") for path, spec in pages.items()}
    assert judge(tmp_path, "news", dead).answer == "none"


def test_a_saved_copy_says_nothing_of_freshness(tmp_path: Path) -> None:
    assert judge(tmp_path, "news", news_pages(DAYS_FA * 3), archived=True).answer == "low"


@pytest.mark.parametrize(("address", "answer"), [("admin@portal.go.id", "no"), ("portal@gmail.com", "yes")])
def test_a_saved_copys_own_hosts_are_told_by_its_email(tmp_path: Path, address: str, answer: str) -> None:
    links = (
        '<a href="https://data.portal.go.id/">Satu Data</a><a href="https://lapor.go.id/">Lapor</a>'
        '<a href="https://ppid.portal.go.id/">PPID</a>'
    )
    pages = {"/": home(body=links, footer=f'<a href="mailto:{address}">{address}</a>', lang="id")}
    start = "http://127.0.0.1:8000/"
    assert judge(tmp_path, "related_agency_links", pages, start=start, archived=True).answer == answer


@pytest.mark.parametrize(
    ("address", "answer"), [("pr@health.gov.ir", "yes"), ("info@studio.example.com", "no")]
)
def test_an_address_in_the_credit_is_the_agencys_if_it_is_a_public_bodys(
    tmp_path: Path, address: str, answer: str
) -> None:
    credit = f"<p>طراحی و اجرا: مرکز روابط عمومی و اطلاع رسانی {address}</p>"
    pages: dict[str, PageSpec] = {"/": home(footer=credit)}
    for number, indicator in enumerate(("contact_info", "email_available")):
        assert judge(tmp_path / str(number), indicator, pages).answer == answer


@pytest.mark.parametrize(("name", "answer"), [("نمودار سازمانی", "yes"), ("نمودار هزینه‌ها", "no")])
def test_a_menu_may_lead_right_to_the_chart(tmp_path: Path, name: str, answer: str) -> None:
    pages: dict[str, PageSpec] = {"/": home(("/chart.pdf", name))}
    assert (
        judge(tmp_path, "org_profile", pages, files={"/chart.pdf": ("application/pdf", "%PDF-1.4")}).answer
        == answer
    )


@pytest.mark.parametrize(
    ("address", "title", "answer"),
    [("/about-us", "About us | Port Office", "yes"), ("/", "Port Office", "no")],
)
def test_a_saved_copy_may_begin_with_the_page_that_presents_the_agency(
    tmp_path: Path, address: str, title: str, answer: str
) -> None:
    told = LONG_EN.replace("is responsible for", "cares for")
    pages: dict[str, PageSpec] = {address: page(f"<h2>Port Office</h2><p>{told}</p>", title, lang="en")}
    with site_of(tmp_path, pages, start=f"https://portal.example.org{address}", archived=True) as site:
        assert run(all_detectors()["org_profile"], site).answer == answer


LINKS = [
    ("http://gov.example.ir/a", "ریاست سازمان"),
    ("http://omana.example.ir", "هیئت امنا وزارت"),
    ("http://leader.ir", "مقام معظم رهبری"),
]


@pytest.mark.parametrize(
    ("head", "body", "answer"),
    [
        ("", "", "yes"),
        ('<base href="http://gov.example.ir/">', '<a href="pages/x.html">صفحه</a>', "no"),
        ("", '<img src="http://www.example.ir/a.png">' * 3, "no"),
    ],
    ids=["elsewhere", "its base", "its pictures"],
)
def test_a_saved_copys_own_hosts_are_told_by_its_markup(
    tmp_path: Path, head: str, body: str, answer: str
) -> None:
    links = "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in LINKS)
    pages: dict[str, PageSpec] = {"/": page(f"<ul>{links}</ul>{body}", head=head)}
    found = judge(tmp_path, "related_agency_links", pages, archived=True, start="http://127.0.0.1:8000/")
    assert found.answer == answer


@pytest.mark.parametrize(("archived", "answer"), [(True, "yes"), (False, "no")])
def test_the_map_of_a_saved_copy_lists_what_was_not_saved(
    tmp_path: Path, archived: bool, answer: str
) -> None:
    parts = "".join(f'<li><a href="/p{n}">Parte {n}</a></li>' for n in range(12))
    pages: dict[str, PageSpec] = {
        "/": page('<a href="/mapa">Mapa do site</a>', lang="pt"),
        "/mapa": page(f"<h1>Mapa do site</h1><ul>{parts}</ul>", lang="pt"),
    }
    pages |= {f"/p{n}": ("http_error", "") for n in range(12)}
    assert judge(tmp_path, "sitemap", pages, archived=archived).answer == answer


@pytest.mark.parametrize(
    ("start", "archived", "answer"), [("/mapa", True, "yes"), ("/mapa", False, "no"), ("/index", True, "no")]
)
def test_a_saved_copy_may_be_entered_by_an_inner_page(
    tmp_path: Path, start: str, archived: bool, answer: str
) -> None:
    """Its start is then judged as what it is; that of a living portal is its front page, whatever it lists."""
    parts = "".join(f'<li><a href="/p{n}">Parte {n}</a></li>' for n in range(12))
    pages: dict[str, PageSpec] = {start: page(f"<h1>Mapa do site</h1><ul>{parts}</ul>", lang="pt")}
    pages |= {f"/p{n}": page(f"<h1>Parte {n}</h1><p>Texto da parte.</p>", lang="pt") for n in range(12)}
    found = judge(tmp_path, "sitemap", pages, archived=archived, start="http://127.0.0.1:8000" + start)
    assert found.answer == answer


LINES_OF_A_FORM = (
    "Finalité : répondre à votre demande et à rien d'autre.",
    "Destinataire : le seul secrétariat de la commune, aucun tiers.",
    "Durée : elles sont supprimées trois mois après la réponse. Vos droits : accès et rectification par courrier.",
)


@pytest.mark.parametrize(("lines", "answer"), [(3, "yes"), (1, "no")])
def test_what_a_form_says_of_its_data_in_some_lines_is_a_statement(
    tmp_path: Path, lines: int, answer: str
) -> None:
    told = "".join(f"<li>{line}</li>" for line in LINES_OF_A_FORM[:lines])
    form = f'<form method="post" action="/m"><input name="nom"><textarea name="m"></textarea><details><summary>En savoir plus</summary><ul>{told}</ul></details></form>'
    assert judge(tmp_path, "privacy_policy", with_page("Contact", form, lang="fr")).answer == answer


@pytest.mark.parametrize(
    ("name", "answer"),
    [("Aviso de privacidad", "yes"), ("Informe anual sobre quejas y datos personales", "no")],
)
def test_a_privacy_statement_in_a_document(tmp_path: Path, name: str, answer: str) -> None:
    card = f'<a href="/docs/a.pdf"><h3>{name}</h3><p>Publicado: 2 de mayo de 2018</p></a>'
    pages = with_page("Documentos", f"<h2>Reglamentos</h2>{card}", lang="es")
    with site_of(tmp_path, pages, files={"/docs/a.pdf": ("application/pdf", "%PDF-1.4")}) as site:
        assert run(all_detectors()["privacy_policy"], site).answer == answer


@pytest.mark.parametrize(("goes_on", "answer"), [("p", "yes"), ("h2", "no")])
def test_an_agency_presented_in_two_paragraphs_of_the_first_page(
    tmp_path: Path, goes_on: str, answer: str
) -> None:
    body = f"""<h1>Oficina de datos</h1>
    <p>La Oficina de datos es un equipo de personas de varios ministerios que trabaja con los municipios del
    norte y del sur y con sus vecinos.</p>
    <{goes_on}>Creada en 2014, tiene la misión de ordenar los registros que guarda el Estado y de abrirlos a
    quienes los piden, con reglas claras y en plazos breves.</{goes_on}>"""
    assert judge(tmp_path, "org_profile", {"/": page(body, lang="es")}).answer == answer
