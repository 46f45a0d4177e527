"""The language a text is written in."""

from __future__ import annotations

import re

from crawler.text import normalize

_SAMPLE = 2_000
_MINIMUM = 20
_ARABIC_SCRIPT = re.compile(r"[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff]")
_LETTER = re.compile(r"[^\W\d_]")
_PERSIAN_LETTERS = re.compile("[پچژگ]")
# After normalisation: old portals write Persian with the Arabic ye and kaf.
_PERSIAN = "و در از به که این است را برای با شد شود می های ها نیز هر تا یا اداره"
_ARABIC = "فی من علی الی هذا هذه التی الذی عن ان ما کل مع او لا بین"
_PERSIAN_WORDS = frozenset(_PERSIAN.split())
_ARABIC_WORDS = frozenset(_ARABIC.split())

# Letters that Persian and Arabic do not have; ۆ is Uyghur's and Azerbaijani's, too, and ې Pashto's.
_LETTERS_OF = {"ku": re.compile("[ێۆڵڕ]"), "ur": re.compile("[ٹڈڑےں]"), "ps": re.compile("[ټډړښځڅۍ]")}
_LETTERS_SHARE = 0.03
"""Of the letters of a text in such a language; a name or a quotation in it has less."""

# Languages written with Arabic letters that a page may declare (BCP 47), and those of them written with Latin
# ones, too.
_ARABIC_SCRIPT_LANGUAGES = frozenset({"fa", "ar", "ur", "ps", "ckb", "ug", "sd", "az", "ku", "pnb", "prs"})
_EITHER_SCRIPT = frozenset({"az", "ku"})


def detect(text: str, declared: str = "") -> str:
    """BCP 47 language of the text, '' if there is too little of it to tell and nothing is declared.

    The declared language (a page's ``lang``) holds unless the letters contradict it: templates made abroad
    often call a Persian page English.
    """
    declared = re.split(r"[-_,;\s]", declared.strip().lower(), maxsplit=1)[0]
    declared = declared if declared.isalpha() and 2 <= len(declared) <= 3 else ""
    sample = text[:_SAMPLE]
    letters = _LETTER.findall(sample)
    if len(letters) < _MINIMUM:
        return declared
    arabic = len(_ARABIC_SCRIPT.findall(sample)) > len(letters) / 2
    if declared in _EITHER_SCRIPT or (declared and arabic == (declared in _ARABIC_SCRIPT_LANGUAGES)):
        return declared
    if arabic:
        return of_arabic_script(sample)
    import py3langid  # its model is slow to load, and seldom needed

    language, _ = py3langid.classify(sample)
    return str(language)


def of_arabic_script(text: str) -> str:
    """The language (ISO 639-1) of a text in Arabic letters: by letters that only one has, then by words."""
    least = len(_ARABIC_SCRIPT.findall(text)) * _LETTERS_SHARE
    own = {code: len(letters.findall(text)) for code, letters in _LETTERS_OF.items()}
    likely = max(own, key=lambda code: own[code])
    return likely if own[likely] > least else _persian_or_arabic(text)


def _persian_or_arabic(sample: str) -> str:
    words = normalize(sample).split()
    persian = sum(word in _PERSIAN_WORDS for word in words) + len(_PERSIAN_LETTERS.findall(sample))
    arabic = sum(word in _ARABIC_WORDS or word.startswith("ال") for word in words)
    return "fa" if persian >= arabic else "ar"
