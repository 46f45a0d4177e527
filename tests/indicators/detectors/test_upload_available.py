"""File fields that visitors reach."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.upload_available import detect
from indicators.records import Finding
from tests.indicators.make_capture import PageSpec, page, site_of


def judge(folder: Path, pages: Mapping[str, PageSpec], **options: object) -> Finding:
    with site_of(folder, pages, None, **options) as site:
        return run(detect, site)


@pytest.mark.parametrize(
    "form",
    [
        '<form method="post" action="/c"><label>پیوست <input type="file"></label><button>ثبت</button></form>',
        '<form method="post"><input type=file name=d aria-label="Choose a file"><button>OK</button></form>',
        '<div><label>أرفق ملفا <input type="file"></label></div>',
    ],
)
def test_a_form_with_a_file_field(tmp_path: Path, form: str) -> None:
    finding = judge(tmp_path, {"/": page("<p>سلام</p>"), "/complaint": page(form)})
    assert finding.answer == "yes"
    assert finding.evidence[0].url.endswith("/complaint")


@pytest.mark.parametrize(
    "body",
    [
        '<form method="post" action="/c"><textarea name="t"></textarea><button>ثبت</button></form>',
        '<form onsubmit="return false"><input type="file" name="f"><button>ثبت</button></form>',
        "<p>مدارک خود را پس از ورود بارگذاری کنید.</p>",
    ],
)
def test_other_forms_dead_ones_and_words_are_not(tmp_path: Path, body: str) -> None:
    assert judge(tmp_path, {"/": page("<p>سلام</p>"), "/complaint": page(body)}).answer == "no"
