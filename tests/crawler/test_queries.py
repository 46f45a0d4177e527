"""What a search is asked: chosen from what was seen, always the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.queries import Known, Named, cut, known_titles, misspelt, nonsense, queries_for

HOST = "https://portal.example.ir"


def seen(*titles: str, path: str = "/news/{}") -> list[Known]:
    return [Known(n, HOST + path.format(n), title) for n, title in enumerate(titles, start=2)]


def test_what_every_page_bears_is_no_title() -> None:
    pages = seen(
        *(f"اداره کل ورزش استان | {name}" for name in ("جام فوتبال بانوان", "استخر کوثر رودهن", "تماس"))
    )
    assert [query.text for query in known_titles(pages, [])] == ["جام فوتبال بانوان", "استخر کوثر رودهن"]


def test_menus_are_no_titles() -> None:
    pages = seen("درگاه", "درگاه", "درگاه", "درگاه")
    links = [Named("ارتباط با مدیران", pages[0].url, 4), Named("کشت برنج در شالیزار", pages[1].url, 1)]
    assert [(query.text, query.expected) for query in known_titles(pages, links)] == [
        ("کشت برنج در شالیزار", 3)
    ]


def test_titles_of_different_kinds_of_pages_come_first() -> None:
    pages = seen("Alpha beta gamma delta", "Epsilon zeta eta theta", "Iota kappa lambda mu")
    pages.append(Known(9, HOST + "/services/9", "Building permit"))
    chosen = [query.expected for query in known_titles(pages, [])]
    assert len(chosen) == 3 and 9 in chosen


def test_two_addresses_of_a_page_are_one_title() -> None:
    pages = seen("گشایش جاده کمربندی", "گشایش جاده کمربندی", path="/news/1?utm_source={}")
    assert [query.expected for query in known_titles(pages, [])] == [2]


def test_no_title_no_query() -> None:
    assert queries_for(seen("خانه", "اخبار"), []) == []


@pytest.mark.parametrize(
    ("title", "slip"),
    [("گشایش جاده کمربندی", "گشایش جاده کمرندی"), ("Building permit", "Builing permit"), ("آب و نان", "")],
)
def test_a_slip_of_the_pen(title: str, slip: str) -> None:
    assert misspelt(title) == slip


@pytest.mark.parametrize("sample", ["گشایش", "Permit", "Закон", "Υπηρεσία", "许可", "۱۲"])
def test_nonsense_is_one_word_of_letters(sample: str) -> None:
    assert nonsense(sample).isalpha() and len(nonsense(sample)) >= 8


def test_long_titles_are_cut_between_words() -> None:
    assert cut("یک دو سه چهار پنج شش هفت هشت نه ده یازده") == "یک دو سه چهار پنج شش هفت هشت نه"
    assert cut("تک‌واژه") == ""


_wild = st.text(alphabet="ابیک abc|»-:0۱٣ \u200c\x00", max_size=30)


@settings(max_examples=80)
@given(st.lists(st.tuples(_wild, _wild), max_size=8))
def test_wild_titles_make_few_queries_and_always_the_same(wild: list[tuple[str, str]]) -> None:
    pages = seen(*(title for title, _ in wild))
    links = [Named(text, page.url, 1) for page, (_, text) in zip(pages, wild, strict=True)]
    queries = queries_for(pages, links)
    assert queries == queries_for(pages, links)
    assert len(queries) <= 5
    assert all(
        len(query.text.split()) >= 2 and len(query.text) <= 60 for query in queries if query.kind == "title"
    )
