"""How a service is obtained."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.service_process_presented import detect
from indicators.records import Finding
from tests.indicators.make_capture import START, PageSpec, page, site_of


def judge(folder: Path, body: str, name: str = "خدمات") -> Finding:
    pages = {"/": page(f'<p>سلام</p><a href="/s">{name}</a>'), "/s": page(body)}
    with site_of(folder, pages) as site:
        return run(detect, site)


@pytest.mark.parametrize(
    ("body", "notes"),
    [
        (
            "<h1>صدور پروانه</h1><table><tr><td>مدارك لازم</td></tr></table><ul><li>سند</li></ul>"
            "<p>مدت انجام: ۱۵ روز</p><p>هزینه: رایگان</p>",
            {"step_papers", "step_time", "step_fee"},
        ),
        (
            "<h1>خدمة ترخيص</h1><h2>المستندات المطلوبة</h2><p>صورة الهوية</p><h2>الرسوم</h2><p>مجانا</p>",
            {"step_papers", "step_fee"},
        ),
        (
            "<h1>Fishing licence</h1><dl><dt>Eligibility</dt><dd>Residents</dd><dt>Processing time</dt>"
            "<dd>Ten working days</dd></dl>",
            {"step_conditions", "step_time"},
        ),
    ],
)
def test_an_identity_card_of_a_service(tmp_path: Path, body: str, notes: set[str]) -> None:
    finding = judge(tmp_path, body)
    assert finding.answer == "yes"
    assert {e.note for e in finding.evidence} == notes
    assert {e.url for e in finding.evidence} == {START + "s"}


def test_a_guide_that_tells_how_to_file(tmp_path: Path) -> None:
    body = """<h1>How to File a Disclosure Claim</h1><p>Employees may report wrongdoing online, by fax or by
    mail. The submission should be signed, dated and sent to the office within sixty days after the event.</p>
    <ul><li>The name and address of the person who makes the disclosure</li>
    <li>The department, place and unit complained of</li></ul>"""
    finding = judge(tmp_path, body, "Services")
    assert (finding.answer, finding.evidence[0].excerpt) == ("yes", "How to File a Disclosure Claim")


@pytest.mark.parametrize(
    "body",
    [
        "<h1>خدمات</h1><dl><dt>صدور کارت هوشمند</dt><dd>رانندگان به آن نیاز دارند.</dd></dl>",
        "<h1>خدمات</h1><h2>مدارک لازم</h2><h2>هزینه</h2><h2>زمان انجام</h2>",
        "<h1>آگهی مناقصه</h1><p>شرایط: دارندگان رتبه</p><p>هزینه: ۲۰۰ هزار ریال</p>",
        "<h1>خدمات</h1><p>در حال تکمیل</p>",
    ],
)
def test_names_empty_captions_and_tenders_are_no_process(tmp_path: Path, body: str) -> None:
    assert judge(tmp_path, body).answer == "no"


@pytest.mark.parametrize(("kicker", "answer"), [("المتطلبات", "yes"), ("اقتراحات", "no")])
def test_the_small_line_above_a_heading_names_the_aspect(tmp_path: Path, kicker: str, answer: str) -> None:
    needs = "<ul><li>شهادة الثانوية العامة</li><li>صورة الهوية الوطنية</li></ul>"
    steps = "<ol><li>أنشئ حسابا بالبريد</li><li>املأ الطلب وأرفق الوثائق</li></ol>"
    body = (
        f"<h1>التسجيل</h1><div>{kicker}</div><h2>ما تحتاجه للتقديم</h2>{needs}<h2>خطوات التقديم</h2>{steps}"
    )
    home = page('<p>الهيئة العامة</p><a href="/s">الخدمات</a>', lang="ar")
    pages = {"/": home, "/s": page(body, lang="ar")}
    with site_of(tmp_path, pages) as site:
        assert run(detect, site).answer == answer


ORDER = "<p>Per l'allacciamento alla rete il richiedente deve:</p>"
RIGHT = "<p>Le condizioni necessarie per la riduzione sono:</p>"
LIST = "<ul><li>compilare il modulo di richiesta</li><li>spedire la ricevuta alla sede</li></ul>"


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (ORDER + LIST + RIGHT + LIST, "yes"),
        (ORDER + LIST, "no"),
        (ORDER + RIGHT, "no"),
    ],
)
def test_lines_that_lead_into_a_list_name_what_it_lists(tmp_path: Path, body: str, answer: str) -> None:
    home = page('<p>Azienda idrica comunale</p><a href="/s">Servizi</a>', lang="it")
    pages = {"/": home, "/s": page(f"<h1>Acqua potabile</h1>{body}", lang="it")}
    with site_of(tmp_path, pages) as site:
        assert run(detect, site).answer == answer


STEP = (
    "<h3>{title}</h3><p>Portate allo sportello i dati della persona che abiterà nella casa e quelli di chi "
    "la affitta.</p>"
)


@pytest.mark.parametrize(
    ("name", "steps", "answer"),
    [
        ("Come iscriversi", ("Quando", "I dati", "Dove"), "yes"),
        ("Come iscriversi", ("Quando",), "no"),
        ("La residenza", ("Quando", "I dati", "Dove"), "no"),
    ],
)
def test_steps_with_headings_of_their_own(
    tmp_path: Path, name: str, steps: tuple[str, ...], answer: str
) -> None:
    body = f"<h1>{name}</h1>" + "".join(STEP.format(title=title) for title in steps)
    home = page(f'<p>Comune</p><a href="/s">{name}</a>', lang="it")
    with site_of(tmp_path, {"/": home, "/s": page(body, lang="it")}) as site:
        assert run(detect, site).answer == answer


def test_numbered_steps_below_a_line_that_announces_them(tmp_path: Path) -> None:
    steps = """<p>برای یافتن کاربری ملک خود مراحل زیر را انجام دهید:</p><div>
    <span>۱- ابتدا تصویر نقشه را از همین صفحه دریافت کنید.</span><br>
    <span>۲- سپس محدوده ملک خود را روی نقشه بیابید و رنگ آن را به خاطر بسپارید.</span><br>
    <span>{}- با تطبیق رنگ محدوده با راهنمای کنار نقشه کاربری ملک خود را پیدا و یادداشت کنید.</span></div>"""
    assert judge(tmp_path / "steps", steps.format("۳"), "نقشه کاربری").answer == "yes"
    assert judge(tmp_path / "broken", steps.format("۷"), "نقشه کاربری").answer == "no"


COUNTED = (
    "<div>{number}</div><div>{title}</div>"
    "<p>Bringen Sie den Ausweis mit und füllen Sie den Bogen bei uns vollständig aus.</p>"
)


@pytest.mark.parametrize(("numbers", "answer"), [("123", "yes"), ("12", "no"), ("172", "no")])
def test_steps_counted_in_lines_of_their_own(tmp_path: Path, numbers: str, answer: str) -> None:
    steps = "".join(COUNTED.format(number=n, title="Vorsprache") for n in numbers)
    body = (
        f"<h2>Wie läuft die Anmeldung ab?</h2><p>Wir machen es Ihnen so leicht wie möglich, bitte.</p>{steps}"
    )
    home = page('<p>Amt</p><a href="/s">Anmeldung</a>', lang="de")
    with site_of(
        tmp_path, {"/": home, "/s": page(body + "<p>Danach sind Sie angemeldet.</p>", lang="de")}
    ) as site:
        assert run(detect, site).answer == answer


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ("<p>Délai : cinq jours</p><p>Pièces à fournir :</p><ul><li>Un formulaire</li></ul>", "yes"),
        ("<p>Délai : cinq jours</p>", "no"),
        ("<p>Le guichet vous accueille.</p>", "no"),
    ],
)
def test_what_opens_on_a_click_tells_how_to_obtain_a_service(tmp_path: Path, told: str, answer: str) -> None:
    entry = f"<dt><button>Copie d'un acte</button></dt><dd hidden>{told}</dd>"
    legal = '<footer><h2>Mentions légales</h2><a href="/demarches">Démarches</a></footer>'
    steps = page(f"<h1>Démarches</h1><dl>{entry}</dl>{legal}", lang="fr")
    home = page('<p>Commune</p><a href="/demarches">Démarches</a>', lang="fr")
    with site_of(tmp_path, {"/": home, "/demarches": steps}) as site:
        assert run(detect, site).answer == answer


@pytest.mark.parametrize(
    ("steps", "answer"),
    [
        (("Step 1: Download the form", "Step 2: Attach it", "Step 3: Pay the fee"), "yes"),
        (("Step 1: Download the form", "Step 2: Attach it"), "no"),
        (("Step 1", "Step 2", "Step 3"), "no"),
    ],
)
def test_lines_that_are_called_steps_tell_a_process(
    tmp_path: Path, steps: tuple[str, ...], answer: str
) -> None:
    told = "".join(f"<div><h3>{step}</h3></div>" for step in steps)
    pages = {
        "/": page('<h1>Town</h1><a href="/permits">Permits</a>', lang="en"),
        "/permits": page(f"<h1>Business permits</h1>{told}", lang="en"),
    }
    with site_of(tmp_path, pages) as site:
        assert run(detect, site).answer == answer


def test_numbered_steps_below_a_french_heading(tmp_path: Path) -> None:
    steps = "".join(f"<h4>Étape {n}</h4><p>Rassemblez les papiers demandés au guichet.</p>" for n in "123")
    papers = "<h3>Pièces à fournir</h3><ul><li>Une pièce d'identité</li></ul>"
    act = page(f"<h1>Acte</h1><h3>Étapes de la démarche</h3>{steps}{papers}", lang="fr")
    home = page('<p>Commune</p><a href="/acte">Démarches</a>', lang="fr")
    with site_of(tmp_path, {"/": home, "/acte": act}) as site:
        finding = run(detect, site)
    assert (finding.answer, {e.note for e in finding.evidence}) == ("yes", {"step_order", "step_papers"})


SENT = "La richiesta deve essere inviata al protocollo con il modulo compilato in ogni sua parte."
EARLY = "Le richieste devono pervenire almeno due mesi prima della data che è prevista per l'evento."


@pytest.mark.parametrize(
    ("name", "told", "answer"),
    [
        ("Patrocinio", [SENT, EARLY], "yes"),
        ("Patrocinio", [SENT], "no"),
        ("Informativa sulla privacy", [SENT, EARLY], "no"),
    ],
)
def test_sentences_tell_whoever_applies_what_to_do(
    tmp_path: Path, name: str, told: list[str], answer: str
) -> None:
    body = "".join(f"<p>{text}</p>" for text in told)
    home = page(f'<p>Ente</p><a href="/p">{name}</a>', lang="it")
    pages = {"/": home, "/p": page(f"<h1>{name}</h1>{body}", lang="it")}
    with site_of(tmp_path, pages) as site:
        assert run(detect, site).answer == answer


LONG = "متقاضی فرم درخواست را از سامانه دریافت و پس از تکمیل و امضا همراه با مدارک بارگذاری می‌کند"


@pytest.mark.parametrize(
    ("lead", "item", "answer"),
    [
        ("برای عضویت در شبکه مراحل زیر به ترتیب انجام می‌شود:", LONG, "yes"),
        ("برای عضویت در شبکه مراحل زیر به ترتیب انجام می‌شود:", "مرکز آموزش", "no"),
        ("اهداف شبکه عبارت است از:", LONG, "no"),
    ],
)
def test_a_list_of_what_to_do_below_a_line_that_announces_steps(
    tmp_path: Path, lead: str, item: str, answer: str
) -> None:
    body = f"<h1>عضویت</h1><p>{lead}</p><ol>" + "".join(f"<li>{item} {n}</li>" for n in "۱۲۳") + "</ol>"
    assert judge(tmp_path, body).answer == answer


@pytest.mark.parametrize(
    ("heading", "answer"), [("Come aderire alla rete", "yes"), ("Come nasce la rete", "no")]
)
def test_numbers_in_lines_of_their_own_count_the_steps_of_joining(
    tmp_path: Path, heading: str, answer: str
) -> None:
    steps = (
        "Mandate una lettera con il timbro dell'ufficio e il nome di chi la firma per voi",
        "Aspettate la risposta che arriva alla casella di posta indicata nella lettera",
        "Firmate la convenzione allo sportello e tornate con una copia per il vostro archivio",
    )
    told = "".join(f"<div>0{n}</div><div>{step}</div>" for n, step in enumerate(steps, 1))
    pages = {
        "/": page('<p>La rete degli enti</p><a href="/r">La rete</a>', lang="it"),
        "/r": page(f"<h1>{heading}</h1>{told}", lang="it"),
    }
    with site_of(tmp_path, pages) as site:
        assert run(detect, site).answer == answer


@pytest.mark.parametrize(
    ("numbers", "answer"),
    [(("1\ufe0f\u20e3", "2\ufe0f\u20e3", "3\ufe0f\u20e3"), "yes"), (("1", "2", "4"), "no")],
)
def test_steps_on_numbered_cards(tmp_path: Path, numbers: tuple[str, ...], answer: str) -> None:
    text = "Réunissez les papiers demandés et présentez-les au guichet de la mairie, ouvert chaque matin."
    cards = "".join(f"<div>{n}</div><div>Au guichet</div><div>{text}</div>" for n in numbers)
    body = f"<h1>Signaler un incident</h1><div>Suivez ces étapes pour signaler un incident.</div>{cards}"
    pages = {"/": page('<a href="/s">Signaler</a>', lang="fr"), "/s": page(body, lang="fr")}
    with site_of(tmp_path, pages) as site:
        assert run(detect, site).answer == answer


@pytest.mark.parametrize(
    ("item", "answer"), [("<li>{}</li>", "yes"), ('<li><a href="/f.pdf">{}</a></li>', "no")]
)
def test_papers_listed_below_a_caption(tmp_path: Path, item: str, answer: str) -> None:
    """Two papers below their caption are no accident; links to files are not what a citizen must bring."""
    papers = "".join(item.format(name) for name in ("Carte d'identité", "Justificatif de domicile"))
    body = f"<h1>Listes électorales</h1><p>Chacun peut voter.</p><h2>Pièces à fournir</h2><ul>{papers}</ul>"
    assert judge(tmp_path, body, "Citoyens").answer == answer


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (
            "<h1>مراحل صدور پروانه</h1><ol><li>ثبت درخواست در سامانه</li><li>بازدید کارشناس از محل</li>"
            "<li>پرداخت عوارض و دریافت پروانه</li></ol>",
            "yes",
        ),
        (
            '<h1>مراحل صدور پروانه</h1><ul><li><a href="/1">ثبت درخواست در سامانه</a></li>'
            '<li><a href="/2">اخبار شهرداری استان مرکزی</a></li><li><a href="/3">تماس با ما</a></li></ul>',
            "no",
        ),
        ("<h1>مراحل کار</h1><ul><li>ثبت درخواست در سامانه</li><li>بازدید از محل</li></ul>", "no"),
    ],
    ids=["steps", "links", "two items"],
)
def test_a_list_right_below_a_heading_for_steps(tmp_path: Path, body: str, answer: str) -> None:
    assert judge(tmp_path, body).answer == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (
            "Срок предоставления услуги — 5 рабочих дней. Перечень необходимых документов: паспорт.",
            "yes",
        ),
        ("Сроки — Стоимость — Контакты", "no"),
    ],
)
def test_aspects_behind_a_dash(tmp_path: Path, text: str, answer: str) -> None:
    pages: dict[str, PageSpec] = {
        "/": page('<p>x</p><a href="/x">Портал</a>', lang="ru"),
        "/x": page(f"<h1>Портал</h1><p>{text}</p>", lang="ru"),
    }
    with site_of(tmp_path, pages, language="ru") as site:
        assert run(detect, site).answer == answer


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (
            "<p><b>Cosa occorre</b><br>Modulo compilato e copia del documento.</p>"
            "<p><b>Quanto costa</b><br>Marca da bollo da 16 euro.</p>",
            "yes",
        ),
        (
            "<p><b>¿Qué necesito?</b><br>Cédula y comprobante.</p>"
            "<p><b>¿Cuánto cuesta?</b><br>$ 25.000 por persona.</p>",
            "yes",
        ),
        ("<p>Documentazione e costi sono decisi dalla giunta.</p><p>Tempi lunghi per la strada.</p>", "no"),
    ],
)
def test_captions_whose_line_breaks_are_lost(tmp_path: Path, body: str, answer: str) -> None:
    assert judge(tmp_path, f"<h1>Iscrizione al nido</h1>{body}", "Servizi").answer == answer


@pytest.mark.parametrize(
    ("said", "answer"),
    [("dovrai inserire i seguenti documenti:", "yes"), ("puoi scegliere tra le sedi di:", "no")],
)
def test_papers_are_listed_below_a_sentence_that_announces_them(
    tmp_path: Path, said: str, answer: str
) -> None:
    lead = f"Scegli dal menu la voce Iscrizioni e scrivi la domanda; nel corso della compilazione {said}"
    listed = "<ul><li>una fototessera;</li><li>copia del codice fiscale.</li></ul>"
    pages = {
        "/": page('<p>Benvenuti</p><a href="/s">Costi</a>', lang="it"),
        "/s": page(f"<h1>Costi</h1><p>{lead}</p>{listed}", lang="it"),
    }
    with site_of(tmp_path, pages, language="it") as site:
        assert run(detect, site).answer == answer
