"""subordinate_institutions: two or more offices, branches or affiliated institutions, each with something to
reach it by: a telephone, an address, a page of its own or a description."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

from crawler.text import normalize, word_count
from indicators.candidates import candidates, links_alone_name
from indicators.contacts import emails_in, is_postal_address
from indicators.detector import Verdict, absent, detector, found, link_evidence, place, text_evidence
from indicators.detectors._shared import own_text, says_nothing, sections
from indicators.page import Anchor, Block
from indicators.records import Evidence
from indicators.site import PageView, Site, body_of, host_of
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

_NO_NAME = ("telephone_label", "address_label", "contact", "more")

_NO_OFFICE = ("subordinate", "related_links", "more", "login", "news", "contact", "download", "search")

LONGEST_NAME = 90
"""Characters; what is longer is a sentence about an office, not its name."""

CAPTION = 40
"""Characters of a line that names the offices below it without being a heading."""

REACH = 8
"""Blocks after a name in which its telephone or address stands."""

# A full stop, but not that of an abbreviation: "S.r.l.", "Ltd."
_SENTENCE_END = re.compile(r"(?<![.\s]\w)(?<![.\s]\w\w)(?<!\s\w\w\w)\.$")
_DIALLED = re.compile(r"(?=(?:\D*\d){6})[\d\s()+\-–/.]{6,24}")
"""A cell with nothing but a number that may be dialled."""

_COMMA = re.compile("[,،]")
_AFTER_NAME = re.compile(r"\s[-–—|]\s|[,،;؛:(]|\s(?=\+?\d)")
"""What parts a name from the address or number on the same line."""

_DASH = re.compile(r"\s[-–—|]\s|:\s")
_HOUSE = re.compile(r"(?<!\d)\d{1,4}(?!\d)")

ALIKE = 3
"""Offices of one kind ("Local office of ..."), each at an address of its own, after which they are branches
whatever their page is called; a list of the agency's own departments has telephones only."""

ENTRIES = 80
"""Blocks below the caption of a menu in which its entries stand."""

_ENTRIES = frozenset(("li", "td", "dd", "p"))
"""Elements whose text may be a name with a link beside it."""

STEM = 4
"""Letters that the name of a kind and those of its offices begin with."""

ROOT = 3
"""Consonants of an Arabic word's root."""

_LONG_VOWELS = re.compile("(?<=[\u0600-\u06ff])[اوی]")

DESCRIPTION = 12
"""Words of a text that tells what an institution does."""


class Office(NamedTuple):
    name: str
    """Normalised."""
    evidence: Evidence
    line: int = -1
    """The node of the line that gives the name and how to reach the office, if one does."""


@detector("subordinate_institutions", version=13)
def detect(site: Site, words: Vocabulary) -> Verdict:
    likely = candidates(site, "subordinate")
    least = threshold("subordinate_offices")
    visited = []
    for page in likely:
        offices = _listed(site, page, words)
        if len(offices) >= least:
            shown = [office.evidence for office in offices.values()]
            return found("yes", *shown[:3], confidence=0.93, details={"offices": len(offices)})
        visited.append(place(page, f"offices with a telephone, address or page: {len(offices)}"))
    if site.home is not None and site.home not in likely:
        offices = _listed(site, site.home, words) | _in_menu(site, site.home, words)
        if len(offices) >= least:
            shown = [office.evidence for office in offices.values()]
            return found("yes", *shown[:3], confidence=0.85, details={"offices": len(offices)})
    for page in site.pages:
        if (
            page.depth
            and page not in likely
            and any(block.level for block in page.naming("subordinate", 0.75))
        ):
            offices = _listed(site, page, words)
            if len(offices) >= least:
                shown = [office.evidence for office in offices.values()]
                return found("yes", *shown[:3], confidence=0.82, details={"offices": len(offices)})
    alike = _on_hosts(site, words)
    if len(alike) >= ALIKE:
        shown = [office.evidence for office in alike]
        return found("yes", *shown[:3], confidence=0.8, details={"offices": len(alike)})
    for page in candidates(site, "contact"):
        offices = _named_alike(site, page, words)
        if len(offices) < least:
            offices = _below_caption(site, page, words)
        if len(offices) >= least:
            shown = [office.evidence for office in offices.values()]
            return found("yes", *shown[:3], confidence=0.88, details={"offices": len(offices)})
    for page in site.pages:
        alike = _branches(site, page, words) if page.depth and page not in likely else []
        if len(alike) >= ALIKE:
            return found(
                "yes", *(o.evidence for o in alike[:3]), confidence=0.85, details={"offices": len(alike)}
            )
    told = _told_of(site)
    if len(told) >= least:
        shown = [office.evidence for office in told.values()]
        return found("yes", *shown[:3], confidence=0.75, details={"offices": len(told)})
    return absent(site, "subordinate", visited=visited)


