"""What several detectors ask of a portal."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, takewhile
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from crawler.text import normalize, word_count
from indicators.candidates import LONGEST_NAME, candidates
from indicators.contacts import email_of_link, emails_in
from indicators.page import Anchor, Block
from indicators.site import PageView, Site, body_of, host_of
from indicators.vocabulary import Vocabulary

SHORT = 250
"""Characters; a longer block is running text, in which a studio's name is only mentioned."""

LINKS_IN_ROW = 3
"""Links in one block from which it may be a menu; an address or a sentence may hold two."""

CELLS = 400
"""Cells below a row of column heads that are looked at."""

LINE = 30
"""Characters of a line above a heading that names a part of a page."""

CLICKS = 2
"""A contact page is at most two clicks away."""


class Section(NamedTuple):
    """A heading and what stands below it, up to the next heading of its rank."""

    heading: Block
    body: list[Block]
    above: Block | None = None
    """The short line right above the heading that tells what the part is ("About us", then a motto)."""

    @property
    def names(self) -> list[str]:
        """What the section is called, normalised."""
        return [self.heading.norm, *([self.above.norm] if self.above is not None else [])]

    @property
    def words(self) -> int:
        return sum(word_count(block.text) for block in self.body)


class Email(NamedTuple):
    address: str
    page: PageView
    block: Block | None
    link: Anchor | None


def sections(blocks: list[Block], *, most: int = 60) -> Iterator[Section]:
    """Every heading of `blocks` with the text below it, at most `most` blocks."""
    for index, block in enumerate(blocks):
        if not block.level:
            continue
        body = []
        for other in blocks[index + 1 : index + 1 + most]:
            if other.level and other.level <= block.level:
                break
            body.append(other)
        yield Section(block, body, _line_above(blocks, index))


def _line_above(blocks: list[Block], index: int) -> Block | None:
    above = blocks[index - 1] if index else None
    if above is None or above.level or above.area != blocks[index].area:
        return None
    return above if len(above.text) <= LINE and not above.text.endswith((".", "!", "?", ":")) else None


def contact_pages(site: Site) -> list[PageView]:
    """The home page, frames of it, and contact pages near it."""
    near = [page for page in candidates(site, "contact") if page.depth <= CLICKS]
    first = [page for page in site.pages if page is site.home or page.record.found_by == "frame"]
    return list(dict.fromkeys([*near[:10], *first[:10]]))


def is_edge(site: Site, block: Block) -> bool:
    """Header, footer, or a block that most pages share."""
    return block.area in ("header", "footer") or site.is_frame(block)


def rows_of_links(page: PageView) -> frozenset[int]:
    """Indices of the blocks that are nothing but links side by side, as a menu in one line."""
    known: frozenset[int] | None = page.__dict__.get("_rows_of_links")
    if known is None:
        linked: defaultdict[int, list[int]] = defaultdict(list)
        for link in page.links:
            if link.visible and link.text and link.tag in ("a", "area") and link.block < len(page.blocks):
                linked[link.block].append(len(link.text))
        known = page.__dict__["_rows_of_links"] = frozenset(
            block
            for block, lengths in linked.items()
            if len(lengths) >= LINKS_IN_ROW and sum(lengths) * 10 > len(page.blocks[block].text) * 7
        )
    return known


def heads_of(blocks: Sequence[Block], index: int) -> range:
    """The indices of the column heads in whose row the one at `index` stands."""
    first, last = index, index
    while first and blocks[first - 1].tag == "th":
        first -= 1
    while last + 1 < len(blocks) and blocks[last + 1].tag == "th":
        last += 1
    return range(first, last + 1)


def column_of(blocks: Sequence[Block], index: int) -> Iterator[Block]:
    """The cells of the column whose head stands at `index`."""
    return (blocks[place] for place in places_below(blocks, index))


def places_below(blocks: Sequence[Block], index: int) -> range:
    """The indices of the cells below the column head at `index`, in a table whose cells all hold something.
    One whose cells do not fill its rows is read no further than they do."""
    heads = heads_of(blocks, index)
    below = islice(blocks, heads.stop, heads.stop + CELLS)
    cells = sum(1 for _ in takewhile(lambda block: block.tag == "td", below))
    whole = cells - cells % len(heads)
    return range(heads.stop + index - heads.start, heads.stop + whole, len(heads))


def own_text(site: Site, page: PageView, index: int) -> str:
    """The normalised text of a block without the web studio's credit; '' for what belongs to the credit."""
    block = page.blocks[index]
    if not is_edge(site, block):
        return block.norm
    if index > 0:
        before = page.blocks[index - 1]
        if before.area == block.area and len(before.text) <= SHORT and _credit(site, before) is not None:
            return ""
    start = _credit(site, block)
    return block.norm if start is None else block.norm[:start]


def _credit(site: Site, block: Block) -> int | None:
    match = site.words.match("studio_credit", block.norm)
    return match.start if match is not None else None


def studio_hosts(site: Site, page: PageView) -> set[str]:
    """Registered names of the hosts that a page's studio credit links to."""
    return {
        body_of(urlsplit(link.url).hostname or "")
        for link in page.links
        if link.url.startswith("http")
        and not site.is_own(link.url)
        and link.block < len(page.blocks)
        and is_edge(site, page.blocks[link.block])
        and _credit(site, page.blocks[link.block]) is not None
    }


