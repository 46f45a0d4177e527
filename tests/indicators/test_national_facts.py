"""Dates, telephone numbers, addresses and sums as each country writes them."""

from datetime import date

import pytest

from crawler.text import normalize
from indicators.contacts import emails_in, is_postal_address, phones_in
from indicators.dates import dates_in
from indicators.detectors.online_payment import _money
from indicators.vocabulary import load_vocabulary

TODAY = date(2025, 12, 5)
WORDS = load_vocabulary()


@pytest.mark.parametrize(
    ("code", "text", "day"),
    [
        ("it", "Pubblicato il 1° aprile 2025", date(2025, 4, 1)),
        ("it", "12 Mar 25", date(2025, 3, 12)),
        ("it", "Scadenza: 3/11/25", date(2025, 11, 3)),
        ("fr", "publié le 1er décembre 2025", date(2025, 12, 1)),
        ("fr", "Lundi 12 août 2024", date(2024, 8, 12)),
        ("es", "3 de mayo de 2024", date(2024, 5, 3)),
        ("es", "15 de septiembre del 2025", date(2025, 9, 15)),
        ("es", "octubre 7, 2025", date(2025, 10, 7)),
        ("pt", "1º de março de 2025", date(2025, 3, 1)),
        ("de", "12. März 2025", date(2025, 3, 12)),
        ("de", "vor 3 Tagen", date(2025, 12, 2)),
        ("ru", "12 марта 2025 г.", date(2025, 3, 12)),
        ("pl", "12 grudnia 2024 r.", date(2024, 12, 12)),
        ("pl", "5 dni temu", date(2025, 11, 30)),
        ("nl", "Geplaatst op 12 november 2024", date(2024, 11, 12)),
        ("nl", "3 weken geleden", date(2025, 11, 14)),
        ("ro", "Publicat la 12 noiembrie 2024", date(2024, 11, 12)),
        ("ro", "acum 21 de zile", date(2025, 11, 14)),
        ("uk", "12 грудня 2024 року", date(2024, 12, 12)),
        ("uk", "5 днів тому", date(2025, 11, 30)),
        ("ca", "12 d’octubre de 2024", date(2024, 10, 12)),
        ("ca", "3 de maig del 2024", date(2024, 5, 3)),
        ("cs", "12. listopadu 2024", date(2024, 11, 12)),
        ("cs", "5. 11. 2025", date(2025, 11, 5)),
        ("cs", "před 5 dny", date(2025, 11, 30)),
        ("sv", "Publicerad den 12 november 2024", date(2024, 11, 12)),
        ("sv", "för 5 dagar sedan", date(2025, 11, 30)),
        ("zh", "发布日期：2024年12月3日", date(2024, 12, 3)),
        ("zh", "民國113年12月3日", date(2024, 12, 3)),
        ("zh", "113-12-03", date(2024, 12, 3)),
        ("zh", "12月3日", date(2025, 12, 3)),
        ("zh", "5天前", date(2025, 11, 30)),
        ("el", "15 Μαΐου 2024", date(2024, 5, 15)),
        ("ru", "05.11.2025", date(2025, 11, 5)),
    ],
)
def test_dates(code: str, text: str, day: date) -> None:
    words = load_vocabulary().within([code])
    assert [found.day for found in dates_in(normalize(text), words, TODAY)] == [day]


def test_a_short_year_is_jalali_only_where_persian_is_written() -> None:
    words = load_vocabulary()
    assert dates_in("04/05/25", words.within(["it"]), TODAY)[0].day == date(2025, 5, 4)
    assert dates_in("04/05/25", words.within(["fa"]), TODAY)[0].day == date(2025, 8, 16)


