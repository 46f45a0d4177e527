"""Portals that try to lead the crawler into somebody's inside."""

from __future__ import annotations

from tests.odd.portals._pages import WORDS, Pages, about, and_about, home, html, to
from tests.odd.server import Place


def redirect_inward(place: Place) -> Pages:
    name = place.trap.rsplit("/", 1)[1]
    inside = f"http://169.254.169.254/{name}/latest/meta-data/"
    return and_about("/cloud", "/loopback", "/short", "/mapped", "/file", "/net") | {
        "/cloud": to(inside),
        "/loopback": to(f"{place.trap}/loopback"),
        "/short": to(f"{place.trap}/short".replace("127.0.0.1", "127.1")),
        "/mapped": to(f"{place.trap}/mapped".replace("127.0.0.1", "[::ffff:127.0.0.1]")),
        "/file": to("file:///etc/passwd"),
        "/net": to(f"http://10.0.0.1/{name}/"),
    }


def start_redirects_inward(place: Place) -> Pages:
    return {"/": to("http://169.254.169.254/start-redirects-inward")}


def script_inward(place: Place) -> Pages:
    """The start page's own script goes to a private address."""
    script = f"<script>setTimeout(() => {{ location.href = '{place.trap}/script' }}, 50)</script>"
    return and_about() | {"/": html(f"<p>{WORDS * 2}</p><a href=/about>درباره ما</a>{script}")}


def subresource_inward(place: Place) -> Pages:
    """Pictures, styles, frames, fetches, sockets, beacons and posts, all to a private address."""
    t, socket = place.trap, place.trap.replace("http", "ws", 1)
    body = f"""<p>{WORDS}</p><a href=/about>درباره ما</a><img src="{t}/img"><img src=/picture>
    <iframe src="{t}/frame"></iframe><iframe src=/framed></iframe><link rel=stylesheet href="{t}/css">
    <script src="{t}/js"></script><form id=f method=post action="{t}/post" target=_blank></form>
    <script>fetch("{t}/fetch", {{mode: "no-cors"}}).catch(() => 0); new WebSocket("{socket}/ws");
    navigator.sendBeacon("{t}/beacon", "x"); fetch("/bounce").catch(() => 0);
    new Worker(URL.createObjectURL(new Blob(["fetch('{t}/worker').catch(() => 0)"])));
    document.getElementById("f").submit(); open("{t}/window");</script>"""
    return and_about() | {
        "/": html(body),
        "/picture": to(f"{t}/picture"),
        "/framed": to(f"{t}/framed"),
        "/bounce": to(f"{t}/bounce"),
    }


def private_name(place: Place) -> Pages:
    """A listed host whose name leads to a private address."""
    return and_about(f"http://inner.odd.example:{place.port}/secret")


def start_private_name(place: Place) -> Pages:
    return and_about()


def rebinding(place: Place) -> Pages:
    """Its name leads to a public address the first time and to a private one from then on; so that the
    browser asks again, the start page has a picture and data to load."""
    script = "<script>fetch('/seen-data').catch(() => 0)</script><img src=/seen-picture>"
    return {"/": home("/about درباره ما", more=script), "/about": about()}
