"""Markup that is broken, old, or leads elsewhere."""

from __future__ import annotations

from tests.odd.portals._pages import WORDS, Pages, about, and_about, home, html
from tests.odd.server import Place


def nested_50000_deep(place: Place) -> Pages:
    deep = "<div>" * 50_000 + f"<h1>ته چاه</h1><p>{WORDS}</p><a href=/found>یافته</a>"
    return and_about("/deep", "/crossed") | {
        "/deep": html(deep),
        "/crossed": html("<b><i><table><tr><a href=/found>" * 5_000 + WORDS),
        "/found": about(),
    }


def frameset(place: Place) -> Pages:
    frames = "<frameset cols='20%,80%'><frame name=menu src=/menu><frame name=main src=main.html></frameset>"
    return {
        "/": lambda h: h.page(f"<html><head><title>قاب</title></head>{frames}</html>"),
        "/menu": html("<a href=/about target=main>درباره ما</a>"),
        "/main.html": html(f"<h1>متن</h1><p>{WORDS}</p>"),
        "/about": about(),
    }


def frames_without_end(place: Place) -> Pages:
    """Each frame holds two further frames."""
    return {"*": lambda h: h.page(
        f"<p>{WORDS}</p><iframe src='{h.path.rstrip('/')}/a'></iframe><iframe src='{h.path.rstrip('/')}/b'></iframe>"
    )}  # fmt: skip


def meta_refresh(place: Place) -> Pages:
    refresh = "<meta http-equiv=refresh content='0; url={}'>"
    return {
        "/": html("", head=refresh.format("/home")),
        "/home": home("/about درباره ما", "/round", "/self"),
        "/about": about(),
        "/round": html("", head=refresh.format("/round2")),
        "/round2": html("", head=refresh.format("/round")),
        "/self": html(f"<p>{WORDS}</p>", head="<meta http-equiv=refresh content='1'>"),
    }


def ten_thousand_links(place: Place) -> Pages:
    return {
        "/": home(*(f"/p/{n}" for n in range(10_000))),
        "*": about(),
    }
