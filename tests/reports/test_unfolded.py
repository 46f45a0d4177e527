"""What the levels of accessibility, display and phone unfold to."""

from __future__ import annotations

from pathlib import Path

import lxml.html
import pytest

from audits.accessibility import find_axe
from audits.records import (
    AccessibilityCheck,
    AccessibilityRule,
    Box,
    DisplayCheck,
    FailedCheck,
    Measurement,
    Measurements,
    Overflow,
    ParseError,
    Picture,
    RuleElement,
    Source,
)
from indicators.model import load_model
from indicators.records import Evidence, Finding, PageNumbers
from indicators.scoring import score_portal
from reports.build import build
from reports.data import AgencyInput, ReportInput
from reports.unfolded import boxes_in, rule_words
from tests.reports.sample import HOSTILE, PIXEL, STARTED, portal, visit

URL = "https://roads.damavand.example/"
IMAGE = AccessibilityRule(
    id="image-alt",
    outcome="violated",
    impact="critical",
    criteria=("1.1.1",),
    violated=7,
    elements=(
        RuleElement(target=("#logo",), html=HOSTILE, box=Box(x=10, y=2100, width=80, height=60)),
        RuleElement(target=("iframe", "img"), html="<img src=a>"),
    ),
    help="Images must have alternative text",
    help_url="https://dequeuniversity.com/rules/axe/4/image-alt",
)
PALE = AccessibilityRule(
    id="color-contrast",
    outcome="violated",
    impact="serious",
    criteria=("1.4.3",),
    level="AA",
    violated=1,
    elements=(
        RuleElement(
            target=("p",),
            html="<p>",
            checks=(
                FailedCheck(
                    id="color-contrast",
                    data={"contrastRatio": 2.32, "expectedContrastRatio": "4.5:1", "fgColor": "#aaa"},
                ),
            ),
        ),
    ),
)
NEW = AccessibilityRule(id="rule-of-tomorrow", outcome="violated", violated=1, help="Must be new")
PASSED = AccessibilityRule(id="label", outcome="passed")
PICTURES = (
    Picture(
        url=URL,
        device="desktop",
        shows="violations",
        path="pictures/a.jpg",
        box=Box(x=0, y=2040, width=1350, height=940),
    ),
    Picture(
        url=URL,
        device="phone",
        shows="screen",
        path="pictures/b.jpg",
        box=Box(x=0, y=0, width=360, height=640),
    ),
    Picture(
        url=URL,
        device="phone",
        shows="menu",
        path="../secret.jpg",
        box=Box(x=0, y=0, width=360, height=640),
    ),
)


SEEN = (
    ("overflow_px", 24.0, "px", "overflow_px 24 px (phone)"),
    ("viewport_meta", 1.0, "count", "viewport_meta 1 (phone)"),
)


