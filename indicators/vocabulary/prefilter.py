"""Which of many sets of phrases a text may hold, in one pass over it.

Vocabularies have thousands of phrases and a portal tens of thousands of texts: asking every pattern about
every text would cost more than all other judging. The pass only says where asking is of use.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

import ahocorasick

T = TypeVar("T")

MOST_KNOWN = 100_000
"""Texts whose masks are remembered: a frame's menus come back on every page."""


class Prefilter(dict[str, int]):
    """`sets` are sets of literal strings, known by their place. ``prefilter[text]`` is a mask with a bit for
    each set; it is 0 only where none of the set's strings stands in the text."""

    def __init__(self, sets: Sequence[Iterable[str]]) -> None:
        bits: dict[str, int] = {}
        for place, literals in enumerate(sets):
            for literal in literals:
                bits[literal] = bits.get(literal, 0) | 1 << place
        super().__init__()
        self._always = bits.pop("", 0)
        self._automaton = ahocorasick.Automaton()
        for literal, mask in bits.items():
            self._automaton.add_word(literal, mask)
        self._is_empty = not bits
        self._automaton.make_automaton()

    def __missing__(self, text: str) -> int:
        mask = self._always
        if not self._is_empty:
            for _, bits in self._automaton.iter(text):
                mask |= bits
        if len(self) >= MOST_KNOWN:
            self.clear()
        self[text] = mask
        return mask


class Sifted(Generic[T]):
    """Things in their order, each with the mask of its text, so that those which may hold one set's phrases
    are found without asking each of them."""

    def __init__(self, things: Sequence[T], masks: Iterable[int]) -> None:
        self.things = things
        self._masks = tuple(masks)
        self._any = 0
        for mask in set(self._masks):
            self._any |= mask

    def among(self, places: Sequence[int]) -> Sifted[T]:
        """The same of the things at these indices alone."""
        return Sifted([self.things[place] for place in places], [self._masks[place] for place in places])

    def places(self, bits: int) -> Sequence[int]:
        """The indices in `things` of those whose masks share a bit with `bits`."""
        if not self._any & bits:
            return ()
        return [place for place, mask in enumerate(self._masks) if mask & bits]

    def holding(self, bits: int) -> Sequence[T]:
        """The things whose masks share a bit with `bits`."""
        return [self.things[place] for place in self.places(bits)]
