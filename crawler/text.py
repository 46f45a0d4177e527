"""Text made comparable: Persian, Arabic and Latin writing habits folded to one form for matching.

Quotes are always taken from the text as written; only comparisons use these forms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_WHITE = re.compile(r"\s+")


def _range(*spans: tuple[int, int]) -> Iterable[int]:
    for first, last in spans:
        yield from range(first, last + 1)


_DIGITS = {
    zero + value: str(value)
    for zero in (0x0660, 0x06F0)  # Arabic-Indic, Extended Arabic-Indic (Persian)
    for value in range(10)
}

_LETTERS = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ې": "ی",
        "ے": "ی",
        "ئ": "ی",
        "ك": "ک",
        "ڪ": "ک",
        "ة": "ه",
        "ۀ": "ه",
        "ە": "ه",
        "ۂ": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "ؤ": "و",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "٪": "%",
        "٫": ".",
        "٬": ",",
        "،": ",",
        "؛": ";",
        "؟": "?",
    }
)

# Marks that writers put in or leave out freely: vowel signs, Latin accents, tatweel, joiners that show
# nothing, direction marks. The lone hamza is among them: «اجزاء» and «اجزا» are one word.
_DROPPED = dict.fromkeys(
    _range(
        (0x0300, 0x036F),
        (0x0610, 0x061A),
        (0x064B, 0x065F),
        (0x0670, 0x0670),
        (0x06D6, 0x06DC),
        (0x06DF, 0x06E8),
        (0x06EA, 0x06ED),
        (0x0621, 0x0621),
        (0x0640, 0x0640),
        (0x00AD, 0x00AD),
        (0x061C, 0x061C),
        (0x200D, 0x200F),
        (0x202A, 0x202E),
        (0x2060, 0x2069),
        (0xFE00, 0xFE0F),
        (0xFEFF, 0xFEFF),
    )
)

# Half-spaces: the ZWNJ, and the two signs that old Persian editors left in its place.
_SPACED = {0x200C: " ", 0x200B: " ", 0x00AC: " "}

_FOLD = {**_DROPPED, **_SPACED, **_LETTERS, **_DIGITS}


def digits_to_ascii(text: str) -> str:
    """Persian and Arabic digits as 0-9; everything else as it was."""
    return text.translate(_DIGITS)


def fold_space(text: str) -> str:
    """White space of every kind, line breaks included, as single spaces; none at the ends."""
    return _WHITE.sub(" ", text).strip()


def normalize(text: str) -> str:
    """The form in which texts are compared.

    ي ى ئ → ی, ك → ک, ة ۀ → ه, أ إ آ → ا, ؤ → و; half-spaces (ZWNJ) become spaces; diacritics, tatweel,
    the lone hamza, joiners and direction marks go; digits and punctuation become ASCII; compatibility forms
    (Arabic presentation forms, full-width letters) their plain letters; case is folded, white space too.
    ``normalize(normalize(x)) == normalize(x)`` for every text.
    """
    while (folded := _fold(text)) != text:
        text = folded
    return text


def _fold(text: str) -> str:
    if text.isascii():
        return fold_space(text.lower())
    text = unicodedata.normalize("NFKD", text).casefold()
    return fold_space(unicodedata.normalize("NFC", text.translate(_FOLD)).translate(_FOLD))
