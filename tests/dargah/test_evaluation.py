"""Saved portals with labels are served, audited and compared, and nobody outside is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from crawler.datafile import DataFileError
from dargah.agencies import load_agencies
from dargah.cli import app
from dargah.corpus import agencies_of, read_corpus
from dargah.evaluation import needs_measuring
from dargah.store import Store
from indicators.evaluate import Label, Labels, Row, compare, confusion, levels, rates
from indicators.model import load_model
from indicators.records import Evidence, Finding, Place
from tests.indicators.make_capture import VISITED, page
from tests.loopback import Site, html, serve

MODEL = load_model()


def labels(**answers: str | tuple[str, ...]) -> Labels:
    return Labels(site="x", start="/", language="fa", labels={k: Label(answer=v) for k, v in answers.items()})


def finding(indicator: str, answer: str | None) -> Finding:
    shown = Evidence(url="http://x/", seen_at=VISITED, kind="text", excerpt="e")
    return Finding(
        portal="x", indicator=indicator, answer=answer, reason="" if answer else "blocked", confidence=0.9,
        evidence=(shown,) if answer not in (None, "no", "none") else (), visited=(Place(url="http://x/"),),
        detector=indicator, version=1,
    )  # fmt: skip


def rows_of(found: dict[str, str | None], known: Labels) -> list[Row]:
    return compare("x", [finding(name, answer) for name, answer in found.items()], known, MODEL)


def test_yes_and_no_are_counted_as_a_reader_would() -> None:
    known = labels(
        contact_info="yes", sitemap="yes", gis_data="yes", privacy_policy="no", org_profile="no",
        email_available="unsure", help_facilities="yes",
    )  # fmt: skip
    rows = rows_of(
        {"contact_info": "yes", "sitemap": "no", "gis_data": None, "privacy_policy": "yes",
         "org_profile": "no", "email_available": "no"},
        known,
    )  # fmt: skip
    assert len(rows) == 6  # the unsure one is left out, the one that nobody judged is not
    found = rates(rows)
    assert (found.precision, found.recall) == (1 / 2, 1 / 4)
    assert found.f1 == pytest.approx(1 / 3)
    assert (found.accuracy, found.observed, found.labelled) == (2 / 4, 4, 6)
    assert [row.page for row in rows if row.agree is None] == ["blocked", "no detector judges it"]


def test_levels_are_counted_along_the_scale_of_the_model() -> None:
    known = labels(
        news="none", complaint_feedback="very_high", online_contact=("low", "high"), job_opportunities="low",
        interaction_type="two_way", online_payment="high",
    )  # fmt: skip
    rows = rows_of(
        {"news": "very_low", "complaint_feedback": "medium", "online_contact": "very_high",
         "job_opportunities": "low", "interaction_type": "info_and_polls", "online_payment": None},
        known,
    )  # fmt: skip
    assert [row.distance for row in rows] == [1, 2, 1, 0, 1, None]
    assert levels(rows) == (6, 5, 1 / 6, 4 / 6)
    assert confusion([rows[2]]) == {"high": {"very_high": 1}}
    assert confusion([rows[5]]) == {"high": {"not_observable": 1}}


def test_a_label_that_nobody_can_tell_agrees_with_not_observable() -> None:
    (row,) = rows_of({"upload_volume": None}, labels(upload_volume="not_observable"))
    assert row.agree is True
    assert levels([row]).cases == 0


# A corpus

WORDS = "<p>" + "The office serves the people of the county every day. " * 6 + "</p>"
CONTACT = "<h1>تماس با ما</h1><p>نشانی: ساری، بلوار خزر، پلاک ۱۲</p><p>تلفن: ۰۱۱-۳۳۳۳۴۴۴۴</p>"


def site(corpus: Path, name: str, language: str, start: str, pages: dict[str, str], answers: str) -> None:
    for path, body in pages.items():
        file = corpus / name / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(body, encoding="utf-8")
    origin = {"start": start, "language": language, "path": "www.portal.example/", "pages": len(pages)}
    (corpus / name / ".origin.json").write_text(json.dumps(origin))
    (corpus / "labels").mkdir(exist_ok=True)
    (corpus / "labels" / f"{name}.yaml").write_text(
        f"# by hand\nsite: {name}\nstart: {start}\nlanguage: {language}\nseen_by: two people\n"
        f"labels:\n{answers}",
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def outside() -> Iterator[Site]:
    """Another server on loopback, to which the saved pages link and from which they load."""
    with serve({"/": html("never asked"), "/x.js": html(""), "/x.png": html("")}) as there:
        yield there


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, outside: Site) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    away = (
        f'<a href="{outside.url()}">سامانه</a><img src="{outside.url("/x.png")}">'
        f'<iframe src="{outside.url()}"></iframe><script src="{outside.url("/x.js")}"></script>'
        f'<script>fetch("{outside.url()}"); new WebSocket("ws://{outside.host}/")</script>'
    )
    site(
        folder, "ir-Sari", "fa", "index.html",
        {
            "index.html": page(f'<a href="contact.html">تماس با ما</a><a href="news">اخبار</a>{away}'),
            "contact.html": page(CONTACT),
            # An empty shell: its words come from a script, so a browser is needed.
            "news": page(f'<div id="a"></div><script>a.innerHTML = "<p>خبر</p>".repeat(30)</script>{away}'),
        },
        "  contact_info: {answer: 'yes', page: contact.html, quote: نشانی, note: ''}\n"
        "  privacy_policy: {answer: 'yes', page: rules.html, quote: حریم, note: a wrong label}\n"
        "  gis_data: {answer: unsure, page: '', quote: '', note: ''}\n"
        "  display_personalization: {answer: none, page: '', quote: '', note: ''}\n",
    )  # fmt: skip
    site(
        folder, "us-sari", "en", "Pages/default.html",
        {
            "Pages/default.html": page(
                f'<h1>Office</h1>{WORDS}<a href="contact us.html">Contact us</a>', lang="en"
            ),
            "Pages/contact us.html": page(
                f"<h1>Contact us</h1>{WORDS}<p>Phone: +1 202-254-3600</p>", lang="en"
            ),
        },
        "  contact_info: {answer: 'yes', page: Pages/contact us.html, quote: Phone, note: ''}\n"
        "  sitemap: {answer: 'no', page: '', quote: '', note: ''}\n",
    )  # fmt: skip
    return folder


def evaluate(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["evaluate", *(str(a) for a in arguments)])


@pytest.fixture(scope="module")
def done(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], Path]:
    home = tmp_path_factory.mktemp("home")
    learnt = home / "learnt.yaml"
    result = evaluate(corpus, "--home", home, "--json", "--jobs", "2", "--calibrate", learnt)
    assert result.exit_code == 1, result.stderr
    return home, json.loads(result.stdout), learnt


@pytest.mark.browser
def test_a_corpus_is_audited_and_compared(done: tuple[Path, dict[str, Any], Path]) -> None:
    _, said, learnt = done
    assert said["failed"] == [] and said["unobserved"] == {}
    assert set(said["portals"]) == {"ir-sari", "us-sari"}
    assert {name: own["labelled"] for name, own in said["languages"].items()} == {"fa": 3, "en": 2}
    assert said["coverage"]["unsure"] == 1
    assert (said["rates"]["precision"], said["rates"]["recall"]) == (1.0, 2 / 3)
    assert said["graded"] == {"cases": 1, "observed": 1, "exact": 1.0, "within_one": 1.0}
    assert said["confusion"] == {"display_personalization": {"none": {"none": 1}}}
    (wrong,) = said["disagreements"]
    assert (wrong["portal"], wrong["indicator"], wrong["answer"]) == ("ir-sari", "privacy_policy", "no")
    assert (wrong["label_page"], wrong["label_quote"]) == ("rules.html", "حریم")
    assert wrong["found_on"].startswith("/")
    assert sum(row["verdicts"] for row in said["calibration"]["bins"]) == 5
    assert said["calibrated"]["levels"][0]["verdicts"] == 5
    assert "5 labelled verdicts on 2 portals in en, fa" in learnt.read_text()


@pytest.mark.browser
def test_nobody_outside_is_asked(done: tuple[Path, dict[str, Any], Path], outside: Site) -> None:
    assert outside.hits == []


@pytest.mark.browser
def test_an_earlier_run_is_judged_anew_without_a_visit(
    done: tuple[Path, dict[str, Any], Path], corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, said, _ = done
    findings = home / said["run"] / "portals" / "ir-sari" / "findings.json"
    before = findings.read_bytes()
    monkeypatch.setattr("dargah.evaluation.serve", None)  # nothing may be served
    again = evaluate(corpus, "--home", home, "--run", said["run"], "--only", "ir-sari", "--json")
    assert again.exit_code == 1
    known = json.loads(again.stdout)
    assert known["portals"] == {"ir-sari": said["portals"]["ir-sari"]}
    assert known["disagreements"] == said["disagreements"]
    assert findings.read_bytes() == before
    assert len(Store.at(home).runs()) == 1


@pytest.mark.browser
def test_a_run_of_a_corpus_compares_with_labels_alone(
    done: tuple[Path, dict[str, Any], Path], tmp_path: Path
) -> None:
    home, said, _ = done
    (tmp_path / "us-sari.yaml").write_text(
        "{site: us-sari, start: /, language: en, labels: {contact_info: {answer: 'yes'}}}"
    )
    result = evaluate("--labels", tmp_path, "--home", home, "--json")
    assert result.exit_code == 0 and json.loads(result.stdout)["run"] == said["run"]


@pytest.mark.browser
def test_its_evidence_is_confirmed_and_a_changed_finding_is_not(
    done: tuple[Path, dict[str, Any], Path],
) -> None:
    home, said, _ = done
    result = CliRunner().invoke(app, ["verify", "--home", str(home), "--json"])
    sound = json.loads(result.stdout)
    assert (result.exit_code, sound["run"], sound["not_judged"]) == (0, said["run"], [])
    counts = sound["portals"]["us-sari"]
    assert counts["confirmed"] == counts["evidence"] > 0 and sound["mismatches"] == []
    findings = home / said["run"] / "portals" / "us-sari" / "findings.json"
    before = findings.read_text(encoding="utf-8")
    try:
        findings.write_text(before.replace("+1 202-254-3600", "+1 202-254-9999"), encoding="utf-8")
        result = CliRunner().invoke(app, ["verify", "--home", str(home), "--only", "us-sari", "--json"])
        assert result.exit_code == 1
        wrong = next(w for w in json.loads(result.stdout)["mismatches"] if w["indicator"] == "contact_info")
        assert wrong["what"] == "the excerpt does not stand in the page" and "254-3600" in wrong["found"]
        findings.write_text("[{}]")
        broken = CliRunner().invoke(app, ["verify", "--home", str(home)])
        assert broken.exit_code == 2 and "findings.json" in broken.stderr
    finally:
        findings.write_text(before, encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("contact_info:", "contact_infos:", "us-sari.yaml:7: labels.contact_infos: is no indicator"),
        ("answer: 'no'", "answer: none", "us-sari.yaml:8: labels.sitemap.answer: 'none' is no answer to it"),
        ("answer: 'no'", "answer: []", "us-sari.yaml:8: labels.sitemap.answer: is empty"),
        ("site: us-sari", "site: us-none", "us-sari.yaml:2: site: there is no saved portal 'us-none'"),
        ("site: us-sari", "site: ../home", "us-sari.yaml:2: site: there is no saved portal '../home'"),
        ("start: Pages/d", "start: Pages/x", "us-sari.yaml:3: start: there is no page 'Pages/xefault.html'"),
        ("language: en\n", "", "us-sari.yaml:2: language: is missing"),
    ],
)
def test_a_corpus_that_cannot_be_used_is_refused_whole(
    tmp_path: Path, old: str, new: str, error: str
) -> None:
    site(
        tmp_path, "us-sari", "en", "Pages/default.html", {"Pages/default.html": page("x")},
        "  contact_info: {answer: 'yes'}\n  sitemap: {answer: 'no'}\n",
    )  # fmt: skip
    file = tmp_path / "labels" / "us-sari.yaml"
    assert [s.id for s in read_corpus(tmp_path, MODEL)] == ["us-sari"]
    file.write_text(file.read_text().replace(old, new))
    with pytest.raises(DataFileError) as refused:
        read_corpus(tmp_path, MODEL)
    assert error in str(refused.value)
    result = evaluate(tmp_path, "--home", tmp_path / "home")
    assert result.exit_code == 2 and error in result.stderr
    assert Store.at(tmp_path / "home").runs() == []


def test_names_and_start_pages_as_people_save_them(tmp_path: Path) -> None:
    origin = {"start": "خانه ما.html", "notes": "saved by hand", "reachable_from_root": 3}
    place = tmp_path / "1-Öffentlich.example"
    place.mkdir(parents=True)
    (place / ".origin.json").write_text(json.dumps(origin))
    (place / "خانه ما.html").write_text(page("x"), encoding="utf-8")
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "any.yaml").write_text(
        "{site: 1-Öffentlich.example, start: /, language: fa, by: me, labels: {news: {answer: none, n: 1}}}",
        encoding="utf-8",
    )
    (found,) = read_corpus(tmp_path, MODEL)
    assert (found.id, found.start, found.language) == ("site-1--ffentlich-example", "خانه ما.html", "fa")
    agencies = tmp_path / "agencies.yaml"
    agencies.write_text(agencies_of(tmp_path, [found], {found.id: "http://127.0.0.1:80"}), encoding="utf-8")
    (agency,) = load_agencies(agencies).agencies
    assert agency.start.startswith("http://127.0.0.1:80/%D8%AE%D8%A7") and agency.confined and agency.archived


def test_what_is_asked_must_be_clear(tmp_path: Path) -> None:
    for arguments, error in (
        ((), "either CORPUS or --labels"),
        ((tmp_path, "--labels", tmp_path), "either CORPUS or --labels"),
        ((tmp_path,), "no labels/*.yaml there"),
        ((tmp_path / "none",), "no labels/*.yaml there"),
    ):
        result = evaluate(*arguments, "--home", tmp_path / "home")
        assert result.exit_code == 2 and error in result.stderr


def test_only_what_was_labelled_is_measured() -> None:
    assert needs_measuring(labels(contact_info="yes", mobile_site_quality=("low", "medium")))
    assert not needs_measuring(labels(contact_info="yes", mobile_site_quality="unsure"))
