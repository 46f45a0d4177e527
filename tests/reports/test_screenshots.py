"""Pictures of evidence, taken in a real browser of copies as a report has them."""

from __future__ import annotations

import pytest

from reports.screenshots import Shot, Target, take
from reports.spots import MARK

PAGE = f"""<!doctype html><meta charset="utf-8"><title>نمونه</title>
<body style="margin:0;font:16px sans-serif">
<p {MARK}="far" style="position:absolute;top:3000px">مناقصه شماره ۱۲</p>
<h1 {MARK}="title" style="margin:20px">اداره کل نمونه</h1>
<p style="margin:200px 20px 0"><span {MARK}="phone">تلفن: ۰۲۱۸۸۷۷۶۶۵۵</span></p>
<p style="margin:20px"><span {MARK}="mail">info@example.ir</span>
<b {MARK}="unseen" style="visibility:hidden">x</b></p>
<div style="width:300px;overflow:hidden;white-space:nowrap;margin:20px"><span>{"news " * 30}</span>
<span {MARK}="slide">latest</span></div>
<details style="margin:20px"><summary>پرسش</summary><p {MARK}="answer">پاسخ این پرسش</p></details>
<div style="height:4000px"></div></body>"""


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Shot]:
    folder = tmp_path_factory.mktemp("shots")
    copy = folder / "copy.html"
    copy.write_text(PAGE, encoding="utf-8")
    keys = ("answer", "far", "mail", "missing", "phone", "slide", "title", "unseen")
    found = take([Target(copy, "roads", keys)], folder / "screenshots", lambda done, total: None)
    assert found.keys() == set(keys)
    for shot in found.values():
        assert (folder / "screenshots" / shot.file).stat().st_size > 1000
    return found


def test_spots_in_sight_together_share_a_picture_and_have_marks_of_their_own(shots: dict[str, Shot]) -> None:
    assert shots["phone"].file == shots["mail"].file == shots["title"].file
    boxes = [shots[key].box for key in ("title", "phone", "mail")]
    tops = [box.y for box in boxes if box is not None]
    assert len(tops) == 3 and tops == sorted(set(tops))


def test_what_is_further_down_has_a_picture_of_its_own(shots: dict[str, Shot]) -> None:
    assert shots["far"].file != shots["phone"].file
    box = shots["far"].box
    assert box is not None and 0.3 < box.y < 0.7


def test_what_must_be_brought_into_sight_is_shown_as_it_is_then(shots: dict[str, Shot]) -> None:
    """A closed answer is opened and a hidden slide moved to: the picture before shows neither."""
    for key in ("answer", "slide"):
        assert shots[key].file != shots["phone"].file
        assert shots[key].box is not None


def test_what_cannot_be_seen_has_a_picture_without_a_mark(shots: dict[str, Shot]) -> None:
    assert shots["unseen"].box is None
    assert shots["missing"].box is None
