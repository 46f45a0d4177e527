"""online_payment: how fees are paid: on the portal, by another body, to an account, or only told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from urllib.parse import urlsplit

from crawler.text import BEFORE, normalize
from indicators.candidates import LONGEST_NAME, candidates
from indicators.detector import Verdict, absent, detector, first, found, link_evidence, place, text_evidence
from indicators.detectors._forms import form_shown, forms_of, is_called, pressed
from indicators.detectors._shared import column_of
from indicators.page import Anchor, Block, FormView
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.vocabulary import Vocabulary

NEAR = 60
"""Characters between a word for a fee or an account and its number."""

LABEL = 45
"""Characters of a label such as "Fee:" whose value stands in the next cell or line."""

LONGEST_CODE = 5
"""Letters of a path that only names a language ("/it", "/en-gb")."""

LEAST_SHARE = 0.35
"""Part of a link's text that must name paying: a sentence that mentions it offers nothing."""

BUTTON_SHARE = 0.2
"""The same for buttons, which say what they do: "pay at the bank's gateway"."""

UNIT = 8
"""Characters behind an amount, its currency among them, before what tells that it is the price of a call."""

BEHIND = 24
"""Characters behind an amount in which its currency begins."""

CELLS = 40
"""Blocks below the head of a column in which its cells stand."""

LEAST_SUM = 3
"""Characters of a sum without its currency; what is shorter counts rows."""

_ACCOUNT = re.compile(r"(?<![\d,.])(?:ir ?)?\d(?:[ \-–/.]?\d){7,30}(?!,?\d)")
_AMOUNT = re.compile(
    BEFORE + r"(?<![.,])(?:\d{1,3}(?:[,. ]\d{3})+(?:[.,]\d{1,2})?|\d*(?:[.,]\d{1,2}|\d))(?!\d)"
)
_SIGNS = tuple("$€£₹₽₺₴¥৳")
_CODE_BEFORE = re.compile(r"(?<!\w)(?:rs|inr|usd|eur|brl|mxn|cop|clp|ars|pen|chf|try|idr|rp|rub)\.?$|s/\.?$")


@detector("online_payment", version=10)
def detect(site: Site, words: Vocabulary) -> Verdict:
    likely = candidates(site, "payment")
    pages = list(dict.fromkeys([*likely, *site.pages]))
    paid = [evidence for page in pages for evidence in _payment_forms(site, page, words)]
    if paid:
        return found("very_high", *first(paid), confidence=0.9)
    nothing = absent(
        site,
        "payment",
        answer="none",
        visited=[place(page, "no way to pay, no account, no fee") for page in likely],
    )
    if nothing.answer is None:
        return nothing  # what could not be seen may be better than what is left
    outside = site.sift(
        address=lambda url: (
            not site.is_own(url)
            and (words.gateway_of(url, "payment") is not None or _is_own_desk(site, url, words))
        ),
        text=lambda text: words.names("payment", text),
    )
    services = [
        evidence for page in pages for evidence in _payment_services(site, page, outside(page), words)
    ]
    if services:
        return found("high", *first(services), confidence=0.75)
    own = [page for page in pages if not is_called(site, page, words, "tender", 0.3)]
    accounts = [evidence for page in own for evidence in _accounts(site, page, words)]
    if accounts:
        return found("medium", *first(accounts), confidence=0.85)
    told = [page for page in own if not is_called(site, page, words, "news", 0.4)]
    fees = [evidence for page in told for evidence in _fees(site, page, words)]
    if fees:
        return found("low", *first(fees), confidence=0.75)
    return nothing


def _payment_forms(site: Site, page: PageView, words: Vocabulary) -> Iterator[Evidence]:
    """Forms whose button pays, or that hand over to a payment gateway."""
    for form in forms_of(site, page):
        if _pays(form, words) or words.gateway_of(form.action, "payment"):
            yield form_shown(site, page, form, "payment_form", next(iter(pressed(form)), None))


def _pays(form: FormView, words: Vocabulary) -> bool:
    if form.method == "get" and not form.action:
        return False
    return any(
        button.type != "button" and words.names("payment", button.norm, BUTTON_SHARE)
        for button in pressed(form)
    )


def _payment_services(
    site: Site, page: PageView, links: list[Anchor], words: Vocabulary
) -> Iterator[Evidence]:
    """Of some links those to a payment service of a public body or bank that say what they are for."""
    for link in links:
        if not link.visible or not link.url.startswith("http") or site.is_own(link.url):
            continue
        if words.network_of(link.url) or words.store_of(link.url):
            continue
        named = _names_paying(page, link, words) or (
            len(link.text) <= LONGEST_NAME and _is_own_desk(site, link.url, words)
        )
        known = _enters_gateway(link, words)
        if known or (named and not _is_dated_title(site, page, link)):
            yield link_evidence(site, page, link, "payment_service")


def _is_own_desk(site: Site, url: str, words: Vocabulary) -> bool:
    """Whether an address on a host beside the portal's says that one pays there, whatever its link says that
    one buys."""
    return site.is_sibling(url) and words.in_address("payment", url)


def _is_dated_title(site: Site, page: PageView, link: Anchor) -> bool:
    """Whether a link is a heading with a date below it: of news on paying, which nobody pays by."""
    blocks = page.blocks[link.block : link.block + 2]
    return len(blocks) == 2 and blocks[0].level > 0 and not blocks[1].level and bool(site.dates(blocks[1]))


