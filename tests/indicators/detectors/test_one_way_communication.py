"""News, announcements or channels for the public."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.one_way_communication import detect
from indicators.records import Finding
from tests.indicators.make_capture import PageSpec, page, site_of

ARTICLE = page("<h1>بهسازی محور پلور</h1><p>بهسازی هجده کیلومتر از محور پلور به پایان رسید.</p>")


def judge(folder: Path, pages: dict[str, PageSpec]) -> Finding:
    with site_of(folder, pages) as site:
        return run(detect, site)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("اخبار", "بهسازی محور پلور به پایان رسید"),
        ("إعلانات", "إعلان عن مواعيد العمل في رمضان"),
        ("Announcements", "Road to Polour closed for repairs"),
    ],
)
def test_items_that_can_be_read(tmp_path: Path, name: str, title: str) -> None:
    home = page(f'<p>راه</p><a href="/n">{name}</a>')
    items = page(f'<h1>{name}</h1><ul><li><a href="/n/1">{title}</a></li></ul>')
    finding = judge(tmp_path, {"/": home, "/n": items, "/n/1": ARTICLE})
    assert (finding.answer, finding.evidence[0].excerpt) == ("yes", title)


def test_a_channel_of_the_agency(tmp_path: Path) -> None:
    finding = judge(tmp_path, {"/": page('<p>راه</p><a href="https://eitaa.com/rah_damavand">ایتا</a>')})
    assert finding.answer == "yes"


@pytest.mark.parametrize(
    "target",
    [
        page("<h1>اطلاعیه‌ها</h1><p>موردی یافت نشد</p>"),
        page('<h1>اطلاعیه‌ها</h1><a href="/dead">اطلاعیه تعطیلی جاده در زمستان</a>'),
        ("http_error", ""),
    ],
)
def test_empty_and_dead_lists_tell_nothing(tmp_path: Path, target: PageSpec) -> None:
    home = page('<p>راه</p><a href="/a">اطلاعیه‌ها</a><a href="https://eitaa.com/">ایتا</a>')
    assert judge(tmp_path, {"/": home, "/a": target, "/dead": ("http_error", "")}).answer == "no"