def emails_of(site: Site, page: PageView) -> tuple[Email, ...]:
    """The agency's e-mail addresses on a page: no filler, none of the web studio. In a studio's credit stand
    those that can only be the agency's: of a public body, as where its own office made the portal."""
    known: dict[int, tuple[Email, ...]] = site.__dict__.setdefault("_emails", {})
    if page.id not in known:
        known[page.id] = tuple(_emails(site, page))
    return known[page.id]


def _emails(site: Site, page: PageView) -> Iterator[Email]:
    studio = studio_hosts(site, page)
    protected = {block: address for address, block in page.facts.protected_emails if address}

    def is_agencys(address: str) -> bool:
        return not site.words.is_filler_email(address) and body_of(address.rpartition("@")[2]) not in studio

    for index, block in enumerate(page.blocks):
        text = own_text(site, page, index)
        if len(text) < len(block.norm):
            for address in emails_in(block.norm[len(text) :]):
                host = address.rpartition("@")[2]
                public = site.words.is_public_host(host) or body_of(host) in site.own_names
                if public and is_agencys(address):
                    yield Email(address, page, block, None)
        if not text:
            continue
        shown = protected.get(index)
        if shown and is_agencys(shown):
            yield Email(shown, page, block, None)
        # Taken from the text as displayed: folding could turn a letter into a sign of an address.
        for address in emails_in(block.text if text == block.norm else text):
            if is_agencys(address):
                yield Email(address, page, block, None)
    for link in page.links:
        address = email_of_link(link.href)
        if address and link.visible and is_agencys(address):
            around = own_text(site, page, link.block) if link.block < len(page.blocks) else " "
            if around:
                yield Email(address, page, None, link)


def enters_by_identity(site: Site, page: PageView, link: Anchor) -> bool:
    """Whether a link leads into a service that one enters by a national identity, though not through that
    system's own address: its words ("apply with SPID"), its address ("/login/spid") or the short text around
    it say so. Of other bodies' services only the text around the link can."""
    words = site.words
    if not link.visible or link.tag not in ("a", "area") or not link.url.startswith("http"):
        return False
    kin = site.is_own(link.url) or site.is_sibling(link.url)
    if len(link.text) > LONGEST_NAME or (site.is_own(link.url) and not site.works(link.url)):
        return False
    if kin and words.in_address("login", link.url):
        steps = normalize(_BETWEEN_STEPS.sub(" ", link.url.partition("//")[2].partition("/")[2]))
        if words.gateway_named(steps, "identity") is not None:
            return True
    uses = words.names("use_service", link.norm)
    if not uses and not (kin and words.names("services", link.norm)):
        return False
    if uses and kin and words.gateway_named(link.norm, "identity") is not None:
        return True
    if uses and kin and link.url in _entered_by_identity(site, page):
        return True
    around = page.blocks[link.block].norm if link.block < len(page.blocks) else ""
    if len(around) > SHORT or words.gateway_named(around, "identity") is None:
        return False
    for other in page.links:
        if other.block == link.block and other.norm:
            around = around.replace(other.norm, " ")  # what another link is called is not said of this one
    return words.names("login", around) and words.gateway_named(around, "identity") is not None


def _entered_by_identity(site: Site, page: PageView) -> frozenset[str]:
    """Where the links to use services lead on a page with a sentence of its own on how one logs in to them
    all: by a national identity."""
    known: frozenset[str] | None = page.__dict__.get("_entered_by_identity")
    if known is None:
        words = site.words
        told = any(
            len(block.text) <= SHORT and not block.level and words.gateway_named(block.norm, "identity")
            for block in page.naming("login")
        )
        links = page.links_naming("use_service") if told and page.depth else []
        known = page.__dict__["_entered_by_identity"] = frozenset(link.url for link in links)
    return known


_BETWEEN_STEPS = re.compile(r"[/_.?=&-]+|(?<=[a-z])(?=[A-Z])")
"""What stands between the words of an address, as in ``login-spid`` and ``SpidLogin``."""


def is_host_of(site: Site, url: str, words: Vocabulary, concept: str) -> bool:
    """Whether an address lies on a host beside the portal's that is named after the concept: foi.city.gov."""
    return site.is_sibling(url) and words.in_address(concept, "/" + host_of(url).split(".")[0])


@lru_cache(maxsize=200_000)
def unwrap(url: str) -> str:
    """The address behind a "you are leaving this site" link that carries it in its query."""
    if "http" not in url[4:]:
        return url
    try:
        query = urlsplit(url).query
    except ValueError:
        return url
    inner = [
        v for k, v in parse_qsl(query) if k.lower() in _CARRIERS and v.startswith(("http://", "https://"))
    ]
    return inner[0] if inner else url


_CARRIERS = frozenset(
    ("url", "link", "target", "to", "dest", "destination", "goto", "out", "redirect", "u", "q")
)


def says_nothing(site: Site, page: PageView) -> bool:
    """A page that only says that it is being built or has nothing to show."""
    known: dict[int, bool] = site.__dict__.setdefault("_says_nothing", {})
    if page.id not in known:
        text = " ".join(block.norm for block in page.content) if page.words <= 40 else ""
        signs = (site.words.signs(concept, text) for concept in ("under_construction", "not_available"))
        known[page.id] = any(signs)
    return known[page.id]


def is_filler(site: Site, block: Block) -> bool:
    return site.words.is_filler_text(block.norm)
