"""The level of a portal's security unfolds to its checks, their weights, what each host showed, and what to
mend; in both languages."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from audits.records import Answered, Certificate, HostSecurity, Measurements
from indicators.detectors import portal_security
from indicators.model import load_model
from indicators.records import Evidence, Finding
from indicators.scoring import score_portal
from reports.build import recommendations
from reports.data import AgencyInput, ReportInput
from reports.pages import Pages, Site, Witnesses
from tests.reports.sample import STARTED, portal, sample, visit

URL = "https://office.damavand.example/"
LOOK = HostSecurity(
    host="office.damavand.example",
    certificate=Certificate(
        subject="office.damavand.example",
        names=("office.damavand.example",),
        issuer="<b>Some CA</b>",
        not_before=STARTED - timedelta(days=80),
        not_after=STARTED + timedelta(days=9),
        key="RSA",
        key_bits=2048,
        signatures=("sha256",),
        chain=1,
        faults=("wrong_name", "incomplete_chain"),
    ),
    protocols={"TLS 1.0": True, "TLS 1.1": None, "TLS 1.2": True, "TLS 1.3": False},
    https=Answered(url=URL, state="answered", status=200),
    http=Answered(
        url="http://office.damavand.example/",
        state="answered",
        status=302,
        headers=(("Location", "https://office.damavand.example/fa"),),
    ),
    connections=5,
    bytes=7_300,
    seconds=1.2,
    looked_at=STARTED,
)
FINDING = Finding(
    portal="office",
    indicator="portal_security",
    answer="low",
    confidence=0.9,
    evidence=(
        Evidence(url=URL, seen_at=STARTED, kind="measurement", excerpt="9 days", note="certificate_days"),
    ),
    details={"share": 0.4, "certificate": 0.0, "certificate_key": 1.0, "hsts": 0.5},
    limits=portal_security.LIMITS,
    detector="portal_security",
    version=1,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("security")
    base, _ = sample(root / "captures")
    whole = load_model("un_five_stage")
    own = tuple(i for i in whole.indicators if i.id == "portal_security")
    chosen = whole.model_copy(update={"indicators": own})
    agency = AgencyInput(
        portal=portal("office", "اداره نمونه", "Sample office"),
        visit=visit("office"),
        scores=score_portal("office", chosen, [FINDING], []),
        findings=(FINDING,),
        measurements=Measurements(
            portal="office", chromium="", measurements=(), lighthouse=(), security=(LOOK,)
        ),
    )
    report = ReportInput(
        run=base.run,
        started_at=base.started_at,
        finished_at=base.finished_at,
        model=chosen,
        province=base.province,
        kinds=base.kinds,
        agencies=(agency,),
    )
    for language in ("fa", "en"):
        list(Pages(report, Witnesses(), Site(("fa", "en")), language, recommendations()).write(root))
    return root


def words_of(folder: Path, path: str) -> str:
    text = re.sub(r"<[^>]+>", " ", (folder / path).read_text(encoding="utf-8"))
    return " ".join(re.sub("[\u2066-\u2069]", "", unescape(text)).split())


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (
            "agencies/office/portal_security.html",
            [
                *("وزن: ۴۰", "حداکثر ۵۰٪", "بی گواهی معتبر به هیچ حفاظت دیگری", "دست‌کم ۱۸۲٫۵ شش ماه به روز"),
                *("برای نام دیگری است", "زنجیرهٔ آن ناقص فرستاده می‌شود", "<b>Some CA</b>", "کد ۳۰۲"),
                *("TLS 1.0 پذیرفته می‌شود", "TLS 1.1 آزموده نشد", "TLS 1.3 پذیرفته نمی‌شود"),
                *("سرآیند HSTS : سرآیند Strict-Transport-Security را", "برای این وارسی ۵ اتصال"),
            ],
        ),
        (
            "en/agencies/office/portal_security.html",
            [
                *("weight: 40", "at most 50%", "no other protection can be relied on"),
                *("issued for another name", "sent with an incomplete chain", "HTTP 302"),
                *("TLS 1.0 accepted", "TLS 1.1 not tried", "TLS 1.3 refused", "RSA 2048"),
                *("HSTS header : Send Strict-Transport-Security", "This look took 5 connections"),
            ],
        ),
    ],
)
def test_the_level_unfolds(folder: Path, page: str, told: list[str]) -> None:
    shown = words_of(folder, page)
    assert [words for words in told if words not in shown] == []


def test_what_is_met_as_a_whole_needs_no_mending(folder: Path) -> None:
    shown = words_of(folder, "en/agencies/office/portal_security.html")
    assert "Get a new certificate" not in shown
    assert "Install a valid certificate" in shown


def test_what_a_host_says_of_itself_is_text(folder: Path) -> None:
    source = (folder / "en/agencies/office/portal_security.html").read_text(encoding="utf-8")
    assert "<b>Some CA" not in source
