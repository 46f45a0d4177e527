"""department_heads_contacts: names and posts of three managers, with a way to reach one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

from crawler.text import normalize
from indicators.candidates import candidates
from indicators.contacts import email_of_link, emails_in
from indicators.detector import Verdict, absent, detector, found, place, text_evidence
from indicators.detectors._forms import is_called
from indicators.detectors._shared import column_of, emails_of, is_edge
from indicators.page import Block
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

NEAR = 4
"""Blocks around a manager in which a telephone number or address is theirs."""

LONGEST_POST = 14
"""Words of a block that gives a post; a longer one is a sentence."""

LONGEST_CARD = 24
"""Words of a card that gives a name, a post and how to reach somebody in one run."""

PERSON = 3
"""Words of a name, particles apart, among which a particle is a person's."""

LONGEST_PARTICLE = 3
"""Letters of "dos"; what is longer and begins like one is a word of its own."""

SHORTEST_SURNAME = 5
"""Letters from which a surname inside an e-mail address is no accident."""

_BARE_NUMBER = re.compile(r"[\d\s()+\-–/.]+")
_LETTERS = re.compile(r"[^\W\d_]")
_NAME_PART = re.compile(r"\w[\w'’-]+|\w\.?")
_NAME_BREAK = re.compile(r"\s*[:|،,;؛/()\[\]–—-]\s*|\s{2,}")
_RAISED = re.compile(r"[ᵃⁱⁿᵉʳ]+(?=\s)")
_DEGREES = re.compile(r"(?:,\s*(?:[A-Z][A-Za-z]{0,4}\.\s?[A-Za-z.]*|[A-Z]{2,4}))+\s*$")
"""What was studied, behind a name: "S.Kom", "LL.M."."""


class _Manager(NamedTuple):
    name: str
    """Normalised."""
    page: PageView
    block: Block
    reachable: bool


@detector("department_heads_contacts", version=7)
def detect(site: Site, words: Vocabulary) -> Verdict:
    pages = candidates(site, "managers", "contact", "org_profile")
    sections: dict[str, dict[str, _Manager]] = {}
    for page in pages:
        for manager in _managers(site, page, words):
            section = sections.setdefault(_section(page, words), {})
            known = section.get(manager.name)
            if known is None or (manager.reachable and not known.reachable):
                section[manager.name] = manager
    best = sorted(sections.values(), key=lambda s: (-any(m.reachable for m in s.values()), -len(s)))
    for section in best:
        if len(section) >= threshold("managers") and any(m.reachable for m in section.values()):
            listed = sorted(section.values(), key=lambda m: not m.reachable)
            shown = [_witness(site, manager) for manager in listed[:4]]
            return found("yes", *shown, confidence=0.9, details={"managers": len(section)})
    for page in site.pages:
        listed = [m for m in _managers(site, page, words) if m.reachable] if _may_list(page, pages) else []
        if len(listed) >= threshold("managers"):
            shown = [_witness(site, manager) for manager in listed[:4]]
            return found("yes", *shown, confidence=0.8, details={"managers": len(listed)})
    most = max((len(section) for section in sections.values()), default=0)
    return absent(
        site,
        "managers",
        visited=[place(page, "no three managers with names, posts and a contact") for page in pages[:12]],
        details={"managers": most},
    )


def _may_list(page: PageView, seen: list[PageView]) -> bool:
    """Whether a page that is called something else may still list managers: each must then be reachable."""
    return page.depth > 0 and page not in seen and len(page.blocks_may_sign("post")) >= threshold("managers")


def _section(page: PageView, words: Vocabulary) -> str:
    """The address of the folder in which a page lies; one page of its own near the root, unless its folder
    is called after the managers."""
    path = page.url.split("?", 1)[0].rstrip("/")
    parent = path.rsplit("/", 1)[0]
    return parent if parent.count("/") > 3 or words.in_address("managers", parent) else path


def _witness(site: Site, manager: _Manager) -> Evidence:
    return text_evidence(site, manager.page, manager.block, "manager")


def _managers(site: Site, page: PageView, words: Vocabulary) -> list[_Manager]:
    inner = [at for at, b in enumerate(page.blocks) if not is_edge(site, b) and b.area != "menu"]
    blocks = [page.blocks[at] for at in inner]
    may_post = set(page.blocks_may_sign("post"))
    posts = [index for index, at in enumerate(inner) if at in may_post]
    if not posts:
        return []
    positions = {block.node: index for index, block in enumerate(blocks)}
    links = _contact_links(site, page, words)
    mailboxes = " ".join(email.address.partition("@")[0] for email in emails_of(site, page))
    about = is_called(site, page, words, "managers", 0.4) or any(
        words.names("managers", block.norm, 0.75) for block in page.content[:3]
    )
    kept: dict[str, _Manager] = {}
    for index in posts:
        block = blocks[index]
        if block.tag == "th" and about:
            for manager in _below_post(site, page, blocks, index, positions):
                kept.setdefault(manager.name, manager)
            continue
        name, witness = _name_at(blocks, index, words)
        if not name and (about or emails_in(block.text) or site.phones(block.text)):
            name, witness = _name_on_card(block, words, about=about), block
        if not name or name in kept:
            continue
        surname = name.split()[-1]
        near = blocks[max(0, index - 1) : index + 1 + NEAR]
        reachable = any(
            site.phones(b.text)
            or emails_in(b.text)
            or _in_column(blocks, positions, b, site)
            or b.text in links
            or (about and _is_local_number(b, site))
            for b in near
        )
        # Elsewhere on the page an address that holds the surname is theirs too.
        named = len(surname) >= SHORTEST_SURNAME and surname in mailboxes
        kept[name] = _Manager(name, page, witness, reachable or named)
    return list(kept.values())


