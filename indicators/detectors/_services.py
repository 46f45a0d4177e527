"""The services that a portal presents by name: where each stands and what its name leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count, takewhile
from typing import NamedTuple

from crawler.text import normalize, word_count
from indicators.candidates import links_alone_name, ranked
from indicators.detector import link_evidence, text_evidence
from indicators.detectors._shared import heads_of, places_below, says_nothing
from indicators.page import Anchor, Block
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

LONGEST_SERVICE = 110
"""Characters; what is longer is a sentence, not the name of a service."""

SHORTEST_COMPOUND = 10
"""Characters of a single word that can be the name of a service."""

LONG_WORD = 12
"""Letters from which one word may say what others say in several ("Grenzfeststellung"), where it is a link
in a list of services."""

FILLED = (9, 10)
"""Part of a block's text that its links make up where it holds nothing else (marks stand between them)."""

KICKER = 40
"""Characters of a line between a heading and the text below it: "Registration", "Office"."""

LEAD_IN = 60
"""Characters of a line such as "Our services:" that opens a list."""

NAMED = 4.0
"""Score of a page that a link, or its heading and address, name as that of the services."""

_NAME_AND_MORE = re.compile(r"^(.{4,80}?)(?:\s*:\s+|\s+[-–—]\s+)(.+)$")
ROW = 6
"""Blocks after a service's name in which the links of its row or card stand."""

COLUMNS = 2
"""Columns for what a service takes from which a table's rows are services."""

CARDS = 3
"""Names, each above a text of its own, that make a row of cards."""

_CARD = frozenset(("div", "p", "span", "strong", "b"))
_NAMES_ROW = frozenset(("td", "th", "dt", "div", "li", "p", "span", "summary"))
_BESIDE = ("use_service", "services", "service_step", "login", "more", "blank_form")
_DESCRIBES = frozenset(("p", "dd", "td", "div", "li", "section", "a"))

_STEPS = ("step_papers", "step_time", "step_fee")
"""What makes even a short page one of a service."""

# What a list of services names beside them.
_OTHER = (
    "service_step", "news", "announcement", "contact", "faq", "related_links", "org_profile", "managers",
    "sitemap", "usage_stats", "satisfaction", "privacy", "policy", "more", "share", "social", "tender",
    "search", "staff_login",
)  # fmt: skip


class Service(NamedTuple):
    """A service and the block on some page that names it."""

    name: str
    """Normalised."""
    page: PageView
    at: int
    """Index of the block in `page.blocks`."""
    end: int
    """Block after which nothing more belongs to the list in which the service stands."""
    link: Anchor | None
    """The name's link, where it leads to something that is there."""
    described: bool


def witness(site: Site, service: Service) -> Evidence:
    if service.link is not None:
        return link_evidence(site, service.page, service.link, "service")
    return text_evidence(site, service.page, service.page.blocks[service.at], "service")


def distinct(services: Iterator[Service]) -> dict[str, Service]:
    """The services by name; of two of one name, the one that is described."""
    kept: dict[str, Service] = {}
    for service in services:
        if service.name not in kept or (service.described and not kept[service.name].described):
            kept[service.name] = service
    return kept


def service_lists(site: Site, words: Vocabulary) -> set[int]:
    """Ids of the pages that are those of the services: links name them so, and they say so themselves."""
    named = [c.page for c in ranked(site, "services") if c.score >= NAMED]
    return {page.id for page in named if _is_list(site, page, words)}


def services_of(site: Site, page: PageView, words: Vocabulary, *, whole: bool) -> Iterator[Service]:
    """The services that a page presents: all over it if the page is that of the services (`whole`), else
    below a heading or line that names them."""
    if says_nothing(site, page):
        return
    yield from _tabled(page, words, whole=whole)
    stretches = list(_stretches(site, page, words, whole=whole))
    links = _links_by_block(page) if stretches else {}
    tiles = _tiles_by_block(page, links) if stretches else {}
    rows = _rows_with_terms(page, words) if stretches else set()
    for start, end in stretches:
        for index in range(start, end):
            # Farther below a heading, such a block is of links to others.
            for link in tiles.get(index, ()) if index <= start + 1 else ():
                if is_name(link.text, words) and leads_to_something(site, page, link, words):
                    yield Service(_without_lead(link.text, words), page, index, end, link, False)
            service = _service(site, page, words, links, index, end)
            if service is None and index in rows and is_name(page.blocks[index].text, words):
                service = Service(page.blocks[index].norm, page, index, end, None, True)
            if service is not None:
                yield service


