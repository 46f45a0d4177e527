"""In which language a text is really written, whatever the page declares."""

from __future__ import annotations

import re
from copy import copy
from functools import cache, lru_cache
from typing import Any

from crawler.language import of_arabic_script

SAMPLE = 1_200
"""Characters that are enough to tell."""

SHORTEST = 40
"""Letters below which nothing is claimed."""

_LETTER = re.compile(r"[^\W\d_]|[\u0900-\u0dff]")  # the vowel signs of Indic scripts are not \w

# Scripts by their blocks, and the languages told apart within them. One language: the script tells.
_SCRIPTS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc]"), ("fa", "ar", "ur", "ps", "ku")),
    (re.compile(r"[\u0900-\u097f]"), ("hi", "mr", "ne")),
    (re.compile(r"[\u0980-\u09ff]"), ("bn",)),
    (re.compile(r"[\u0a00-\u0a7f]"), ("pa",)),
    (re.compile(r"[\u0a80-\u0aff]"), ("gu",)),
    (re.compile(r"[\u0b80-\u0bff]"), ("ta",)),
    (re.compile(r"[\u0c00-\u0c7f]"), ("te",)),
    (re.compile(r"[\u0c80-\u0cff]"), ("kn",)),
    (re.compile(r"[\u0d00-\u0d7f]"), ("ml",)),
    (re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]"), ("el",)),
    (re.compile(r"[\u0400-\u04ff]"), ("ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn")),
    (re.compile(r"[\u0590-\u05ff]"), ("he",)),
    (re.compile(r"[\u0530-\u058f]"), ("hy",)),
    (re.compile(r"[\u10a0-\u10ff]"), ("ka",)),
    (re.compile(r"[\u1200-\u137f]"), ("am",)),
    (re.compile(r"[\u0e00-\u0e7f]"), ("th",)),
    (re.compile(r"[\u3040-\u30ff]"), ("ja",)),
    (re.compile(r"[\uac00-\ud7af]"), ("ko",)),
    (re.compile(r"[\u4e00-\u9fff]"), ("zh",)),
)
_WITH_SCRIPT = re.compile("[\u0370-\ufefc]")
"""All of these scripts; most texts hold next to nothing of it."""

_LATIN = (
    "en", "fr", "de", "es", "pt", "it", "tr", "az", "id", "ms", "nl", "pl", "ro", "sv", "no", "da", "fi",
    "cs", "sk", "hu", "hr", "sl", "sq", "ca", "eu", "gl", "lt", "lv", "et", "vi", "sw", "ku", "cy", "ga",
)  # fmt: skip


def language_of(text: str) -> str:
    """ISO 639-1 code of the language, '' where the text is too short to tell."""
    return _language_of(text[:SAMPLE])


@lru_cache(maxsize=20_000)
def _language_of(sample: str) -> str:
    letters = len(_LETTER.findall(sample))
    if letters < SHORTEST:
        return ""
    for script, languages in _SCRIPTS if len(_WITH_SCRIPT.findall(sample)) * 2 > letters else ():
        if len(script.findall(sample)) * 2 > letters:
            if languages[0] == "fa":
                return of_arabic_script(sample)
            return languages[0] if len(languages) == 1 else _classify(sample, languages)
    return _classify(sample, _LATIN)


def same_language(one: str, other: str) -> bool:
    """Whether two language tags name one language (``en-US`` and ``en``)."""
    return one.lower().replace("_", "-").split("-")[0] == other.lower().replace("_", "-").split("-")[0]


def _classify(sample: str, languages: tuple[str, ...]) -> str:
    return str(_identifier(languages).classify(sample)[0])


@cache
def _statistics() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # its model is slow to load

    return LanguageIdentifier.from_model_file(MODEL_FILE)


@cache
def _identifier(languages: tuple[str, ...]) -> Any:
    identifier = copy(_statistics())
    identifier.set_languages([code for code in languages if code in identifier.labels])
    return identifier
