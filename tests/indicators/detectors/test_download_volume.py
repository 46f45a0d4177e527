"""The size of the largest file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.download_volume import detect
from indicators.records import Finding
from tests.indicators.make_capture import PageSpec, page, site_of

LINK = page('<a href="/a.pdf">گزارش سالانه</a>')


def judge(folder: Path, pages: Mapping[str, PageSpec], **options: object) -> Finding:
    with site_of(folder, pages, None, **options) as site:
        return run(detect, site)


@pytest.mark.parametrize(
    ("megabytes", "answer"),
    [
        (0.02, "very_low"),
        (29.9, "very_low"),
        (30, "low"),
        (100, "medium"),
        (500, "high"),
        (1500, "very_high"),
    ],
)
def test_the_bands_of_the_questionnaire(tmp_path: Path, megabytes: float, answer: str) -> None:
    with site_of(tmp_path, {"/": LINK}, files={"/a.pdf": ("application/pdf", "%PDF")}) as site:
        small = site.files[0]
        site.files = (small, small.model_copy(update={"size": int(megabytes * 1_000_000)}))
        finding = run(detect, site)
    assert finding.answer == answer
    assert [e.kind for e in finding.evidence] == ["link", "file"]
    assert finding.evidence[0].excerpt == "گزارش سالانه"


def test_no_file_at_all(tmp_path: Path) -> None:
    assert judge(tmp_path, {"/": page("<p>سلام</p>")}).answer == "none"


def test_unknown_sizes_and_saved_copies_are_not_observable(tmp_path: Path) -> None:
    files = {"/a.pdf": ("application/pdf", "%PDF")}
    with site_of(tmp_path / "a", {"/": LINK}, files=files) as site:
        site.files = (site.files[0].model_copy(update={"size": None}),)
        assert run(detect, site).answer is None
    assert judge(tmp_path / "b", {"/": LINK}, files=files, archived=True).answer is None
