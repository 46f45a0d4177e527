"""What the portal says to robots: robots.txt and sitemaps."""

from __future__ import annotations

import gzip

from tests.odd.portals._pages import WORDS, Answer, Handler, Pages, about, and_about, home, html, to
from tests.odd.server import Place


def _plain(text: str) -> Answer:
    return lambda h: h.page(text, kind="text/plain")


def _xml(body: str | bytes, kind: str = "application/xml") -> Answer:
    return lambda h: h.page(body, kind=kind)


def _urlset(*addresses: str) -> str:
    body = "".join(f"<url><loc>{address}</loc></url>" for address in addresses)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{body}</urlset>'


def _index(*addresses: str) -> str:
    body = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{body}</sitemapindex>'


def robots_is_html(place: Place) -> Pages:
    return and_about() | {"/robots.txt": html(f"<p>User-agent: *\nDisallow: /</p>{WORDS}")}


def robots_is_huge(place: Place) -> Pages:
    """Rules that matter, and then comments without end."""

    def endless(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/plain")
        handler.end_headers()
        handler.close_connection = True
        try:
            handler.wfile.write(b"User-agent: *\nDisallow: /admin/\n")
            for _ in range(1_000):
                handler.wfile.write(b"# nothing to see here\n" * 5_000)
        except OSError:
            pass

    return and_about("/admin/secret") | {"/robots.txt": endless, "/admin/secret": about()}


def robots_many_rules(place: Place) -> Pages:
    """A hundred thousand rules full of wildcards, each costly to try."""
    rules = "".join(f"Disallow: /*{n}*a*b*c*d*$\n" for n in range(15_000))
    return and_about("/" + "abcd" * 200) | {
        "/robots.txt": _plain(f"User-agent: *\n{rules}"),
        "/" + "abcd" * 200: about(),
    }


def robots_forbids_all(place: Place) -> Pages:
    return and_about() | {"/robots.txt": _plain("User-agent: *\nDisallow: /\n")}


def robots_forbids_us(place: Place) -> Pages:
    return and_about() | {
        "/robots.txt": _plain("User-agent: *\nAllow: /\n\nUser-agent: Dargah\nDisallow: /\n")
    }


def robots_fails(place: Place) -> Pages:
    return and_about() | {"/robots.txt": lambda h: h.page("", status=500)}


def robots_redirects(place: Place) -> Pages:
    return and_about() | {"/robots.txt": to("/robots.txt?again=1")}


def robots_delay(place: Place) -> Pages:
    """A crawl-delay that is longer than the whole visit may be."""
    return and_about() | {"/robots.txt": _plain("User-agent: *\nCrawl-delay: 86400\n")}


def sitemap_entity_bomb(place: Place) -> Pages:
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    bomb = f"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY l0 'ha'>{laughs}]><urlset><url><loc>{place.url}/&l9;</loc></url></urlset>"
    outside = (
        f"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>"
        f"<!ENTITY t SYSTEM '{place.trap}/entity'>]><urlset><url><loc>{place.url}/f?&f;&t;</loc></url>"
        f"<url><loc>{place.url}/good</loc></url></urlset>"
    )
    return and_about() | {
        "/robots.txt": _plain(f"Sitemap: {place.url}/bomb.xml\nSitemap: {place.url}/outside.xml\n"),
        "/bomb.xml": _xml(bomb),
        "/outside.xml": _xml(outside),
        "/good": about(),
        "*": lambda h: h.page("", status=404),
    }


def sitemap_200000(place: Place) -> Pages:
    body = _urlset(*(f"{place.url}/item/{n}" for n in range(200_000)))
    return and_about() | {
        "/sitemap.xml": _xml(gzip.compress(body.encode()), "application/gzip"),
        "*": about(),
    }


def sitemap_foreign(place: Place) -> Pages:
    body = _urlset(f"{place.trap}/map", "http://169.254.169.254/sitemap-foreign", "https://elsewhere.example/x",
                   "javascript:alert(1)", "/relative", "", f"{place.url}/own", f"{place.url}/logout")  # fmt: skip
    return and_about() | {"/sitemap.xml": _xml(body), "/own": about()}


def sitemap_gzipped(place: Place) -> Pages:
    packed = gzip.compress(_urlset(f"{place.url}/own").encode())
    bomb = gzip.compress(b"<urlset>" + b" " * 80_000_000)
    return and_about() | {
        "/robots.txt": _plain(
            "".join(f"Sitemap: {place.url}/{n}\n" for n in ("a.xml.gz", "bomb.xml.gz", "cut.gz"))
        ),
        "/a.xml.gz": _xml(packed, "application/x-gzip"),
        "/bomb.xml.gz": _xml(bomb, "application/gzip"),
        "/cut.gz": _xml(packed[:40], "application/gzip"),
        "/own": about(),
    }


def sitemap_indexes(place: Place) -> Pages:
    """An index of indexes without end, with itself among them."""

    def index(handler: Handler) -> None:
        number = int("0" + "".join(filter(str.isdigit, handler.path)))
        more = (f"{place.url}/index{number * 10 + n}.xml" for n in range(1, 9))
        _xml(_index(f"{place.url}/sitemap.xml", *more, f"{place.trap}/index.xml"))(handler)

    return and_about() | {"/sitemap.xml": index, "*": index}


def sitemap_is_html(place: Place) -> Pages:
    return and_about() | {"/sitemap.xml": home("/about")}
