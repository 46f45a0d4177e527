"""The choice between plain fetching and the browser learns, forgets, and stays honest."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.capture import Comparison, RenderingReason
from crawler.extract import Extracted, extract
from crawler.rendering import MAX_CHECKS, MAX_FAILURES, MENUS, RECENT, RenderingChoice, kind_of

SAID = "این صفحه بدون اسکریپت هم خوانده می‌شود. " * 20
PLAIN = extract(f"<h1>خبر</h1><p>{SAID}</p>", "http://a.ir/")
SCRIPTED = extract(f"<h1>خبر</h1><p>{SAID}</p><script src=/a.js></script>", "http://a.ir/")


def reason(choice: RenderingChoice, url: str, page: Extracted = SCRIPTED) -> RenderingReason | None:
    return choice.reason(url, page, is_start=False, known_postbacks=())


def seen(url: str, gained: bool, why: RenderingReason = "first", failure: str = "") -> Comparison:
    return Comparison(
        page=1, kind=kind_of(url), reason=why, gained=gained, text=1, rendered_text=1, links=0,
        rendered_links=0, targets=0, failure=failure,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://a.ir", "/"),
        ("http://a.ir/about", "/*"),
        ("http://a.ir/about.aspx", "/*.aspx"),
        ("http://a.ir/fa/news/1234/title", "/fa/news/*/*"),
        ("http://a.ir/index.php?id=3&lang=fa", "/*.php?id&lang"),
        ("http://a.ir/#!/news/12", "/#/news/*"),
        ("http://a.ir/page#part", "/*"),
        ("http://a.ir/%D8%A7%D8%AE%D8%A8%D8%A7%D8%B1/1", "/اخبار/*"),
    ],
)
def test_addresses_made_alike_are_of_one_kind(url: str, kind: str) -> None:
    assert kind_of(url) == kind


@given(st.text(max_size=80))
def test_any_address_has_a_kind(rest: str) -> None:
    assert kind_of(f"http://a.ir/{rest}".replace("[", "").replace("]", "")).startswith("/")


def test_what_the_page_itself_shows_goes_first() -> None:
    choice = RenderingChoice()
    assert choice.reason("http://a.ir/", PLAIN, is_start=True, known_postbacks=()) == "start"
    assert reason(choice, "http://a.ir/#/news") == "route"
    assert reason(choice, "http://a.ir/x", extract("<div id=app></div><script></script>", "")) == "shell"
    assert reason(choice, "http://a.ir/x", PLAIN) is None
    menu = extract(f"{SAID}<a href='#' onclick='open1()'>منو</a>", "http://a.ir/")
    assert reason(choice, "http://a.ir/x", menu) == "menu"
    old = extract(f"{SAID}<a href=\"javascript:__doPostBack('a','')\">منو</a>", "http://a.ir/")
    href = old.links[0].url
    assert reason(choice, "http://a.ir/x", old) == "postback"
    assert choice.reason("http://a.ir/x", old, is_start=False, known_postbacks={href}) != "postback"


def unchecked(folder: str, count: int) -> list[str]:
    """Addresses of one kind that the lasting share does not fall on."""
    known = RenderingChoice([seen(f"http://a.ir/{folder}/0", False)])
    urls = (f"http://a.ir/{folder}/{n}" for n in range(10_000))
    return list(islice((url for url in urls if reason(known, url) is None), count))


def test_what_was_learnt_of_a_kind_holds_until_it_no_longer_does() -> None:
    news, about = unchecked("news", 9), unchecked("about", 1)[0]
    choice = RenderingChoice([seen(about, False)])
    assert reason(choice, about) is None
    assert reason(choice, news[0]) == "first"
    choice.learn(seen(news[0], True))
    assert reason(choice, news[1]) == "learnt"
    assert reason(choice, about) is None
    for url in news[1 : RECENT + 1]:
        choice.learn(seen(url, False, "learnt"))
    assert reason(choice, news[5]) is None
    choice.learn(seen(news[5], True, "check"))
    assert reason(choice, news[6]) == "learnt"


def test_where_most_kinds_need_the_browser_a_new_one_is_expected_to() -> None:
    choice = RenderingChoice([seen("http://a.ir/", True, "start"), seen("http://a.ir/x", True)])
    assert reason(choice, unchecked("new", 1)[0]) == "learnt"


def test_a_lasting_share_is_compared_and_it_is_always_the_same() -> None:
    choice = RenderingChoice([seen("http://a.ir/n/0", False)])
    urls = [f"http://a.ir/n/{n}" for n in range(2_000)]
    checked = [url for url in urls if reason(choice, url) == "check"]
    assert 60 < len(checked) < 140
    assert checked == [url for url in urls if reason(choice, url) == "check"]
    assert not any(reason(choice, url, PLAIN) for url in checked), (
        "without scripts there is nothing to compare"
    )
    for url in checked[:MAX_CHECKS]:
        choice.learn(seen(url, False, "check"))
    assert not any(reason(choice, url) for url in urls)


def test_a_browser_that_only_fails_is_spared() -> None:
    urls = unchecked("n", 5)
    shell = extract("<script></script>", "")
    choice = RenderingChoice(seen(url, False, "shell", "the page crashed") for url in urls[:MAX_FAILURES])
    assert reason(choice, urls[4], shell) is None
    choice.learn(seen(urls[3], True, "check"))
    assert reason(choice, urls[4], shell) == "shell"


def test_menus_are_opened_on_a_few_pages_only() -> None:
    menu = extract(f"{SAID}<a href='#' onclick='open1()'>منو</a>", "http://a.ir/")
    choice = RenderingChoice(seen(f"http://a.ir/{n}", False, "menu") for n in range(MENUS))
    assert reason(choice, "http://a.ir/x", menu) is None
