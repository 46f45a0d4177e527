# ruff: noqa: E501  (pages, one to a line)
"""A form is quoted so that a reader knows it again: heading, labels, button, all of it really there."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.quoting import CUT, LONGEST_EXCERPT, excerpt, form_words
from indicators.witness import Shown
from tests.indicators.make_capture import page, site_of

LABELLED = (
    "<h2>ثبت شکایت</h2><form action='/s' method='post'><label>نام *: <input name='a'></label>"
    "<label for='t'>شرح شکایت</label><textarea id='t' name='b'></textarea>"
    "<label>کد امنیتی <input name='c'></label><button>فرستادن</button></form>"
)
LEGEND = (
    "<form action='/s'><fieldset><legend>Report a pothole</legend><input placeholder='Street'>"
    "<input type='file' aria-label='Photo'><input type='reset' value='Clear'><input type='submit' value='Send'>"
    "</fieldset></form>"
)
IN_CELLS = (
    "<form action='/s'><table><tr><td>نام كاربري</td><td><input name='u'></td></tr><tr><td>كلمه عبور</td>"
    "<td><input type='password' name='p'></td></tr><tr><td></td><td><input type='submit' value='ورود'></td></tr>"
    "</table></form>"
)
POLL = (
    "<h2>تازه‌ها</h2><form action='/v'><p>ساعت کار کدام باشد؟</p><label><input type='radio' name='q'>صبح</label>"
    "<label><input type='radio' name='q'>عصر</label><button>ثبت رأی</button></form>"
)
BARE = "<form action='/s'><input name='mail'></form>"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (LABELLED, ["ثبت شکایت", "نام", "شرح شکایت", "فرستادن"]),
        (LEGEND, ["Report a pothole", "Street", "Photo", "Send"]),
        (IN_CELLS, ["نام كاربري", "كلمه عبور", "ورود"]),
        (POLL, ["ساعت کار کدام باشد؟", "صبح", "عصر", "ثبت رأی"]),
        (BARE, ["mail"]),
    ],
)
def test_a_form_in_its_own_words_which_stand_on_the_page(tmp_path: Path, body: str, words: list[str]) -> None:
    html = page(body)
    with site_of(tmp_path, {"/": html}) as site:
        first = site.pages[0]
        quoted = form_words(site, first, first.forms[0])
    assert quoted.split(CUT) == words
    assert Shown(html).holds(quoted)


def test_the_field_that_matters_is_always_quoted(tmp_path: Path) -> None:
    fields = "".join(f"<label>پرسش {n} <input name='f{n}'></label>" for n in range(1, 12))
    file = "<label>پیوست <input type='file' name='x'></label>"
    with site_of(
        tmp_path, {"/": page(f"<form action='/s'>{fields}{file}<button>ثبت</button></form>")}
    ) as site:
        first = site.pages[0]
        attached = next(c for c in first.forms[0].controls if c.type == "file")
        quoted = form_words(site, first, first.forms[0], attached).split(CUT)
    assert quoted[-2:] == ["پیوست", "ثبت"] and len(quoted) == 7


def test_of_a_form_that_is_the_whole_page_only_what_stands_together(tmp_path: Path) -> None:
    news = "<p>" + "خبری از استان که در این درگاه آمده است. " * 20 + "</p>"
    body = f"<form action='/p'><input name='q' placeholder='جستجو'>{news}<h2>تماس</h2>{LABELLED[30:]}"
    with site_of(tmp_path, {"/": page(body.replace("<form action='/s' method='post'>", ""))}) as site:
        first = site.pages[0]
        message = next(c for c in first.forms[0].controls if c.tag == "textarea")
        quoted = form_words(site, first, first.forms[0], message)
    assert "شرح شکایت" in quoted and "جستجو" not in quoted and "خبری" not in quoted


@pytest.mark.parametrize("told", ["نام … نشانی پستی", "ثبت شکایت … ", "… نام"])
def test_each_piece_of_a_quotation_must_stand_there(told: str) -> None:
    assert not Shown(page(LABELLED)).holds(told)


def test_excerpts_keep_their_length() -> None:
    assert len(excerpt("کلمه " * 200)) <= LONGEST_EXCERPT
    assert excerpt("یک دو سه", longest=5) == "یک دو"
