"""Which addresses are one, which belong to the portal, and which lead into a trap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serving import a_portal

from crawler.scope import Scope, canonical, identity

SAME = [
    ("http://portal.example/a", "https://portal.example/a"),
    ("https://www.portal.example/a", "https://portal.example/a"),
    ("https://portal.example:443/a", "https://portal.example/a"),
    ("https://PORTAL.example/a", "https://portal.example/a"),
    ("https://استان.ایران/خدمات", "https://xn--mgbai9azg.xn--mgba3a4f16a/%D8%AE%D8%AF%D9%85%D8%A7%D8%AA"),
    ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    ("https://portal.example/a?b=1&a=2", "https://portal.example/a?a=2&b=1"),
    ("https://portal.example/a?utm_source=x", "https://portal.example/a"),
    ("https://portal.example/a;jsessionid=0A1B2C3D4E5F60718293A4B5C6D7E8F9", "https://portal.example/a"),
    ("https://portal.example/a?PHPSESSID=p3n8q0k2v7t1r5m9", "https://portal.example/a"),
    ("https://portal.example/(S(lit3py55t21z5v55vlm25s55))/a.aspx", "https://portal.example/a.aspx"),
    ("https://portal.example/x/../a", "https://portal.example/a"),
]

DIFFERENT = [
    ("https://portal.example/a", "https://portal.example/A"),
    ("https://portal.example/a?id=1", "https://portal.example/a?id=2"),
    ("https://one.portal.example/", "https://two.portal.example/"),
    ("https://portal.example:8080/", "https://portal.example/"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_of_one_address(one: str, other: str) -> None:
    assert identity(one) == identity(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_addresses(one: str, other: str) -> None:
    assert identity(one) != identity(other)


def test_the_start_with_and_without_www_and_what_is_listed_belong_to_the_portal() -> None:
    scope = Scope(a_portal("https://www.portal.example/fa/", hosts=("services.portal.example",)))
    for own in (
        "https://portal.example/",
        "http://www.portal.example/x",
        "https://services.portal.example/login",
    ):
        assert scope.contains(own), own
    for foreign in (
        "https://other.portal.example/",
        "https://portal.example.evil.example/",
        "https://evilportal.example/",
        "https://portal.example@evil.example/",
        "https://portal.example:8443/",
        "ftp://portal.example/",
        "javascript:alert(1)",
    ):
        assert not scope.contains(foreign), foreign


def test_an_international_name_is_the_portals_own_in_both_spellings() -> None:
    scope = Scope(a_portal("https://استان.ایران/"))
    assert scope.contains("https://xn--mgbai9azg.xn--mgba3a4f16a/خبر")
    assert scope.contains("https://www.استان.ایران/")
    assert not scope.contains("https://استان٢.ایران/")


def test_parameters_without_end_are_left_after_a_while() -> None:
    scope = Scope(a_portal("https://portal.example/"))
    refused = 0
    for number in range(1_000):
        url = f"https://portal.example/list?page={number}&token={number * 7919}"
        if scope.refusal(url, depth=1):
            refused += 1
        else:
            scope.admit(url)
    assert 900 <= refused < 1_000


def test_a_path_that_repeats_itself_and_a_depth_beyond_the_budget() -> None:
    scope = Scope(a_portal("https://portal.example/", budget={"depth": 3}))
    assert "repeats" in scope.refusal("https://portal.example/a/b/a/b/a/b/a/b/a/b", depth=1)
    assert scope.refusal("https://portal.example/a", depth=4)
    assert not scope.refusal("https://portal.example/a", depth=3)
    assert scope.refusal("https://portal.example/" + "a" * 3_000, depth=1)


@given(
    st.sampled_from(["http://", "https://", "http://www.", "https://www.www."]),
    st.text("ab.-1w", min_size=1, max_size=8),
    st.one_of(
        st.just(""), st.sampled_from([":80", ":443", ":08080"]), st.integers(1, 65_535).map(":{}".format)
    ),
    st.text("ab./-_19A", max_size=12),
    st.one_of(
        st.just(""),
        st.sampled_from(["?sid=a1b2c3d4e5f6g7", "?utm_x=1"]),
        st.text("aA-=_&1.", max_size=6).map("?{}".format),
    ),
    st.one_of(st.just(""), st.text("ab-/!1", max_size=6).map("#{}".format)),
)
def test_a_plain_address_is_recognised_as_what_its_canonical_form_says(
    scheme: str, host: str, port: str, path: str, query: str, fragment: str
) -> None:
    url = f"{scheme}{host}{port}/{path}{query}{fragment}"
    assert identity(url) == canonical(url).partition("://")[2].removeprefix("www.")
