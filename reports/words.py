"""The report's own words, numbers and dates in one language; all words come from `locales/`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jdatetime

from crawler.datafile import read_yaml

LOCALES = Path(__file__).parent / "locales"

_PERSIAN = str.maketrans("0123456789.", "۰۱۲۳۴۵۶۷۸۹٫")
_CODE = re.compile(r"[a-z0-9_-]{1,60}")


class Words:
    """Looks up words by dotted key: ``words("agency.title", name="...")``.

    What is put into a sentence is isolated (U+2068 ... U+2069), so that a name in another script can't
    upset the order of the words around it. An unknown key raises KeyError.
    """

    def __init__(self, language: str, time_zone: str = "Asia/Tehran") -> None:
        self.language = language
        self.tree = _load(language)
        self.direction: str = self.tree["direction"]
        self.zone = ZoneInfo(time_zone)

    def __call__(self, key: str, **values: object) -> str:
        text = self._find(key)
        if not isinstance(text, str):
            raise KeyError(f"{self.language}.yaml: {key} is no text")
        shown = {
            name: isolate(value) if isinstance(value, str) else self.number(value)
            for name, value in values.items()
        }
        return text.format(**shown) if shown else text

    def count(self, key: str, number: int) -> str:
        """A number with its noun: the forms ``one`` and ``other`` below `key`."""
        return self(f"{key}.{'one' if number == 1 else 'other'}", n=number)

    def phrase(self, group: str, code: str) -> str | None:
        """The words for a code that another room wrote (an outcome, a reason); None if there are none."""
        found = self._find(group).get(code)
        return found if isinstance(found, str) else None

    def is_code(self, text: str) -> bool:
        """True for a word meant for machines rather than readers."""
        return bool(_CODE.fullmatch(text))

    def number(self, value: Any, digits: int = 2) -> str:
        """At most `digits` decimals; grouped by thousands."""
        text = f"{float(value):,.{digits}f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        return self.digits(text)

    def digits(self, text: str) -> str:
        """ASCII digits as the language writes them."""
        if self.language != "fa":
            return text
        return text.replace(",", "٬").translate(_PERSIAN)

    def plain_digits(self, text: str) -> str:
        """Digits of a label such as ``6.10``, where the point is no decimal sign."""
        return self.digits(text).replace("٫", ".") if self.language == "fa" else text

    def percent(self, share: float) -> str:
        """A share (0..1) as whole per cents."""
        return self("number.percent", n=round(share * 100))

    def range(self, low: float, high: float) -> str:
        """Two shares as per cents."""
        first, last = round(low * 100), round(high * 100)
        if first == last:
            return self.percent(low)
        return self("number.range", low=first, high=last)

    def measure(self, value: float, unit: str) -> str:
        """A measured value in the unit that reads best."""
        if unit == "bytes":
            for name, size in (("mb", 1e6), ("kb", 1e3)):
                if abs(value) >= size:
                    return self(f"unit.{name}", n=float(f"{value / size:.3g}"))
            return self("unit.bytes", n=round(value))
        if unit == "ms":
            return (
                self("unit.s", n=round(value / 1000, 2)) if value >= 1000 else self("unit.ms", n=round(value))
            )
        if unit == "s":
            if value >= 60:
                return self("unit.min_s", m=int(value // 60), s=int(value % 60))
            return self("unit.s", n=round(value, 1))
        if unit == "score":
            return self.number(round(value * 100 if value <= 1 else value), 0)
        if unit == "px":
            return self("unit.px", n=round(value))
        return self.number(value, 3)

    def span(self, least: float, most: float, unit: str) -> tuple[str, str]:
        """Two measured values, the unit said once where it is the same."""
        shown = self.measure(most, unit)
        if unit != "ms" or (least >= 1000) != (most >= 1000):
            return self.measure(least, unit), shown
        return self.number(round(least / 1000, 2) if least >= 1000 else round(least)), shown

    def date(self, when: datetime) -> str:
        """In the calendar of the language: Jalali for Persian, else Gregorian."""
        return self._date(when, jalali=self.language == "fa")

    def other_date(self, when: datetime) -> str:
        return self._date(when, jalali=self.language != "fa")

    def time(self, when: datetime) -> str:
        return self.digits(when.astimezone(self.zone).strftime("%H:%M"))

    def _date(self, when: datetime, *, jalali: bool) -> str:
        day = when.astimezone(self.zone).date()
        if jalali:
            moon = jdatetime.date.fromgregorian(date=day)
            parts, months = (moon.year, moon.month, moon.day), self.tree["months"]["jalali"]
        else:
            parts, months = (day.year, day.month, day.day), self.tree["months"]["gregorian"]
        year, month, number = parts
        return self.digits(f"{number} {months[month - 1]} {year}")

    def _find(self, key: str) -> Any:
        place: Any = self.tree
        for part in key.split("."):
            if not isinstance(place, Mapping) or part not in place:
                raise KeyError(f"{self.language}.yaml: {key}")
            place = place[part]
        return place


def isolate(text: str) -> str:
    """The text between FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE, with its own direction marks
    taken out, so that it cannot close what it stands in."""
    return f"\u2068{without_controls(text)}\u2069"


def without_controls(text: str) -> str:
    """The text without control characters and direction overrides; half-spaces stay."""
    return _CONTROLS.sub("", text)


_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@cache
def _load(language: str) -> dict[str, Any]:
    data, _ = read_yaml(LOCALES / f"{language}.yaml")
    assert isinstance(data, dict)
    return data
