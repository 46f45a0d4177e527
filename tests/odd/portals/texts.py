"""Character sets as they are in real life."""

from __future__ import annotations

from tests.odd.portals._pages import Answer, Pages, and_about
from tests.odd.server import Place

_PERSIAN = "<h1>جهاد كشاورزي استان</h1><p>خدمات و اطلاعيه ها براي كشاورزان گرامي</p>" * 4


def _bytes(body: bytes, kind: str = "text/html") -> Answer:
    return lambda h: h.page(body, kind=kind)


def windows_1256(place: Place) -> Pages:
    meta = "<meta http-equiv=Content-Type content='text/html; charset=windows-1256'>"
    cp = _PERSIAN.encode("cp1256")
    return and_about("/unlabelled", "/as-latin", "/as-utf8", "/by-meta", "/nonsense") | {
        "/unlabelled": _bytes(cp),
        "/as-latin": _bytes(cp, "text/html; charset=iso-8859-1"),
        "/as-utf8": _bytes(cp, "text/html; charset=utf-8"),
        "/by-meta": _bytes(meta.encode() + cp),
        "/nonsense": _bytes(cp, "text/html; charset=x-none-such"),
    }


def utf8_labelled_1256(place: Place) -> Pages:
    utf8 = _PERSIAN.encode()
    return and_about("/header", "/meta", "/mark", "/wide", "/mixed") | {
        "/header": _bytes(utf8, "text/html; charset=windows-1256"),
        "/meta": _bytes(b"<meta charset=windows-1256>" + utf8),
        "/mark": _bytes(b"\xef\xbb\xbf" + utf8, "text/html; charset=windows-1256"),
        "/wide": _bytes(_PERSIAN.encode("utf-16"), "text/html; charset=utf-8"),
        # A header in UTF-8 around a body from an old database.
        "/mixed": _bytes(utf8 * 5 + "پايان".encode("cp1256"), "text/html; charset=utf-8"),
    }
