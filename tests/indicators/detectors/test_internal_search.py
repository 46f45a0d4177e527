"""A box that searches the portal, and answers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import pytest

from indicators.detector import run
from indicators.detectors.internal_search import detect
from indicators.records import Finding
from tests.indicators.make_capture import START, PageSpec, page, site_of

BOX = '<form action="/search"><input type="search" name="q" placeholder="جستجو"><button>بیاب</button></form>'
NEWS = page("<h1>گشایش جاده کمربندی</h1><p>جاده کمربندی شهر با حضور مردم گشایش یافت.</p>")
ASKED = f"/search?q={quote('گشایش جاده کمربندی')}"


def judge(folder: Path, pages: Mapping[str, PageSpec], *, archived: bool = False) -> Finding:
    with site_of(folder, pages, archived=archived) as site:
        return run(detect, site)


def home(box: str = BOX) -> str:
    return page(f'{box}<p>اداره کل</p><a href="/n">گشایش جاده کمربندی</a>')


def test_a_query_that_was_answered(tmp_path: Path) -> None:
    results = page(f'{BOX}<ul><li><a href="/n">گشایش جاده کمربندی</a></li></ul>')
    finding = judge(tmp_path, {"/": home(), "/n": NEWS, ASKED: results})
    assert finding.answer == "yes"
    assert [e.kind for e in finding.evidence] == ["link", "form"]
    assert finding.evidence[0].excerpt == "گشایش جاده کمربندی"


@pytest.mark.parametrize(
    "answer",
    [
        page(f"{BOX}<p>نتیجه‌ای یافت نشد.</p>"),
        page(f"{BOX}<p>گشایش جاده کمربندی</p>"),
        page(f'{BOX}<a href="/gone">گشایش جاده کمربندی</a>'),
        ("http_error", page("خطا")),
    ],
    ids=["nothing", "only the query", "dead results", "an error"],
)
def test_a_query_that_was_not_answered(tmp_path: Path, answer: PageSpec) -> None:
    finding = judge(tmp_path, {"/": home(), "/n": NEWS, ASKED: answer, "/gone": ("http_error", page("x"))})
    assert finding.answer == "no"
    assert START + ASKED[1:] in {place.url for place in finding.visited}


def test_a_posted_query_that_only_shows_the_page_again(tmp_path: Path) -> None:
    box = '<form method="post"><input name="txtSearch"><input type="submit" value="جستجو"></form>'
    posted = f"/#posted:{quote('گشایش جاده')}"
    again = {"/": home(box), "/n": NEWS, posted: home(box + "<p>خطا در اتصال</p>")}
    assert judge(tmp_path / "a", again).answer == "no"
    more = page(box + '<a href="/n">گشایش جاده کمربندی</a><p>یک نتیجه</p><a href="/n">گشایش جاده کمربندی</a>')
    assert judge(tmp_path / "b", {"/": home(box), "/n": NEWS, posted: more}).answer == "yes"


@pytest.mark.parametrize("lang_box", [("fa", "جستجو"), ("ar", "البحث"), ("en", "Search...")])
def test_on_an_archived_copy_the_box_is_enough(tmp_path: Path, lang_box: tuple[str, str]) -> None:
    lang, label = lang_box
    pages = {"/": page(f'<p>x</p><form><input type="text" title="{label}"></form>', lang=lang)}
    assert judge(tmp_path, pages, archived=True).answer == "yes"


def test_a_box_that_nobody_asked_says_nothing(tmp_path: Path) -> None:
    assert judge(tmp_path, {"/": home()}).answer is None


@pytest.mark.parametrize(
    "box",
    [
        '<form action="#" onsubmit="return false"><input type="text" title="جستجو"><button>⌕</button></form>',
        '<form action="https://www.example.com/search"><input type="search" name="q"></form>',
        '<form action="/list"><input name="title" placeholder="عنوان"><button>اعمال</button></form>',
        '<form method="post"><input type="password" name="search"><button>ورود</button></form>',
        '<form action="/cases">کد رهگیری <input name="c"><button>جستجو</button></form>',
        "",
    ],
    ids=["nothing behind it", "another site's", "a filter", "a log-in", "a case's", "none"],
)
def test_what_is_no_search_of_the_portal(tmp_path: Path, box: str) -> None:
    finding = judge(tmp_path, {"/": home(box), "/n": NEWS})
    assert finding.answer == "no"
    assert finding.visited


@pytest.mark.parametrize(
    ("box", "answer"),
    [
        (
            '<header><form action="/search"><input type="text" name="s"><button></button></form></header>',
            "yes",
        ),
        ('<header><form class="search-form" action="/"><input type="text" name="s"></form></header>', "yes"),
        ('<form action="/list"><input type="text" name="s" placeholder="ما الذي تبحث عنه؟"></form>', "yes"),
        (
            '<header><form action="/subscribe"><input type="text" name="s"><button></button></form></header>',
            "no",
        ),
        (
            '<main><form class="search-items" action="/tariff"><input type="text" name="s"></form></main>',
            "no",
        ),
    ],
    ids=["its address", "its marks", "its question", "a newsletter", "a list's filter"],
)
def test_what_tells_a_search_box_of_a_saved_copy(tmp_path: Path, box: str, answer: str) -> None:
    body = page(f"{box}<p>بوابة الهيئة العامة</p>", lang="ar")
    assert judge(tmp_path, {"/": body}, archived=True).answer == answer


@pytest.mark.parametrize(
    ("box", "archived", "answer"),
    [
        ('<lens-search placeholder="ابحث هنا"></lens-search>', True, "yes"),
        ('<lens-search placeholder="ابحث هنا"></lens-search>', False, "no"),
        ('<lens-search placeholder="الاسم الأول"></lens-search>', True, "no"),
        ('<lens-field placeholder="ابحث هنا"></lens-field>', True, "no"),
    ],
)
def test_a_box_that_is_an_element_of_its_own_making(
    tmp_path: Path, box: str, archived: bool, answer: str
) -> None:
    assert judge(tmp_path, {"/": home(box), "/n": NEWS}, archived=archived).answer == answer


def test_a_field_may_be_named_as_old_systems_name_theirs(tmp_path: Path) -> None:
    box = '<form action="/index.php" method="post"><input type="text" name="searchword" value="..."></form>'
    with site_of(tmp_path, {"/": page(f"<h1>Νοσοκομείο</h1>{box}", lang="el")}, archived=True) as site:
        assert run(detect, site).answer == "yes"


@pytest.mark.parametrize(
    ("label", "answer"),
    [
        ("Rechercher un service, une démarche, un lieu...", "yes"),
        ("Nom de la personne que vous souhaitez rechercher...", "no"),
    ],
)
def test_a_box_without_a_form_says_what_it_searches(tmp_path: Path, label: str, answer: str) -> None:
    home = page(f'<p>La commune</p><input type="text" placeholder="{label}">', lang="fr")
    assert judge(tmp_path, {"/": home}, archived=True).answer == answer


@pytest.mark.parametrize(
    ("address", "name", "answer"), [("/laws", "القوانين", "no"), ("/search", "البحث", "yes")]
)
def test_a_box_on_one_page_alone_sifts_its_list(tmp_path: Path, address: str, name: str, answer: str) -> None:
    box = '<form action=""><input type="search" placeholder="بحث"><button>بحث</button></form>'
    menu = f'<nav><a href="/a">عنا</a> <a href="{address}">{name}</a></nav>'
    pages: dict[str, PageSpec] = {
        "/": page(f"{menu}<p>الجهاز المركزي</p>", lang="ar"),
        "/a": page(f"{menu}<h1>عنا</h1><p>أنشئ الجهاز قبل سنوات.</p>", "عنا", lang="ar"),
        address: page(f"{menu}<main><h1>{name}</h1>{box}<p>مرسوم سنة 2006</p></main>", name, lang="ar"),
    }
    assert judge(tmp_path, pages, archived=True).answer == answer


@pytest.mark.parametrize(("field", "answer"), [('<input type="date" name="de">', "no"), ("", "yes")])
def test_a_form_that_chooses_by_days_searches_a_list(tmp_path: Path, field: str, answer: str) -> None:
    form = f'<form>{field}<input type="text" name="p"><button>Pesquisar</button></form>'
    pages = {
        "/": page('<a href="/d">Diário oficial</a>', lang="pt"),
        "/d": page(f"<main><h1>Diário</h1>{form}</main>", lang="pt"),
    }
    assert judge(tmp_path, pages, archived=True).answer == answer
