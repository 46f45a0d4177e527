"""The share of services with an online entry point."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.online_services_share import detect
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
LOGIN = '<p><a href="/login">شروع درخواست</a></p>'
SYSTEM = '<p><a href="https://samane.example/insurance">ورود به سامانه</a></p>'
VISIT = "<p>برای دریافت به اداره شهرستان مراجعه کنید.</p>"
DEAD = '<p><a href="/dead">ثبت درخواست</a></p>'


@pytest.mark.parametrize(
    ("details", "answer", "online"),
    [
        ((FORM, LOGIN, SYSTEM, FORM, FORM), "very_high", 5),
        ((FORM, LOGIN, SYSTEM, FORM, VISIT), "high", 4),
        ((FORM, LOGIN, VISIT, VISIT), "medium", 2),
        ((SYSTEM, VISIT, VISIT), "low", 1),
        ((VISIT, VISIT, DEAD), "very_low", 0),
    ],
)
def test_the_bands_of_the_questionnaire(
    tmp_path: Path, details: tuple[str, ...], answer: str, online: int
) -> None:
    finding = judge(tmp_path, portal(*details) | {"/dead": ("http_error", "")})
    assert (finding.answer, finding.details["online"]) == (answer, online)
    assert finding.details["services"] == len(details)
    assert finding.evidence


def test_entries_beside_the_names_in_a_table(tmp_path: Path) -> None:
    rows = "".join(
        f'<tr><td><a href="/s/{n}">خدمت نوع {n} شرکت</a></td><td>{SYSTEM if n < 2 else "حضوری"}</td></tr>'
        for n in range(4)
    )
    listing = page(f"<main><h1>خدمات</h1><table>{rows}</table></main>", "خدمات")
    pages = portal(VISIT, VISIT, VISIT, VISIT) | {"/services": listing}
    finding = judge(tmp_path, pages)
    assert (finding.answer, finding.details["share"]) == ("medium", 0.5)


def test_fewer_than_three_services_are_not_observable(tmp_path: Path) -> None:
    assert judge(tmp_path, portal(FORM, FORM)).answer is None


@pytest.mark.parametrize(
    "form",
    [
        '<form action="/find"><input type="search" name="q"><button>جستجو</button></form>',
        '<form method="post" action="/r">آیا این صفحه مفید بود؟ <button>بله</button></form>',
    ],
)
def test_searches_and_ratings_are_no_entry(tmp_path: Path, form: str) -> None:
    assert judge(tmp_path, portal(form, form, form)).answer == "very_low"


def test_a_portal_that_only_names_its_systems_offers_all_of_them_online(tmp_path: Path) -> None:
    names = ("سامانه صدور گواهی تولید", "سامانه ثبت درخواست پروانه", "استعلام مجوز ساختمان")
    links = [f'<p><a href="https://s{n}.example.ir">{name}</a></p>' for n, name in enumerate(names)]
    finding = judge(tmp_path / "three", {"/": page(f"<p>سازمان</p>{''.join(links)}")})
    assert (finding.answer, finding.details["online"]) == ("very_high", 3)
    assert judge(tmp_path / "two", {"/": page(f"<p>سازمان</p>{''.join(links[:2])}")}).answer is None
