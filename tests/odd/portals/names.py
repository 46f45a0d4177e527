"""Hosts and certificates."""

from __future__ import annotations

from tests.odd.portals._pages import WORDS, Pages, about, and_about, html, links, to
from tests.odd.server import Place


def www_and_bare(place: Place) -> Pages:
    """Links mix the bare host, www, capitals, a final dot and both spellings of a page."""
    bare = f"odd-www.example:{place.port}"
    return {
        "/": html(
            f"<p>{WORDS}</p>"
            + links(
                f"http://{bare}/about درباره ما", f"http://www.{bare}/about درباره ما",
                f"http://ODD-WWW.Example:{place.port}/about", f"http://www.{bare}/news", f"//{bare}/news",
                f"http://{bare}/./x/../news", f"http://sub.{bare}/",
            )
        ),
        "/about": about(),
        "/news": html(f"<h1>اخبار</h1><p>{WORDS}</p>"),
    }  # fmt: skip


def bare_to_www(place: Place) -> Pages:
    """The bare host sends everything to www, www sends /old back."""

    def answer(handler: object) -> None:
        host = handler.headers.get("Host") or ""  # type: ignore[attr-defined]
        path = handler.path  # type: ignore[attr-defined]
        if not host.startswith("www."):
            to(f"http://www.{host}{path}", 301)(handler)  # type: ignore[arg-type]
        else:
            and_about().get(path, _nothing)(handler)  # type: ignore[arg-type]

    return {"*": answer}  # type: ignore[dict-item]


def _nothing(handler: object) -> None:
    handler.page("<h1>404 Not Found</h1>", status=404)  # type: ignore[attr-defined]


def name_unknown(place: Place) -> Pages:
    return {}


def ipv6_only(place: Place) -> Pages:
    return and_about(f"{place.url}/news اخبار") | {"/news": about()}


def certificate_good(place: Place) -> Pages:
    return and_about()


certificate_expired = certificate_self_signed = certificate_wrong_name = certificate_good
