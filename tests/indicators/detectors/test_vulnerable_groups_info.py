"""Information and services meant for vulnerable groups."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.vulnerable_groups_info import detect
from indicators.records import Finding
from tests.indicators.make_capture import START, PageSpec, page, site_of


def judge(folder: Path, pages: dict[str, PageSpec], language: str | None = None) -> Finding:
    with site_of(folder, pages, language=language) as site:
        return run(detect, site)


@pytest.mark.parametrize(
    ("title", "body", "quote"),
    [
        (
            "ورزش بانوان و توان‌یابان",
            "<p>سالمندان و افراد دارای معلوليت از سانس‌هاي رايگان اماكن ورزشي استان بهره‌مند هستند.</p>",
            "معلوليت",
        ),
        (
            "خدمات ذوي الإعاقة",
            "<p>تقدم المديرية بطاقة مجانية للأشخاص ذوي الإعاقة ورعاية منزلية.</p>",
            "ذوي الإعاقة",
        ),
        (
            "Senior citizens",
            "<p>Senior citizens may apply for a free travel card at every office of the department.</p>",
            "Senior citizens may apply",
        ),
    ],
)
def test_a_page_for_a_group(tmp_path: Path, title: str, body: str, quote: str) -> None:
    home = page(f'<p>سلام</p><a href="/g">{title}</a>')
    finding = judge(tmp_path, {"/": home, "/g": page(f"<h1>{title}</h1>{body}")})
    assert (finding.answer, finding.evidence[0].url) == ("yes", START + "g")
    assert quote in finding.evidence[0].excerpt


def test_a_service_for_a_group_among_others(tmp_path: Path) -> None:
    row = "زنان روستایی سرپرست خانوار می‌توانند از وام کم‌بهره صندوق اعتبارات خرد استفاده کنند."
    finding = judge(tmp_path, {"/": page("<p>جهاد</p>"), "/s": page(f"<h1>خدمات</h1><p>{row}</p>")})
    assert (finding.answer, finding.evidence[0].excerpt) == ("yes", row)


@pytest.mark.parametrize(
    "body",
    [
        "<h1>توان‌یابان</h1><p>به‌زودی</p>",
        "<h1>Accessibility</h1><p>People with disabilities can use this site: our service supports screen "
        "readers.</p>",
        "<p>Nine women received awards for their leadership in clean energy at the symposium.</p>",
        "<p>او سال‌ها پیش در دبستان نابینایان شهر درس خوانده بود و از آنجا به تهران رفت.</p>",
    ],
)
def test_empty_pages_toolbars_and_mentions_are_not_meant_for_a_group(tmp_path: Path, body: str) -> None:
    assert judge(tmp_path, {"/": page('<a href="/g">معلولان</a>'), "/g": page(body)}).answer == "no"


@pytest.mark.parametrize(
    ("text", "address", "answer"),
    [
        ("امور شاهد و ایثارگران", "https://isar.example.ir/", "yes"),
        ("امور شاهد و ایثارگران", "https://isar.example.org/", "no"),
        ("تقدیر از همکاران ایثارگر", "https://news.example.ir/7", "no"),
    ],
)
def test_an_office_for_a_group_on_a_host_beside_the_portal(
    tmp_path: Path, text: str, address: str, answer: str
) -> None:
    home = page(f'<p>سازمان</p><ul><li><a href="{address}">{text}</a></li></ul>')
    assert judge(tmp_path, {"/": home}).answer == answer


@pytest.mark.parametrize(
    ("text", "answer"), [("دفتر امور شاهد وایثارگر", "yes"), ("تقدیر از خانواده‌های شاهد", "no")]
)
def test_the_page_of_an_office_may_be_missing_from_a_saved_copy(
    tmp_path: Path, text: str, answer: str
) -> None:
    menu = f'<ul><li><a href="pages/shahed.html">{text}</a></li></ul>'
    home = page(f"<p>دانشگاه</p>{menu}", head='<base href="http://example.ac.ir/">')
    with site_of(tmp_path, {"/": home}, archived=True, start="http://127.0.0.1:8000/") as site:
        assert run(detect, site).answer == answer
    assert judge(tmp_path / "living", {"/": home}).answer == "no"


@pytest.mark.parametrize(("entry", "answer"), [("Aide sociale communale", "yes"), ("Acte de décès", "no")])
def test_an_entry_of_a_list_of_services_names_group_and_help(tmp_path: Path, entry: str, answer: str) -> None:
    pages = {
        "/": page('<p>Commune</p><a href="/demarches">Démarches</a>', lang="fr"),
        "/demarches": page(f"<h1>Démarches</h1><ul><li>Permis</li><li>{entry}</li></ul>", lang="fr"),
    }
    with site_of(tmp_path, pages) as site:
        assert run(detect, site).answer == answer


def test_a_page_of_the_copy_itself_that_is_not_there_is_no_office(tmp_path: Path) -> None:
    home = page('<p>دانشگاه</p><ul><li><a href="shahed.html">دفتر امور شاهد و ایثارگر</a></li></ul>')
    pages: dict[str, PageSpec] = {"/": home, "/shahed.html": ("http_error", "")}
    with site_of(tmp_path, pages, archived=True, start="http://127.0.0.1:8000/") as site:
        assert run(detect, site).answer == "no"


@pytest.mark.parametrize(
    ("said", "answer"), [("Прошел турнир пенсионеров", "no"), ("Пособия для пенсионеров по возрасту", "yes")]
)
def test_the_name_of_a_group_alone_is_nothing_for_it(tmp_path: Path, said: str, answer: str) -> None:
    text = f"<p>{said} в районном центре и в сельских поселениях округа</p>"
    assert judge(tmp_path, {"/": page(f"<h1>Округ</h1>{text}", lang="ru")}, "ru").answer == answer


def test_short_entries_of_a_page_for_a_group_offer_it_something(tmp_path: Path) -> None:
    body = "<h1>سالمندان</h1><ul><li>مشاوره رایگان برای سالمندان</li><li>خدمات پزشکی سالمندان</li></ul>"
    pages = {"/": page('<p>درگاه</p><a href="/x">سالمندان</a>'), "/x": page(body)}
    assert judge(tmp_path, pages).answer == "yes"
