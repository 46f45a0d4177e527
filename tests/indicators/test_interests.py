"""What a link promises of what the indicators need, in any language: names are clear, mentions are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.frontier import CLEAR
from indicators.interests import crawl_interests
from indicators.vocabulary import load_vocabulary

HOST = "https://portal.example"


def clarity(topic: str, text: str = "", path: str = "") -> float:
    return crawl_interests().clarity(HOST + path if path else "", text).get(topic, 0.0)


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("contact", "تماس با ما"),
        ("contact", "تماس‌با‌ما"),
        ("org_profile", "درباره ما"),
        ("tender", "مناقصات و مزايدات"),
        ("services", "الخدمات"),
        ("contact", "اتصل بنا"),
        ("tender", "Bandi di gara"),
        ("contact", "Contatti"),
        ("services", "Démarches administratives"),
        ("faq", "FAQ"),
        ("contact", "İletişim"),
        ("languages", "Español"),
        ("languages", "EN"),
        ("languages", "فارسی"),
    ],
)
def test_a_name_is_clear(topic: str, text: str) -> None:
    assert clarity(topic, text) >= 0.8


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("contact", "Contact the Office of Technology Transitions"),
        ("org_profile", "About the Department of Roads and Urban Development"),
        ("languages", "Información en español"),
    ],
)
def test_a_name_with_what_it_belongs_to_is_less_clear_and_still_a_name(topic: str, text: str) -> None:
    assert 0.3 <= clarity(topic, text) < 0.8


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("help", "Helping National Lab Innovators Create 21st Century Solutions"),
        ("search", "US Department of Energy Projects Win 32 R&D 100 Awards for Research in 2016"),
        ("languages", "Direction de la communication, où en est le projet"),
        ("languages", "How to do it"),
    ],
)
def test_what_a_title_only_seems_to_say_does_not_count(topic: str, text: str) -> None:
    assert clarity(topic, text) == 0.0


def test_a_mention_in_a_title_is_not_clear() -> None:
    title = (
        "Minister tells the news of a new bridge to the contact group of the northern villages at the river"
    )
    assert 0 < clarity("news", title) < CLEAR
    assert clarity("news", title) < clarity("news", "News of the ministry") < clarity("news", "News")


@pytest.mark.parametrize(
    ("topic", "path"),
    [
        ("contact", "/Pages/ContactUs.aspx"),
        ("contact", "/contact_us.php"),
        ("contact", "/contact-us/index.html"),
        ("contact", "/index.php?page=contact"),
        ("contact", "/#/contact"),
        ("news", "/fa/news"),
        ("services", "/%D8%AE%D8%AF%D9%85%D8%A7%D8%AA"),
        ("languages", "/?lang=en"),
    ],
)
def test_an_address_names_its_page(topic: str, path: str) -> None:
    assert clarity(topic, path=path) >= 0.8


def test_a_folder_names_what_lies_in_it_less_clearly_than_itself() -> None:
    assert 0 < clarity("news", path="/news/2024/a-bridge") < clarity("news", path="/news/") == 1


def test_what_lies_in_the_folder_of_a_language_is_not_about_languages() -> None:
    assert clarity("languages", path="/en/") == 1
    assert clarity("languages", path="/en/roads") == 0


def test_of_text_and_address_the_clearer_counts() -> None:
    both = crawl_interests().clarity(f"{HOST}/contact", "More")
    assert both["contact"] == 1.0
    assert crawl_interests().clarity(f"{HOST}/x", "Contact us")["contact"] == 1.0


def test_whatever_is_looked_for_is_in_the_vocabulary() -> None:
    assert set(crawl_interests().topics) <= set(load_vocabulary().concepts)
    assert all(" " not in topic and "=" not in topic for topic in crawl_interests().topics)


@given(st.text(max_size=60), st.text(max_size=400))
def test_any_link_is_judged(path: str, text: str) -> None:
    for clear in crawl_interests().clarity(f"{HOST}/{path}", text).values():
        assert 0 < clear <= 1


@pytest.mark.parametrize("url", ["http://[half", "", "javascript:x", "https://h/" + "a/" * 5_000])
def test_an_odd_address_says_nothing(url: str) -> None:
    assert crawl_interests().clarity(url, "") == {}
