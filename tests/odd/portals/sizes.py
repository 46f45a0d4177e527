"""Answers that are too large, too slow, or grow when they are opened."""

from __future__ import annotations

import gzip
import time
import zlib

from tests.odd.portals._pages import Answer, Handler, Pages, and_about
from tests.odd.server import Place

_HUGE = 10 * 10**9


def _endless(kind: str, piece: bytes, length: int | None = None) -> Answer:
    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", kind)
        if length is not None:
            handler.send_header("Content-Length", str(length))
        handler.end_headers()
        handler.close_connection = True
        try:
            for _ in range(2_000):
                handler.wfile.write(piece * (65_536 // len(piece)))
        except OSError:
            pass

    return answer


def ten_gigabytes(place: Place) -> Pages:
    return and_about("/page", "/film.mp4 فیلم", "/archive.zip بایگانی", "/unnamed", "/table.csv جدول") | {
        "/page": _endless("text/html", b"<p>page</p>", _HUGE),
        "/film.mp4": _endless("video/mp4", b"\0", _HUGE),
        "/archive.zip": _endless("application/zip", b"x", _HUGE),
        "/unnamed": _endless("application/octet-stream", b"x", _HUGE),
        "/table.csv": _endless("text/csv", b"1,2,3\n", _HUGE),
    }


def endless_start(place: Place) -> Pages:
    return {"/": _endless("text/html", b"<p>page without end</p>")}


def slow_drip(place: Place) -> Pages:
    """A body of one byte at a time, a header of one line at a time, and an answer that never begins."""

    def body(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        handler.close_connection = True
        _drip(handler, b"<")

    def header(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        handler.close_connection = True
        _drip(handler, b"X-Drip: 1\r\n")

    def silence(handler: Handler) -> None:
        handler.close_connection = True
        time.sleep(8)

    return and_about("/drip", "/header", "/silence") | {"/drip": body, "/header": header, "/silence": silence}


def _drip(handler: Handler, piece: bytes) -> None:
    try:
        for _ in range(80):
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(0.1)
    except OSError:
        pass


def _packed(body: bytes, coding: str) -> Answer:
    return lambda h: h.page(body, headers={"Content-Encoding": coding})


def decompression_bombs(place: Place) -> Pages:
    zeros = b"0" * 60_000_000
    once = gzip.compress(zeros)
    return and_about("/gzip", "/twice", "/deflate", "/brotli", "/lie", "/cut") | {
        "/gzip": _packed(once, "gzip"),
        "/twice": _packed(gzip.compress(once), "gzip, gzip"),
        "/deflate": _packed(zlib.compress(zeros), "deflate"),
        "/lie": _packed(b"<p>not packed at all</p>" * 20, "gzip"),
        "/cut": _packed(gzip.compress("<h1>عنوان</h1>".encode() * 2_000)[:60], "gzip"),
        "/brotli": _packed(b"\xcf\xff\xff\x7f\xf8/\x00\x00$\x00\x62\xb1N\xfe" * 50, "br"),
    }
