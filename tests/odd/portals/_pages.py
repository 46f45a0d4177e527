"""Plain pieces of which the odd portals are made."""

from __future__ import annotations

from tests.crawler.serving import WORDS, Answer, Handler, html, to
from tests.odd.server import Pages

__all__ = ["WORDS", "Answer", "Handler", "Pages", "about", "and_about", "home", "html", "links", "raw", "to"]


def links(*paths: str) -> str:
    """A list of links; a path may be followed by its text: ``/about درباره ما``."""
    items = (path.partition(" ") for path in paths)
    return "".join(f'<li><a href="{path}">{text or "پیوند"}</a></li>' for path, _, text in items)


def home(*paths: str, head: str = "", more: str = "") -> Answer:
    """A start page with these links."""
    return html(f"<nav><ul>{links(*paths)}</ul></nav><main><p>{WORDS}</p>{more}</main>", head=head)


def about() -> Answer:
    return html(f"<h1>درباره ما</h1><p>{WORDS}</p>", title="درباره ما")


def and_about(*paths: str, **more: Answer) -> Pages:
    """A portal with a start page, a page about it, and what else is given."""
    return {"/": home("/about درباره ما", *paths), "/about": about(), **more}


def raw(head: str, body: bytes = b"") -> Answer:
    """Bytes as they are, and the end of the connection. `head` has its line ends as ``\\n``."""

    def answer(handler: Handler) -> None:
        handler.wfile.write(head.replace("\n", "\r\n").encode("latin-1", "replace") + body)
        handler.wfile.flush()
        handler.close_connection = True

    return answer
