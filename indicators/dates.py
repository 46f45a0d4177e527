"""Dates as people write them, in three calendars."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

import jdatetime

from crawler.text import AFTER, BEFORE, normalize
from indicators.vocabulary import Vocabulary
from indicators.vocabulary.prefilter import Prefilter


class Dated(NamedTuple):
    """A date and where it stands in the normalised text."""

    day: date
    start: int
    end: int


_YEAR = re.compile(r"1[34]\d\d|19\d\d|20\d\d")
_DIGIT = re.compile(r"\d")
_FIGURES = re.compile(r"\d(?:[/.-]|\. )\d")
_YEAR_FIRST = re.compile(r"(?<![\d/.-])(1[34]\d\d|19\d\d|20\d\d)([/.-])(\d{1,2})\2(\d{1,2})(?![\d/-]|\.\d)")
_YEAR_LAST = re.compile(
    r"(?<![\d/.-])(\d{1,2})([/-]|\. ?)(\d{1,2})\2(1[34]\d\d|19\d\d|20\d\d)(?![\d/-]|\.\d)"
)
_SHORT_JALALI = re.compile(r"(?<![\d/.-])(9\d|0\d)/(\d{1,2})/(\d{1,2})(?![\d/-]|\.\d)")
_SHORT_YEAR = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d\d)(?![\d/-]|\.\d|[.,]?\d| ?[%€$£])")


def dates_in(text: str, words: Vocabulary, today: date, *, month_first: bool = False) -> list[Dated]:
    """The dates in a normalised text, in order. `today` is the day of the visit, for "3 days ago" and for
    days without a year; `month_first` reads 3/4/2024 as the fourth of March."""
    return list(_dates_in(text, words, today, month_first))


@lru_cache(maxsize=100_000)
def _dates_in(text: str, words: Vocabulary, today: date, month_first: bool) -> tuple[Dated, ...]:
    found: list[Dated] = []
    if _DIGIT.search(text):
        likely = _may_date(words)[text]
        in_figures = bool(_FIGURES.search(text))
        for match in _YEAR_FIRST.finditer(text) if in_figures else ():
            _keep(found, _numeric(int(match[1]), int(match[3]), int(match[4])), match)
        for match in _YEAR_LAST.finditer(text) if in_figures else ():
            _keep(found, _day_first(match, int(match[4]), month_first=month_first), match)
        if "jalali" in words.calendars:
            for match in _SHORT_JALALI.finditer(text) if in_figures else ():
                century = 1300 if match[1][0] == "9" else 1400
                _keep(found, _numeric(century + int(match[1]), int(match[2]), int(match[3])), match)
        else:
            for match in _SHORT_YEAR.finditer(text) if in_figures else ():
                year = 2000 + int(match[4])
                if match[2] == "/" and year <= today.year + 1:
                    _keep(found, _day_first(match, year, month_first=month_first), match)
        named = _named_months(words)
        for match in named.pattern.finditer(text) if likely & 1 else ():
            calendar, month = named.months[match["month"] or match["month2"]]
            number, year_text = int(match["day"] or match["day2"]), match["year"] or match["year2"]
            year_number = int(year_text) if year_text else None
            if year_number is not None and year_number < 100:
                year_number = 2000 + year_number if calendar == "gregorian" else None
            day = _written(calendar, year_number, month, number, today)
            _keep(found, day, match)
        for pattern, zero in _in_figures(words) if likely & 4 else ():
            for match in pattern.finditer(text):
                written = match.groupdict()
                year_of = int(written["y"]) + zero if "y" in written else None
                _keep(found, _written("gregorian", year_of, int(match["m"]), int(match["d"]), today), match)
        for unit, pattern in _ago(words) if likely & 2 else ():
            for match in pattern.finditer(text):
                _keep(found, today - timedelta(days=_DAYS[unit] * int(match[1])), match)
    return tuple(sorted(found, key=lambda d: (d.start, d.end, d.day)))


def parse_stamp(value: str) -> date | None:
    """The day of a machine-readable date (ISO 8601, as in <time datetime>); Jalali years are understood."""
    match = re.match(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})", value)
    return _numeric(int(match[1]), int(match[2]), int(match[3])) if match else None


def is_month(text: str, words: Vocabulary) -> bool:
    """Whether a normalised text is a month and its year and nothing else: "June 2024"."""
    name, _, year = text.rpartition(" ")
    return bool(_YEAR.fullmatch(year)) and name.rstrip(" ,.") in _named_months(words).months


_DAYS = {"hours": 0, "days": 1, "weeks": 7, "months": 30}


class _Named(NamedTuple):
    pattern: re.Pattern[str]
    months: dict[str, tuple[str, int]]


@cache
def _named_months(words: Vocabulary) -> _Named:
    months: dict[str, tuple[str, int]] = {}
    for language in words.languages.values():
        for calendar in ("gregorian", "jalali", "hijri"):
            for number, names in enumerate(getattr(language.months, calendar), start=1):
                for name in names:
                    for form in {normalize(name), normalize(name.replace("\u200c", ""))}:
                        months.setdefault(form, (calendar, number))
    name = _any(months)
    after_day, before_month, after_month, before_year, after_year = (
        _any(normalize(w) for language in words.languages.values() for w in getattr(language.dates, place))
        for place in ("after_day", "before_month", "after_month", "before_year", "after_year")
    )
    year = r"(?:1[34]\d\d|19\d\d|20\d\d)"
    return _Named(
        re.compile(
            rf"{BEFORE}(?P<day>\d{{1,2}})(?:\.| ?(?:{after_day}))? ?[-/]?(?:(?:{before_month}) )?"
            rf"(?P<month>{name})\.?(?: ?(?:{after_month})(?![^ ,\d]))?"
            # A year of two digits only at the very end: "12 mar 25" on a card.
            rf"(?:[ ,/-]*(?:(?:{before_year}) ?)?(?P<year>{year}|\d\d$)(?:['’]? ?(?:{after_year}))?)?{AFTER}"
            rf"|{BEFORE}(?P<month2>{name})\.? (?P<day2>\d{{1,2}})(?:{after_day})?,?"
            rf" (?:(?:{before_year}) ?)?(?P<year2>{year}){AFTER}"
        ),
        months,
    )


def _any(words: Iterable[str]) -> str:
    """Alternatives for a pattern, the longest first; one that never matches where there are none."""
    return "|".join(re.escape(w) for w in sorted(set(words), key=lambda w: (-len(w), w))) or "(?!)"


@cache
def _may_date(words: Vocabulary) -> Prefilter:
    """Its first bit: a text may name a month; its second: it may say how long ago something was; its third:
    it may have a date in figures with words between them."""
    phrases = [
        normalize(phrase)
        for language in words.languages.values()
        for written in language.ago.values()
        for phrase in written
    ]
    between = [
        max(_PLACE.split(normalize(form))[::3], key=len)
        for language in words.languages.values()
        for form in language.dates.figures
    ]
    ago = [max(phrase.split("#"), key=len) for phrase in phrases]
    return Prefilter([_named_months(words).months, ago, between])


_PLACE = re.compile(r"\{([ymd])([+-]\d+)?\}")
_PLACES = {"m": r"1[0-2]|0?[1-9]", "d": r"[12]\d|3[01]|0?[1-9]"}


@cache
def _in_figures(words: Vocabulary) -> list[tuple[re.Pattern[str], int]]:
    """The forms of dates in figures with words between them, and what is added to their years."""
    found = []
    for form in (form for language in words.languages.values() for form in language.dates.figures):
        pattern, zero = "", 0
        parts = _PLACE.split(normalize(form))
        for before, place, added in zip(parts[::3], [*parts[1::3], ""], [*parts[2::3], ""], strict=True):
            pattern += re.escape(before.strip())
            if place:
                zero += int(added or 0)
                figures = _PLACES.get(place) or (r"\d{2,3}" if added else r"19\d\d|20\d\d")
                pattern += rf" ?(?P<{place}>{figures}) ?"
        found.append((re.compile(rf"(?<![\d./-]){pattern}(?![\d./-])"), zero))
    return found


@cache
def _ago(words: Vocabulary) -> list[tuple[str, re.Pattern[str]]]:
    return [
        (unit, re.compile(BEFORE + re.escape(normalize(p)).replace(r"\#", r"(\d{1,3})") + AFTER))
        for language in words.languages.values()
        for unit, phrases in language.ago.items()
        for p in phrases
    ]


def _keep(found: list[Dated], day: date | None, match: re.Match[str]) -> None:
    if day is not None and not any(d.start < match.end() and match.start() < d.end for d in found):
        found.append(Dated(day, match.start(), match.end()))


def _day_first(match: re.Match[str], year: int, *, month_first: bool) -> date | None:
    """The day of "3/4/2024": the fourth of March where months come first, or where nothing else can be."""
    first, second = int(match[1]), int(match[3])
    swap = (month_first and second <= 31 and first <= 12) or second > 12
    month, number = (first, second) if swap else (second, first)
    return _numeric(year, month, number)


def _numeric(year: int, month: int, day: int) -> date | None:
    """The calendar follows from the year: 13xx and early 14xx are Jalali, 143x on Hijri, 19xx and 20xx
    Gregorian. (Jalali 1430 and Hijri 1399 are half a century away from any portal.)"""
    if year >= 1900:
        return _gregorian(year, month, day)
    if 1300 <= year < 1430:
        return _jalali(year, month, day)
    return _hijri(year, month, day)


def _written(calendar: str, year: int | None, month: int, day: int, today: date) -> date | None:
    convert = {"gregorian": _gregorian, "jalali": _jalali, "hijri": _hijri}[calendar]
    if year is not None:
        return convert(year, month, day)
    if calendar == "gregorian":
        this_year = today.year
    elif calendar == "jalali":
        this_year = jdatetime.date.fromgregorian(date=today).year
    else:
        return None
    for guess in (this_year, this_year - 1):
        found = convert(guess, month, day)
        if found is not None and found <= today:
            return found
    return None


def _gregorian(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _jalali(year: int, month: int, day: int) -> date | None:
    try:
        found: date = jdatetime.date(year, month, day).togregorian()
    except ValueError:
        return None
    return found


def _hijri(year: int, month: int, day: int) -> date | None:
    """By the tabular Islamic calendar (thirty-year cycle, civil epoch): right to a day or two, as the moon
    is sighted differently from country to country."""
    if not (1 <= month <= 12 and 1 <= day <= 30 and 1300 <= year <= 1600):
        return None
    days = day + (59 * (month - 1) + 1) // 2 + (year - 1) * 354 + (3 + 11 * year) // 30
    return date.fromordinal(days + 227_014)