def _tabled(page: PageView, words: Vocabulary, *, whole: bool) -> Iterator[Service]:
    """The services of a table with columns for what each takes ("Papers", "Time"): they stand in the column
    that holds most names. Elsewhere than on the page of the services one column must be for papers: events
    too have times and fees."""
    blocks = page.blocks
    for first, named in _columns_for_terms(page, words).items():
        papers = any(words.names("step_papers", blocks[index].norm) for index in named)
        if len(named) < COLUMNS or not (whole or papers):
            continue
        head = takewhile(lambda i: i < len(blocks) and blocks[i].tag == "th", count(first))
        columns = [
            [place for place in places_below(blocks, index) if is_name(blocks[place].text, words)]
            for index in head
            if index not in named
        ]
        for place in max(columns, key=len, default=[]):
            yield Service(blocks[place].norm, page, place, len(blocks), None, True)


def _rows_with_terms(page: PageView, words: Vocabulary) -> set[int]:
    """The first cells of a table's rows whose other columns tell papers, time or fee of what they name."""
    tables = _columns_for_terms(page, words, 0.4)
    firsts = (first for first, named in tables.items() if first not in named)
    return {place for first in firsts for place in places_below(page.blocks, first)}


def _columns_for_terms(page: PageView, words: Vocabulary, share: float = 0.0) -> dict[int, list[int]]:
    """First column head of each table -> those of its heads that name papers, time or fee with at least
    `share` of their length."""
    blocks = page.blocks
    tables: dict[int, list[int]] = {}
    for index in page.blocks_may_name(*_STEPS):
        if blocks[index].tag == "th" and any(words.names(c, blocks[index].norm, share) for c in _STEPS):
            tables.setdefault(heads_of(blocks, index).start, []).append(index)
    return tables


def _stretches(site: Site, page: PageView, words: Vocabulary, *, whole: bool) -> Iterator[tuple[int, int]]:
    """First block and end of each part of a page in which services stand."""
    blocks = page.blocks
    # What is headed in the frame before the page's own text closes nothing.
    own = (i for i, b in enumerate(blocks) if b.area in ("main", "aside") and not site.is_frame(b))
    links = _links_by_block(page)
    opened, level = (next(own, 0), 0) if whole else (-1, 0)
    for index, block in enumerate(blocks):
        if _opens(block, words) and not (whole and opened >= 0):
            if opened >= 0:
                yield opened, index
            opened, level = index + 1, block.level
        elif 0 <= opened <= index and index in links and block.level and is_name(block.text, words):
            continue  # a card's heading, of whatever rank, that leads to what it names
        elif 0 <= opened <= index and _closes(block, words, level, whole=whole):
            yield opened, index
            opened = -1
    if opened >= 0:
        yield opened, len(blocks)


def _opens(block: Block, words: Vocabulary) -> bool:
    """Whether a heading, or a short line, announces services."""
    if block.area not in ("main", "aside") or len(block.text) > LEAD_IN:
        return False
    share = 0.35 if block.level or block.text.endswith(":") else 0.75
    return words.names("services", block.norm, share) and not _is_about(block.norm, words)


def _is_about(text: str, words: Vocabulary) -> bool:
    """Whether a name of services is that of figures or opinions on them: "Evaluation of services"."""
    return any(words.names(concept, text, 0.6) for concept in ("usage_stats", "satisfaction"))


def _closes(block: Block, words: Vocabulary, level: int, *, whole: bool) -> bool:
    if block.area == "footer":
        return True
    if not block.level or words.names("services", block.norm, 0.35):
        return False
    if not whole and (block.level <= level or not level):
        return True
    return any(words.names(concept, block.norm, 0.6) for concept in _OTHER)


