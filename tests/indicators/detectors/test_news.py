"""News items that have no page of their own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.news import detect
from indicators.records import Finding
from tests.indicators.make_capture import PageSpec, page, site_of

TEXT = "<p>Da lunedì il mercato si tiene nella piazza nuova, dalle sette alle tredici.</p>"
TITLES = ("Il mercato cambia piazza", "Riapre la biblioteca comunale", "Nuovi orari dei bus")


def judge(folder: Path, pages: Mapping[str, PageSpec]) -> Finding:
    pages = {path: spec if isinstance(spec, tuple) else page(spec, lang="it") for path, spec in pages.items()}
    with site_of(folder, pages, archived=True) as site:
        return run(detect, site)


def test_items_that_are_parts_of_one_page_count_each(tmp_path: Path) -> None:
    cards = "".join(
        f'<h3>{title}</h3><p>In breve.</p><a href="/notizie#n{n}">Dettagli</a>'
        for n, title in enumerate(TITLES)
    )
    items = "".join(f'<article id="n{n}">{TEXT}</article>' for n in range(len(TITLES)))
    pages = {"/": f"<h2>Ultime notizie</h2>{cards}", "/notizie": f"<h1>Notizie</h1>{items}"}
    assert judge(tmp_path, pages).answer == "low"


def test_several_links_into_one_article_are_one_item(tmp_path: Path) -> None:
    links = "".join(f'<p><a href="/a{part}">{TITLES[0]}</a></p>' for part in ("", "#commenti"))
    pages = {"/": '<a href="/notizie">Notizie</a>', "/notizie": f"<h1>Notizie</h1>{links}", "/a": TEXT}
    assert judge(tmp_path, pages).answer == "very_low"


@pytest.mark.parametrize("where", ["/", "/notizie"])
def test_titles_with_text_below_a_heading_that_says_news(tmp_path: Path, where: str) -> None:
    items = "".join(f'<h3><a href="#">{title}</a></h3>{TEXT}' for title in TITLES)
    pages = {"/": '<a href="/notizie">Notizie</a>', where: f"<h2>Notizie</h2>{items}"}
    assert judge(tmp_path, pages).answer == "low"


@pytest.mark.parametrize("part", ["<h3>Orari</h3>" + TEXT, "<h3>Lorem ipsum dolor sit amet</h3>" + TEXT])
def test_other_parts_of_such_a_page_are_no_items(tmp_path: Path, part: str) -> None:
    pages = {"/": '<a href="/notizie">Notizie</a>', "/notizie": f"<h2>Notizie</h2>{part * 3}"}
    assert judge(tmp_path, pages).answer == "none"


@pytest.mark.parametrize(("archived", "answer"), [(True, "low"), (False, "none")])
def test_headlines_whose_pages_were_not_saved_are_news_of_a_saved_copy(
    tmp_path: Path, archived: bool, answer: str
) -> None:
    rows = "".join(
        f'<li><a href="/news/{n}">{title}</a> <span>۱۳۹۶/۱۲/۲۶</span></li>'
        for n, title in enumerate(
            ("گشایش درمانگاه تخصصی شهر", "نشست شورای مشاوران برگزار شد", "دیدار با کارکنان مرکز")
        )
    )
    pages: dict[str, PageSpec] = {"/": page(f"<h4>آخرین اخبار</h4><ul>{rows}</ul>")}
    pages |= {f"/news/{n}": ("http_error", "") for n in range(3)}
    with site_of(tmp_path, pages, archived=archived) as site:
        assert run(detect, site).answer == answer


@pytest.mark.parametrize(
    ("line", "answer"),
    [("Ultime notizie", "low"), ("I mercati", "none"), ("Ultime notizie dal paese vicino.", "none")],
)
def test_a_line_above_a_motto_says_what_a_part_of_the_page_is(tmp_path: Path, line: str, answer: str) -> None:
    items = "".join(f"<h3>{title}</h3>{TEXT}" for title in TITLES)
    assert judge(tmp_path, {"/": f"<div>{line}</div><h2>Vicino a voi</h2>{items}"}).answer == answer


@pytest.mark.parametrize(("name", "answer"), [("Note legali", "none"), ("La fiera d'autunno", "very_low")])
def test_rules_that_say_since_when_they_hold_are_no_news(tmp_path: Path, name: str, answer: str) -> None:
    body = f"<h1>{name}</h1><h2>Novità</h2>{TEXT * 4}<p>Viterbo, 19 giugno 2025</p>"
    assert judge(tmp_path, {"/": f'<a href="/a">{name}</a>', "/a": body}).answer == answer


def test_a_link_to_all_the_news_is_no_item(tmp_path: Path) -> None:
    cards = "".join(f"<h3>{title}</h3>{TEXT}" for title in TITLES[:2])
    home = f'<h2>Notizie</h2><a href="/notizie">Mostra tutte le notizie →</a>{cards}'
    finding = judge(tmp_path, {"/": home, "/notizie": "<p>In preparazione</p>"})
    assert finding.answer == "very_low"
    assert all("tutte" not in e.excerpt for e in finding.evidence)


def test_a_link_back_to_the_list_is_no_item(tmp_path: Path) -> None:
    links = "".join(f'<li><a href="/notizie/{n}">{title}</a></li>' for n, title in enumerate(TITLES))
    back = '<a href="/notizie">Torna alle notizie</a>'
    articles = {f"/notizie/{n}": f"<h1>{title}</h1>{TEXT}" for n, title in enumerate(TITLES)}
    articles["/notizie/0"] += back
    home = '<nav><a href="/notizie">Notizie</a></nav>'
    finding = judge(tmp_path, {"/": home, "/notizie": f"<h1>Notizie</h1><ul>{links}</ul>", **articles})
    assert (finding.answer, finding.details["items"]) == ("low", len(TITLES))


def test_titles_with_text_count_beside_the_few_that_are_links(tmp_path: Path) -> None:
    linked = f'<h3>{TITLES[0]}</h3><a href="/a">Leggi tutto</a>'
    told = "".join(f"<h3>{title}</h3>{TEXT}" for title in TITLES[1:])
    pages = {"/": f"<h2>Notizie</h2>{linked}{told}", "/a": TEXT}
    assert judge(tmp_path, pages).answer == "low"


@pytest.mark.parametrize(
    ("caption", "day", "answer"),
    [("اخبار ملی", "۱۴۰۴/۰۸/{}", "medium"), ("اخبار ملی", "", "none"), ("سامانه‌ها", "۱۴۰۴/۰۸/{}", "none")],
)
def test_a_caption_of_news_need_not_be_a_heading(tmp_path: Path, caption: str, day: str, answer: str) -> None:
    titles = ("امضای تفاهم‌نامه گیاهان دارویی", "بازگشت اراضی به چرخه تولید", "جلسه تأمین نهاده‌ها برگزار شد")
    cards = "".join(
        f'<div><a href="/n/{n}">{title}</a></div><div class="date">{day.format(10 + n)}</div>'
        for n, title in enumerate(titles)
    )
    pages: dict[str, PageSpec] = {"/": page(f'<div class="h1"><span>{caption}</span></div>{cards}')}
    pages |= {f"/n/{n}": page(f"<p>{title} در استان.</p>") for n, title in enumerate(titles)}
    with site_of(tmp_path, pages) as site:
        assert run(detect, site).answer == answer


@pytest.mark.parametrize(("caption", "answer"), [("أخبار القبول", "low"), ("مواعيد القبول", "none")])
def test_items_of_a_table_that_are_told_in_full(tmp_path: Path, caption: str, answer: str) -> None:
    titles = ("إعلان نتائج القبول النهائي", "بدء استقبال طلبات المتقدمين", "تمديد فترة التسجيل للطلبة")
    rows = "".join(
        f"<tr><td>السبت</td><td rowspan=2><b>{title}</b></td></tr><tr><td>1438/11/2{n}</td></tr>"
        "<tr><td>تعلن اللجنة أن على جميع المتقدمين مراجعة المكتب وإحضار الوثائق المطلوبة.</td></tr>"
        for n, title in enumerate(titles)
    )
    pages = {"/": page(f"<div>{caption}</div><table>{rows}</table>", lang="ar")}
    assert judge(tmp_path, pages).answer == answer


def test_the_caption_of_news_keeps_its_part_beside_empty_links_and_lists_without_dates(
    tmp_path: Path,
) -> None:
    def entry(title: str, day: str) -> str:
        return f'<div>{day}</div><div><a href="/gone">{title}</a></div>'

    dated = "".join(entry(title, f"2025-11-{10 + n}") for n, title in enumerate(TITLES))
    others = "".join(entry(f"Modulo per la richiesta numero {n}", "") for n in range(6))
    body = f'<div><a href="/x"></a>Notizie</div>{dated}<div>Moduli</div>{others}'
    assert judge(tmp_path, {"/": body, "/gone": ("http_error", "")}).answer != "none"


@pytest.mark.parametrize(
    ("address", "day", "answer"),
    [
        ("/index.aspx?pageid=155&amp;newsview={}", "یکشنبه ۲۷ اسفند ۱۳۹۶", "low"),
        ("/news/{}/x", "یکشنبه ۲۷ اسفند ۱۳۹۶", "low"),
        ("/news/{}/x", "", "none"),
        ("/index.aspx?pageid={}", "یکشنبه ۲۷ اسفند ۱۳۹۶", "none"),
    ],
)
def test_addresses_say_news_where_a_picture_is_the_caption(
    tmp_path: Path, address: str, day: str, answer: str
) -> None:
    titles = (
        "مدیرکل آموزش استان منصوب شد",
        "تعاملات مهارتی با همسایگان توسعه می‌یابد",
        "کارگاه مربیان برگزار شد",
    )
    rows = "".join(
        f'<p><a href="{address.format(70 + n)}">{title}</a></p><p>{day}</p>' for n, title in enumerate(titles)
    )
    with site_of(tmp_path, {"/": page(f'<img src="news.png">{rows}')}, archived=True) as site:
        assert run(detect, site).answer == answer


def test_headings_that_are_links_close_no_list(tmp_path: Path) -> None:
    titles = ("امضای تفاهم‌نامه گیاهان دارویی", "بازگشت اراضی به چرخه تولید", "جلسه تأمین نهاده‌ها برگزار شد")
    slides = "".join(
        f'<li><h2><a href="/n/{n}">{title}</a></h2><p>{title} در استان.</p><div>۱۳۹۶/۱۲/۲۶</div></li>'
        for n, title in enumerate(titles)
    )
    home = page(f"<table><tr><td><div>اخبار</div></td></tr></table><ul>{slides}</ul>")
    with site_of(tmp_path, {"/": home}, archived=True) as site:
        assert run(detect, site).answer == "low"


def _rows(days: tuple[str, ...]) -> str:
    return "".join(
        f'<div><a href="https://www.comune.example.it/leggi?id={n}">{title}</a></div><div>{day}</div>'
        for n, (title, day) in enumerate(zip(TITLES, days, strict=True))
    )


DAYS = ("03/11/2025", "28/10/2025", "21/10/2025")


@pytest.mark.parametrize(
    ("above", "below", "answer"),
    [
        ('<img src="/n.png" alt="Ultime notizie">', "", "low"),
        ("", '<div><a href="/n">Altre notizie</a></div>', "low"),
        ('<img src="/n.png" alt="Sistemi">', '<div><a href="/n">Altri sistemi</a></div>', "none"),
    ],
)
def test_dated_titles_that_a_picture_or_a_link_to_more_calls_news(
    tmp_path: Path, above: str, below: str, answer: str
) -> None:
    pages: dict[str, PageSpec] = {"/": f"{above}<div>{_rows(DAYS)}</div>{below}", "/n": ("http_error", "")}
    assert judge(tmp_path, pages).answer == answer


def test_dated_titles_below_a_heading_on_tenders_are_no_news(tmp_path: Path) -> None:
    assert (
        judge(
            tmp_path,
            {"/": f'<img src="/n.png" alt="Ultime notizie"><h2>Bandi di gara</h2><div>{_rows(DAYS)}</div>'},
        ).answer
        == "none"
    )


def test_titles_whose_tooltips_give_their_day_are_news(tmp_path: Path) -> None:
    items = "".join(
        f'<li><a href="https://www.comune.example.it/leggi?id={n}" title="{day}">{title}</a></li>'
        for n, (title, day) in enumerate(zip(TITLES, DAYS, strict=True))
    )
    assert judge(tmp_path, {"/": f"<h4>Scuola</h4><ul>{items}</ul>"}).answer == "low"
    assert (
        judge(tmp_path, {"/": f"<h4>Scuola</h4><ul>{items.replace('title=', 'data-x=')}</ul>"}).answer
        == "none"
    )


def test_links_that_share_one_line_with_a_day_are_no_dated_titles(tmp_path: Path) -> None:
    links = " ".join(f'<a href="https://a.example.org/{n}">{title}</a>' for n, title in enumerate(TITLES))
    assert judge(tmp_path, {"/": f"<p>{links} 03/11/2025</p>"}).answer == "none"


@pytest.mark.parametrize(
    ("address", "count", "answer"),
    [
        ("/haber_oku.asp?id={}", 5, "low"),
        ("/haber_oku.asp?id={}", 3, "none"),
        ("/haberler/yil/20{}", 5, "none"),
        ("/urun_oku.asp?id={}", 5, "none"),
    ],
)
def test_many_addresses_of_single_items_need_no_date(
    tmp_path: Path, address: str, count: int, answer: str
) -> None:
    rows = "".join(
        f'<div><a href="{address.format(20 + n)}"><b>Köprü onarımı {n}. kez bitirildi</b></a></div>'
        for n in range(count)
    )
    with site_of(tmp_path, {"/": page(rows, lang="tr")}, archived=True) as site:
        assert run(detect, site).answer == answer


def test_on_a_page_about_something_else_only_its_part_for_news_lists_news(tmp_path: Path) -> None:
    pages: dict[str, PageSpec] = {
        "/": '<a href="/ente">Chi siamo</a>',
        "/ente": '<h3>Organi</h3><p><a href="/a">Il consiglio di amministrazione</a></p><p><a href="/b">'
        'Il collegio dei revisori</a></p><p><a href="/c">Lo statuto dell’ente</a></p><h3><a href="#n">Notizie'
        '</a></h3><p><a href="/d">Parlano di noi</a></p>',
        **{f"/{name}": TEXT for name in "abcd"},
    }  # fmt: skip
    assert judge(tmp_path, pages).answer == "none"


@pytest.mark.parametrize(
    ("card", "answer"),
    [
        ("<p>Resta aggiornato su tutto quello che accade in paese!</p>", "none"),
        ("<h3>Il mercato cambia piazza</h3><p>Da lunedì il mercato si tiene altrove.</p>", "very_low"),
    ],
)
def test_a_text_that_speaks_of_the_news_is_no_news(tmp_path: Path, card: str, answer: str) -> None:
    pages: dict[str, PageSpec] = {
        "/": f'<h2>Ultime notizie</h2>{card}<a href="/notizie">Leggi di più</a>',
        "/notizie": ("http_error", ""),
    }
    assert judge(tmp_path, pages).answer == answer


def test_items_that_all_lead_to_one_list_are_several(tmp_path: Path) -> None:
    cards = "".join(
        f'<h3>{title}</h3><p>Testo breve.</p><a href="/lista">Leggi tutto</a>' for title in TITLES
    )
    pages = {"/": page(f"<h2>Notizie</h2>{cards}", lang="it"), "/lista": ("http_error", "")}
    with site_of(tmp_path, pages, archived=True) as site:
        assert run(detect, site).answer == "low"


@pytest.mark.parametrize(
    ("days", "answer"), [(("Juin 2024", "juillet 2024"), "low"), (("Axe 1", "Axe 2"), "none")]
)
def test_items_told_in_full_may_give_their_month_alone(
    tmp_path: Path, days: tuple[str, str], answer: str
) -> None:
    told = "La direction provinciale publie la liste complète des travaux prévus cette saison. " * 2
    cards = "".join(
        f"<div>{day}</div><div>{title}</div><div>{told}</div>"
        for day, title in zip(
            ("2 mai 2024", *days),
            (
                "Réfection du pont de la gare",
                "Ouverture du centre de santé",
                "Campagne de plantation d'arbres",
            ),
            strict=True,
        )
    )
    pages = {"/": page(f"<div>Dernières nouvelles</div>{cards}", lang="fr")}
    with site_of(tmp_path, pages, archived=True) as site:
        assert run(detect, site).answer == answer
