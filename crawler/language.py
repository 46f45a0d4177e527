"""The language a text is written in."""

from __future__ import annotations

import re

_SAMPLE = 2_000
_MINIMUM = 20
_ARABIC_SCRIPT = re.compile(r"[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff]")
_LETTER = re.compile(r"[^\W\d_]")
_PERSIAN_ONLY = re.compile("[پچژگکی]")
_ARABIC_ONLY = re.compile("[ةىيك]|ال\\w")

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
        sample = text[:_SAMPLE]
        return "fa" if len(_PERSIAN_ONLY.findall(sample)) >= len(_ARABIC_ONLY.findall(sample)) else "ar"
    import py3langid  # its model is slow to load, and seldom needed

    language, _ = py3langid.classify(text[:_SAMPLE])
    return str(language)
