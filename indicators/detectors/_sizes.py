"""Sizes of files: as texts state them, and the questionnaire's bands."""

from __future__ import annotations

import re

from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

_NUMBER = re.compile(r"(?<![\d.,])(\d{1,6}(?:[.,]\d{1,3})?) ?")
_UNITS = {"kilobyte": 0.001, "megabyte": 1.0, "gigabyte": 1000.0}
_LONGEST_UNIT = 15


def sizes_in(text: str, words: Vocabulary) -> list[float]:
    """The sizes that a normalised text states, in megabytes, in order."""
    found = []
    for number in _NUMBER.finditer(text):
        after = text[number.end() : number.end() + _LONGEST_UNIT]
        for unit, factor in _UNITS.items():
            match = words.match(unit, after)
            if match is not None and match.start == 0:
                found.append(float(number[1].replace(",", ".")) * factor)
                break
    return found


def upload_band(megabytes: float) -> str:
    """The band of the largest upload."""
    if megabytes > threshold("band_300_mb"):
        return "very_high"
    for name, limit in (("high", "band_100_mb"), ("medium", "band_50_mb"), ("low", "band_20_mb")):
        if megabytes >= threshold(limit):
            return name
    return "very_low"


def download_band(megabytes: float) -> str:
    """The band of the largest download."""
    bands = (
        ("very_high", "band_1000_mb"),
        ("high", "band_500_mb"),
        ("medium", "band_100_mb"),
        ("low", "band_30_mb"),
    )
    return next((name for name, limit in bands if megabytes >= threshold(limit)), "very_low")
