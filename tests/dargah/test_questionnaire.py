"""The questionnaire as a spreadsheet, and back from spreadsheets and CSV exports."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from crawler.portal import Names, Portal
from dargah.questionnaire.reading import QuestionnaireError, Reader
from dargah.questionnaire.template import LISTS, option_labels, write_template
from indicators.model import load_model
from indicators.records import Answer

MODEL = load_model()
AT = datetime(2026, 3, 21, tzinfo=UTC)
AGENCIES = [
    Portal(id="water", names=Names(fa="شرکت آب", en="Water Company"), kind="c", start="http://w.ir/"),
    Portal(id="gas", names=Names(fa="شرکت گاز", en="Gas Company"), kind="c", start="http://g.ir/"),
]
READER = Reader(MODEL, AGENCIES)


def template(folder: Path, language: Literal["fa", "en"] = "fa") -> tuple[Path, Workbook]:
    path = folder / "filled.xlsx"
    path.write_bytes(write_template(MODEL, language, AGENCIES))
    return path, load_workbook(path)


def row_of(book: Workbook, number: str) -> tuple[Worksheet, int]:
    for sheet in book.worksheets[1:]:
        for row in sheet.iter_rows():
            if row[0].value == number:
                return sheet, int(row[0].row or 0)
    raise AssertionError(number)


def fill(book: Workbook, agency: str, answers: dict[str, str]) -> None:
    book.worksheets[0]["B1"] = agency
    for number, answer in answers.items():
        sheet, row = row_of(book, number)
        sheet.cell(row, 3, answer)


def read(*files: Path, agency: str = "") -> dict[str, Answer]:
    return {a.indicator: a for a in READER.read(files, AT, agency=agency)}


def problems(*files: Path, agency: str = "") -> list[str]:
    with pytest.raises(QuestionnaireError) as caught:
        READER.read(files, AT, agency=agency)
    return caught.value.problems


def csv(folder: Path, text: str, name: str = "answers.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8-sig")
    return path


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_question_stands_once_with_its_answers(tmp_path: Path, language: Literal["fa", "en"]) -> None:
    _, book = template(tmp_path, language)
    assert book[LISTS].sheet_state == "hidden"
    assert all(s.sheet_view.rightToLeft == (language == "fa") for s in book.worksheets if s.title != LISTS)
    for question in MODEL.questions:
        sheet, row = row_of(book, question.number)
        assert sheet.cell(row, 2).value == getattr(question.text, language)
        if option_labels(MODEL, question, language) and not question.multiple:
            assert any(f"C{row}" in v.sqref for v in sheet.data_validations.dataValidation)


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_filled_spreadsheet_comes_back_as_it_was_filled(
    tmp_path: Path, language: Literal["fa", "en"]
) -> None:
    path, book = template(tmp_path, language)
    given_answers = {
        q.number: option_labels(MODEL, q, language)[0]
        for q in MODEL.questions
        if option_labels(MODEL, q, language) and not q.multiple
    }
    network = MODEL.question("19").choices[0]
    yes = {"fa": "بله", "en": "Yes"}[language]
    fill(book, getattr(AGENCIES[0].names, language), given_answers | {f"19:{network.id}": yes})
    book.save(path)
    answers = read(path)
    assert answers["contact_info"].option == "yes" and answers["contact_info"].points == 1.6
    assert answers["news"].option == "very_high"
    assert answers["interaction_type"].option == MODEL.scale_of("interaction_type").options[0].id
    assert len(answers) == len(MODEL.indicators)
    assert {a.portal for a in answers.values()} == {"water"}


def test_a_decimal_question_number_is_not_taken_for_another(tmp_path: Path) -> None:
    path, book = template(tmp_path)
    fill(book, "water", {"6.1": "بله", "6.10": "خیر"})
    book.save(path)
    answers = read(path)
    assert answers["infrastructure_plan"].option == "yes"
    assert answers["system_integration_strategy"].option == "no"


def test_letters_and_digits_of_other_keyboards_are_the_same(tmp_path: Path) -> None:
    answers = read(csv(tmp_path, "agency,question,answer\nشركت آب,۵۸,خيلي زياد\n"))
    assert answers["news"].option == "very_high"


def test_no_information_and_no_answer_are_kept_apart(tmp_path: Path) -> None:
    answers = read(csv(tmp_path, "agency,question,answer\nwater,70,unknown\nwater,71,\nwater,86,خیر\n"))
    assert answers["contact_info"].option == "unknown" and answers["contact_info"].points is None
    assert "org_profile" not in answers
    assert answers["sitemap"].option == "no" and answers["sitemap"].points == 0


def test_a_wide_export_has_a_row_per_agency(tmp_path: Path) -> None:
    text = "Timestamp;agency;Q70;Q58. اخبار;comment\n1;Water Company;Yes;High;x\n2;gas;No;;y\n"
    answers = READER.read([csv(tmp_path, text)], AT)
    assert [(a.portal, a.indicator, a.option) for a in answers] == [
        ("water", "contact_info", "yes"),
        ("water", "news", "high"),
        ("gas", "contact_info", "no"),
    ]


def test_every_problem_is_named_by_sheet_and_cell(tmp_path: Path) -> None:
    path, book = template(tmp_path)
    fill(book, "water", {"58": "زیادی", "70": "شاید"})
    book.save(path)
    sheet, row = row_of(book, "58")
    found = problems(path)
    assert len(found) == 2
    assert any(
        f"sheet “{sheet.title}”, cell C{row}" in p and "زیادی" in p and "خیلی زیاد" in p for p in found
    )


def test_a_missing_and_an_unknown_agency_are_named_once(tmp_path: Path) -> None:
    path, book = template(tmp_path)
    fill(book, "", {"58": "زیاد", "70": "بله"})
    book.save(path)
    assert [p for p in problems(path) if "agency is missing" in p] == problems(path)
    wrong = csv(tmp_path, "agency,question,answer\nmoon,70,بله\nmoon,71,بله\n")
    assert len(problems(wrong)) == 1 and "cell C2" in problems(wrong)[0] and "moon" in problems(wrong)[0]


def test_an_answer_given_twice_is_named_with_both_places(tmp_path: Path) -> None:
    one = csv(tmp_path, "agency,question,answer\nwater,70,بله\n", "one.csv")
    two = csv(tmp_path, "agency,question,answer\nwater,71,بله\nwater,70,خیر\n", "two.csv")
    (problem,) = problems(one, two)
    assert "two.csv, cell C3" in problem and "one.csv, cell C2" in problem


def test_one_bad_cell_keeps_the_good_ones_out_too(tmp_path: Path) -> None:
    problems(csv(tmp_path, "agency,question,answer\nwater,70,بله\nwater,999,بله\n"))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a zip", b"\xff\xfe\x00", b"<html></html>"])
@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".pdf"])
def test_what_is_no_questionnaire_gets_one_clear_error(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"sent{suffix}"
    path.write_bytes(content)
    (problem,) = problems(path, agency="water")
    assert problem.startswith(path.name)


def test_formulas_are_not_believed(tmp_path: Path) -> None:
    path, book = template(tmp_path)
    fill(book, "water", {"70": '=HYPERLINK("http://evil","بله")'})
    book.save(path)
    with pytest.raises(QuestionnaireError):
        READER.read([path], AT)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_plainly(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_text("agency,question,answer\n" + text, encoding="utf-8", errors="surrogatepass")
        try:
            READER.read([path], AT, agency="water")
        except QuestionnaireError as error:
            assert error.problems
