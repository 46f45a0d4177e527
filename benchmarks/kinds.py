"""Twenty pages of twenty kinds, and a server that answers as slowly as a kind asks.

A kind is one difficulty of loading: heavy pictures, a large picture that a script brings late, long tasks,
content that moves, slow answers, redirects. Nothing is random, so every visitor meets the same pages.

``python -m benchmarks.kinds`` serves them in a process of its own: the first line printed is its address; it
ends when its standard input is closed.
"""

from __future__ import annotations

import functools
import json
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from benchmarks.portal import SENTENCES, GeneratedPortal

FONT = Path(__file__).parents[1] / "node_modules/vazirmatn/fonts/webfonts/Vazirmatn-Regular.woff2"

BLOCK = "function block(ms) { const end = performance.now() + ms; while (performance.now() < end); }"
"""Keeps the main thread busy by the clock: as long on every machine, however its processor is slowed."""


@dataclass(frozen=True)
class Answer:
    """What the server says to a path: after `delay` seconds, in `pieces` with `pause` seconds between."""

    body: bytes
    media_type: str = "text/html; charset=utf-8"
    delay: float = 0.0
    location: str = ""
    pieces: int = 1
    pause: float = 0.0


def document(body: str, head: str = "", *, delay: float = 0.0, pieces: int = 1, pause: float = 0.0) -> Answer:
    text = (
        '<!doctype html><html lang="fa" dir="rtl"><head><meta charset="utf-8"><title>اداره کل نمونه</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,">{head}</head><body>{body}</body></html>'
    )
    return Answer(text.encode(), delay=delay, pieces=pieces, pause=pause)


def script(text: str, delay: float = 0.0) -> Answer:
    return Answer(text.encode(), "text/javascript; charset=utf-8", delay)


def style(text: str, delay: float = 0.0) -> Answer:
    return Answer(text.encode(), "text/css; charset=utf-8", delay)


