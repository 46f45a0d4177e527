"""An excerpt stands in a page, or it does not."""

from __future__ import annotations

import pytest

from indicators.witness import stands_in
from tests.indicators.make_capture import page

HTML = page(
    '<p>نشانی: ساری،\n  بلوار <b>خزر</b></p><a href="/x"><img src="i.png" alt="کانال ما"></a>'
    '<form><label>نام <input name="n" placeholder="نام شما"></label>'
    "<select><option>یک</option></select></form>"
    "<p hidden>پنهان</p>"
)


@pytest.mark.parametrize("excerpt", ["نشانی: ساری، بلوار خزر", "کانال ما", "/x", "نام", "ساری،   بلوار"])
def test_what_is_shown_stands_there(excerpt: str) -> None:
    assert stands_in(HTML, excerpt)


@pytest.mark.parametrize("excerpt", ["نشانی: آمل", "پنهان", "", "  "])
def test_what_is_not_shown_does_not(excerpt: str) -> None:
    assert not stands_in(HTML, excerpt)