def _listed(site: Site, page: PageView, words: Vocabulary) -> dict[str, Office]:
    """The offices on a page, or below a heading, that is called one of offices."""
    if says_nothing(site, page):
        return {}
    content = page.content
    groups = [s.body for s in sections(content, most=200) if _announces(s.heading, words)]
    if page.depth and _is_about(site, page, words):
        groups.append(content)
    found_: dict[str, Office] = {}
    for blocks in groups:
        for office in (
            *_with_contacts(site, page, blocks, words, plural=True),
            *_with_pages(site, page, blocks, words),
        ):
            if office.line < 0 or all(office.line != other.line for other in found_.values()):
                found_.setdefault(office.name, office)
    return found_


def _in_menu(site: Site, page: PageView, words: Vocabulary) -> dict[str, Office]:
    """The entries of a menu below a line that names offices of a kind: "Faculties", "Faculty of Science" ...
    In a column under such a heading the kind may stand in the tooltips alone; what has a host of its own
    below the agency's name may be of any kind."""
    kept: dict[str, Office] = {}
    for index in page.blocks_may_name("subordinate"):
        caption = page.blocks[index]
        if not (caption.area == "menu" or caption.level) or not _announces(caption, words):
            continue
        stem = caption.norm[:STEM]
        for link in page.links:
            names = (link.norm, normalize(link.title))
            alike = any(
                name != caption.norm and (name.startswith(stem) or _is_one_of(name, caption.norm))
                for name in names
            ) or site.is_sibling(link.url)
            if index < link.block <= index + ENTRIES and alike and _is_institution(site, page, link, words):
                kept.setdefault(link.norm, Office(link.norm, link_evidence(site, page, link, "office")))
    return kept


def _on_hosts(site: Site, words: Vocabulary) -> list[Office]:
    """Institutions of one kind ("Faculty of ...") to which the home page links, each on a host of its own
    below the agency's name, whatever stands above them; departments of the agency itself are none."""
    kinds: dict[str, dict[str, Office]] = {}
    home = site.home
    for link in home.links_naming("office_name") if home is not None else ():
        if home is None or not site.is_sibling(link.url) or not _is_institution(site, home, link, words):
            continue
        named = words.match("office_name", link.norm)
        kind = link.norm.split()[0]
        inside = any(words.names(concept, kind) for concept in ("not_a_name", "managers"))
        if named is not None and not named.start and not inside and " " in link.norm:
            office = Office(link.norm, link_evidence(site, home, link, "office"))
            kinds.setdefault(kind, {}).setdefault(host_of(link.url), office)
    return list(max(kinds.values(), key=len, default={}).values())


def _is_one_of(name: str, kind: str) -> bool:
    """Whether a name begins with the singular of an Arabic plural that is broken within the word: two that
    have their consonants in common."""
    one, many = (_LONG_VOWELS.sub("", text.split()[0]).rstrip("ه") if text else "" for text in (name, kind))
    return one == many and len(one) >= ROOT


def _announces(heading: Block, words: Vocabulary) -> bool:
    return len(heading.text) <= LONGEST_NAME and words.names("subordinate", heading.norm, 0.4)


def _is_about(site: Site, page: PageView, words: Vocabulary) -> bool:
    if words.in_address("subordinate", page.url):
        return True
    heads = [b.norm for b in page.headings if b.level <= 2 and b.area != "footer"]
    if any(words.names("subordinate", text, 0.4) for text in (normalize(page.title), *heads)):
        return True
    if any(_announces(b, words) for b in page.content[:3]):
        return True
    return links_alone_name(site, page, "subordinate", 0.75)


def _with_contacts(
    site: Site, page: PageView, blocks: list[Block], words: Vocabulary, *, plural: bool
) -> Iterator[Office]:
    """Names that a telephone number or an address follows before the next name."""
    index = {block.node: number for number, block in enumerate(page.blocks)}
    # Below "Telephone" a number is one, also where nothing tells the country whose numbers these are.
    telephones = any(b.tag == "th" and words.names("telephone_label", b.norm, 0.5) for b in blocks)
    name: Block | None = None
    told = False
    passed = 0
    for number, block in enumerate(blocks):
        dialled = telephones and block.tag == "td" and _DIALLED.fullmatch(block.norm)
        if dialled or _reaches(site, page, index[block.node], block, words):
            head = "" if block.level else _name_on_line(block, words, anywhere=plural)
            if not head and plural and block.tag == "li":
                head = _place_on_line(block, words)
            if head and (plural or name is None or told):
                # Offices of one kind may differ by what stands behind the name: "District office, Jessore".
                called = block.norm if plural else head
                yield Office(called, text_evidence(site, page, block, "office"), line=block.node)
                told = True
            elif name is not None and not told and passed <= REACH:
                yield Office(name.norm, text_evidence(site, page, name, "office"))
                told = True
            continue
        passed += 1
        heads_column = block.tag == "th" and number + 1 < len(blocks) and blocks[number + 1].tag == "th"
        if heads_column or not _can_be_name(block, words):
            continue
        if plural and words.names("subordinate", block.norm, 0.3):
            continue  # names the list, not one of its offices
        if block.level or block.tag in ("dt", "th", "summary") or told or name is None:
            name, told, passed = block, False, 0


