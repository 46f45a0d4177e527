"""What a visit should look for first: which concepts the indicators need, and how clearly a link names them.

The worths are data, in ``interests.yaml``; the names are those of the vocabulary. A `CrawlInterests` is what
`crawler.frontier.Interests` asks for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from math import sqrt
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from crawler.datafile import load_yaml
from crawler.text import WORD, normalize
from indicators.vocabulary import FOLDER, LanguageNames, Vocabulary, load_vocabulary

FILE = Path(__file__).parent / "interests.yaml"

LONGEST_TEXT = 300
"""Characters of a link's text; what is longer is prose."""

LONGEST_SLUG = 4
"""Words of an address that are looked up together."""

LANGUAGES = "languages"
"""The concept that the names of languages stand for as well."""

SHORTEST_NAME = 4
"""Characters; shorter names of languages ("it", "de") are words of other languages, and count alone."""

FOLDER_SHARE = 0.5
"""How clear a folder's name is for what lies in it, beside a page's own name."""

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORDS = re.compile(f"{WORD}+")
_ENDING = re.compile(r"\.\w{2,5}$")
_NAMELESS = re.compile(r"(?i)(index|default|home|main)$")
"""Pages that are called after nothing: they are what their folder is."""


class Interests(BaseModel):
    """`section` and `linked` as in `crawler.frontier.Interests`; `concepts` are its topics."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    section: float = Field(ge=0)
    linked: float = Field(ge=0)
    concepts: dict[str, float]


class CrawlInterests:
    """How clearly a link names a concept: the square root of the part of its text, or of a segment of its
    address, that the name takes. "Contact us" is clear, a title that mentions the word is not; the root,
    since names are often longer by what they belong to ("Contact the Office of Water")."""

    def __init__(self, interests: Interests, vocabulary: Vocabulary, language_names: LanguageNames) -> None:
        self.topics: Mapping[str, float] = interests.concepts
        self.section = interests.section
        self.linked = interests.linked
        self._vocabulary = vocabulary
        self._bits = {name: vocabulary.bits(name) for name in interests.concepts}
        self._slugs: defaultdict[str, set[str]] = defaultdict(set)
        for name in interests.concepts:
            for language in vocabulary.languages.values():
                if name in language.concepts:
                    for slug in language.concepts[name].slugs:
                        self._slugs[normalize(slug).replace("-", "")].add(name)
        self._languages = {
            "".join(_WORDS.findall(normalize(name)))
            for names in language_names.names.values()
            for name in names
        }
        self._of_text = lru_cache(maxsize=20_000)(self._shares_of_text)
        self._of_segment = lru_cache(maxsize=20_000)(self._shares_of_segment)

    def clarity(self, url: str, text: str) -> Mapping[str, float]:
        """See `crawler.frontier.Interests`; `url` may be ''."""
        shares = dict(self._of_text(text))
        for segment, is_own in _segments(url):
            for name, share in self._of_segment(segment).items():
                if is_own:
                    shares[name] = max(share, shares.get(name, 0.0))
                elif name != LANGUAGES:  # what lies in /en/ is written in a language, not about one
                    shares[name] = max(share * FOLDER_SHARE**2, shares.get(name, 0.0))
        return {name: sqrt(share) for name, share in shares.items()}

    def _shares_of_text(self, text: str) -> Mapping[str, float]:
        """The part of a text that the name of each concept takes."""
        text = normalize(text[: LONGEST_TEXT + 1])
        if not text or len(text) > LONGEST_TEXT:
            return {}
        shares: dict[str, float] = {}
        mask = self._vocabulary.naming(text)
        for name, bits in self._bits.items():
            if mask & bits and (match := self._vocabulary.match(name, text)):
                shares[name] = match.share
        for phrase, share in _phrases(_WORDS.findall(text)):
            if phrase in self._languages and (share == 1 or len(phrase) >= SHORTEST_NAME):
                shares[LANGUAGES] = max(share, shares.get(LANGUAGES, 0.0))
        return shares

    def _shares_of_segment(self, segment: str) -> Mapping[str, float]:
        """The same for a part of an address: "ContactUs.aspx", "press-releases"."""
        words = _WORDS.findall(normalize(_CAMEL.sub(" ", segment).replace("_", " ")))
        shares = dict(self._of_text(" ".join(words)))
        for phrase, share in _phrases(words):
            for name in self._slugs.get(phrase, ()):
                shares[name] = max(share, shares.get(name, 0.0))
        return shares


def _phrases(words: list[str]) -> Iterator[tuple[str, float]]:
    """Words that stand together, written as one, and the part of all that they take."""
    length = sum(map(len, words))
    for start in range(len(words)):
        for end in range(start + 1, min(start + LONGEST_SLUG, len(words)) + 1):
            phrase = "".join(words[start:end])
            yield phrase, len(phrase) / length


def _segments(url: str) -> Iterator[tuple[str, bool]]:
    """The parts of an address that may name what is there, and whether they are the page's own."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    route = parts.fragment.removeprefix("!")
    path = f"{parts.path}/{route}" if route.startswith("/") else parts.path
    segments = [_ENDING.sub("", segment) for segment in unquote(path[:2_000]).split("/") if segment]
    while segments and _NAMELESS.match(segments[-1]):
        segments.pop()
    for place, segment in enumerate(segments, 1):
        yield segment[:LONGEST_TEXT], place == len(segments)
    for _, value in parse_qsl(parts.query[:2_000]):
        if not value.isdigit():
            yield value[:LONGEST_TEXT], True


@cache
def crawl_interests() -> CrawlInterests:
    """Those of every model, in every language. Raises `crawler.datafile.DataFileError`."""
    names = load_yaml(FOLDER / "language_names.yaml", LanguageNames)
    return CrawlInterests(load_yaml(FILE, Interests), load_vocabulary(), names)
