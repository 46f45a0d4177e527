"""Serves saved portals on loopback, each as its folder would be served: plain files, nothing beside them."""

from __future__ import annotations

import errno
import mimetypes
import re
import shutil
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote

HOST = "127.0.0.1"
NOT_SERVED = frozenset({".origin.json"})
"""What describes the copy and never stood on the portal."""

INDEXES = ("index.html", "index.htm", "default.html", "default.htm")

_TYPES = mimetypes.MimeTypes()  # the module's own table, whatever this machine's is
_MORE_TYPES = {
    ".csv": "text/csv",
    ".geojson": "application/geo+json",
    ".ico": "image/x-icon",
    ".kml": "application/vnd.google-earth.kml+xml",
    ".rss": "application/rss+xml",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
_LOOKS_LIKE_HTML = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta|div|table|script|frameset)\b",
    re.I | re.S,
)
_CRAWL_DELAY = re.compile(rb"^[ \t]*crawl-delay[ \t]*:[^\r\n]*", re.I | re.M)


class SavedPortalsError(Exception):
    """The portals cannot be served; the message says why and how to mend it."""


@contextmanager
def serve(folders: Mapping[str, Path], ports: Mapping[str, int] | None = None) -> Iterator[dict[str, str]]:
    """Serves each folder on a port of its own while the block runs; gives the addresses, without a slash at
    the end. `ports` are those that must be taken, else any free ones are.

    Raises SavedPortalsError where a port is taken.
    """
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(_serve(name, folder, (ports or {}).get(name, 0)))
            for name, folder in folders.items()
        }


@contextmanager
def _serve(name: str, folder: Path, port: int) -> Iterator[str]:
    root = folder.resolve()
    try:
        server = _Server((HOST, port), type("Handler", (_Handler,), {"root": root}))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise SavedPortalsError(
            f"port {port} of {HOST}, where the run knows {name}, is taken; stop the program that listens"
            " there, or begin a new run (without --run)"
        ) from error
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, name=f"saved-{name}", daemon=True
    )
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def find(root: Path, target: str) -> Path | None:
    """The file that a request target names, None if there is none.

    A folder stands for its index page. Names are tried as the address means them (percent-encoding undone,
    either Unicode form) and as it is written; a query may be part of a file's name, else it is left out.
    Nothing outside `root` (resolved) is found, by ``..`` or by symbolic links.
    """
    path, _, query = target.partition("?")
    for name in [f"{path}?{query}", path] if query else [path]:
        for spelling in _spellings(name):
            found = _file(root, spelling)
            if found is not None:
                return found
    return None


def _spellings(name: str) -> dict[str, None]:
    meant = unquote(name, errors="surrogateescape")
    forms = (meant, unicodedata.normalize("NFC", meant), unicodedata.normalize("NFD", meant), name)
    return dict.fromkeys(form.lstrip("/") for form in forms)


def _file(root: Path, name: str) -> Path | None:
    parts = name.split("/")
    if "\0" in name or ".." in parts or NOT_SERVED & set(parts):
        return None
    try:
        place = (root / name).resolve()
        if not place.is_relative_to(root):
            return None
        if place.is_dir():
            inside = ((place / index).resolve() for index in INDEXES)
            return next((file for file in inside if file.is_file() and file.is_relative_to(root)), None)
        # A file is no folder: "page.html/" is nothing.
        return place if place.is_file() and not name.endswith("/") else None
    except (OSError, RuntimeError, ValueError):  # too long a name, a loop of links, bytes that are no name
        return None


def media_type(file: Path) -> str:
    """By the name's ending, where that says something; else HTML, if it begins like HTML."""
    suffix = file.suffix.lower()
    known = _MORE_TYPES.get(suffix) or _TYPES.guess_type(f"x{suffix}")[0]
    if known:
        return known
    with file.open("rb") as opened:
        return "text/html" if _LOOKS_LIKE_HTML.match(opened.read(4096)) else "application/octet-stream"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """Connections that a browser drops are everyday matters."""


class _Handler(BaseHTTPRequestHandler):
    root: Path
    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds that a silent connection is kept

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def version_string(self) -> str:
        return "saved copy"

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: what was asked stands in the capture."""

    def _answer(self, *, body: bool) -> None:
        path, mark, query = self.path.partition("#")[0].partition("?")
        file = find(self.root, path + mark + query)
        if file is None:
            self.send_error(404)
        elif not path.endswith("/") and file.name in INDEXES and not path.endswith(file.name):
            # Relative links of an index page count from its folder.
            self._head(301, "", 0, location=f"/{quote(path.lstrip('/'), safe='/%:')}/{mark}{query}")
        elif file.name == "robots.txt" and file.parent == self.root:
            # Whoever reads a copy from the own disk burdens nobody: nothing to wait for.
            rules = _CRAWL_DELAY.sub(b"", file.read_bytes())
            self._head(200, "text/plain", len(rules))
            if body:
                self.wfile.write(rules)
        else:
            with file.open("rb") as opened:
                self._head(200, media_type(file), file.stat().st_size)
                if body:
                    shutil.copyfileobj(opened, self.wfile)

    def _head(self, status: int, kind: str, length: int, location: str = "") -> None:
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(length))
        self.end_headers()
