"""Who knocks: captcha, national code and one-time code."""

from __future__ import annotations

import hmac
import random
import secrets
from collections import OrderedDict

_KEEP = 500  # the newest visitors whose challenge is remembered
_ATTEMPTS = 3
_ASCII_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")


def ascii_digits(text: str) -> str:
    """The text with Persian and Arabic digits turned into ASCII ones."""
    return text.strip().translate(_ASCII_DIGITS)


def is_national_code(text: str) -> bool:
    """Whether ten digits carry the right check digit of an Iranian national code."""
    if not (len(text) == 10 and text.isascii() and text.isdigit()) or len(set(text)) == 1:
        return False
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(text[:9])) % 11
    return int(text[9]) == (rest if rest < 2 else 11 - rest)


class Challenges:
    """Secrets handed out under a random key; each is good for one success and three tries."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, tuple[str, int]] = OrderedDict()

    def issue(self, digits: int) -> tuple[str, str]:
        """A new (key, secret of that many digits)."""
        key, secret = secrets.token_urlsafe(12), "".join(secrets.choice("0123456789") for _ in range(digits))
        self._open[key] = (secret, _ATTEMPTS)
        while len(self._open) > _KEEP:
            self._open.popitem(last=False)
        return key, secret

    def secret(self, key: str) -> str | None:
        return self._open[key][0] if key in self._open else None

    def solve(self, key: str, answer: str) -> bool:
        secret, left = self._open.get(key, ("", 0))
        if left < 1:
            return False
        if hmac.compare_digest(secret.encode(), ascii_digits(answer).encode()):
            del self._open[key]
            return True
        self._open[key] = (secret, left - 1)
        return False


# Seven-segment-like strokes: the digits are drawn, so that the picture's text does not tell them.
_STROKES = {
    "a": "M4 4H20",
    "b": "M20 4V20",
    "c": "M20 20V36",
    "d": "M4 36H20",
    "e": "M4 20V36",
    "f": "M4 4V20",
    "g": "M4 20H20",
}
_DIGITS = ("abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcdfg")


def captcha_svg(secret: str) -> str:
    """The secret as a picture of crooked digits under noise."""
    noise = random.Random(secret)  # noqa: S311 - only the look depends on it
    shapes = []
    for place, digit in enumerate(secret):
        path = " ".join(_STROKES[part] for part in _DIGITS[int(digit)])
        x, y, turn = 12 + 30 * place, noise.randint(4, 14), noise.randint(-14, 14)
        shapes.append(f'<path d="{path}" transform="translate({x} {y}) rotate({turn} 12 20)"/>')
    for _ in range(6):
        a, b, c, d = (
            noise.randint(0, 160),
            noise.randint(0, 56),
            noise.randint(0, 160),
            noise.randint(0, 56),
        )
        shapes.append(f'<path d="M{a} {b}L{c} {d}" stroke="#7b93b5" stroke-width="1"/>')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="164" height="60" viewBox="0 0 164 60">'
        '<rect width="164" height="60" fill="#eef3fa"/><g fill="none" stroke="#14365f" stroke-width="3.2"'
        f' stroke-linecap="round">{"".join(shapes)}</g></svg>'
    )