def agency(folder: Path) -> AgencyInput:
    model = load_model()
    (folder / "pictures").mkdir(parents=True)
    for name in ("pictures/a.jpg", "pictures/b.jpg", "../secret.jpg"):
        (folder / name).write_bytes(PIXEL)
    display = DisplayCheck(
        url=URL,
        source=Source(
            parse_errors=3,
            elements=50,
            errors=(
                ParseError(code="duplicate-attribute", count=2, line=4, column=9),
                ParseError(code="new-kind", count=1, line=9, column=1),
            ),
        ),
        overflow=(Overflow(width=360, overflow_px=600, elements=IMAGE.elements[:1]),),
        measured_at=STARTED,
    )
    findings = tuple(
        Finding(
            portal="roads",
            indicator=name,
            answer="medium",
            confidence=0.8,
            evidence=(
                Evidence(url=URL, seen_at=STARTED, kind="measurement", excerpt="x 1 (desktop)", note="x"),
                *(
                    Evidence(url=URL, seen_at=STARTED, kind="measurement", excerpt=told, note=metric)
                    for metric, _, _, told in SEEN
                ),
            ),
            details={"share": 0.6, "passed_share": 0.84, "viewport": 1.0},
            pages=(PageNumbers(url=URL, values={"severe_violations": 2}),),
            limits={"passed_share": ("passed_share_medium",)},
            detector=name,
            version=1,
        )
        for name in ("accessibility_standards", "display_standards", "mobile_site_quality")
    )
    return AgencyInput(
        portal("roads", "راهداری", "Roads"),
        visit("roads"),
        score_portal("roads", model, findings, ()),
        findings=findings,
        measurements=Measurements(
            portal="roads",
            chromium="140",
            measurements=tuple(
                Measurement(
                    name=metric,
                    value=value,
                    unit=unit,
                    url=URL,
                    device="phone",
                    method="browser",
                    runs=(value,),
                    measured_at=STARTED,
                )
                for metric, value, unit, _ in SEEN
            ),
            lighthouse=(),
            accessibility=(
                AccessibilityCheck(
                    url=URL, engine="axe-core 4", rules=(PALE, NEW, IMAGE, PASSED), measured_at=STARTED
                ),
            ),
            display=(display,),
            pictures=PICTURES,
        ),
        measurements_folder=folder,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("unfolded")
    report = ReportInput(
        run="one",
        started_at=STARTED,
        finished_at=STARTED,
        province=portal("province", "دماوند", "Damavand").names,
        kinds={},
        model=load_model(),
        agencies=(agency(root / "measured"),),
    )
    build(report, lambda _: None, root / "report", screenshots=False)
    return root / "report"


def page(folder: Path, indicator: str, language: str) -> lxml.html.HtmlElement:
    top = "" if language == "fa" else "en/"
    text = (folder / f"{top}agencies/roads/{indicator}.html").read_text(encoding="utf-8")
    assert "<script>alert" not in text
    return lxml.html.fromstring(text)


def test_rules_are_shown_gravest_first_with_elements_and_what_to_mend(folder: Path) -> None:
    english = page(folder, "accessibility_standards", "en").xpath("//details[@class='fault']")
    shown = [" ".join(one.text_content().split()) for one in english]
    assert [text[:12] for text in shown] == ["Images must ", " ".join(shown[1].split())[:12], "Must be new "]
    assert "critical · Elements: 7 · WCAG 1.1.1 (A)" in shown[0].replace("\u2068", "").replace("\u2069", "")
    assert "#logo" in shown[0] and "iframe ⟩ img" in shown[0] and "alt" in shown[0]
    assert "2.32" in shown[1] and "4.5:1" in shown[1]
    persian = page(folder, "accessibility_standards", "fa").xpath("//details[@class='fault']/summary")
    assert persian[0].text_content().startswith("تصویر متن جایگزین ندارد")
    assert "بحرانی" in persian[0].text_content() and "۷" in persian[0].text_content()
    assert "Must be new" in persian[2].text_content()


def test_the_picture_marks_the_elements_where_they_are(folder: Path, tmp_path: Path) -> None:
    (figure,) = page(folder, "accessibility_standards", "en").xpath("//figure")
    (box,) = figure.xpath(".//*[local-name()='rect']")
    assert (box.get("x"), box.get("y"), box.get("width")) == ("10.0", "60.0", "80.0")
    source = figure.xpath(".//img/@src")[0]
    assert (folder / "en/agencies/roads" / source).resolve().read_bytes() == PIXEL
    own = agency(tmp_path / "again")
    assert boxes_in(own, PICTURES[0]) == [Box(x=10, y=60, width=80, height=60)]


def test_the_phone_is_shown_and_nothing_from_outside_its_folder(folder: Path) -> None:
    (figure,) = page(folder, "mobile_site_quality", "fa").xpath("//figure")
    assert "صفحهٔ نخست تلفن" in figure.text_content()
    assert sorted(path.name for path in (folder / "pictures").iterdir()) == ["roads-1.jpg", "roads-2.jpg"]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fa", ["x 1 (desktop)", "۲۴ پیکسل · تلفن همراه", "بله · تلفن همراه"]),
        ("en", ["x 1 (desktop)", "24 px · Phone", "Yes · Phone"]),
    ],
)
def test_measured_values_are_told_as_people_read_them(folder: Path, language: str, told: list[str]) -> None:
    shown = page(folder, "mobile_site_quality", language).xpath("//blockquote")
    assert [" ".join(one.text_content().split()) for one in shown] == told


def test_how_far_a_check_is_kept_is_a_share(folder: Path) -> None:
    table = page(folder, "mobile_site_quality", "en").xpath("//table[contains(@class, 'numbers')]")[0]
    rows = {row.xpath("string(th)"): row.xpath("string(td)") for row in table.xpath("./tbody/tr")}
    assert rows["Viewport set"] == "100%"


def test_what_sticks_out_and_the_errors_of_the_markup(folder: Path) -> None:
    shown = " ".join(page(folder, "display_standards", "en").text_content().split())
    assert "600 px" in shown and "#logo" in shown
    assert "Attribute given twice" in shown and "new-kind" in shown
    assert "صفت تکراری در یک عنصر" in page(folder, "display_standards", "fa").text_content()


def test_every_worded_rule_is_one_of_axe_core() -> None:
    script = find_axe().script
    assert [rule for rule in rule_words() if f'"{rule}"' not in script and f"'{rule}'" not in script] == []