def picture(width: int, height: int, delay: float = 0.0) -> Answer:
    """A PNG that hardly compresses (about a byte for each pixel), as a photograph does."""
    random = Random(width * height)
    rows = b"".join(b"\x00" + random.randbytes(width) for _ in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    header = struct.pack("!IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")
    return Answer(b"\x89PNG\r\n\x1a\n" + body, "image/png", delay)


def paragraphs(first: int, count: int, sentences: int = 5) -> str:
    chosen = (
        " ".join(SENTENCES[(first * 31 + number * 7 + step) % len(SENTENCES)] for step in range(sentences))
        for number in range(count)
    )
    return "".join(f"<p>{text}</p>" for text in chosen)


KINDS: dict[str, str] = {
    "text": "an article, nothing but text",
    "portal": "a provincial portal's home page: menus, boxes, side column",
    "form": "a page of that portal with a table and a form",
    "table": "a table of 1,500 rows",
    "pictures": "three large pictures with their sizes",
    "late_hero": "a large picture that a script brings after the page has loaded",
    "gallery": "twelve pictures without sizes: each moves what is below",
    "banner": "a banner that pushes the page down after the first paint",
    "moving": "notices that come one after the other and move the page each time",
    "font": "text in a web font that comes late",
    "scripts": "four scripts of 90 to 240 ms each once the page is painted",
    "long_task": "one task of 600 ms after the load event",
    "deferred": "deferred scripts in the head that work before the load event",
    "client": "an empty shell that a script fills from an interface",
    "redirects": "two redirects before the page",
    "slow_server": "a server that takes 900 ms to begin its answer",
    "streamed": "a server that sends the page in pieces over 1.2 s",
    "blocking_head": "a slow style sheet and a script that hold the first paint",
    "many_small": "sixty small pictures",
    "frame": "a frame of the same host with a picture and text",
}
"""The kinds and what is hard about each; the page of a kind is at ``/<kind>/``."""


@functools.cache
def answers() -> dict[str, Answer]:
    """What is served, by path."""
    portal = GeneratedPortal(400)

    def of_portal(path: str) -> Answer:
        _, media_type, body = portal.answer(path)
        return Answer(body, media_type)

    rows = "".join(
        f"<tr><td>{number}</td><td>{SENTENCES[number % len(SENTENCES)]}</td>"
        f"<td>{number * 7919 % 9973}</td></tr>"
        for number in range(1_500)
    )
    items = [{"title": SENTENCES[n], "text": " ".join(SENTENCES[n + 20 : n + 24])} for n in range(0, 120, 3)]
    found = {
        "/text/": document(f"<h1>گزارش سالانه</h1>{paragraphs(1, 30)}"),
        "/portal/": of_portal("/"),
        "/form/": of_portal("/news/84"),
        "/assets/site.css": of_portal("/assets/site.css"),
        "/assets/jquery.js": of_portal("/assets/jquery.js"),
        "/assets/emblem.svg": Answer(
            b'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><circle r="60"/></svg>',
            "image/svg+xml",
        ),
        "/table/": document(f"<h1>فهرست</h1><table border>{rows}</table>"),
        "/pictures/": document(
            "".join(
                f'<img src="/pictures/{n}.png" width="340" height="255" alt="">{paragraphs(n, 2)}'
                for n in range(3)
            )
        ),
        "/late_hero/": document(
            f'<h1>خبر</h1><div id="hero" style="height:300px"></div>{paragraphs(3, 8, 2)}'
            "<script>addEventListener('load', () => setTimeout(() => {"
            "const hero = new Image(340, 300); hero.src = '/late_hero/hero.png';"
            "document.getElementById('hero').append(hero); }, 300))</script>"
        ),
        "/late_hero/hero.png": picture(340, 300),
        "/gallery/": document(
            "<h1>نگارخانه</h1>"
            + "".join(f'<img src="/gallery/{n}.png" alt=""><p>تصویر {n}</p>' for n in range(12))
        ),
        "/banner/": document(
            f'<div id="banner"></div><h1>درگاه</h1>{paragraphs(5, 12)}'
            "<script>addEventListener('load', () => setTimeout(() => {"
            "document.getElementById('banner').innerHTML ="
            "'<div style=\"height:180px;background:#fc6\">اطلاعیه</div>' }, 400))</script>"
        ),
        "/moving/": document(
            f'<div id="notices"></div><h1>درگاه</h1>{paragraphs(6, 12)}'
            "<script>for (let n = 1; n <= 4; n++) setTimeout(() => {"
            "const one = document.createElement('div'); one.style.height = '60px';"
            "one.textContent = 'اطلاعیه ' + n; document.getElementById('notices').append(one);"
            "}, n * 350)</script>"
        ),
        "/font/": document(
            f"<h1>درگاه</h1>{paragraphs(7, 20)}",
            "<style>@font-face{font-family:V;src:url(/font/v.woff2);font-display:swap}"
            "body{font-family:V,serif}</style>",
        ),
        "/font/v.woff2": Answer(FONT.read_bytes(), "font/woff2", delay=0.3),
        "/scripts/": document(
            f"<h1>درگاه</h1>{paragraphs(8, 10)}"
            + "".join(f'<script async src="/scripts/{n}.js"></script>' for n in range(4))
        ),
        "/long_task/": document(
            f"<h1>درگاه</h1>{paragraphs(9, 10)}<script>{BLOCK}"
            "addEventListener('load', () => setTimeout(() => block(600), 250))</script>"
        ),
        "/deferred/": document(
            f"<h1>درگاه</h1>{paragraphs(10, 10)}",
            "".join(f'<script defer src="/deferred/{n}.js"></script>' for n in range(3)),
        ),
        "/client/": document('<div id="app"></div><script src="/client/app.js"></script>'),
        "/client/app.js": script(
            BLOCK + "fetch('/client/items.json').then((answer) => answer.json()).then((items) => {"
            "block(120); document.getElementById('app').innerHTML = '<h1>خدمات</h1>' +"
            "items.map((one) => `<h2>${one.title}</h2><p>${one.text}</p>`).join('');"
            "setTimeout(() => block(180), 60) })\n//" + "x" * 60_000
        ),
        "/client/items.json": Answer(
            json.dumps(items, ensure_ascii=False).encode(), "application/json", delay=0.2
        ),
        "/redirects/": Answer(b"", location="/redirects/2", delay=0.1),
        "/redirects/2": Answer(b"", location="/redirects/3", delay=0.1),
        "/redirects/3": document(f"<h1>نشانی تازه</h1>{paragraphs(11, 15)}"),
        "/slow_server/": document(f"<h1>درگاه</h1>{paragraphs(12, 15)}", delay=0.9),
        "/streamed/": document(f"<h1>درگاه</h1>{paragraphs(13, 40)}", pieces=5, pause=0.3),
        "/blocking_head/": document(
            f"<h1>درگاه</h1>{paragraphs(14, 12)}",
            '<link rel="stylesheet" href="/blocking_head/slow.css">'
            '<script src="/blocking_head/a.js"></script>',
        ),
        "/blocking_head/slow.css": style("body{color:#123;background:#fff}", delay=0.7),
        "/blocking_head/a.js": script(f"{BLOCK} block(150);"),
        "/many_small/": document(
            "".join(f'<img src="/many_small/{n}.png" width="32" height="32" alt="">' for n in range(60))
            + paragraphs(15, 6)
        ),
        "/frame/": document(
            f'<h1>نقشه</h1><iframe src="/frame/map/" width="340" height="300"></iframe>{paragraphs(16, 6)}'
        ),
        "/frame/map/": document('<img src="/frame/map.png" width="320" height="240" alt="">'),
        "/frame/map.png": picture(320, 240),
    }
    found |= {f"/pictures/{n}.png": picture(340 + n, 255) for n in range(3)}
    found |= {f"/gallery/{n}.png": picture(160, 100 + 4 * n) for n in range(12)}
    found |= {f"/assets/thumb{n}.jpg": picture(32, 24) for n in range(9)}
    found |= {f"/many_small/{n}.png": picture(32, 32 + n % 7) for n in range(60)}
    found |= {f"/scripts/{n}.js": script(f"{BLOCK} block({90 + 50 * n});") for n in range(4)}
    found |= {f"/deferred/{n}.js": script(f"{BLOCK} block(110);\n//{'x' * 20_000}") for n in range(3)}
    return found


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        answer = answers().get(urlsplit(self.path).path)
        if answer is None:
            self.send_error(404)
            return
        time.sleep(answer.delay)
        self.send_response(302 if answer.location else 200)
        if answer.location:
            self.send_header("Location", answer.location)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        step = -(-len(answer.body) // answer.pieces) or 1
        for start in range(0, len(answer.body), step):
            time.sleep(answer.pause if start else 0)
            self.wfile.write(answer.body[start : start + step])

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """A browser that goes in the middle of an answer is no error."""


@contextmanager
def serving() -> Iterator[str]:
    """The address, with a slash at its end, under which another process serves the pages."""
    command = [sys.executable, "-m", "benchmarks.kinds"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.communicate()


def main() -> None:
    answers()
    server = _Server(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_address[1]}/", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
