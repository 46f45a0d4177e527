"""How somebody can be reached, as found in a text: e-mail addresses, telephone numbers, postal addresses."""

from __future__ import annotations

import html
import re
from functools import cache, lru_cache
from typing import NamedTuple
from urllib.parse import unquote

import phonenumbers

from crawler.text import digits_to_ascii, normalize
from indicators.vocabulary import Vocabulary, load_vocabulary

_EMAIL = re.compile(
    r"[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}", re.I
)
_NO_DOMAIN = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|css|js|html?|php|aspx?)$", re.I)

_NUMBER = re.compile(r"(?:\+|00|\()?\d[\d ()/.\-‐-–−]{1,22}\d")
_AREA = re.compile(r"\(\d{2,5}\) ?\d")
"""An area's code in brackets, as in "(27) 3244-1188"."""
_THREE_DIGITS = re.compile(r"\d\D*\d\D*\d")
_SHORT = re.compile(r"(?<![\w/.-])\d{3,5}(?![\w/.-])")
_REFERENCE = re.compile(r"\d\s*/\s*[^\W\d]{0,2}\s*$")
"""What stands before the last part of a letter's or decree's number: "16145/T 53525"."""
_UNIT_SIGN = re.compile(r"\s*[€$£₽₺₹₨৳%٪]")
_BEHIND = 24
"""Characters behind a number in which its unit or currency stands."""
_EXTENSION = re.compile(r"\s*[-–/]\s*\d{1,4}$")  # "88887777-9": the numbers up to ...9
_AFTER_LABEL = 40
"""Characters between a label such as "Tel." and the number that it announces."""


class Phone(NamedTuple):
    """A telephone number: its digits, and where it stands in the text with its digits made ASCII."""

    digits: str
    start: int
    end: int


@lru_cache(maxsize=50_000)
def emails_in(text: str) -> tuple[str, ...]:
    """E-mail addresses in a text as a reader understands them ("info [at] x [dot] ir" too), lower case."""
    plain = html.unescape(text) if "&#" in text else text
    hidden_at, hidden_dot = _hidings()
    if "@" not in plain and not hidden_at.search(plain):
        return ()
    plain = normalize(hidden_dot.sub(".", hidden_at.sub("@", plain)))
    return tuple(
        dict.fromkeys(m.group().lower() for m in _EMAIL.finditer(plain) if not _NO_DOMAIN.search(m.group()))
    )


@cache
def _hidings() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """How people of all languages write the signs of an address for people's eyes only."""
    languages = load_vocabulary().languages.values()
    at = "|".join(re.escape(word) for language in languages for word in language.at)
    dot = "|".join(re.escape(word) for language in languages for word in language.dot)
    opened, closed = r"\s*[\[({<]\s*", r"\s*[\])}>]\s*"
    return (
        re.compile(rf"{opened}(?:@|{at}){closed}|\s+@\s*|\s*@\s+", re.I),
        re.compile(rf"{opened}(?:\.|{dot}){closed}", re.I),
    )


def email_of_link(href: str) -> str:
    """The address behind a mailto: link or Cloudflare's encoded one, '' if there is none."""
    if href[:7].lower() == "mailto:":
        address = unquote(html.unescape(href[7:])).split("?", 1)[0].split(",", 1)[0].strip()
        found = emails_in(address)
        return found[0] if found else ""
    return ""


def phones_in(text: str, words: Vocabulary, region: str | None) -> list[Phone]:
    """Telephone numbers in a text as displayed: in an international or national form of `region`
    (ISO 3166), or of any length behind a word such as "Tel."; short public numbers behind a word for them."""
    if not _THREE_DIGITS.search(text):
        return []
    plain = digits_to_ascii(text)
    found: list[Phone] = []
    for match in _NUMBER.finditer(plain):
        digits = re.sub(r"\D", "", match.group())
        if not 5 <= len(digits) <= 16 or _looks_like_date(match.group()):
            continue
        if _is_amount(plain[match.end() :], words) or _is_other(plain[: match.start()], words):
            continue
        announced = _announced(plain[: match.start()], words, "telephone_label", "fax_label")
        if (announced and len(digits) >= 7) or (
            len(digits) >= _fewest_digits(region) and _is_valid(match.group(), region)
        ):
            found.append(Phone(digits, match.start(), match.end()))
    if not found:
        found = [
            Phone(match.group(), match.start(), match.end())
            for match in _SHORT.finditer(plain)
            if _announced(plain[: match.start()], words, "telephone_label", "hotline_label")
            and not _is_amount(plain[match.end() :], words)
            and not _is_other(plain[: match.start()], words)
            and not _REFERENCE.search(plain[: match.start()])
        ]
    return found


