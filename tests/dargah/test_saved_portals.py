"""Saved portals are served as their folders stand, and nothing beside them is."""

from __future__ import annotations

import http.client
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dargah.saved_portals import SavedPortalsError, find, serve

HTML = b"<!doctype html><html><body>page</body></html>"
SECRET = b"not of the portal"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("corpus")
    (home / "secret.html").write_bytes(SECRET)
    root = home / "site"
    for name, body in {
        "index.html": HTML,
        ".origin.json": b"{}",
        "Pages/index.html": HTML,
        "about": HTML,
        "old.aspx": b"\xef\xbb\xbf \n<!-- saved --><HTML><body>old</body>",
        "data": b"1;2;3",
        "data.csv": b"a,b\n1,2\n",
        "list.php?id=7": HTML,
        "list.php": b"<html>all</html>",
        "دربارهٔ ما.html": HTML,
        "%D8%AE%D8%A8%D8%B1.html": HTML,
        "robots.txt": b"User-agent: *\nCrawl-delay: 30\nDisallow: /admin/\n",
    }.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    (root / unicodedata.normalize("NFD", "página.html")).write_bytes(HTML)
    (root / "out.html").symlink_to(home / "secret.html")
    (root / "up").symlink_to(home)
    (root / "in.html").symlink_to(root / "about")
    (root / "round").symlink_to(root / "round")
    os.mkfifo(root / "pipe.html")
    return root


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with serve({"site": folder}) as addresses:
        yield addresses["site"]


def ask(address: str, target: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    """Asks for exactly this target, which a client of good manners would tidy up."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=5)
    connection.request(method, target)
    answer = connection.getresponse()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    body = answer.read()
    connection.close()
    return answer.status, headers, body


@pytest.mark.parametrize(
    ("target", "media_type"),
    [
        ("/", "text/html"),
        ("/Pages/", "text/html"),
        ("/about", "text/html"),
        ("/old.aspx", "text/html"),
        ("/data", "application/octet-stream"),
        ("/data.csv", "text/csv"),
        ("/list.php?id=7", "text/html"),
        ("/list.php%3Fid=7", "text/html"),
        ("/about?utm_source=x", "text/html"),
        ("/" + quote("دربارهٔ ما.html"), "text/html"),
        ("/" + quote("خبر.html"), ""),
        ("/%D8%AE%D8%A8%D8%B1.html", "text/html"),
        ("/" + quote(unicodedata.normalize("NFC", "página.html")), "text/html"),
        ("/in.html", "text/html"),
    ],
)
def test_what_is_there_is_served(address: str, target: str, media_type: str) -> None:
    status, headers, body = ask(address, target)
    assert status == 200 and body
    assert headers["content-type"] == (media_type or "text/html")
    status, headers, empty = ask(address, target, "HEAD")
    assert (status, empty) == (200, b"") and int(headers["content-length"]) == len(body)


def test_a_file_with_the_query_in_its_name_goes_first(address: str) -> None:
    assert ask(address, "/list.php?id=7")[2] == HTML
    assert ask(address, "/list.php?id=8")[2] == b"<html>all</html>"


def test_an_index_page_is_read_in_its_folder(address: str) -> None:
    status, headers, _ = ask(address, "/Pages?a=1")
    assert (status, headers["location"]) == (301, "/Pages/?a=1")
    assert ask(address, "//Pages")[1]["location"] == "/Pages/"


def test_nobody_waits_for_a_copy_on_disk(address: str) -> None:
    assert ask(address, "/robots.txt")[2] == b"User-agent: *\n\nDisallow: /admin/\n"


@pytest.mark.parametrize(
    "target",
    [
        "/nothing.html", "/index.html/", "/.origin.json", "/%2Eorigin.json", "/Pages/../.origin.json",
        "/../secret.html", "/%2e%2e/secret.html", "/..%2fsecret.html", "/%2fetc/passwd", "//etc/passwd",
        "/out.html", "/up/secret.html", "/up/", "/round", "/pipe.html", "/a%00b", "/" + "a" * 5_000,
        "/%ff%fe",
    ],
)  # fmt: skip
def test_whatever_else_is_not_there(address: str, target: str) -> None:
    status, _, body = ask(address, target)
    assert status == 404 and SECRET not in body


@given(
    target=st.text(max_size=60)
    | st.lists(st.sampled_from(["..", "%2e%2e", "/", "up", "?", "\\"])).map("".join)
)
def test_nothing_outside_is_ever_found(folder: Path, target: str) -> None:
    found = find(folder.resolve(), target)
    assert found is None or (found.is_relative_to(folder.resolve()) and found.is_file())


def test_a_taken_port_is_named(folder: Path, address: str) -> None:
    port = urlsplit(address).port or 0
    with pytest.raises(SavedPortalsError, match=str(port)), serve({"site": folder}, {"site": port}):
        pass
