"""Bytes to text, with character sets as they are in real life."""

from __future__ import annotations

import codecs
import re

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

_HIGH_RUN = re.compile(rb"[\x80-\xff]{3,}")
_HIGH = re.compile(rb"[\x80-\xff]")
_SAMPLE = 200_000
_BROKEN_SHARE = 0.1
"""UTF-8 with at most this share of broken sequences is still UTF-8 (cut or patched together)."""

WESTERN = {"cp1252", "iso8859-1", "latin-1", "ascii"}


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """(text, charset) of a body; `charset` is a codec name with which ``bytes.decode(…, "replace")`` gives
    the same text. Never raises: bytes that fit nowhere become U+FFFD.

    What the bytes are goes before what the label says: a byte order mark, then valid UTF-8 with letters
    beyond ASCII, then the header's and the page's own label, then a guess between windows-1256 and
    windows-1252.
    """
    charset = guess_charset(body, content_type)
    return body.decode(charset, errors="replace"), charset


def guess_charset(body: bytes, content_type: str = "") -> str:
    mark, _ = read_bom(body)
    if mark:
        # The plain codecs "utf-16" and "utf-8-sig" swallow the mark; the ones named by it would keep it.
        return {"utf-8": "utf-8-sig"}.get(
            mark, mark.rsplit("-", 1)[0] if mark.endswith(("le", "be")) else mark
        )
    label = _known(http_content_type_encoding(content_type)) or _known(html_body_declared_encoding(body))
    if label and label.startswith(("utf-16", "utf-32")) and body[:200].count(0) < 20:
        label = None  # a label written in ASCII cannot be true of UTF-16
    sample = body[:_SAMPLE]
    if not _HIGH.search(sample):
        return label or "utf-8"
    if label and label.startswith(("utf-16", "utf-32", "iso2022", "hz")):
        return label
    if _is_utf8(sample):
        return "utf-8"
    if label and label != "utf-8" and not (label in WESTERN and _looks_arabic(sample)):
        return label
    return "cp1256" if _looks_arabic(sample) else "cp1252"


def web_label(charset: str) -> str:
    """The name by which browsers know a codec of Python's."""
    return charset.removesuffix("-sig").replace("_", "-")


def _known(label: str | None) -> str | None:
    if not label:
        return None
    name = resolve_encoding(label)
    try:
        return codecs.lookup(name).name if name else None
    except LookupError:
        return None


def _is_utf8(sample: bytes) -> bool:
    text = sample.decode("utf-8", errors="replace")
    broken = text.count("\ufffd") - sample.count(b"\xef\xbf\xbd")
    if broken <= 1:
        return True
    beyond_ascii = len(text) - len(text.encode("ascii", errors="ignore")) - broken
    return broken <= beyond_ascii * _BROKEN_SHARE


def _looks_arabic(sample: bytes) -> bool:
    """Arabic script in a one-byte set shows as runs of high bytes; Western accents stand alone."""
    in_runs = sum(len(run) for run in _HIGH_RUN.findall(sample))
    return in_runs > len(_HIGH.findall(sample)) / 2
