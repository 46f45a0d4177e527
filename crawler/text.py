"""Text made comparable: the writing habits of each script folded to one form for matching.

Quotes are always taken from the text as written; only comparisons use these forms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# The vowel signs of the scripts of India belong to words, though they are not \w.
WORD = r"[\w\u0900-\u0963\u0966-\u0dff]"
"""Any character of a word, as a class for patterns over normalised text."""

_UNSPACED = "\u3040-\u30ff\u3400-\u9fff"
"""Chinese characters and kana, between which words have no spaces."""

_BOUND = rf"[^\W{_UNSPACED}]", WORD.replace(r"\w", "")
BEFORE, AFTER = "".join(f"(?<!{c})" for c in _BOUND), "".join(f"(?!{c})" for c in _BOUND)
"""Where a word begins and ends; before and behind each character of a script without spaces."""

SPACED = f"(?<!{WORD})", f"(?!{WORD})"
"""The same where no such script is written: patterns with these are made and searched far quicker."""

_UNSPACED_LETTER = re.compile(f"[{_UNSPACED}]")


def _range(*spans: tuple[int, int]) -> Iterable[int]:
    for first, last in spans:
        yield from range(first, last + 1)


_DIGITS = {
    zero + value: str(value)
    # Arabic-Indic, Extended Arabic-Indic (Persian), and the scripts of India from Devanagari to Malayalam.
    for zero in (0x0660, 0x06F0, *range(0x0966, 0x0DE6, 0x80))
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
        # Kurdish and Urdu letters that are left out where a keyboard has none.
        "ێ": "ی",
        "ۆ": "و",
        "ڵ": "ل",
        "ڕ": "ر",
        "ں": "ن",
        # Turkish and Azerbaijani: capitals lose or gain a dot, and many write with an English keyboard.
        "ı": "i",
        "ə": "e",
        # Letters with a stroke, which are no letters with a mark to Unicode.
        "ł": "l",
        "đ": "d",
        "ø": "o",
        "ँ": "ं",
        "ঁ": "ং",
        # The apostrophe, as editors write it and as a letter.
        "’": "'",
        "ʼ": "'",
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
        (0x093C, 0x093C),
        (0x09BC, 0x09BC),
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

_INDIC = re.compile("[\u0900-\u0dff]")

# In the scripts of India a joiner only shapes its neighbours.
_INDIC_JOINER = re.compile("(?<=[\u0900-\u0dff])[\u200b\u200c]")

# Hindi writes the nasal before a consonant as that consonant's own half letter or as a dot: हिन्दी, हिंदी.
_HALF_NASAL = re.compile("ङ्(?=[क-घ])|ञ्(?=[च-झ])|ण्(?=[ट-ढ])|न्(?=[त-ध])|म्(?=[प-भ])")

_FOLD = {**_DROPPED, **_SPACED, **_LETTERS, **_DIGITS}


def digits_to_ascii(text: str) -> str:
    """Persian, Arabic and Indian digits as 0-9; everything else as it was."""
    return text.translate(_DIGITS)


def fold_space(text: str) -> str:
    """White space of every kind, line breaks included, as single spaces; none at the ends."""
    return " ".join(text.split())


def is_unspaced(text: str) -> bool:
    """Whether a text has letters of a script without spaces between its words."""
    return not text.isascii() and _UNSPACED_LETTER.search(text) is not None


def word_count(text: str) -> int:
    """Number of words; in a script without spaces two characters are taken for one, as most words are."""
    if not is_unspaced(text):
        return len(text.split())
    spaced, letters = _UNSPACED_LETTER.subn(" ", text)
    return len(spaced.split()) + (letters + 1) // 2


def normalize(text: str) -> str:
    """The form in which texts are compared.

    ي ى ئ → ی, ك → ک, ة ۀ → ه, أ إ آ → ا, ؤ → و; half-spaces (ZWNJ) become spaces; diacritics, tatweel,
    the lone hamza, joiners and direction marks go; digits and punctuation become ASCII; compatibility forms
    (Arabic presentation forms, full-width letters) their plain letters; İ I ı → i, ə → e, ł → l,
    đ → d, ø → o; the nukta goes and Hindi's half nasals become dots; case is folded, white space too.
    ``normalize(normalize(x)) == normalize(x)`` for every text.
    """
    while not text.isascii():
        folded = _fold(text)
        if folded == text or _SETTLED.fullmatch(folded):
            return folded
        text = folded
    return fold_space(text.lower())


def _fold(text: str) -> str:
    text = unicodedata.normalize("NFKD", text).casefold()
    if _INDIC.search(text):
        text = _HALF_NASAL.sub("ं", _INDIC_JOINER.sub("", text))
    return fold_space(unicodedata.normalize("NFC", text.translate(_FOLD)).translate(_FOLD))


def _is_settled(char: str) -> bool:
    """Whether a character comes out of `_fold` as it went in, whatever stands beside it."""
    alone = _fold(f"-{char}-") == f"-{char}-"
    return alone and not unicodedata.combining(char) and not unicodedata.decomposition(char)


# Scripts in which only combining marks change their neighbours. Most texts of such characters need no second
# look after they were folded.
_SETTLED_CHARS = filter(
    _is_settled,
    map(chr, _range((0x20, 0x7E), (0xA1, 0xBF), (0x0370, 0x052F), (0x0600, 0x06FF), (0x2010, 0x2027))),
)
_SETTLED = re.compile(f"[{re.escape(''.join(_SETTLED_CHARS))}]*")
