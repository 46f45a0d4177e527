"""Writes the questionnaire as a spreadsheet: a sheet per section, a drop-down list per question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Literal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from crawler.portal import Portal
from indicators.model import Model, Option, Question, Text

Language = Literal["fa", "en"]

HEADER_ROW = 1
AGENCY_ROWS = ("agency", "respondent", "position", "date")
"""Rows of the first sheet, in order; the answers stand in its second column."""

LISTS = "lists"
"""Name of the hidden sheet that holds the drop-down lists (a list in place is limited to 255 characters)."""

WORDS: dict[str, Text] = {
    "agency_sheet": Text(fa="دستگاه", en="Agency"),
    "agency": Text(fa="نام یا شناسهٔ دستگاه", en="Agency (name or id)"),
    "respondent": Text(fa="نام پاسخ‌دهنده", en="Respondent's name"),
    "position": Text(fa="سمت", en="Position"),
    "date": Text(fa="تاریخ تکمیل", en="Date of completion"),
    "number": Text(fa="شماره", en="No."),
    "question": Text(fa="پرسش", en="Question"),
    "answer": Text(fa="پاسخ", en="Answer"),
    "note": Text(fa="توضیح", en="Note"),
    "yes": Text(fa="بله", en="Yes"),
    "no": Text(fa="خیر", en="No"),
    "pick": Text(fa="از فهرست برگزینید.", en="Choose from the list."),
}

FONT = "Tahoma"  # on every office machine, and it has the Persian letters
HEAD_FILL = PatternFill("solid", fgColor="1F4E5F")
ANSWER_FILL = PatternFill("solid", fgColor="FFF8E1")
LINE = Border(bottom=Side("thin", color="D0D7DE"))


def write_template(model: Model, language: Language, agencies: Sequence[Portal]) -> bytes:
    """The questionnaire of `model` as an .xlsx file. `agencies` fill the list on the first sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    lists = _Lists(book, language)
    _agency_sheet(book, language, lists, agencies)
    for index, section in enumerate(model.sections, start=1):
        questions = [q for q in model.questions if q.section == section.id]
        if questions:
            sheet = _sheet(book, sheet_title(index, getattr(section.name, language)), language)
            _fill_section(sheet, model, questions, language, lists)
    lists.move_to_end()
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_title(index: int, name: str) -> str:
    """A name that spreadsheets allow: at most 31 characters, none of ``: \\ / ? * [ ]``."""
    cleaned = "".join(" " if c in ":\\/?*[]" else c for c in name)
    return f"{index} {' '.join(cleaned.split())}"[:31].rstrip()


def _agency_sheet(book: Workbook, language: Language, lists: _Lists, agencies: Sequence[Portal]) -> None:
    sheet = _sheet(book, getattr(WORDS["agency_sheet"], language), language)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, 60
    for row, key in enumerate(AGENCY_ROWS, start=1):
        label = sheet.cell(row, 1, getattr(WORDS[key], language))
        label.font = Font(FONT, bold=True)
        _answer_cell(sheet, row, 2, language)
    if agencies:
        lists.offer(sheet, "B1", [getattr(a.names, language) for a in agencies])


def _fill_section(
    sheet: Worksheet, model: Model, questions: Iterable[Question], language: Language, lists: _Lists
) -> None:
    for column, (key, width) in enumerate(
        (("number", 9), ("question", 80), ("answer", 34), ("note", 40)), start=1
    ):
        cell = sheet.cell(HEADER_ROW, column, getattr(WORDS[key], language))
        cell.font, cell.fill = Font(FONT, bold=True, color="FFFFFF"), HEAD_FILL
        cell.alignment = Alignment(horizontal="center", vertical="center")
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    row = HEADER_ROW
    for question in questions:
        row += 1
        text = getattr(question.text, language)
        if question.kind == "heading" or (question.kind == "numbers") or question.multiple:
            _line(sheet, row, question.number, text, language, heading=True)
            for choice in question.choices:
                row += 1
                _line(sheet, row, f"{question.number}:{choice.id}", getattr(choice.name, language), language)
                _answer_cell(sheet, row, 3, language)
                if question.multiple:
                    lists.offer(sheet, f"C{row}", [getattr(WORDS[k], language) for k in ("yes", "no")])
        else:
            _line(sheet, row, question.number, text, language)
            _answer_cell(sheet, row, 3, language)
            if options := option_labels(model, question, language):
                lists.offer(sheet, f"C{row}", options)
    sheet.page_setup.orientation = "landscape"