@pytest.mark.parametrize(
    ("code", "region", "text", "count"),
    [
        ("it", "IT", "Centralino 055 8448251", 1),
        ("it", "IT", "P. IVA 01234560489", 0),
        ("it", "IT", "Importo 600.000.000 euro", 0),
        ("fr", "FR", "01 40 20 50 50", 1),
        ("fr", "FR", "SIRET 120 000 015 00013", 0),
        ("es", "ES", "921 12 00 11", 1),
        ("pt", "PT", "217 813 000", 1),
        ("pt", "BR", "CNPJ 00.394.460/0001-41", 0),
        ("de", "DE", "030 18681-0123", 1),
        ("pl", "PL", "tel. 13 469 71 25", 1),
        ("pl", "PL", "NIP 688-12-95-391", 0),
        ("nl", "NL", "Telefoon: 0299 658 585", 1),
        ("nl", "NL", "KvK 37161616", 0),
        ("ro", "RO", "Telefon: 0258 880 123", 1),
        ("ro", "RO", "CUI 4562923", 0),
        ("uk", "UA", "Тел.: (03730) 2-12-34", 1),
        ("uk", "UA", "ЄДРПОУ 04062216", 0),
        ("ca", "ES", "Telèfon: 972 58 00 03", 1),
        ("ca", "ES", "NIF P1718500B, expedient 972580003", 0),
        ("cs", "CZ", "Tel.: 412 391 123", 1),
        ("cs", "CZ", "IČO 00261718", 0),
        ("sv", "SE", "Telefon: 0525-180 00", 1),
        ("sv", "SE", "Organisationsnummer 212000-1322", 0),
        ("zh", "CN", "联系电话：0571-63712345", 1),
        ("zh", "CN", "浙ICP备05001234号", 0),
        ("ru", "RU", "8 (495) 123-45-67", 1),
        ("ru", "RU", "ИНН 7710349494", 0),
    ],
)
def test_telephones(code: str, region: str, text: str, count: int) -> None:
    assert len(phones_in(text, load_vocabulary().within([code]), region)) == count


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("it", "Piazza della Signoria, 1 - 50122 Firenze"),
        ("fr", "14, rue du Général-de-Gaulle, 04500 Montclar"),
        ("es", "Plaza Mayor, 1. 40200 Valdehermoso"),
        ("pt", "Praça do Município, 1149-014 Lisboa"),
        ("de", "Rathausplatz 1, 80331 München"),
        ("pl", "ul. Rynek 4, 38-600 Lesko"),
        ("nl", "Marktplein 4, 1141 AB Oosterwijk"),
        ("ro", "Str. Republicii nr. 4, cod poștal 517815"),
        ("uk", "вул. Центральна, 4, м. Зелене, 59100"),
        ("ca", "Plaça Major, 4, 17850 Sant Martí de la Vall"),
        ("cs", "náměstí Míru 4, 407 81 Lipová"),
        ("sv", "Storgatan 4, 457 80 Björkdal"),
        ("zh", "地址：临溪县解放路4号，邮编：311300"),
        ("el", "Πλατεία Ελευθερίας 2, 546 25 Θεσσαλονίκη"),
        ("ru", "125009, г. Москва, ул. Тверская, д. 13"),
    ],
)
def test_addresses(code: str, text: str) -> None:
    assert is_postal_address(text, load_vocabulary().within([code]))


def test_an_address_is_no_sentence_about_a_road() -> None:
    assert not is_postal_address(
        "I lavori sulla via principale costano 50122 euro", load_vocabulary().within(["it"])
    )


@pytest.mark.parametrize(
    "text",
    [
        "urp[chiocciola]comune.fi.it",
        "mairie [arobase] ville.fr",
        "info(arroba)ayto.es",
        "post (at) stadt (punkt) de",
    ],
)
def test_hidden_addresses(text: str) -> None:
    assert len(emails_in(text)) == 1


@pytest.mark.parametrize(
    ("code", "text", "count"),
    [
        ("it", "il costo è di € 22,00", 1),
        ("it", "marca da bollo da 16,00 euro", 1),
        ("fr", "un budget de 3 millions d'euros", 0),
        ("fr", "le tarif est de 86 €", 1),
        ("es", "la tasa asciende a 1.235,20 euros", 1),
        ("pl", "opłata skarbowa wynosi 155,00 zł", 1),
        ("pl", "budżet 3 mln zł", 0),
        ("nl", "de leges bedragen € 120,00", 1),
        ("ro", "taxa este de 120 lei", 1),
        ("ro", "un buget de 3 mil. lei", 0),
        ("uk", "адміністративний збір становить 45 гривень", 1),
        ("uk", "бюджет 3 млн грн", 0),
        ("ca", "la taxa és de 120 euros", 1),
        ("ca", "un pressupost de 3 milions d’euros", 0),
        ("cs", "správní poplatek činí 1 000 Kč", 1),
        ("cs", "rozpočet 3 mil. Kč", 0),
        ("sv", "avgiften är 1 200 kronor", 1),
        ("sv", "en budget på 3 miljoner kronor", 0),
        ("zh", "收费120元", 1),
        ("zh", "预算3000万元", 0),
        ("ru", "госпошлина 350 рублей", 1),
        ("ru", "бюджет 12 млн рублей", 0),
    ],
)
def test_sums_that_citizens_pay(code: str, text: str, count: int) -> None:
    assert len(list(_money(normalize(text), load_vocabulary().within([code])))) == count


@pytest.mark.parametrize(
    ("concept", "text"),
    [
        ("vulnerable", "دفتر امور دانشجویان شاهد وایثارگر"),
        ("reports", "آمار واطلاعات"),
        ("reports", "آمار و اطلاعات"),
        ("contact", "آدرس وتلفن"),
        ("tender", "مزایدات ومناقصات"),
    ],
)
def test_the_persian_and_may_be_glued_to_what_follows(concept: str, text: str) -> None:
    assert WORDS.names(concept, normalize(text), 0.3)
