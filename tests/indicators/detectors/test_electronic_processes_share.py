"""The share of services that are online from start to end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.electronic_processes_share import detect
from indicators.records import Finding
from tests.indicators.make_capture import PageSpec, page, site_of


def judge(folder: Path, pages: Mapping[str, PageSpec], **options: object) -> Finding:
    with site_of(folder, pages, None, **options) as site:
        return run(detect, site)


def portal(*details: str, lang: str = "fa", title: str = "خدمات") -> dict[str, PageSpec]:
    """A list of services, each with a page of its own that holds one of `details`."""
    names = [f"صدور پروانه نوع {n}" for n in range(len(details))]
    links = "".join(f'<h3><a href="/s/{n}">{name}</a></h3>' for n, name in enumerate(names))
    menu = f'<nav><a href="/services">{title}</a></nav>'
    pages: dict[str, PageSpec] = {
        "/": page(menu, lang=lang),
        "/services": page(f"{menu}<main><h1>{title}</h1>{links}</main>", title, lang),
        "/login": page(
            '<h1>ورود</h1><form method="post"><input type="password"><button>ورود</button></form>'
        ),
    }
    for number, (name, detail) in enumerate(zip(names, details, strict=True)):
        text = (
            f"<p>این خدمت با شماره {number} برای صاحبان کسب‌وکار در سراسر استان است و هر سال تمدید می‌شود.</p>"
        )
        pages[f"/s/{number}"] = page(f"<main><h1>{name}</h1>{text}{detail}</main>", name, lang)
    return pages


FORM = '<form method="post" action="/go"><input name="code"><button>ثبت درخواست</button></form>'
STEPS = "<h2>مراحل انجام</h2><ul><li>ثبت درخواست</li><li>صدور گواهی الکترونیکی</li></ul>"
WHOLE = FORM + "<p>همه مراحل اینترنتی است.</p>"
PART = FORM + "<h2>مراحل انجام</h2><ul><li>ثبت درخواست</li><li>مراجعه به مجموعه و امضا</li></ul>"
LOGIN = '<p><a href="/login">شروع درخواست</a></p>'
VISIT = "<p>برای دریافت به اداره شهرستان مراجعه کنید.</p>"


@pytest.mark.parametrize(
    ("details", "answer", "online"),
    [
        ((WHOLE, FORM + STEPS, WHOLE), "very_high", 3),
        ((WHOLE, FORM + STEPS, PART), "high", 2),
        ((WHOLE, PART, LOGIN), "low", 1),
        ((PART, LOGIN, VISIT), "very_low", 0),
        ((VISIT + "<p>همه مراحل اینترنتی است.</p>", VISIT, VISIT), "very_low", 0),
    ],
)
def test_the_bands_of_the_questionnaire(
    tmp_path: Path, details: tuple[str, ...], answer: str, online: int
) -> None:
    finding = judge(tmp_path, portal(*details))
    assert (finding.answer, finding.details["online"]) == (answer, online)


def test_fewer_than_three_services_are_not_observable(tmp_path: Path) -> None:
    assert judge(tmp_path, portal(WHOLE, WHOLE)).answer is None
