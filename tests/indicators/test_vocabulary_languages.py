"""Every language names every concept, or it is said here why not."""

import re
from pathlib import Path

import pytest

from crawler.phrases import FOLDER
from crawler.text import normalize
from indicators.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()

ADDRESSES_ONLY = {"widget"}
"""Concepts known by parts of addresses alone, which are English on every portal."""


@pytest.mark.parametrize("code", sorted(VOCABULARY.languages))
def test_every_concept_has_words(code: str) -> None:
    language = VOCABULARY.languages[code]
    named = {name for name, concept in language.concepts.items() if concept.words or concept.text}
    assert named == set(VOCABULARY.languages["en"].concepts) - ADDRESSES_ONLY


@pytest.mark.parametrize("code", sorted(VOCABULARY.languages))
def test_every_language_reads_dates_and_says_how_long_ago(code: str) -> None:
    language = VOCABULARY.languages[code]
    assert all(language.months.gregorian) and len(language.months.gregorian) == 12
    assert {"hours", "days", "weeks", "months"} <= language.ago.keys()


def test_the_guide_lists_the_languages() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "detectors.md").read_text(encoding="utf-8")
    listed = guide[guide.index("There are words of") :].split("\n\n")[0]
    assert set(re.findall(r"\(`(\w+)`\)", listed)) == set(VOCABULARY.languages)
    assert set(VOCABULARY.languages) == {path.stem for path in FOLDER.glob("*.yaml")}


@pytest.mark.parametrize(
    ("concept", "text"),
    [("complaint", "الشكاوى والمقترحات"), ("org_profile", "الرؤية والرسالة"), ("services", "والخدمات")],
)
def test_a_name_listed_with_its_article_is_found_whole(concept: str, text: str) -> None:
    assert VOCABULARY.names(concept, normalize(text), 0.9)


@pytest.mark.parametrize(
    ("concept", "text"),
    [
        ("related_links", "پیوند ها"),
        ("subordinate", "واحد های تابعه"),
        ("news", "رویدادها"),
        ("news", "رویداد‌ها"),
        ("faq", "سئوالات متداول"),
        ("managers", "اعضای هیأت مدیره"),
    ],
)
def test_persian_words_are_found_in_each_of_their_spellings(concept: str, text: str) -> None:
    assert VOCABULARY.within(["fa"]).names(concept, normalize(text), 0.9)


def test_persian_plurals_are_listed_with_a_half_space() -> None:
    # Written joined, they are found joined alone; with a half-space also apart.
    joined = re.compile(r"[^\W\u200c]{2}های?$")
    words = {
        word
        for concept in VOCABULARY.languages["fa"].concepts.values()
        for word in (*concept.words, *concept.text)
    }
    assert {word for word in words if joined.search(word)} <= {"تنها", "انتها", "انتهای"}


@pytest.mark.parametrize(
    "text",
    [
        "بوابة إلكترونية",
        "البوابة الإلكترونية",
        "البوابة الالكترونية",
        "بوابه الكترونيه",
        "بالبوابة الإلكترونية",
    ],
)
def test_an_arabic_phrase_is_found_with_its_articles_and_without(text: str) -> None:
    words = VOCABULARY.within(["ar"])
    assert words.names("online_service", normalize(text), 0.9)


@pytest.mark.parametrize(
    ("code", "concept", "texts"),
    [
        ("fa", "contact", ("ارتباط مستقیم با شهردار", "نشانی اداره کل", "پیام به مدیرعامل")),
        ("fa", "vulnerable", ("اتباع و مهاجرین", "توان بخشی")),
        ("fa", "open_data", ("دیتاست‌ها", "کاتالوگ داده")),
        ("ar", "privacy", ("حماية المعطيات الشخصية", "المعطيات ذات الطابع الشخصي")),
        ("ar", "subordinate", ("المصالح اللاممركزة", "المؤسسات تحت الوصاية")),
        ("ar", "tender", ("الشراءات العمومية", "المناقصات والممارسات")),
        ("en", "tender", ("Bids & RFPs", "Invitations to tender", "Current tenders")),
        ("en", "information_access", ("Open records request", "Official Information Act")),
        ("en", "complaint", ("Complaints, compliments and comments", "Grievance redressal")),
        ("en", "contact", ("How to find us", "Send us a message")),
        ("it", "contact", ("Uffici e orari", "Modulo di contatto", "Chiedi all'URP")),
        ("it", "tender", ("Gare in corso", "Procedure di gara", "Atti delle amministrazioni aggiudicatrici")),
        ("it", "tender_result", ("Affidamenti diretti", "Risultati delle procedure di affidamento")),
        ("it", "foreign_app", ("App IO",)),
        ("it", "quick_links", ("Scorciatoie", "Pagine più visitate", "A portata di click")),
        ("fr", "contact", ("Accès et horaires", "Nous trouver", "Numéros utiles", "Écrire au maire")),
        ("fr", "complaint", ("Signaler un dysfonctionnement", "Boîte à idées")),
        ("fr", "tender_result", ("Marchés notifiés", "Attributions", "Contrats conclus")),
        ("es", "contact", ("Cómo llegar", "Ubícanos", "Escríbanos", "Oficinas de atención")),
        ("es", "jobs", ("Concurso de méritos y oposición", "Ofertas laborales")),
        ("es", "appointment", ("Solicite su cita", "Citas en línea", "Pide tu cita")),
        ("es", "complaint", ("Línea verde", "Presente su queja", "Buzón ciudadano")),
        ("pt", "tender_result", ("Homologações", "Ajustes diretos", "Atas de registro de preços")),
        ("pt", "complaint", ("Fala.BR", "Fala Cidadão", "Registre sua manifestação")),
        ("pt", "faq", ("Tire suas dúvidas", "Questões frequentes")),
    ],
)
def test_what_portals_call_their_pages(code: str, concept: str, texts: tuple[str, ...]) -> None:
    words = VOCABULARY.within([code])
    assert [text for text in texts if not words.names(concept, normalize(text), 0.9)] == []


def test_arabic_words_that_are_other_things_in_persian_are_not_listed() -> None:
    assert not VOCABULARY.within(["fa"]).names("jobs", normalize("شرح وظایف"))


@pytest.mark.parametrize(
    ("code", "concept", "text"),
    [
        ("it", "tender_result", "Affidamenti familiari"),
        ("it", "tender", "Bandi di contributo"),
        ("es", "contact", "Directorio de empresas"),
        ("es", "satisfaction", "Mejorar la calidad de los servicios"),
        ("fr", "tender", "Marchés de Noël"),
    ],
)
def test_what_such_portals_call_other_things_so(code: str, concept: str, text: str) -> None:
    assert not VOCABULARY.within([code]).names(concept, normalize(text))


@pytest.mark.parametrize(
    ("code", "concept", "text"),
    [
        ("tr", "poll", "anketimize katılın"),
        ("tr", "tender", "ihalelere ilişkin"),
        ("tr", "news", "haberlerden"),
        ("az", "poll", "sorğuda iştirak"),
    ],
)
def test_turkic_nouns_are_found_in_their_cases(code: str, concept: str, text: str) -> None:
    assert VOCABULARY.within([code]).names(concept, normalize(text))


@pytest.mark.parametrize(
    ("concept", "text"),
    [("contact", "联系我们"), ("contact", "歡迎聯絡我們"), ("news", "本县新闻中心"), ("search", "全站搜尋")],
)
def test_chinese_words_are_found_without_spaces(concept: str, text: str) -> None:
    assert VOCABULARY.within(["zh"]).names(concept, normalize(text), 0.3)
