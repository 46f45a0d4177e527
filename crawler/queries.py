"""What a portal's own search is asked: titles of pages that were seen, words that no page has, a slip of the
pen. Pure: the same pages give the same queries."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from crawler.capture import QueryKind
from crawler.rendering import kind_of
from crawler.scope import identity
from crawler.text import normalize

TITLES = 3
MOST_QUERIES = TITLES + 2

LONGEST_QUERY = 60
"""Characters of a query."""

FEWEST_WORDS = 2
MOST_WORDS = 9

TELLING = 5
"""Distinctive words from which on more of them make no better query."""

LEAST_MISSPELT = 4
"""Letters of a word in which a slip of the pen may be made."""

# Letters that the legacy encodings of a script have, too, in an order that no language writes.
_NONSENSE = {"ARABIC": "ظضغثذخصط", "CYRILLIC": "щъжфыхэцюж", "GREEK": "ξψζθφχβδψξ", "LATIN": "zqxwvkjpfqh"}

_PIECES = re.compile(r"\s*(?:[|»«•]|::|\s[-–—:/]\s)\s*")
_LETTERS = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"\w{2,}")


_Rank = tuple[bool, bool, int, int]


class Known(NamedTuple):
    """A page that was seen; `id` is its Page.id, `url` its final address."""

    id: int
    url: str
    title: str


class Named(NamedTuple):
    """A link that stands on `pages` pages."""

    text: str
    url: str
    pages: int


class Query(NamedTuple):
    kind: QueryKind
    text: str
    expected: int | None
    """Page.id of the page that an answer should name."""


def queries_for(pages: Sequence[Known], links: Iterable[Named]) -> list[Query]:
    """The queries for a portal of which these pages were seen, the home page left out; none without a title
    that is fit to be asked for."""
    titles = known_titles(pages, links)
    if not titles:
        return []
    asked = [*titles, Query("nonsense", nonsense(titles[0].text), None)]
    for title in titles:
        if (slip := misspelt(title.text)) and slip != title.text:
            asked.append(Query("misspelt", slip, title.expected))
            break
    return asked


def known_titles(pages: Sequence[Known], links: Iterable[Named]) -> list[Query]:
    """At most three titles, of different kinds of pages if there are any: those with the most words that are
    their page's alone, and rather what links call a page than what only its title says. What most pages
    show, the portal's own name and its menus, is no title."""
    frame = max(3, len(pages) / 2)
    first: dict[str, Known] = {}
    for page in pages:
        first.setdefault(identity(page.url), page)
    links = [link for link in links if link.pages >= frame or identity(link.url) in first]
    around = {normalize(link.text) for link in links if link.pages >= frame}
    names: dict[int, list[str]] = defaultdict(list)
    for link in links:
        if normalize(link.text) not in around and (known := first.get(identity(link.url))):
            names[known.id].append(link.text)
    linked = {number: set(found) for number, found in names.items()}
    pieces = {page.id: [p for p in _PIECES.split(page.title) if p] for page in first.values()}
    shared = Counter(normalize(piece) for found in pieces.values() for piece in set(found))
    for page in first.values():
        for piece in pieces[page.id]:
            if shared[normalize(piece)] < frame and normalize(piece) not in around:
                names[page.id].append(piece)
    words = {page.id: _words(" ".join([page.title, *names[page.id]])) for page in first.values()}
    spread = Counter(word for found in words.values() for word in found)

    ranked: list[tuple[_Rank, Known, str]] = []
    for page in first.values():
        title = normalize(page.title)
        best: tuple[_Rank, str] | None = None
        for name in names[page.id]:
            query = cut(name)
            if not query:
                continue
            telling = sum(spread[word] == 1 for word in _words(query))
            called = name in linked.get(page.id, ())
            rank = (called, normalize(query) in title, min(telling, TELLING), -page.id)
            if best is None or rank > best[0]:
                best = rank, query
        if best:
            ranked.append((best[0], page, best[1]))
    ranked.sort(key=lambda one: one[0], reverse=True)

    chosen: list[Query] = []
    for every_kind in (False, True):
        kinds: set[str] = set()
        for _, page, text in ranked:
            if len(chosen) == TITLES:
                break
            same = any(query.expected == page.id or alike(query.text, text) for query in chosen)
            if same or (kind_of(page.url) in kinds and not every_kind):
                continue
            kinds.add(kind_of(page.url))
            chosen.append(Query("title", text, page.id))
    return chosen


def cut(text: str) -> str:
    """The words with which a title begins, as many as make a query; '' for what is no title."""
    words = text.split()
    while words and (len(words) > MOST_WORDS or len(" ".join(words)) > LONGEST_QUERY):
        words.pop()
    return " ".join(words) if len(words) >= FEWEST_WORDS else ""


def alike(one: str, other: str) -> bool:
    return normalize(one) == normalize(other)


def nonsense(sample: str) -> str:
    """A word in the script of `sample` that no language has."""
    letter = next((character for character in sample if character.isalpha()), "x")
    script = unicodedata.name(letter, "LATIN").split()[0]
    return _NONSENSE.get(script, _NONSENSE["LATIN"])


def misspelt(title: str) -> str:
    """The title with one letter left out, in the middle of its longest word; '' if all are short."""
    longest = max(_LETTERS.finditer(title), key=lambda found: len(found.group()), default=None)
    if longest is None or len(longest.group()) < LEAST_MISSPELT:
        return ""
    at = longest.start() + len(longest.group()) // 2
    return title[:at] + title[at + 1 :]


def _words(text: str) -> set[str]:
    return set(_WORD.findall(normalize(text)))