def _below_post(
    site: Site, page: PageView, blocks: list[Block], index: int, positions: dict[int, int]
) -> Iterator[_Manager]:
    """The names in a column that is headed by their post ("Director"), beside what each of them directs."""
    for cell in column_of(blocks, index):
        if _is_name(cell.text, site.words, certain=False):
            beside = takewhile(lambda b: b.tag == "td", blocks[positions[cell.node] + 1 :][:NEAR])
            reached = any(
                site.phones(b.text) or emails_in(b.text) or _in_column(blocks, positions, b, site)
                for b in beside
            )
            yield _Manager(_plain(cell.text, site.words), page, cell, reached)


def _in_column(blocks: list[Block], positions: dict[int, int], block: Block, site: Site) -> bool:
    """A bare number in a cell of a table that has a column for telephones: "داخلی ۱۲۳" without its label."""
    if block.tag != "td" or not 3 <= len(block.norm) <= 20 or not _BARE_NUMBER.fullmatch(block.norm):
        return False
    before = blocks[: positions.get(block.node, 0)]
    return any(b.tag == "th" and site.words.names("telephone_label", b.norm) for b in before) or any(
        b.tag == "td" and len(b.text) < 30 and site.words.names("telephone_label", b.norm) for b in before
    )


def _is_local_number(block: Block, site: Site) -> bool:
    """A cell with nothing but a number as it is dialled in its own town, beside a manager's name."""
    if block.tag != "td" or not _BARE_NUMBER.fullmatch(block.norm):
        return False
    return 7 <= sum(char.isdigit() for char in block.norm) <= 12 and not site.dates(block)


def _contact_links(site: Site, page: PageView, words: Vocabulary) -> set[str]:
    """Texts of blocks that hold a link to reach somebody: mail, telephone, or one called "contact"."""
    return {
        page.blocks[link.block].text
        for link in page.links
        if link.block < len(page.blocks)
        and link.visible
        and (
            email_of_link(link.href)
            or link.href.lower().startswith("tel:")
            or (words.names("contact", link.norm, 0.5) and site.works(link.url))
        )
    } | {page.blocks[index].text for _, index in page.facts.protected_emails if index < len(page.blocks)}


def _name_at(blocks: list[Block], index: int, words: Vocabulary) -> tuple[str, Block]:
    """The name of a manager whose post stands in the block at `index`: in the same block, or in a
    neighbouring one. ('', block) where there is none."""
    block = blocks[index]
    text = block.norm
    if sum(not word.isdigit() for word in text.split()) > LONGEST_POST or not words.signs("post", text):
        return "", block
    for part in _NAME_BREAK.split(block.text):
        if _is_name(part, words, certain=False) and len(_NAME_BREAK.split(block.text)) > 1:
            return _plain(part, words), block
    inside = _name_in_words(block.text, words)
    if inside:
        return inside, block
    after = blocks[index + 1] if index + 1 < len(blocks) else None
    # Below a post that is a heading stands who holds it, before it who holds the one above.
    heads = block.level > 0 and after is not None and not after.level
    for other in (index + 1, index - 1, index + 2) if heads else (index - 1, index + 1, index + 2):
        if 0 <= other < len(blocks) and blocks[other].area == block.area:
            neighbour = blocks[other]
            if _is_name(neighbour.text, words, certain=other == index + 2):
                return _plain(neighbour.text, words), neighbour
    below = blocks[index + 1] if index + 1 < len(blocks) else None
    if below is not None and words.names("honorific", normalize(below.text.split()[0]), 0.9):
        return _name_in_words(below.text, words), below
    return "", block


def _name_in_words(text: str, words: Vocabulary) -> str:
    """A name written right beside the post: an honorific and the words behind it, or capitals."""
    folded = text.split()
    for start in range(len(folded)):
        if words.names("honorific", normalize(folded[start]), 0.9):
            name = _plain(" ".join(_until_post(folded[start:], words)), words)
            if " " in name:
                return name
    capitals = list(takewhile(lambda w: w.isupper() and w.isascii(), folded))
    if 2 <= len(capitals) <= 4 and len(capitals) < len(folded):
        return " ".join(capitals).lower()
    return ""


