"""Lines that head what is below them without being marked up as headings."""

from __future__ import annotations

import pytest

from indicators.page import Facts, Tree
from indicators.reading import Known, read_page, read_tree

TEXT = "<p>The office issues permits to farmers who have a contract for water.</p>"


def read(body: str) -> Facts:
    return read_page(f"<html><body>{body}</body></html>", "https://portal.example/")


def heads(body: str) -> list[tuple[str, int]]:
    return [(block.text, block.level) for block in read(body).blocks if block.level]


@pytest.mark.parametrize(
    "line",
    [
        "<div class='block-title'>Permits</div>",
        "<div class='titr'><span>Permits</span></div>",
        "<div class='titr'><div>Permits</div></div>",
        "<p><strong>Permits</strong></p>",
        "<p> <b><a href='/p'>Permits</a></b> </p>",
        "<p><font size='+2'>Permits</font></p>",
        "<p style='font-weight: bold'>Permits</p>",
        "<p><span style='font-size: 24px'>Permits</span></p>",
    ],
)
def test_a_short_line_that_looks_like_a_heading_heads_what_is_below(line: str) -> None:
    assert heads(line + TEXT) == [("Permits", 3)]


@pytest.mark.parametrize(
    "line",
    [
        "<p><strong>Permits</strong> are issued here</p>",
        "<p>Issued: <b>permits</b></p>",
        "<p><b>Permits are issued here.</b></p>",
        "<p><b>2026-11-23</b></p>",
        f"<p><b>{'permits and water ' * 6}</b></p>",
        "<div class='title-box'><p>Permits</p><p>Water</p></div>",
        "<div class='subtitles'>Permits</div>",
        "<li><b>Permits</b></li>",
        "<p style='display: none'><b>Permits</b></p>",
    ],
)
def test_other_lines_are_text(line: str) -> None:
    assert heads(line + TEXT) == []


def test_nothing_below_is_nothing_headed() -> None:
    assert heads(TEXT + "<p><b>Permits</b></p>") == []


def test_a_page_with_headings_of_its_own_keeps_to_them() -> None:
    assert heads(f"<h2>Water</h2>{TEXT}<p><b>Permits</b></p>{TEXT}") == [("Water", 2)]


def test_below_a_title_alone_lines_may_head() -> None:
    assert heads(f"<h1>Water</h1><p><b>Permits</b></p>{TEXT}") == [("Water", 1), ("Permits", 3)]


def test_each_further_look_lies_one_deeper() -> None:
    body = (
        f"<div class='contentheading'>Water</div>{TEXT}<div class='box-title'>Permits</div>{TEXT}"
        f"<p><b>For farmers</b></p>{TEXT}<div class='box-title'>Fees</div>{TEXT}"
    )
    assert heads(body) == [("Water", 2), ("Permits", 3), ("For farmers", 4), ("Fees", 3)]


def test_parts_that_repeat_on_the_next_page_are_headed_there_too() -> None:
    part = f"<div><p><b>Permits</b></p>{TEXT * 4}</div>"
    known = Known()
    for before in ("", "<p>One line more</p>", "<p>Two</p><p>lines</p>"):
        tree = Tree(f"<html><body>{before}{part}</body></html>")
        facts = read_tree(tree, "https://portal.example/", known)
        assert [block.text for block in facts.blocks if block.level] == ["Permits"]
