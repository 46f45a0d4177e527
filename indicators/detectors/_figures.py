"""Figures that stand beside what they count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from indicators.page import Block
from indicators.site import PageView
from indicators.vocabulary import Vocabulary

NEAR = 30
"""Characters between a number and the words for what it counts."""

LABEL = 80
"""Characters of a caption, column head or row head."""

_NUMBER = re.compile(r"(?<![\w/.:-])\d[\d,.' ]*\d(?![\w/:-])|(?<![\w/.:-])\d(?![\w/:.-])")
_PERCENT = re.compile(r"\d{1,3}(?:[.,]\d+)? ?%|% ?\d{1,3}")
_COUNTER = re.compile(
    r"\+? ?(?:[1-9]\d*(?:[.,' ]\d{3})+|[1-9]\d+|[1-9]\d*(?:[.,]\d)? ?(?:k|m|mil|mila|mio))(?: ?\+)?"
)
_SHARE = re.compile(r"(?:\d{1,3}(?:[.,]\d+)? ?%|% ?\d{1,3}(?:[.,]\d+)?) ?\+?")
_CODE = re.compile(r"\d{8,}")
_YEAR = re.compile(r"(?:1[34]\d\d|19\d\d|20\d\d)\.?")


class Figure(NamedTuple):
    """`label` names what is counted; `value` holds the number (they may be one block)."""

    label: Block
    value: Block


def numbers_in(text: str) -> list[re.Match[str]]:
    """Numbers of two digits or more in a normalised text that are no years, dates, codes or telephone
    numbers."""
    return [
        match
        for match in _NUMBER.finditer(text)
        if 2 <= sum(char.isdigit() for char in match.group()) <= 11
        and not _YEAR.fullmatch(match.group().strip())
        and not _CODE.search(match.group())
        and not match.group().startswith("0")
    ]


def counts_in(text: str, *, alone: bool = False) -> bool:
    """Whether a normalised text gives a count, however small; `alone`: and nothing else to speak of."""
    found = _NUMBER.search(text)
    return found is not None and not (alone and len(text) > len(found.group()) + 8)


def shares_in(text: str, words: Vocabulary) -> list[float]:
    """The percentages of a normalised text as shares, 0 to 1."""
    found = [match.group() for match in _PERCENT.finditer(text)]
    found += [match.group() for match in _NUMBER.finditer(text) if _is_percentage(text, match, words)]
    values = [float(one.strip("% ").replace(",", ".")) / 100 for one in found]
    return [value for value in values if 0 <= value <= 1]


def percents_in(text: str, words: Vocabulary) -> int:
    """How many percentages a normalised text gives."""
    return len(_PERCENT.findall(text)) + sum(_is_percentage(text, m, words) for m in numbers_in(text))


def _is_percentage(text: str, number: re.Match[str], words: Vocabulary) -> bool:
    """Whether the word for per cent stands behind a number, or before it ("yüzde 84")."""
    after = text[number.end() : number.end() + 12].strip()
    if any(after.startswith(sign) for sign in words.signs("percent", after)):
        return True
    before = text[max(0, number.start() - 12) : number.start()].rstrip()
    return any(before.endswith(sign) for sign in words.signs("percent", before))


def figures(page: PageView, concept: str, words: Vocabulary, *, shares: bool = False) -> Iterator[Figure]:
    """Numbers on the page of what the concept names: in one sentence with it, or below or beside a caption,
    row or column head that names it; above a label, counts or (`shares`) percentages."""
    content = page.content
    for index in page.may_name(concept):
        block = content[index]
        match = words.match(concept, block.norm)
        if match is None or words.is_filler_text(block.norm):
            continue
        if _is_beside(block.norm, concept, words):
            yield Figure(block, block)
        elif len(block.text) <= LABEL:
            value = _value_below(content, index) or _value_above(
                content, index, _SHARE if shares else _COUNTER
            )
            if value is not None:
                yield Figure(block, value)


def _is_beside(text: str, concept: str, words: Vocabulary) -> bool:
    for number in numbers_in(text):
        after = text[number.end() : number.end() + NEAR * 2]
        found = words.match(concept, after)
        if found is not None and found.start <= NEAR and not re.search(r"[.;:?!] ", after[: found.start]):
            return True
        before = text[max(0, number.start() - NEAR * 2) : number.start()]
        found = words.match(concept, before)
        if found is not None and len(before) - found.end <= NEAR // 2:
            return True
    return False


def _value_above(content: list[Block], index: int, kind: re.Pattern[str]) -> Block | None:
    """The block that holds nothing but a large number, right before a label that is no heading, as a row of
    counters has it."""
    above = content[index - 1] if index and not content[index].level else None
    return above if above is not None and kind.fullmatch(above.norm) else None


def _value_below(content: list[Block], index: int) -> Block | None:
    """The block that holds nothing but a number, right after a label; in tables, in the rows below."""
    label = content[index]
    reach = 12 if label.tag in ("th", "caption") else 1
    for block in content[index + 1 : index + 1 + reach]:
        if block.level:
            return None
        numbers = numbers_in(block.norm)
        if numbers and len(block.text) <= 20 and len(numbers[0].group()) * 2 >= len(block.norm):
            return block
    return None
