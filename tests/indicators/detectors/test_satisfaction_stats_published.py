"""Results of surveys of satisfaction."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.satisfaction_stats_published import detect
from indicators.records import Finding
from tests.indicators.make_capture import START, page, site_of


def judge(folder: Path, body: str, name: str) -> Finding:
    with site_of(folder, {"/": page(f'<p>سلام</p><a href="/r">{name}</a>'), "/r": page(body)}) as site:
        return run(detect, site)


@pytest.mark.parametrize(
    ("name", "body", "quote"),
    [
        (
            "نتایج رضایت‌سنجی",
            "<p>از ۱۲۸۴ نفر نظرسنجی شد.</p><ul><li>رفتار کارکنان ۸۶٪</li><li>رضایت کلی ۷۷٪</li></ul>",
            "رضایت کلی ۷۷٪",
        ),
        ("قياس الرضا", "<p>بلغت نسبة الرضا عن الخدمات 91 بالمئة</p><p>راض جدا: 60%</p>", "نسبة الرضا"),
        (
            "Satisfaction survey",
            "<p>Satisfaction with our services:</p><dl><dt>Very satisfied</dt><dd>41</dd><dt>Satisfied"
            "</dt><dd>37</dd></dl>",
            "Very satisfied",
        ),
    ],
)
def test_a_page_of_results(tmp_path: Path, name: str, body: str, quote: str) -> None:
    finding = judge(tmp_path, f"<h1>{name}</h1>{body}", name)
    assert (finding.answer, finding.evidence[0].url) == ("yes", START + "r")
    assert quote in finding.evidence[0].excerpt


def test_a_share_told_elsewhere(tmp_path: Path) -> None:
    finding = judge(tmp_path, "<h1>گزارش</h1><dl><dt>رضایت کلی مراجعان</dt><dd>۷۷٪</dd></dl>", "گزارش عملکرد")
    assert (finding.answer, finding.evidence[0].excerpt) == ("yes", "رضایت کلی مراجعان")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        (
            "رضایت‌سنجی",
            "<h1>رضایت‌سنجی</h1><form action='/v' method='post'><label>خوب<input type='radio'></label>"
            "<button>ثبت</button></form>",
        ),
        ("رضایت‌سنجی", "<h1>رضایت‌سنجی</h1><p>نتایج به‌زودی منتشر می‌شود</p>"),
        ("نظرسنجی", "<h1>نظرسنجی</h1><p>ساعت ۸ تا ۱۵: ۵۴٪</p><p>ساعت ۹ تا ۱۶: ۴۶٪</p>"),
        ("Employee survey", "<h1>Employee satisfaction survey</h1><p>Job satisfaction: 71 percent</p>"),
    ],
)
def test_forms_promises_other_polls_and_staff_are_no_results(tmp_path: Path, name: str, body: str) -> None:
    assert judge(tmp_path, body, name).answer == "no"


@pytest.mark.parametrize(
    ("cells", "answer"),
    [("<td>3</td><td>21</td><td>0</td>", "yes"), ("<td>○</td><td>○</td><td>○</td>", "no")],
)
def test_a_table_that_counts_the_grades_of_each_service(tmp_path: Path, cells: str, answer: str) -> None:
    head = "<tr><td>الخدمة</td><td>ممتاز</td><td>جيد جدا</td><td>غير راض</td></tr>"
    rows = "".join(f"<tr><td>{name}</td>{cells}</tr>" for name in ("رخصة بناء", "ربط الكهرباء"))
    body = f"<h1>رضا المستفيدين</h1><p>نتائج قياس رضا المستفيدين عن خدماتنا</p><table>{head}{rows}</table>"
    assert judge(tmp_path, body, "رضا المستفيدين").answer == answer


@pytest.mark.parametrize(("value", "answer"), [("۸۷٪", "yes"), ("۱۲", "no")])
def test_a_share_above_its_label_as_a_row_of_figures_has_it(tmp_path: Path, value: str, answer: str) -> None:
    tiles = f"<div>{value}</div><div>رضایت مراجعان</div><div>۲۲</div><div>شهرستان</div>"
    assert judge(tmp_path, f"<h1>آمار</h1>{tiles}", "رضایت مراجعان").answer == answer


@pytest.mark.parametrize(
    ("lang", "name", "body", "answer"),
    [
        ("tr", "Memnuniyet Anketi", "<p>Vatandaşların yüzde 84'ü hizmetlerden memnun.</p>", "yes"),
        ("id", "Survei Kepuasan Masyarakat", "<p>Nilai IKM 86,75 dengan mutu B (Baik).</p>", "yes"),
        ("id", "Survei Kepuasan Masyarakat", "<p>Survei IKM dibuka tanggal 12.05.2024 di loket.</p>", "no"),
    ],
)
def test_a_share_after_its_word_and_an_index(
    tmp_path: Path, lang: str, name: str, body: str, answer: str
) -> None:
    pages = {
        "/": page(f'<p>x</p><a href="/r">{name}</a>', lang=lang),
        "/r": page(f"<h1>{name}</h1>{body}", lang=lang),
    }
    with site_of(tmp_path, pages, language=lang) as site:
        assert run(detect, site).answer == answer


@pytest.mark.parametrize(("head", "answer"), [("میزان رضایت از خدمات", "yes"), ("نام واحد", "no")])
def test_a_column_that_counts_the_answers(tmp_path: Path, head: str, answer: str) -> None:
    rows = "".join(
        f"<tr><td>{grade}</td><td>{count}</td><td>{share}</td></tr>"
        for grade, count, share in (("بسیار زیاد", "۱۲۰", "۴۵"), ("متوسط", "۸۰", "۳۰"), ("کم", "۶۶", "۲۵"))
    )
    body = f"<h1>نتایج نظرسنجی</h1><table><tr><th>{head}</th><th>تعداد</th><th>سهم</th></tr>{rows}</table>"
    assert judge(tmp_path, body, "نتایج نظرسنجی").answer == answer


@pytest.mark.parametrize(("head", "answer"), [("Nilai IKM", "yes"), ("Suhu", "no")])
def test_an_index_in_a_column(tmp_path: Path, head: str, answer: str) -> None:
    table = f"<table><tr><th>Triwulan</th><th>{head}</th></tr><tr><td>I 2024</td><td>84,21</td></tr></table>"
    pages = {
        "/": page('<p>x</p><a href="/r">Laporan SKM</a>', lang="id"),
        "/r": page(f"<h1>Laporan</h1>{table}", lang="id"),
    }
    with site_of(tmp_path, pages, language="id") as site:
        assert run(detect, site).answer == answer
