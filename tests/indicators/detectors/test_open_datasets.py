"""Data offered for re-use in files and interfaces that machines read."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.open_datasets import detect
from indicators.records import Finding
from tests.indicators.make_capture import START, page, site_of

HOME = page('<p>سازمان</p><a href="/data">داده باز</a><a href="/forms">فرم‌ها</a>')
CSV = "year,county,urban\r\n1401,Damavand,201400\r\n1402,Damavand,204000\r\n"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def judge(
    folder: Path,
    body: str,
    files: dict[str, tuple[str, str]],
    path: str = "/data",
    refusals: dict[str, str] | None = None,
) -> Finding:
    with site_of(folder, {"/": HOME, path: page(body)}, files=files, refusals=refusals) as site:
        return run(detect, site)


@pytest.mark.parametrize(
    ("link", "file"),
    [
        ('<a href="/f/p.csv">CSV</a>', {"/f/p.csv": ("text/csv", CSV)}),
        ('<a href="/get?id=3">دریافت</a>', {"/get?id=3": ("text/csv", CSV.replace(",", ";"))}),
        ('<a href="/api/v1/p">JSON (API)</a>', {"/api/v1/p": ("application/json", '{"rows": [{"a": 1}]}')}),
        ('<a href="/f/p.xlsx">XLSX</a>', {"/f/p.xlsx": (XLSX, "PK")}),
        (
            '<a href="/f/p.xml">XML</a>',
            {"/f/p.xml": ("application/xml", "<?xml version='1.0'?><rows><r/></rows>")},
        ),
    ],
)
def test_files_and_interfaces_on_a_page_of_open_data(
    tmp_path: Path, link: str, file: dict[str, tuple[str, str]]
) -> None:
    finding = judge(tmp_path, f"<h1>داده باز</h1><h2>جمعیت شهرستان‌ها</h2><p>{link}</p>", file)
    assert finding.answer == "yes"
    assert finding.evidence[0].url == START + "data"
    assert finding.evidence[1].excerpt == "جمعیت شهرستان‌ها"


@pytest.mark.parametrize(
    "text", ["دریافت مجموعه‌داده تأسیسات (GeoJSON)", "Download the dataset", "تحميل مجموعة بيانات المرافق"]
)
def test_a_file_that_is_called_a_data_set_counts_on_any_page(tmp_path: Path, text: str) -> None:
    file = {"/f/t.geojson": ("application/geo+json", '{"type": "FeatureCollection", "features": [1]}')}
    body = f'<h1>نقشه</h1><p><a href="/f/t.geojson">{text}</a></p>'
    finding = judge(tmp_path, body, file, path="/gis")
    assert finding.answer == "yes"
    assert finding.evidence[0].excerpt == text
    assert finding.evidence[-1].kind == "file"


@pytest.mark.parametrize(
    ("path", "body", "files"),
    [
        (
            "/forms",
            '<h1>فرم‌ها</h1><a href="/f/a.xlsx">فهرست ناوگان (فرم خام)</a>',
            {"/f/a.xlsx": (XLSX, "PK")},
        ),
        ("/data", '<h1>داده باز</h1><a href="/f/a.xlsx">فرم درخواست داده</a>', {"/f/a.xlsx": (XLSX, "PK")}),
        ("/reports", '<h1>گزارش‌ها</h1><a href="/f/a.xlsx">گزارش عملکرد سال</a>', {"/f/a.xlsx": (XLSX, "PK")}),
        (
            "/data",
            '<h1>داده باز</h1><a href="/f/a.pdf">آمار (PDF)</a>',
            {"/f/a.pdf": ("application/pdf", "")},
        ),
        ("/data", '<h1>داده باز</h1><a href="/f/a.csv">CSV</a>', {}),
        ("/data", '<h1>داده باز</h1><a href="/f/a.csv">CSV</a>', {"/f/a.csv": ("text/html", "<h1>404</h1>")}),
        ("/data", '<h1>داده باز</h1><a href="/f/a.csv">CSV</a>', {"/f/a.csv": ("text/csv", "nothing yet")}),
        ("/data", '<h1>داده باز</h1><a href="/api">API</a>', {"/api": ("application/json", "{}")}),
        (
            "/data",
            '<h1>داده باز</h1><a href="/rss.xml">خبرخوان</a>',
            {"/rss.xml": ("text/xml", "<rss></rss>")},
        ),
        ("/data", '<h1>داده باز</h1><a href="https://data.gov.ir/d/1.csv">CSV</a>', {}),
    ],
)
def test_forms_reports_feeds_dead_and_empty_files_are_no_data_sets(
    tmp_path: Path, path: str, body: str, files: dict[str, tuple[str, str]]
) -> None:
    assert judge(tmp_path, body, files, path=path).answer == "no"


def test_a_data_file_that_robots_may_not_ask_for_is_not_observable(tmp_path: Path) -> None:
    body = '<h1>داده باز</h1><a href="/f/a.csv">CSV</a>'
    finding = judge(tmp_path, body, {}, refusals={"/f/a.csv": "robots.txt"})
    assert finding.answer is None
    assert "robots.txt" in finding.reason
