"""Full-text search over the portal's own pages."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from bs4 import BeautifulSoup

# One letter for the variants of Arabic keyboards; a half-space counts as a space.
_FOLD = str.maketrans("يىكةۀ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹\u200c", "ییکهه01234567890123456789 ")
_TITLE_WEIGHT = 20


@dataclass(frozen=True)
class Hit:
    path: str
    title: str
    excerpt: str


@dataclass(frozen=True)
class Answer:
    """What a query found; `corrected` is the query really used when a word had been misspelt."""

    hits: list[Hit]
    corrected: str = ""


def words(text: str) -> list[str]:
    """The words of a text in the one spelling that search compares."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", text) if not unicodedata.combining(c))
    return re.findall(r"\w+", plain.translate(_FOLD).lower())


class Index:
    """An index of (path, HTML) pages, of which only the <main> part is read."""

    def __init__(self, pages: Iterable[tuple[str, str]]) -> None:
        self._pages: list[tuple[str, str, str, list[str], list[str]]] = []
        vocabulary: set[str] = set()
        for path, html in pages:
            main = BeautifulSoup(html, "lxml").find("main")
            heading = main.find("h1") if main else None
            if main is None or heading is None:
                continue
            title = heading.get_text(" ", strip=True)
            text = main.get_text(" ", strip=True)
            self._pages.append((path, title, text, words(title), words(text)))
            vocabulary.update(self._pages[-1][4])
        self._vocabulary = sorted(vocabulary)

    def find(self, query: str) -> Answer:
        """Pages that hold every word of the query, best first; unknown words are tried as misspellings."""
        wanted = words(query)[:12]
        if not wanted:
            return Answer([])
        hits = self._match(wanted)
        if hits:
            return Answer(hits)
        mended = [self._nearest(word) for word in wanted]
        if None in mended or mended == wanted:
            return Answer([])
        found = [word for word in mended if word is not None]
        hits = self._match(found)
        return Answer(hits, " ".join(found) if hits else "")

    def _nearest(self, word: str) -> str | None:
        if any(known.startswith(word) for known in self._vocabulary):
            return word
        close = difflib.get_close_matches(word, self._vocabulary, n=1, cutoff=0.75)
        return close[0] if close else None

    def _match(self, wanted: list[str]) -> list[Hit]:
        scored = []
        for path, title, text, title_words, text_words in self._pages:
            counts = [sum(word.startswith(w) for word in text_words) for w in wanted]
            if not all(counts):
                continue
            in_title = sum(any(word.startswith(w) for word in title_words) for w in wanted)
            likeness = in_title * in_title / (len(wanted) * max(len(title_words), 1))
            score = min(sum(counts), 10) + _TITLE_WEIGHT * likeness
            scored.append((-score, path, Hit(path, title, self._excerpt(text, wanted[0]))))
        return [hit for _, _, hit in sorted(scored, key=lambda row: row[:2])]

    @staticmethod
    def _excerpt(text: str, word: str) -> str:
        at = max(text.translate(_FOLD).find(word), 0)
        start = max(at - 60, 0)
        return ("… " if start else "") + text[start : start + 180] + " …"