def _enters_gateway(link: Anchor, words: Vocabulary) -> bool:
    """Whether a link leads into a known payment service. To its front page it must say so: "Visit the
    website" below a project's name tells of the project."""
    if words.gateway_of(link.url, "payment") is None:
        return False
    parts = urlsplit(link.url)
    if len(parts.path.strip("/")) > LONGEST_CODE or parts.query:
        return True
    named = normalize(link.title) if link.title else ""
    return not link.text or any(
        words.names("payment", text) or words.gateway_named(text, "payment") for text in (link.norm, named)
    )


def _names_paying(page: PageView, link: Anchor, words: Vocabulary) -> bool:
    """Whether a link offers to pay: most of its words say so, or some do, to a public body and in a text on
    fees."""
    if len(link.text) > LONGEST_NAME or not words.names("payment", link.norm) or _is_company(link, words):
        return False
    if words.names("payment", link.norm, LEAST_SHARE):
        return True
    around = page.blocks[link.block].norm if link.block < len(page.blocks) else ""
    return words.is_public_host(urlsplit(link.url).hostname or "") and bool(words.signs("fee_named", around))


def _is_company(link: Anchor, words: Vocabulary) -> bool:
    """Whether a link's text ends as a company's name does: it leads to the company, not to what it does."""
    name = link.norm.rstrip(".) ")
    return any(name.endswith(form.rstrip(".")) for form in words.signs("company_form", link.norm))


def _accounts(site: Site, page: PageView, words: Vocabulary) -> Iterator[Evidence]:
    """Account numbers and payment identifiers."""
    blocks = page.blocks
    for index in page.blocks_may_name("account_number"):
        block = blocks[index]
        if words.match("account_number", block.norm) is None:
            continue
        named = {block.norm.find(sign): len(sign) for sign in words.signs("account_number", block.norm)}
        told = (at for at, long in named.items() if _ACCOUNT.search(block.norm[at : at + long + NEAR]))
        start = next(told, None)
        if start is not None:
            yield text_evidence(site, page, block, "account_number", around=_word(block, start))
        elif _is_label(block) and _follows(blocks, index, _ACCOUNT):
            yield text_evidence(site, page, blocks[index + 1], "account_number")


def _fees(site: Site, page: PageView, words: Vocabulary) -> Iterator[Evidence]:
    """Fees with their amounts."""
    blocks = page.blocks
    for index in page.blocks_may_name("fee_named"):
        block = blocks[index]
        if words.match("fee_named", block.norm) is None:
            continue
        amount = next((m for m in _money(block.norm, words) if _is_fee_of(block.norm, m, words)), None)
        if amount is not None:
            yield text_evidence(site, page, block, "fee", around=_word(block, amount.start()))
        elif _is_label(block) and index + 1 < len(blocks) and _begins_with_money(blocks[index + 1], words):
            yield text_evidence(site, page, blocks[index + 1], "fee")
        elif block.tag == "th" or block.level:
            cells = column_of(blocks, index) if block.tag == "th" else _cells_below(blocks, index)
            cell = next((c for c in cells if _is_sum(block, c, words)), None)
            if cell is not None:
                yield text_evidence(site, page, cell, "fee")


def _cells_below(blocks: tuple[Block, ...], index: int) -> Iterator[Block]:
    """The cells of the table below a heading, or the head of a column, that says what they hold."""
    below = takewhile(lambda b: not b.level, blocks[index + 1 : index + 1 + CELLS])
    yield from (block for block in below if block.tag == "td" and len(block.text) <= LABEL)


def _is_sum(head: Block, cell: Block, words: Vocabulary) -> bool:
    """Whether a cell holds a sum of money; its currency may stand at the head of the column alone."""
    if next(_money(cell.norm, words), None) is not None:
        return True
    named = head.tag == "th" and words.names("currency", head.norm)
    return named and _AMOUNT.fullmatch(cell.norm) is not None and len(cell.norm) >= LEAST_SUM


def _begins_with_money(block: Block, words: Vocabulary) -> bool:
    money = next(_money(block.norm, words), None)
    return money is not None and len(block.text) <= 4 * LABEL and money.start() <= 3


def _money(text: str, words: Vocabulary) -> Iterator[re.Match[str]]:
    """Sums of money as a citizen pays them: a number with a currency before or behind it, and no millions."""
    for amount in _AMOUNT.finditer(text):
        behind = text[amount.end() : amount.end() + BEHIND].lstrip()
        large = words.match("magnitude", behind)
        if large is not None and large.start == 0:
            continue
        before = text[: amount.start()].rstrip()
        named = words.match("currency", behind)
        call = words.match("call_charge", behind)
        if call is not None and call.start <= UNIT:
            continue
        signed = behind[:1] in _SIGNS or before[-1:] in _SIGNS
        if signed or _CODE_BEFORE.search(before) or (named is not None and named.start == 0):
            yield amount


def _is_fee_of(text: str, money: re.Match[str], words: Vocabulary) -> bool:
    """Whether a word for a fee stands near an amount."""
    around = text[max(0, money.start() - NEAR) : money.end() + NEAR]
    return bool(words.signs("fee_named", around))


def _is_label(block: Block) -> bool:
    return len(block.text) <= LABEL


def _follows(blocks: tuple[Block, ...], index: int, pattern: re.Pattern[str]) -> bool:
    after = blocks[index + 1] if index + 1 < len(blocks) else None
    return after is not None and len(after.text) <= 4 * LABEL and bool(pattern.match(after.norm))


def _word(block: Block, start: int) -> str:
    """The word of the text as displayed that stands where the normalised text has `start`, roughly: both
    forms have the same words."""
    count = len(block.norm[:start].split(" ")) - 1
    shown = block.text.split(" ")
    return shown[min(count, len(shown) - 1)]
