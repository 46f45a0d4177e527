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

# Languages written with Arabic letters that a page may declare (BCP 47).
_ARABIC_SCRIPT_LANGUAGES = frozenset({"fa", "ar", "ur", "ps", "ckb", "ug", "sd", "az", "ku", "pnb", "prs"})


def detect(text: str, declared: str = "") -> str:
    """BCP 47 language of the text, '' if there is too little of it to tell and nothing is declared.

    The declared language (a page's ``lang``) holds unless the letters contradict it: templates made abroad
    often call a Persian page English.
    """
    declared = re.split(r"[-_,;\s]", declared.strip().lower(), maxsplit=1)[0]
    declared = declared if declared.isalpha() and 2 <= len(declared) <= 3 else ""
    letters = _LETTER.findall(text[:_SAMPLE])
    if len(letters) < _MINIMUM:
        return declared
    arabic = len(_ARABIC_SCRIPT.findall(text[:_SAMPLE])) > len(letters) / 2
    if declared and arabic == (declared in _ARABIC_SCRIPT_LANGUAGES):
        return declared
    if arabic:
        return _persian_or_arabic(text[:_SAMPLE])
    import py3langid  # its model is slow to load, and seldom needed

    language, _ = py3langid.classify(text[:_SAMPLE])
    return str(language)


def _persian_or_arabic(sample: str) -> str:
    words = normalize(sample).split()
    persian = sum(word in _PERSIAN_WORDS for word in words) + len(_PERSIAN_LETTERS.findall(sample))
    arabic = sum(word in _ARABIC_WORDS or word.startswith("ال") for word in words)
    return "fa" if persian >= arabic else "ar"