def _service(
    site: Site, page: PageView, words: Vocabulary, links: dict[int, Anchor], index: int, end: int
) -> Service | None:
    block = page.blocks[index]
    if block.area not in ("main", "aside") or words.is_filler_text(block.norm):
        return None
    link = links.get(index)
    split = _NAME_AND_MORE.match(block.text)
    if split and is_name(split[1], words) and _tells(split[2]) and link is None:
        if site.is_frame(block):
            return None
        return Service(normalize(split[1]), page, index, end, None, True)
    long = link is not None and len(block.text) >= LONG_WORD
    called = block.level > 0 and block.text.isupper()  # by the letters of a programme's long name
    if not is_name(block.text, words, one_word=block.text.isalpha() and (long or called)):
        return None
    described = (
        block.level > 0
        or block.tag in ("dt", "th", "summary", "td")
        or link is not None
        or _is_in_row_of_cards(page, index, end)
    ) and _is_described(site, page, words, links, index, end)
    described = described or _opens_on_a_text(page, words, index)
    if called and " " not in block.text and not described:
        return None
    if link is None and not described:
        beside = _links_beside(page, words, links, index, end)
        link = next((one for one in beside if leads_to_something(site, page, one, words)), None)
    usable = link is not None and not site.is_frame(block) and leads_to_something(site, page, link, words)
    if not described and not usable:
        return None
    return Service(_without_lead(block.text, words), page, index, end, link if usable else None, described)


def _is_in_row_of_cards(page: PageView, index: int, end: int) -> bool:
    """Whether a text is one of several that stand each above a longer one: the names of cards, whatever they
    are marked up as."""
    count = int(_is_pair(page, index, end))
    for step in (-2, 2):
        at = index + step
        while count and count < CARDS and at >= 0 and _is_pair(page, at, end):
            count += 1
            at += step
    return count >= CARDS


def _is_pair(page: PageView, index: int, end: int) -> bool:
    """Whether a short text stands above a longer one."""
    if index + 1 >= end:
        return False
    name, told = page.blocks[index], page.blocks[index + 1]
    return (
        name.tag in _CARD
        and told.tag in _CARD
        and name.area == told.area
        and len(name.text) <= min(LEAD_IN, len(told.text) - 1)
        and not name.text.endswith((".", ":"))
        and _tells(told.text)
    )


def _is_described(
    site: Site, page: PageView, words: Vocabulary, links: dict[int, Anchor], index: int, end: int
) -> bool:
    """Whether a text below a name tells more of it; between it and a heading may stand a short line that
    says of what kind the thing is."""
    block = page.blocks[index]
    for after in range(index + 1, min(index + (3 if block.level else 2), end)):
        below = page.blocks[after]
        if (
            below.tag not in _DESCRIBES
            or below.level
            or site.is_frame(below)
            or below.area != block.area
            or after in links
            or words.is_filler_text(below.norm)
        ):
            return False
        if _tells(below.text):
            return True
        if len(below.text) > KICKER or below.tag != "p":
            return False
    return False


def _opens_on_a_text(page: PageView, words: Vocabulary, index: int) -> bool:
    """Whether a name is a switch: right below it stands a text that a click shows."""
    opened = (hidden.block for hidden in page.facts.hidden if hidden.before == index + 1)
    text = next((block for block in opened if not block.level), None)
    return text is not None and _tells(text.text) and not words.is_filler_text(text.norm)


def _links_beside(
    page: PageView, words: Vocabulary, links: dict[int, Anchor], index: int, end: int
) -> Iterator[Anchor]:
    """The links of a row or card that say they are for the service named in it: to its description, its form
    or its start. The next name begins another row."""
    block = page.blocks[index]
    if not (block.level or block.tag in _NAMES_ROW):
        return
    for after in range(index + 1, min(index + 1 + ROW, end)):
        link = links.get(after)
        if link is None:
            if page.blocks[after].level or is_name(page.blocks[after].text, words):
                return
        elif any(words.names(concept, link.norm, 0.5) for concept in _BESIDE):
            yield link


def _links_by_block(page: PageView) -> dict[int, Anchor]:
    """The link that makes up a block, if there is one."""
    return {
        link.block: link
        for link in page.links
        if link.visible and link.tag != "iframe" and link.text and link.block < len(page.blocks)
        if len(link.text) * 3 > len(page.blocks[link.block].text) * 2
    }