def is_postal_address(text: str, words: Vocabulary) -> bool:
    """Whether a text (as displayed) reads like a postal address: a label with at least one part of an address
    and some length, or three different parts, or two with a number."""
    if not 12 <= len(text) <= 600:
        return False
    plain = normalize(text)
    parts = _unlike(set(words.signs("address_part", plain)))
    if parts and _has_postcode(text, words):
        return True
    if not parts:
        return bool(_US_ZIP.search(text) and _HOUSE_NUMBER.search(text))
    if words.match("address_label", plain) is not None:
        return True
    return len(parts) >= 3 or (len(parts) >= 2 and any(char.isdigit() for char in _DATE.sub("", plain)))


def _unlike(parts: set[str]) -> set[str]:
    """The parts without those that are others with a particle before them, as Arabic writes "in the"."""
    return {part for part in parts if not any(part in (p + o for p in _PARTICLES) for o in parts)}


_PARTICLES = ("ب", "ال", "بال", "لل", "و", "وال", "ل")
_DATE = re.compile(r"(?<!\d)\d{1,4}([/.-])\d{1,2}\1\d{1,4}(?!\d)")

_US_ZIP = re.compile(r"\b[A-Z]{2},? \d{5}(?:-\d{4})?\b|\b[A-Z][a-z]+ ?[-–] ?\d{6}\b")
_HOUSE_NUMBER = re.compile(r"\d+\s+\w+")


def _has_postcode(text: str, words: Vocabulary) -> bool:
    pattern = _postcodes(words)
    return pattern is not None and bool(pattern.search(digits_to_ascii(text)))


@cache
def _postcodes(words: Vocabulary) -> re.Pattern[str] | None:
    forms = [form for language in words.languages.values() for form in language.postcodes]
    return re.compile("|".join(rf"(?<![\d.,-])(?:{form})" for form in forms)) if forms else None


def _announced(before: str, words: Vocabulary, *labels: str) -> bool:
    near = normalize(before[-_AFTER_LABEL:])
    return any(words.signs(label, near) for label in labels)


def _is_amount(after: str, words: Vocabulary) -> bool:
    """Whether a unit or currency follows: "1500 rials", "350 people"."""
    if _UNIT_SIGN.match(after):
        return True
    near = normalize(after[:_BEHIND]) if after[:2].strip() else ""
    return any(
        near.startswith(sign) for concept in ("currency", "unit") for sign in words.signs(concept, near)
    )


def _is_other(before: str, words: Vocabulary) -> bool:
    """Whether the nearest label says that a number is not a telephone's: a tax number, a bank account."""
    near = normalize(before[-_AFTER_LABEL:])
    other = [near.rfind(sign) + len(sign) for sign in words.signs("other_number", near)]
    phone = [near.rfind(sign) + len(sign) for sign in words.signs("telephone_label", near)]
    return max(other, default=-1) > max(phone, default=-1)


def _looks_like_date(text: str) -> bool:
    return bool(
        re.fullmatch(r"\(?(?:1[34]\d\d|19\d\d|20\d\d)[/.\-–](?:\d{1,4})(?:[/.\-–]\d{1,2})?\)?", text.strip())
    )


@cache
def _fewest_digits(region: str | None) -> int:
    """Digits below which a number without a label may be anything: nine, or as many as a number of a small
    country has with its lead."""
    example = phonenumbers.example_number(region) if region else None
    lead = phonenumbers.ndd_prefix_for_region(region, True) if region else None
    if example is None or not lead:
        return 9
    return min(9, len(lead) + len(phonenumbers.national_significant_number(example)))


@lru_cache(maxsize=50_000)
def _is_valid(text: str, region: str | None) -> bool:
    """Valid in the numbering plan, and written with the sign that tells a number from other digits: the lead
    of a number, an area's code in brackets, or where the country has none, its digits in groups."""
    lead = text.lstrip("( ")[:1]
    if lead not in ("+", "0") and not _AREA.match(text):
        if region is None or (phonenumbers.ndd_prefix_for_region(region, True) or "1") == "0":
            return False
        grouped = r"\d{3}\D{1,3}\d{3}\D\d{4}" if region in ("US", "CA") else r"\d\D{1,3}\d{2,}\D+\d"
        if lead != "1" and not re.search(grouped, text):
            return False
    for candidate in (text, _EXTENSION.sub("", text)):
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(candidate, region)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False
