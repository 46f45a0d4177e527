# ruff: noqa: E501  (pages, one to a line)
"""A hint stands beside what the agency said: plainly, with its witness, and never as an answer."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from indicators.detector import NO_HINT, ONLY_A_HINT
from indicators.model import Model
from indicators.records import Evidence, Finding, Place
from indicators.scoring import score_portal
from reports.data import AgencyInput, ReportInput
from reports.pages import Pages, Site, Witnesses
from tests.reports.sample import STARTED, model, portal, sample, self_reported, visit

SEEN = Evidence(
    url="http://office.damavand.example/plan",
    seen_at=STARTED,
    kind="text",
    excerpt="برنامه تحول",
    note="plan",
)
VISITED = Place(url="http://office.damavand.example/", reason="the plan there does not name it")


def hint(indicator: str, *options: str, reason: str = ONLY_A_HINT) -> Finding:
    return Finding(
        portal="office", indicator=indicator, answer=None, suggests=options, reason=reason,
        confidence=0, evidence=(SEEN,) if options else (),
        visited=() if options or reason != NO_HINT else (VISITED,), detector=indicator, version=1,
    )  # fmt: skip


FINDINGS = (
    hint("news", "high", "medium", "low"),
    hint("download_speed", "very_high", "high", "medium", "low", "very_low"),
    hint("egov_strategy", "yes"),
    hint("privacy_policy", reason=NO_HINT),
    hint("tender_notices", reason="http://office.damavand.example/plan: blocked"),
)
SAID: dict[str, str | None] = {"news": "very_high", "egov_strategy": "yes", "privacy_policy": "yes"}


def hinting() -> Model:
    """The sample's model, with every matter of the findings one that a portal only hints at."""
    chosen, named = model(), {finding.indicator for finding in FINDINGS}
    changed = [i.model_copy(update={"mode": "hint"}) if i.id in named else i for i in chosen.indicators]
    return chosen.model_copy(update={"indicators": tuple(changed)})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hints")
    base, _ = sample(root / "captures")
    chosen, answers = hinting(), self_reported("office", SAID)
    agency = AgencyInput(
        portal=portal("office", "اداره نمونه", "Sample office"), visit=visit("office"),
        scores=score_portal("office", chosen, FINDINGS, answers), findings=FINDINGS, answers=tuple(answers),
    )  # fmt: skip
    report = ReportInput(
        run=base.run, started_at=base.started_at, finished_at=base.finished_at, model=chosen,
        province=base.province, kinds=base.kinds, agencies=(agency,),
    )  # fmt: skip
    for language in ("fa", "en"):
        list(Pages(report, Witnesses(), Site(("fa", "en")), language, {}).write(root))
    return root


def words_of(folder: Path, path: str) -> str:
    text = re.sub(r"<[^>]+>", " ", (folder / path).read_text(encoding="utf-8"))
    return " ".join(re.sub("[\u2066-\u2069]", "", unescape(text)).split())


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("agencies/office/news.html", ["نشانه: «کم» تا «زیاد»", "با گفتهٔ دستگاه («خیلی زیاد») نمی‌خواند", "برنامه تحول"]),
        ("agencies/office/download_speed.html", ["نشانه: دست‌کم «خیلی کم»", "دستگاه به این پاسخی نداده است"]),
        ("agencies/office/egov_strategy.html", ["نشانه: بله", "گفتهٔ دستگاه را تأیید می‌کند", "سند یا برنامه"]),
        ("agencies/office/privacy_policy.html", ["نشانه‌ای دیده نشد", "این سکوت چیزی را ثابت نمی‌کند", "دستگاه می‌گوید «بله»"]),
        ("en/agencies/office/news.html", ["Hint: “Low” to “High”", "It does not fit what the agency said (“Very high”)"]),
        ("en/agencies/office/download_speed.html", ["Hint: at least “Very low”", "The agency gave no answer"]),
        ("en/agencies/office/egov_strategy.html", ["Hint: Yes", "It supports what the agency said", "A hint earns no points"]),
        ("en/agencies/office/privacy_policy.html", ["No hint seen", "which proves nothing", "The agency says “Yes”"]),
    ],
)  # fmt: skip
def test_a_hint_is_told_beside_what_the_agency_said(folder: Path, page: str, told: list[str]) -> None:
    shown = words_of(folder, page)
    for words in told:
        assert words in shown


def test_what_could_not_be_seen_is_neither_hint_nor_silence(folder: Path) -> None:
    shown = words_of(folder, "en/agencies/office/tender_notices.html")
    assert "Not observable" in shown and "Hint:" not in shown and "No hint" not in shown


def test_the_agencys_page_lists_its_hints_and_marks_those_against(folder: Path) -> None:
    source = (folder / "en/agencies/office/index.html").read_text(encoding="utf-8")
    rows = re.findall(r"<tr[^>]* data-hinted[^>]*>.*?</tr>", source, re.DOTALL)
    assert len(rows) == 3
    assert [("hint against" in row, "data-disagrees" in row) for row in rows] == [
        (True, False),
        (False, False),
        (False, False),
    ]
    assert "With a hint 3" in words_of(folder, "en/agencies/office/index.html")


def test_a_hint_stands_where_no_answer_does(folder: Path) -> None:
    shown = words_of(folder, "en/agencies/office/download_speed.html")
    assert "Not settled" in shown  # the agency said nothing, so its points stay open
    assert "A hint earns no points" in shown
