"""The pass that says which phrases a text may hold never hides one that stands there."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from crawler.text import normalize
from indicators.vocabulary import load_vocabulary
from indicators.vocabulary.prefilter import Prefilter, Sifted

LITERALS = st.text(alphabet="abآی ", max_size=4)


@given(sets=st.lists(st.lists(LITERALS, max_size=4), max_size=5), text=st.text(alphabet="abآی ", max_size=30))
def test_a_bit_is_set_exactly_where_one_of_the_strings_stands(sets: list[list[str]], text: str) -> None:
    mask = Prefilter(sets)[text]
    for place, literals in enumerate(sets):
        assert bool(mask >> place & 1) == any(literal in text for literal in literals)


@given(
    sets=st.lists(st.lists(LITERALS, max_size=4), min_size=1, max_size=5),
    texts=st.lists(st.text(alphabet="abآی ", max_size=12), max_size=8),
    asked=st.sets(st.integers(0, 4)),
)
def test_sifted_texts_are_those_with_a_string_of_the_sets_in_their_order(
    sets: list[list[str]], texts: list[str], asked: set[int]
) -> None:
    sifted = Sifted(texts, map(Prefilter(sets).__getitem__, texts))
    bits = sum(1 << place for place in asked)
    literals = [literal for place in asked if place < len(sets) for literal in sets[place]]
    assert list(sifted.holding(bits)) == [t for t in texts if any(literal in t for literal in literals)]


def test_every_phrase_of_every_language_is_found_as_it_is_written() -> None:
    vocabulary = load_vocabulary()
    chance = random.Random(7)
    for language in vocabulary.languages.values():
        for name, concept in language.concepts.items():
            rules = vocabulary.concepts[name]
            for word in concept.words:
                for joint in ("\u200c", " ", ""):
                    written = word.replace("*", "").replace("_", "\u200c").replace("\u200c", joint)
                    text = normalize(f"{chance.choice(('', '… '))}{written} 12")
                    if rules.match(text) is not None:
                        assert vocabulary.match(name, text) is not None, (name, text)
                        assert vocabulary.signs(name, text), (name, text)
            for slug in concept.slugs:
                for joint in ("-", "_", ""):
                    url = f"https://portal.example/fa/{slug.replace('-', joint)}/7"
                    if slug.isascii() and joint == "-":
                        assert vocabulary.in_address(name, url), (name, url)