def offered(model: Model, question: Question) -> list[Option]:
    """The options of a question, best first, without "no information"; none for free text."""
    if question.kind == "scale" and question.scale is not None:
        scale = model.scale(question.scale)
        return [*scale.options, scale.zero]
    return list(question.choices) if question.kind == "choices" else []


def option_labels(model: Model, question: Question, language: Language) -> list[str]:
    """The answers that a question offers, as printed, "no information" last; none for free text."""
    labels = [getattr(o.name, language) for o in offered(model, question)]
    return [*labels, getattr(model.unknown_option, language)] if labels else []


def _line(
    sheet: Worksheet, row: int, number: str, text: str, language: Language, *, heading: bool = False
) -> None:
    first = sheet.cell(row, 1, number)
    first.number_format = "@"  # or 6.10 would become 6.1
    first.font, first.border = Font(FONT, color="666666"), LINE
    first.alignment = Alignment(horizontal="center", vertical="top")
    cell = sheet.cell(row, 2, text)
    cell.font, cell.border = Font(FONT, bold=heading), LINE
    cell.alignment = Alignment(wrap_text=True, vertical="top", readingOrder=_reading_order(language))


def _answer_cell(sheet: Worksheet, row: int, column: int, language: Language) -> None:
    for place in (column, column + 1) if column == 3 else (column,):
        cell = sheet.cell(row, place)
        cell.number_format, cell.font, cell.border = "@", Font(FONT), LINE
        cell.alignment = Alignment(wrap_text=True, vertical="top", readingOrder=_reading_order(language))
        cell.protection = Protection(locked=False)
    sheet.cell(row, column).fill = ANSWER_FILL


def _sheet(book: Workbook, title: str, language: Language) -> Worksheet:
    sheet: Worksheet = book.create_sheet(title)
    sheet.sheet_view.rightToLeft = language == "fa"
    return sheet


def _reading_order(language: Language) -> int:
    return 2 if language == "fa" else 1


class _Lists:
    """The drop-down lists: each distinct list once, in a column of a hidden sheet."""

    def __init__(self, book: Workbook, language: Language) -> None:
        self.sheet: Worksheet = book.create_sheet(LISTS)
        self.sheet.sheet_state = "hidden"
        self.book, self.language = book, language
        self.columns: dict[tuple[str, ...], str] = {}
        self.validations: dict[tuple[str, str], DataValidation] = {}

    def offer(self, sheet: Worksheet, cell: str, options: Sequence[str]) -> None:
        """Makes the cell a drop-down list of these options."""
        key = tuple(options)
        if key not in self.columns:
            column = len(self.columns) + 1
            for row, option in enumerate(key, start=1):
                self.sheet.cell(row, column, option)
            letter = get_column_letter(column)
            self.columns[key] = f"{quote_sheetname(LISTS)}!${letter}$1:${letter}${len(key)}"
        reference = self.columns[key]
        validation = self.validations.get((sheet.title, reference))
        if validation is None:
            validation = DataValidation("list", formula1=reference, allow_blank=True, showErrorMessage=True)
            validation.error = getattr(WORDS["pick"], self.language)
            sheet.add_data_validation(validation)
            self.validations[sheet.title, reference] = validation
        validation.add(cell)

    def move_to_end(self) -> None:
        self.book.move_sheet(self.sheet, len(self.book.worksheets))