def _tiles_by_block(page: PageView, links: dict[int, Anchor]) -> dict[int, list[Anchor]]:
    """The links of a block that holds several and nothing else: tiles without elements of their own."""
    beside: dict[int, list[Anchor]] = {}
    for link in page.links:
        shown = link.visible and link.text and link.tag == "a" and link.area in ("main", "aside")
        if shown and link.block < len(page.blocks) and link.block not in links:
            beside.setdefault(link.block, []).append(link)
    return {
        index: found
        for index, found in beside.items()
        if len(found) > 1
        and sum(len(link.text) + 1 for link in found) * FILLED[1] > len(page.blocks[index].text) * FILLED[0]
    }


def is_name(text: str, words: Vocabulary, *, one_word: bool = False) -> bool:
    """Whether a text can be the name of a service: some words (or `one_word` that is linked), no sentence,
    nothing else that pages hold."""
    norm = normalize(text)
    count = word_count(text)
    if (
        not (2 <= count <= 16 or one_word or _is_compound(norm, words))
        or len(text) > LONGEST_SERVICE
        or not any(char.isalpha() for char in text)
    ):
        return False
    if text.rstrip().endswith((".", "؟", "?", "!", "…", ":")):
        return False
    if words.names("services", norm, 0.75) or words.names("login", norm, 0.6):
        return False
    if words.names("use_service", norm, 0.75):
        return False
    return not any(words.names(concept, norm, 0.6) for concept in _OTHER)


def _without_lead(text: str, words: Vocabulary) -> str:
    """The name of a service, normalised, without what introduces it: "Service card: new licence"."""
    lead, _, name = normalize(text).partition(":")
    introduces = any(words.names(concept, lead, 0.75) for concept in ("services", "service_step"))
    return name.strip() if name.strip() and introduces else normalize(text)


def _is_compound(text: str, words: Vocabulary) -> bool:
    """Whether a single word says what others say in several: "Baugenehmigung"."""
    return len(text) >= SHORTEST_COMPOUND and text in words.signs("services", text)


def _tells(text: str) -> bool:
    return word_count(text) >= threshold("service_description_words")


def leads_to_something(site: Site, page: PageView, link: Anchor, words: Vocabulary) -> bool:
    """Whether what a service's name links to is there: a page with content, a form, a file, or the inside of
    a system on another host."""
    if not link.url.startswith("http") or words.network_of(link.url) or words.store_of(link.url):
        return False
    target = site.target(link.url)
    if not site.works(link.url):
        return False
    if target.page is None:
        return True
    if target.page is page or target.page.depth == 0:
        return False
    return not says_nothing(site, target.page) and (
        target.page.words >= threshold("service_page_words")
        or any(f.tag for f in target.page.forms)
        or _names_steps(target.page, words)
    )


def _names_steps(page: PageView, words: Vocabulary) -> bool:
    """Whether a page's own part (the frame has captions that all pages of services share) names papers, time
    or fee."""
    named = (page.blocks[index] for index in page.blocks_may_name(*_STEPS))
    return any(
        block.area in ("main", "aside") and any(words.names(concept, block.norm) for concept in _STEPS)
        for block in named
    )


def pages_of_their_own(site: Site, words: Vocabulary) -> Iterator[Service]:
    """Services that have a page each, in the services' part of the portal by its address."""
    for page in site.pages:
        if page.depth == 0 or not words.in_address("services", page.url):
            continue
        if any(words.names("services", block.norm, 0.5) for block in page.headings if block.level <= 2):
            continue  # a list of them
        named = (
            index
            for index, b in enumerate(page.blocks)
            if b.level and b.area in ("main", "aside") and is_name(b.text, words)
        )
        heading = next(named, None)
        if heading is None or says_nothing(site, page) or page.words < threshold("service_page_words"):
            continue
        name = _without_lead(page.blocks[heading].text, words)
        yield Service(name, page, heading, len(page.blocks), None, True)


def _is_list(site: Site, page: PageView, words: Vocabulary) -> bool:
    """Whether a page itself says that it is that of the services: in its title, a heading or its address.
    (Links may call any page so; they are believed of one that says nothing.)"""
    if page.depth == 0:
        return False
    heads = [b.norm for b in page.headings if b.level <= 2 and b.area != "footer"]
    return (
        words.in_address("services", page.url)
        or any(
            words.names("services", text, 0.35) and not _is_about(text, words)
            for text in [normalize(page.title), *heads]
        )
        or links_alone_name(site, page, "services", 0.75)
    )
