"""Answers that break the rules of HTTP, or use old ones."""

from __future__ import annotations

import socket
import struct
from email.utils import formatdate
from time import time

from tests.odd.portals._pages import WORDS, Answer, Handler, Pages, and_about, raw
from tests.odd.server import Place

_PAGE = f"<html><body><h1>صفحه</h1><p>{WORDS}</p></body></html>".encode()
_OK = "HTTP/1.1 200 OK\nContent-Type: text/html; charset=utf-8\n"


def _at_first(first: Answer, then: Answer = lambda h: h.page(_PAGE)) -> Answer:
    """`first` the first time, `then` from there on."""
    seen: list[int] = []

    def answer(handler: Handler) -> None:
        seen.append(1)
        (first if len(seen) == 1 else then)(handler)

    return answer


def too_many_requests(place: Place) -> Pages:
    def later(handler: Handler) -> None:
        handler.page("", status=429, headers={"Retry-After": formatdate(time() + 2, usegmt=True)})

    return and_about("/busy", "/later", "/ever") | {
        "/busy": _at_first(lambda h: h.page("slow down", status=429, headers={"Retry-After": "1"})),
        "/later": _at_first(later),
        "/ever": lambda h: h.page("", status=429, headers={"Retry-After": "0"}),
    }


def unavailable_then_fine(place: Place) -> Pages:
    busy: Answer = lambda h: h.page("busy", status=503)  # noqa: E731
    pages = and_about("/shaky", "/down")
    return pages | {
        "/": _at_first(busy, then=pages["/"]),
        "/shaky": _at_first(busy),
        "/down": lambda h: h.page("maintenance", status=503, headers={"Retry-After": "nonsense"}),
    }


def retry_after_years(place: Place) -> Pages:
    """Asks for a pause that is longer than the whole visit may be."""
    return and_about("/busy") | {
        "/busy": lambda h: h.page("", status=503, headers={"Retry-After": "31536000"})
    }


def connection_reset(place: Place) -> Pages:
    def reset(handler: Handler) -> None:
        handler.wfile.write((_OK + "Content-Length: 100000\n\n").replace("\n", "\r\n").encode() + b"<p>half")
        handler.wfile.flush()
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()
        handler.close_connection = True

    return and_about("/reset", "/once", "/closed") | {
        "/reset": reset,
        "/once": _at_first(reset),
        "/closed": raw(""),
    }


def wrong_content_length(place: Place) -> Pages:
    return and_about("/more-said", "/less-said", "/nonsense", "/two", "/negative") | {
        "/more-said": raw(f"{_OK}Content-Length: 50000\n\n", _PAGE),
        "/less-said": raw(f"{_OK}Content-Length: 300\nConnection: close\n\n", _PAGE),
        "/nonsense": raw(f"{_OK}Content-Length: many\n\n", _PAGE),
        "/two": raw(f"{_OK}Content-Length: {len(_PAGE)}\nContent-Length: 7\n\n", _PAGE),
        "/negative": raw(f"{_OK}Content-Length: -5\n\n", _PAGE),
    }


def bad_chunking(place: Place) -> Pages:
    head = f"{_OK}Transfer-Encoding: chunked\n\n"
    size = f"{len(_PAGE):x}\r\n".encode()
    return and_about("/no-size", "/too-long", "/no-end", "/huge-size", "/negative") | {
        "/no-size": raw(head, b"zz\r\n" + _PAGE),
        "/too-long": raw(head, b"5\r\n" + _PAGE),
        "/no-end": raw(head, size + _PAGE + b"\r\n"),
        "/huge-size": raw(head, b"f" * 4_000 + b"\r\n" + _PAGE),
        "/negative": raw(head, b"-5\r\n" + _PAGE),
    }


def no_content_type(place: Place) -> Pages:
    return and_about("/untyped", "/empty-type", "/nonsense-type", "/bytes") | {
        "/untyped": lambda h: h.page(_PAGE, kind=None),
        "/empty-type": lambda h: h.page(_PAGE, kind=""),
        "/nonsense-type": lambda h: h.page(_PAGE, kind=";;; charset"),
        "/bytes": lambda h: h.page(b"\x00\x01\x02" * 500, kind=None),
    }


def http_1_0(place: Place) -> Pages:
    """No length, the connection's end is the page's end; and one with nothing but the page (HTTP/0.9)."""
    old = "HTTP/1.0 200 OK\nContent-Type: text/html; charset=utf-8\n\n"
    start = f"<p>{WORDS}</p><a href=/about>درباره</a><a href=/nine>نه</a><a href=/lines>خط</a>".encode()
    return {
        "/": raw(old, start),
        "/about": raw(old, _PAGE),
        "/nine": raw("", _PAGE),
        "/lines": raw("HTTP/1.0 200\nContent-type:text/html\n\n", _PAGE),
    }


def no_http(place: Place) -> Pages:
    return {"*": raw("", b"\x16\x03\x01 SSH-2.0-OpenSSH_9.6\r\n\x00\x01\r\n\r\n")}


def too_many_headers(place: Place) -> Pages:
    many = "".join(f"X-Header-{n}: {n}\n" for n in range(20_000))

    def without_end(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        handler.close_connection = True
        try:
            for _ in range(4_000):
                handler.wfile.write(b"X-More: and more and more and more\r\n" * 1_000)
        except OSError:
            pass

    return and_about("/many", "/long", "/without-end", "/control") | {
        "/many": raw(f"{_OK}{many}\n", _PAGE),
        "/long": raw(f"{_OK}X-Long: {'y' * 200_000}\n\n", _PAGE),
        "/without-end": without_end,
        "/control": raw(f"{_OK}X-Evil: \x1b[31mred\x00null\nX Bad Name: 1\nno colon at all\n\n", _PAGE),
    }