def _name_on_line(block: Block, words: Vocabulary, *, anywhere: bool = False) -> str:
    """The name of an office before its address or number on the same line, normalised; '' if none. What kind
    of office it is stands first, or `anywhere`, as in the languages that say it last."""
    head = normalize(_AFTER_NAME.split(block.text, maxsplit=1)[0])
    named = words.match("office_name", head) if 4 <= len(head) <= LONGEST_NAME else None
    whole = named is not None and named.share >= 0.9
    if named is None or whole or (named.start > 3 and not anywhere):
        return ""
    return "" if any(words.names(concept, head) for concept in ("telephone_label", "email_label")) else head


def _place_on_line(block: Block, words: Vocabulary) -> str:
    """What an entry of a list of offices begins with before a dash and how to reach it ("East - Box 12"),
    normalised; '' if nothing that can be a name."""
    parts = _DASH.split(block.text, maxsplit=1)
    head = block._replace(text=parts[0])
    return head.norm if len(parts) > 1 and _can_be_name(head, words) else ""


def _branches(site: Site, page: PageView, words: Vocabulary) -> list[Office]:
    """Offices of one kind on a page that is not called one of offices."""
    blocks = page.blocks
    kinds: dict[str, dict[str, Office]] = {}
    likely = page.blocks_may_name("office_name")
    for index in likely if len(likely) >= ALIKE else ():
        head = _name_on_line(blocks[index], words)
        if head and blocks[index].area != "menu" and _has_address(blocks, index, words):
            office = Office(head, text_evidence(site, page, blocks[index], "office"))
            kinds.setdefault(head.split()[0], {}).setdefault(head, office)
    return list(max(kinds.values(), key=len, default={}).values())


def _has_address(blocks: tuple[Block, ...], index: int, words: Vocabulary) -> bool:
    """Whether a postal address stands with a name, or in the next cell below a column for addresses."""
    if any(is_postal_address(b.text, words) for b in blocks[index : index + 3]):
        return True
    if blocks[index].tag != "td":
        return False
    head = next((at for at in range(index, -1, -1) if blocks[at].tag == "th"), -1)
    while head >= 0 and blocks[head].tag == "th":
        if words.names("address_label", blocks[head].norm, 0.5):
            return True
        head -= 1
    return False


def _reaches(site: Site, page: PageView, index: int, block: Block, words: Vocabulary) -> bool:
    text = own_text(site, page, index)
    if not text:
        return False
    if site.phones(text) or emails_in(block.text) or is_postal_address(block.text, words):
        return True
    behind = _AFTER_NAME.split(block.text, maxsplit=1)[1:]
    street = normalize(behind[0]) if behind else ""
    return _HOUSE.search(street) is not None and bool(words.signs("address_part", street))


def _can_be_name(block: Block, words: Vocabulary) -> bool:
    text = block.text
    return (
        3 <= len(text) <= LONGEST_NAME
        and any(char.isalpha() for char in text)
        and not text.rstrip().endswith((":", "؟", "?"))
        and not _SENTENCE_END.search(text.rstrip())
        and (
            not (_COMMA.search(text) and words.signs("address_part", block.norm))
            or bool(_name_on_line(block, words, anywhere=True))
        )
        and not any(words.names(c, block.norm, 0.6) for c in _NO_NAME)
        and not words.is_filler_text(block.norm)
    )