def _name_on_card(block: Block, words: Vocabulary, *, about: bool) -> str:
    """The name on a card whose lines run together: "name post telephone", or "post name telephone" where
    names have capitals or the page is `about` managers, or "address post: name telephone"."""
    tokens = block.text.split()
    if not 3 <= len(tokens) <= LONGEST_CARD:
        return ""
    posts = [at for at, token in enumerate(tokens) if words.signs("post", normalize(token))]
    if not posts:
        return ""
    before = " ".join(tokens[: posts[0]])
    if 2 <= posts[0] <= 5 and _is_name(before, words, certain=False):
        return _plain(before, words)
    for at in posts:
        after = takewhile(lambda token: not _begins_contact(token, words), tokens[at + 1 :])
        labelled = " ".join(after).rstrip(" ,;|-–") if tokens[at].endswith(":") else ""
        if at and _is_name(labelled, words, certain=False):
            return _plain(labelled, words)
    end = next((at for at, token in enumerate(tokens) if _begins_contact(token, words)), len(tokens))
    behind = reversed(tokens[posts[0] + 1 : end])
    name = list(takewhile(lambda token: _may_be_in_name(token, words), behind))[:4][::-1]
    if about and not name and posts[0] == 0 and 3 <= end < len(tokens):
        last = " ".join(tokens[end - 2 : end])
        return _plain(last, words) if _is_name(last, words, certain=False) else ""
    said = [token for token in name if token[0].isupper()]
    if posts[0] == 0 and len(said) >= 2 and not _is_thing(normalize(" ".join(said[-2:])), words):
        return _plain(" ".join(name), words)
    return ""


def _begins_contact(token: str, words: Vocabulary) -> bool:
    folded = normalize(token)
    labels = ("telephone_label", "email_label", "address_label")
    return "@" in token or any(c.isdigit() for c in token) or any(words.names(x, folded) for x in labels)


def _until_post(tokens: list[str], words: Vocabulary) -> list[str]:
    """The words of a name, up to the post, number or address behind it; a title of honour may come first."""
    kept: list[str] = []
    for token in tokens[:7]:
        folded = normalize(token)
        if words.names("honorific", folded, 0.9):
            kept.append(token)
            continue
        # A half-space inside a surname is no sign between two words.
        is_word = token.replace("\u200c", "").isalpha()
        if not is_word or words.signs("post", folded) or words.signs("not_a_name", folded):
            break
        kept.append(token)
    return kept


def _is_name(text: str, words: Vocabulary, *, certain: bool) -> bool:
    """Whether a text is a person's name. `certain`: only by a title of honour or capital letters."""

    text = _bare(text)
    folded = normalize(text)
    tokens = text.replace(".", ". ").split()
    if words.is_person("".join(tokens)):
        return not words.signs("post", folded) and not _is_thing(folded, words)
    if not 2 <= len(tokens) <= 7 or any(char.isdigit() for char in folded) or len(text) > 60:
        return False
    titled = bool(words.signs("honorific", folded))
    if words.signs("post", folded) and not titled:
        return False
    if not all(_LETTERS.search(token) for token in tokens):
        return False
    latin = sum(char.isascii() for char in text) > len(text) / 2
    if latin:
        return titled or (
            all(_may_be_in_name(token, words) for token in tokens) and not _is_thing(folded, words)
        )
    if titled:
        return True
    return not certain and len(tokens) <= 5 and not _is_thing(folded, words)


def _may_be_in_name(token: str, words: Vocabulary) -> bool:
    """Whether a word begins with a capital and goes on in letters, or is a particle such as "de"."""
    begins = token[0].isupper() and _NAME_PART.fullmatch(token) is not None
    return begins or token.isupper() or words.is_particle(normalize(token)) is not None


def _bare(text: str) -> str:
    """A name without degrees behind it, and without the raised endings of titles ("Mag.ᵃ")."""
    return _DEGREES.sub("", _RAISED.sub("", text))


def _is_thing(text: str, words: Vocabulary) -> bool:
    """Names of bodies, pages, places and functions are no names of people."""
    bare = [word for word in text.split() if len(word) > LONGEST_PARTICLE or not words.is_particle(word)]
    # "Ana de Sousa Lima": so many words besides do not stand around the particle of a thing's name.
    if words.signs("not_a_name", " ".join(bare) if len(bare) >= PERSON else text):
        return True
    return any(
        words.signs(concept, text)
        for concept in (
            "public_body", "managers", "contact", "services", "news", "address_part",
            "telephone_label", "email_label", "address_label", "more", "org_profile", "related_links",
            "complaint",
        )
    )  # fmt: skip


def _plain(text: str, words: Vocabulary) -> str:
    """A name without titles, for telling people apart."""
    text = _bare(text)
    return " ".join(w for w in normalize(text).split() if not words.names("honorific", w, 0.9))
