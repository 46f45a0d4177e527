"""Evidence is confirmed by the archive, and whatever was tampered with is found."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from audits.records import Measurement, Measurements
from crawler.capture import ARCHIVE, DATABASE, Capture
from indicators.detector import file_evidence, form_evidence, link_evidence, sitemap_evidence, text_evidence
from indicators.detectors._measured import measurement_evidence
from indicators.load import load_site
from indicators.records import Evidence, Finding
from indicators.site import Site
from indicators.verify import Verified, verify
from tests.indicators.make_capture import START, VISITED, make_capture, page

HOME = page(
    "<h1>اداره کل</h1><p>تلفن: ۰۱۱-۳۳۳۳۴۴۴۴ &amp; دورنگار: <b>۰۱۱</b>-۳۳۳۳۴۴۴۵</p>"
    '<p>کتاب‌های كهن</p><p>سخن دیگر</p><a href="/about">دربارهٔ ما</a>'
    '<form action="/ask"><label for="q">پرسش شما</label><textarea id="q" name="q"></textarea></form>'
)
MEASURED = Measurements(
    portal="portal",
    chromium="1",
    measurements=(
        Measurement(
            name="lcp", value=1840.5, unit="ms", url=START, device="phone", method="browser",
            measured_at=VISITED + timedelta(seconds=30),
        ),
    ),
    lighthouse=(),
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_capture(
        tmp_path / "capture",
        {"/": HOME, "/about": page("<p>تاریخچهٔ اداره</p>")},
        files={"/data.csv": ("text/csv", "سال,شهر\n۱۴۰۱,ساری\n")},
        sitemaps={"/sitemap.xml": 12},
    )


def evidence_of(site: Site) -> dict[str, Evidence]:
    home = site.pages[0]
    block = {b.text[:4]: b for b in home.blocks}
    return {
        "text": text_evidence(site, home, block["تلفن"], "telephone"),
        "habit": text_evidence(site, home, block["کتاب"], "words"),
        "link": link_evidence(site, home, next(a for a in home.links if "about" in a.url), "profile"),
        "form": form_evidence(site, home, home.forms[0], "form", home.forms[0].controls[0]),
        "file": file_evidence(site.files[0], "dataset_file"),
        "sitemap": sitemap_evidence(site, site.sitemaps[0], "sitemap"),
        "measurement": measurement_evidence(site, MEASURED.measurements[0]),
        "header": Evidence(
            url=START, seen_at=VISITED, kind="header", excerpt="content-type: text/html",
            warc_record=home.record.record_id, page=1,
        ),
    }  # fmt: skip


@pytest.fixture
def evidence(folder: Path) -> Iterator[dict[str, Evidence]]:
    with Capture(folder) as capture:
        yield evidence_of(load_site(capture, MEASURED))


def verified(folder: Path, *evidence: Evidence, measured: Measurements | None = MEASURED) -> Verified:
    finding = Finding(
        portal="portal",
        indicator="x",
        answer="yes",
        confidence=0.9,
        evidence=evidence,
        detector="x",
        version=1,
    )
    with Capture(folder) as capture:
        return verify([finding], capture, measured)


def wrongs(folder: Path, *evidence: Evidence, **options: Measurements | None) -> list[str]:
    return [wrong.what for wrong in verified(folder, *evidence, **options).mismatches]


def test_every_kind_of_evidence_is_confirmed(folder: Path, evidence: dict[str, Evidence]) -> None:
    done = verified(folder, *evidence.values())
    assert done.mismatches == () and done.confirmed == done.evidence == len(evidence)


@pytest.mark.parametrize(
    "excerpt",
    ["تلفن: ۰۱۱-۳۳۳۳۴۴۴۴ & دورنگار: ۰۱۱-۳۳۳۳۴۴۴۵", "تلفن:  011-33334444", "تلفن : ٠١١-٣٣٣٣٤٤٤٤"],
)
def test_white_space_entities_and_habits_of_writing_are_forgiven(
    folder: Path, evidence: dict[str, Evidence], excerpt: str
) -> None:
    assert wrongs(folder, evidence["text"].model_copy(update={"excerpt": excerpt})) == []
    assert wrongs(folder, evidence["habit"].model_copy(update={"excerpt": "کتاب های کهن"})) == []


@pytest.mark.parametrize(
    ("kind", "change", "what"),
    [
        ("text", {"excerpt": "تلفن: ۰۱۱-۳۳۳۳۴۴۴۹"}, "the excerpt does not stand in the page"),
        ("text", {"excerpt": ""}, "the excerpt does not stand in the page"),
        ("text", {"excerpt": "سخن دیگر"}, "the excerpt stands elsewhere in the page"),
        ("link", {"locator": "/html/body[1]/a[9]"}, "the locator leads nowhere"),
        ("link", {"locator": "///["}, "the locator leads nowhere"),
        ("link", {"url": START + "about"}, "the record is of another address"),
        ("link", {"seen_at": VISITED + timedelta(hours=1)}, "it was seen at another time"),
        ("form", {"page": 2}, "the page has another record"),
        ("form", {"page": 99}, "the page is not in the capture"),
        ("form", {"excerpt": "نام شما"}, "the excerpt does not stand in the page"),
        ("form", {"warc_record": "<urn:uuid:0>"}, "the record cannot be read"),
        ("form", {"warc_record": ""}, "the record cannot be read"),
        ("file", {"excerpt": "۱۴۰۲,آمل"}, "the file does not say so"),
        ("file", {"url": START + "other.csv"}, "the file is not in the capture"),
        ("file", {"page": 2}, "the file was found on another page"),
        ("sitemap", {"url": START + "other.xml"}, "the sitemap is not in the capture"),
        ("measurement", {"excerpt": "lcp 840.5 ms (phone)"}, "nothing of the kind was measured"),
        ("measurement", {"seen_at": VISITED}, "it was measured at another time"),
        ("header", {"excerpt": "content-type: text/plain"}, "no header says so"),
    ],
)
def test_a_finding_that_claims_something_else_is_found(
    folder: Path, evidence: dict[str, Evidence], kind: str, change: dict[str, object], what: str
) -> None:
    changed = evidence[kind].model_copy(update=change)
    others = [item for name, item in evidence.items() if name != kind]
    done = verified(folder, changed, *others)
    assert what in [wrong.what for wrong in done.mismatches]
    assert {wrong.evidence for wrong in done.mismatches} == {changed}
    assert done.confirmed == len(others)


def test_what_stands_there_instead_is_told(folder: Path, evidence: dict[str, Evidence]) -> None:
    (wrong,) = verified(folder, evidence["text"].model_copy(update={"excerpt": "تلفن: ۱"})).mismatches
    assert "۰۱۱-۳۳۳۳۴۴۴۴" in wrong.found


def test_an_archive_that_was_changed_is_found(folder: Path, evidence: dict[str, Evidence]) -> None:
    """Somebody writes another telephone number into the archived page, and keeps every length."""
    for archive in (folder / ARCHIVE).glob("*.warc.gz"):
        _rewrite(folder, archive, "۳۳۳۳۴۴۴۴".encode(), "۹۹۹۹۸۸۸۸".encode())
    found = wrongs(folder, evidence["text"])
    assert "the record's digest does not hold" in found
    assert "the excerpt does not stand in the page" in found
    assert wrongs(folder, evidence["file"]) == []


def test_a_damaged_or_missing_archive_is_found(folder: Path, evidence: dict[str, Evidence]) -> None:
    (archive,) = (folder / ARCHIVE).glob("*.warc.gz")
    whole = archive.read_bytes()
    archive.write_bytes(whole[:400] + b"\0" * (len(whole) - 400))
    for kind in ("text", "file", "sitemap"):
        assert wrongs(folder, evidence[kind]), kind
    archive.unlink()
    assert wrongs(folder, evidence["text"]) == ["the record cannot be read"]


def test_records_that_were_exchanged_are_found(folder: Path, evidence: dict[str, Evidence]) -> None:
    with sqlite3.connect(folder / DATABASE) as db:
        db.execute(
            "UPDATE records SET offset = (SELECT offset FROM records r WHERE r.url LIKE '%/about'"
            " AND r.kind = 'response') WHERE record_id = ?",
            (evidence["text"].warc_record,),
        )
    assert "the record's digest does not hold" in wrongs(folder, evidence["text"])


def test_without_measurements_or_archive_nothing_is_confirmed(
    folder: Path, evidence: dict[str, Evidence]
) -> None:
    assert wrongs(folder, evidence["measurement"], measured=None) == ["nothing of the kind was measured"]
    finding = Finding(
        portal="p", indicator="x", answer="yes", confidence=1, evidence=(evidence["text"],), detector="x",
        version=1,
    )  # fmt: skip
    done = verify([finding], "gone", None)
    assert done.confirmed == 0 and [(w.what, w.found) for w in done.mismatches] == [
        ("the portal has no archive", "gone")
    ]


def _rewrite(folder: Path, archive: Path, old: bytes, new: bytes) -> None:
    """Changes bytes inside every record and keeps the index true."""
    assert len(old) == len(new)
    whole, changed = archive.read_bytes(), b""
    with sqlite3.connect(folder / DATABASE) as db:
        rows = db.execute("SELECT record_id, offset, length FROM records ORDER BY offset").fetchall()
        changed = whole[: rows[0][1]]
        for record_id, offset, length in rows:
            piece = gzip.compress(gzip.decompress(whole[offset : offset + length]).replace(old, new))
            db.execute(
                "UPDATE records SET offset = ?, length = ? WHERE record_id = ?",
                (len(changed), len(piece), record_id),
            )
            changed += piece
    archive.write_bytes(changed)