def _with_pages(site: Site, page: PageView, blocks: list[Block], words: Vocabulary) -> Iterator[Office]:
    """Institutions that have a page or portal of their own, or a text on what they do."""
    inside = {block.node: number for number, block in enumerate(blocks)}
    for link in page.links:
        block = page.blocks[link.block] if link.block < len(page.blocks) else None
        if block is None or block.node not in inside:
            continue
        if _is_institution(site, page, link, words) or _has_own_host(site, link, words):
            yield Office(link.norm, link_evidence(site, page, link, "office"), line=block.node)
        elif block.tag in _ENTRIES and _leads_outside(site, link, words):
            head = _name_on_line(block, words, anywhere=True)
            if head and head != link.norm:
                yield Office(block.norm, text_evidence(site, page, block, "office"), line=block.node)
    yield from _elsewhere(site, page, [*inside], words)
    for number, block in enumerate(blocks):
        below = blocks[number + 1] if number + 1 < len(blocks) else None
        if (
            (block.level or block.tag in ("dt", "th", "summary"))
            and _can_be_name(block, words)
            and words.names("office_name", block.norm)
            and not words.names("subordinate", block.norm, 0.9)
            and below is not None
            and not below.level
            and word_count(below.text) >= DESCRIPTION
            and not words.is_filler_text(below.norm)
        ):
            yield Office(block.norm, text_evidence(site, page, block, "office"))


def _leads_outside(site: Site, link: Anchor, words: Vocabulary) -> bool:
    """Whether a link beside a name ("web site", "www.example.org") leads to a portal that may be its own."""
    outside = link.visible and link.url.startswith("http") and not site.is_own(link.url)
    return outside and not words.network_of(link.url) and words.gateway_of(link.url) is None


def _has_own_host(site: Site, link: Anchor, words: Vocabulary) -> bool:
    """Whether a link in a list of offices, which may give the place alone, leads to a host below the agency's
    name."""
    return site.is_sibling(link.url) and _names_office(link, words) and site.works(link.url)


def _names_office(link: Anchor, words: Vocabulary) -> bool:
    return (
        link.visible
        and link.tag == "a"
        and 3 <= len(link.text) <= LONGEST_NAME
        and link.url.startswith("http")
        and not any(words.names(concept, link.norm, 0.5) for concept in _NO_OFFICE)
    )


def _elsewhere(site: Site, page: PageView, inside: list[int], words: Vocabulary) -> list[Office]:
    """What a list leads to on three hosts or more, one for each: institutions by their names, or by their
    places alone where the hosts are of one domain."""
    hosts: dict[str, Office] = {}
    nodes = set(inside)
    for link in page.links:
        block = page.blocks[link.block] if link.block < len(page.blocks) else None
        if block is None or block.node not in nodes or not _names_office(link, words):
            continue
        known = words.network_of(link.url) or words.store_of(link.url) or words.gateway_of(link.url)
        if not known and not site.is_own(link.url):
            hosts.setdefault(host_of(link.url), Office(link.norm, link_evidence(site, page, link, "office")))
    named = [office for office in hosts.values() if " " in office.name]
    if len(named) >= ALIKE:
        return named
    domains = Counter(body_of(host) for host in hosts)
    return [office for host, office in hosts.items() if domains[body_of(host)] >= ALIKE]


def _is_institution(site: Site, page: PageView, link: Anchor, words: Vocabulary) -> bool:
    if not link.visible or not 3 <= len(link.text) <= LONGEST_NAME or not link.url.startswith("http"):
        return False
    # Below "Faculties" a list may say "Medicine" and only its tooltip "Faculty of Medicine".
    names = [name for name in (link.norm, normalize(link.title)) if words.names("office_name", name)]
    if not names or words.names("subordinate", link.norm, 0.8):
        return False
    target = site.target(link.url).page
    if words.network_of(link.url) or target is page or (target is not None and target.depth == 0):
        return False
    return site.works(link.url)


def _named_alike(site: Site, page: PageView, words: Vocabulary) -> dict[str, Office]:
    """Offices on a contact page whose own names say what they are ("Dallas Field Office")."""
    offices = _with_contacts(site, page, page.content, words, plural=False)
    return {o.name: o for o in offices if words.names("subordinate", o.name, 0.3)}


def _below_caption(site: Site, page: PageView, words: Vocabulary) -> dict[str, Office]:
    """Offices with an e-mail address or telephone each, on a contact page, below a line that names offices
    without being a heading."""
    content = page.content
    for number in page.may_name("subordinate"):
        caption = content[number]
        if caption.level or len(caption.text) > CAPTION or not words.names("subordinate", caption.norm, 0.8):
            continue
        below = list(takewhile(lambda b: not b.level, content[number + 1 : number + 1 + ENTRIES]))
        offices = {o.name: o for o in _with_contacts(site, page, below, words, plural=True)}
        if len(offices) >= threshold("subordinate_offices"):
            return offices
    return {}


def _told_of(site: Site) -> dict[str, Office]:
    """Texts that present an institution as subordinate to the agency."""
    kept: dict[str, Office] = {}
    for page in site.pages:
        for block in page.signing("subordinate_to"):
            if word_count(block.text) >= DESCRIPTION and not block.level:
                name = " ".join(block.norm.split()[:4])
                kept.setdefault(name, Office(name, text_evidence(site, page, block, "office")))
    return kept
