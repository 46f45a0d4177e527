"""The demo bank: it shows what is to be paid, refuses nonsense and never charges."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.gateway import create_app

CLIENT = create_app().test_client()
ORDER = {"merchant": "شرکت آب", "amount": "1250000", "order": "77"}


def _send(method: str, data: dict[str, str]) -> tuple[int, str]:
    send = CLIENT.post if method == "post" else CLIENT.get
    response = send("/pay", **({"data": data} if method == "post" else {"query_string": data}))
    return response.status_code, response.text


@pytest.mark.parametrize("method", ["get", "post"])
def test_shows_merchant_and_amount_and_asks_for_a_card(method: str) -> None:
    status, text = _send(method, ORDER)
    assert status == 200
    assert "شرکت آب" in text and "۱٬۲۵۰٬۰۰۰ ریال" in text
    fields = {str(field["name"]) for field in BeautifulSoup(text, "lxml").select("form input")}
    assert {"card", "cvv2", "pin", "token"} <= fields


def test_amount_may_be_typed_in_persian_digits() -> None:
    assert "۱٬۲۵۰٬۰۰۰ ریال" in _send("post", {**ORDER, "amount": "۱٬۲۵۰٬۰۰۰"})[1]


def test_the_same_order_gets_the_same_token_unless_the_merchant_brings_one() -> None:
    assert _send("post", ORDER)[1] == _send("post", ORDER)[1]
    assert "T-99" in _send("post", {**ORDER, "token": "T-99"})[1]


@pytest.mark.parametrize("amount", ["", "0", "-5", "1e9", "²", "9" * 50, "<b>"])
def test_refuses_an_impossible_amount(amount: str) -> None:
    assert _send("post", {**ORDER, "amount": amount})[0] == 400


def test_refuses_a_nameless_merchant() -> None:
    assert _send("get", {"amount": "10"})[0] == 400


@pytest.mark.parametrize("callback", ["javascript:alert(1)", "//evil.test/", "http://[", "data:text/html,x"])
def test_never_links_to_a_callback_that_is_not_http(callback: str) -> None:
    links = BeautifulSoup(_send("post", {**ORDER, "callback": callback})[1], "lxml").select("main a")
    assert links == []


def test_card_form_moves_no_money_and_leads_back() -> None:
    card = {
        "card": "6037991122334455",
        "cvv2": "123",
        "pin": "1",
        "token": "T",
        "callback": "https://a.test/p",
    }
    response = CLIENT.post("/charge", data=card)
    assert "هیچ مبلغی از کارت شما کسر نشد" in response.text
    assert "6037991122334455" not in response.text
    assert BeautifulSoup(response.text, "lxml").select_one('a[href="https://a.test/p"]')
    assert CLIENT.post("/charge", data={}).status_code == 400


@settings(deadline=None)  # the time of one answer depends on what else the machine does
@given(st.dictionaries(st.sampled_from(["merchant", "amount", "order", "token", "callback"]), st.text()))
def test_whatever_is_sent_ends_in_a_page(data: dict[str, str]) -> None:
    status, text = _send("post", data)
    assert status in (200, 400)
    assert BeautifulSoup(text, "lxml").select("script") == []
