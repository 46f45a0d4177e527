"""The portal that the benchmarks crawl is the same for everybody, and as large as it is said to be."""

import re
from urllib.request import urlopen

import pytest

from benchmarks.portal import GeneratedPortal, serving
from crawler.extract import extract


@pytest.mark.parametrize("pages", [100, 500])
def test_every_page_is_reached_by_links(pages: int) -> None:
    portal, waiting, seen = GeneratedPortal(pages), ["/"], {"/"}
    found = 0
    while waiting:
        status, kind, body = portal.answer(waiting.pop())
        assert status == 200
        if kind.startswith("text/html"):
            found += 1
            new = set(re.findall(r'<a [^>]*?href="(/[^"]*)"', body.decode())) - seen
            seen |= new
            waiting += new
    assert found == pages


def test_its_pages_are_like_those_in_the_wild() -> None:
    page = extract(GeneratedPortal(500).answer("/news/24")[2].decode(), "http://portal.example/news/24")
    assert page.language == "fa"
    assert 80 <= len(page.links) <= 160
    assert 2_000 <= len(page.main_text) <= 12_000
    assert {"menu", "main", "aside", "footer"} <= {link.area for link in page.links}


def test_it_is_served_as_it_is_made_and_counted() -> None:
    with serving(100) as served:
        with urlopen(served.url + "news") as answer:
            assert answer.read() == GeneratedPortal(100).answer("/news")[2]
        with pytest.raises(OSError, match="404"):
            urlopen(served.url + "nowhere")
    assert (served.pages, served.requests) == (1, 2)
