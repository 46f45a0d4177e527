"""Traps of pages that repeat each other, and real lists that only look like them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from serving import WORDS, Answer, Handler, a_portal, html, run, serving

from crawler.capture import Capture
from crawler.repeats import MAX_STALE, Repeats, pattern

MONTHS = ("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور")
NOUNS = ("پل", "جاده", "سد", "مدرسه", "بیمارستان", "پارک", "ورزشگاه", "کتابخانه", "نیروگاه", "ترمینال")
PLACES = ("دماوند", "رودهن", "آبسرد", "کیلان", "فیروزکوه", "ورامین", "پاکدشت", "قرچک", "شهریار", "قدس")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.ir/cal/1405/08/22", "https://a.ir/cal/1406/1/3"),
        ("https://a.ir/fa/news/۱۲", "https://a.ir/fa/news/۱۳۰"),
        ("https://a.ir/list.aspx?page=2&sort=date", "https://a.ir/list.aspx?sort=date&page=31"),
        ("https://a.ir/%D8%A8?id=4", "https://a.ir/ب?id=5"),
    ],
)
def test_addresses_of_one_kind(one: str, other: str) -> None:
    assert pattern(one) == pattern(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.ir/news/1", "https://a.ir/tenders/1"),
        ("https://a.ir/?page=2&sort=date", "https://a.ir/?page=2&sort=name"),
        ("https://a.ir/news/1", "https://b.ir/news/1"),
    ],
)
def test_addresses_of_different_kinds(one: str, other: str) -> None:
    assert pattern(one) != pattern(other)


def test_an_address_without_numbers_has_no_siblings() -> None:
    assert pattern("https://a.ir/contact?lang=fa") == ""


class TestRepeats:
    @pytest.fixture
    def db(self) -> sqlite3.Connection:
        return sqlite3.connect(":memory:")

    def test_a_calendar_is_given_up_and_stays_so(self, db: sqlite3.Connection) -> None:
        repeats, asked = Repeats(db), 0
        for day in range(1, 200):
            url = f"https://a.ir/events/1405/{day // 30 + 1}/{day % 30}"
            if repeats.refusal(url):
                break
            asked += 1
            repeats.note(
                url, f"رویدادهای روز {day} {MONTHS[day // 31 % 6]} ماه\nهیچ رویدادی در این روز نیست\n{day}"
            )
        assert asked <= 2 + 6 + MAX_STALE
        assert Repeats(db).refusal("https://a.ir/events/1409/1/1") == "trap: near-duplicates"
        assert not repeats.refusal("https://a.ir/news/1")

    @pytest.mark.parametrize("shape", ["https://a.ir/news/{}", "https://a.ir/tender.aspx?id={}"])
    def test_a_real_list_is_read_to_its_end(self, shape: str, db: sqlite3.Connection) -> None:
        """Short items in a large frame that is the same on all of them."""
        repeats, frame = Repeats(db), "\n".join(f"پیوند شماره {n} در ستون کنار" for n in range(200))
        for number in range(100):
            url = shape.format(number)
            assert not repeats.refusal(url)
            title = f"مناقصه ساخت {NOUNS[number % 10]} در {PLACES[number // 10]}"
            repeats.note(url, f"{frame}\n{title}\nشماره {number} تاریخ 1405/08/{number}")

    def test_something_new_in_between_starts_the_count_again(self, db: sqlite3.Connection) -> None:
        repeats = Repeats(db)
        for number in range(5 * MAX_STALE):
            new = f"گزارش بازدید از {NOUNS[number // 7 % 10]} تازه" if number % 7 == 0 else ""
            repeats.note(f"https://a.ir/r/{number}", f"این صفحه در دست ساخت است\n{new}")
            assert not repeats.refusal("https://a.ir/r/999")

    def test_pages_without_text_are_no_duplicates(self, db: sqlite3.Connection) -> None:
        repeats = Repeats(db)
        for number in range(3 * MAX_STALE):
            repeats.note(f"https://a.ir/app/{number}", "")
        assert not repeats.refusal("https://a.ir/app/999")


def test_a_visit_leaves_the_trap_and_reads_the_list(tmp_path: Path) -> None:
    def day(handler: Handler) -> None:
        number = int(handler.path.rpartition("/")[2])
        handler.page(
            f"<!doctype html><title>تقویم</title><main><h1>رویدادهای این روز از تقویم</h1><p>{WORDS}</p>"
            f"<a href='/day/{number + 1}'>فردا</a> <a href='/day/{number + 2}'>پس‌فردا</a></main>"
        )

    items = "".join(f"<a href='/news/{n}'>خبر</a> " for n in range(40))
    days = "<a href='/day/1'>تقویم</a><a href='/day/900'>تماس با ما</a>"
    answers: dict[str, Answer] = {
        "/": html(f"<main><p>{WORDS}</p>{days}{items}</main>"),
        **{f"/day/{n}": day for n in range(1_000)},
        **{
            f"/news/{n}": html(
                f"<main><h1>گشایش {NOUNS[n % 10]} در {PLACES[n // 10]}</h1><p>{WORDS}</p></main>"
            )
            for n in range(40)
        },
    }
    with serving(answers) as site:
        visit = run(
            a_portal(site.url + "/", budget={"pages": 150, "depth": 50}),
            tmp_path,
            looked_for=(("تماس با ما", 5.0, "contact"),),
        )
    assert visit.complete
    with Capture(tmp_path) as capture:
        seen = [page.url.partition("/day/")[2] for page in capture.pages]
        assert sum("/news/" in page.url for page in capture.pages) == 40
        assert "900" in seen  # what the indicators need is looked at even there
        assert len([day for day in seen if day]) <= MAX_STALE + 3
        assert {r.reason for r in capture.refusals} == {"trap: near-duplicates"}
