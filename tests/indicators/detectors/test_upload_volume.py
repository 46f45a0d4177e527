"""The largest upload limit that is stated."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.upload_volume import detect
from indicators.records import Finding
from tests.indicators.make_capture import PageSpec, page, site_of


def judge(folder: Path, pages: Mapping[str, PageSpec], **options: object) -> Finding:
    with site_of(folder, pages, None, **options) as site:
        return run(detect, site)


FORM = """<form method="post" action="/c"><label>{label} <input type="file" name="f"></label>
  <button>ثبت</button></form>"""


@pytest.mark.parametrize(
    ("label", "answer"),
    [
        ("پیوست (حداکثر ۲۵ مگابایت)", "low"),
        ("Attachment, max 512 KB", "very_low"),
        ("Upload (up to 60MB)", "medium"),
        ("أرفق ملفا بحجم أقصاه ١٠٠ ميغابايت", "high"),
        ("پیوست تا ۲ گیگابایت", "very_high"),
        ("حداکثر ۳۰۰ مگابایت", "high"),
        ("Attachment (19.9 MB)", "very_low"),
    ],
)
def test_the_bands_of_the_questionnaire(tmp_path: Path, label: str, answer: str) -> None:
    finding = judge(tmp_path, {"/": page(FORM.format(label=label))})
    assert finding.answer == answer
    assert label in finding.evidence[0].excerpt


def test_the_largest_of_several_counts(tmp_path: Path) -> None:
    body = FORM.format(label="عکس تا ۲ مگابایت") + FORM.format(label="نقشه تا ۴۰ مگابایت")
    finding = judge(tmp_path, {"/": page(body)})
    assert (finding.answer, finding.details["megabytes"]) == ("low", 40.0)


@pytest.mark.parametrize(
    "body", [FORM.format(label="پیوست"), "<p>گزارش سال (PDF، ۲۵ مگابایت)</p>", "<p>سلام</p>"]
)
def test_nothing_stated_is_not_observable(tmp_path: Path, body: str) -> None:
    finding = judge(tmp_path, {"/": page(body)})
    assert finding.answer is None and finding.reason
