"""Facts in texts: telephone numbers, e-mail addresses, postal addresses, dates, languages."""

from __future__ import annotations

from datetime import date, timedelta

import jdatetime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text import normalize
from indicators.contacts import email_of_link, emails_in, is_postal_address, phones_in
from indicators.dates import dates_in, parse_stamp
from indicators.language import language_of
from indicators.vocabulary import load_vocabulary

WORDS = load_vocabulary()
TODAY = date(2025, 12, 5)


@pytest.mark.parametrize(
    ("text", "region", "digits"),
    [
        ("تلفن: ۰۱۱-۳۳۴۴۵۵۶۶", "IR", ["01133445566"]),
        ("٠٢١٨٨٨٨٧٧٧٧", "IR", ["02188887777"]),
        ("تلفن ۳۳۴۴۵۵۶۶ - نمابر ۳۳۴۴۵۵۶۷", "IR", ["33445566", "33445567"]),
        ("۰۲۱-۸۸۸۸۷۷۷۷-۹", "IR", ["021888877779"]),
        ("+98 21 8888 7777", None, ["982188887777"]),
        ("سامانه تلفنی ۱۵۲۲", "IR", ["1522"]),
        ("تلفن گویا ۱۱۱", "IR", ["111"]),
        ("سامانه ۱۳۷", "IR", ["137"]),
        ("Telefon: 0 (312) 287 33 60", "TR", ["03122873360"]),
        ("فون: 042-99210749", "PK", ["04299210749"]),
        ("दूरभाष: ०५२२-२२०५८६७", "IN", ["05222205867"]),
        ("ফোন: +৮৮০২-৯১০১৯৩২", "BD", ["88029101932"]),
        ("Tel. (202) 254-3600", "US", ["2022543600"]),
        ("هاتف: 011234567", None, ["011234567"]),
        ("تاریخ ۱۴۰۴/۰۹/۱۲", "IR", []),
        ("کد ملی 0012345678", "IR", []),
        ("۲۵۰۰۰ ریال", "IR", []),
        ("شناسه 48162342", "IR", []),
        ("نامه شماره 2210/ت 1405 هیئت", "IR", []),
        ("به شماره 2210/م 48721ک ابلاغ شد", "IR", []),
        ("بخشنامه شماره 2210", "IR", []),
        ("القرار رقم 2210", "IQ", []),
    ],
)
def test_phones(text: str, region: str | None, digits: list[str]) -> None:
    assert [phone.digits for phone in phones_in(text, WORDS, region)] == digits


@pytest.mark.parametrize(
    ("text", "emails"),
    [
        ("ایمیل: Info@Sari.gov.ir", ("info@sari.gov.ir",)),
        ("portal[at]gov[dot]in", ("portal@gov.in",)),
        ("info (at) x.ir", ("info@x.ir",)),
        ("info @ x.ir", ("info@x.ir",)),
        ("a&#64;b.org", ("a@b.org",)),
        ("meet at noon dot", ()),
        ("logo@2x.png", ()),
        ("@channel", ()),
    ],
)
def test_emails(text: str, emails: tuple[str, ...]) -> None:
    assert emails_in(text) == emails


def test_mail_links() -> None:
    assert email_of_link("mailto:a%40b.org?subject=x") == "a@b.org"
    assert email_of_link("mailto:") == ""


@pytest.mark.parametrize(
    ("text", "is_address"),
    [
        ("نشانی: ساری، بلوار خزر، نبش کوچه ۱۲", True),
        ("تهران، خیابان آزادی، پلاک ۱۲", True),
        ("العنوان: شارع الملك فهد، الرياض", True),
        ("1730 M Street, N.W., Suite 218 Washington, D.C. 20036-4505", True),
        ("خیابان‌های شهر آسفالت شد", False),
        ("The street was closed", False),
        ("آدرس ایمیل خود را در خیابان وارد کنید", False),
        ("استضافت إدارة محافظة الوادي وفدا من 12 مديرا في إدارة بمحافظة الجبل", False),
    ],
)
def test_postal_addresses(text: str, is_address: bool) -> None:
    assert is_postal_address(text, WORDS) is is_address


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("۱۲ آذر ۱۴۰۴", date(2025, 12, 3)),
        ("چهارشنبه ۱۲ آذرماه ۱۴۰۴", date(2025, 12, 3)),
        ("1404/09/12", date(2025, 12, 3)),
        ("۱۲/۰۹/۱۴۰۴", date(2025, 12, 3)),
        ("۱۲ آذر", date(2025, 12, 3)),
        ("۲۸ اسفند", date(2025, 3, 18)),
        ("December 21, 2016", date(2016, 12, 21)),
        ("21 Dec. 2016", date(2016, 12, 21)),
        ("21-05-2024", date(2024, 5, 21)),
        ("2024-05-21", date(2024, 5, 21)),
        ("١٢ مايو ٢٠٢٥", date(2025, 5, 12)),
        ("١٢ كانون الثاني ٢٠٢٥", date(2025, 1, 12)),
        ("12 جانفي 2025", date(2025, 1, 12)),
        ("الاثنين 12 غشت 2025م", date(2025, 8, 12)),
        ("۱۲ آذرماه سال ۱۴۰۴", date(2025, 12, 3)),
        ("12 Mart 2025'te", date(2025, 3, 12)),
        ("12 Aralık 2024", date(2024, 12, 12)),
        ("12 dekabr 2024-cü il", date(2024, 12, 12)),
        ("१२ मार्च २०२५", date(2025, 3, 12)),
        ("১২ মার্চ ২০২৫", date(2025, 3, 12)),
        ("۱۲ مارچ ۲۰۲۵ء", date(2025, 3, 12)),
        ("12ی ئازاری 2025", date(2025, 3, 12)),
        ("12 Agustus 2025", date(2025, 8, 12)),
        ("۳ روز پیش", date(2025, 12, 2)),
        ("2 weeks ago", date(2025, 11, 21)),
    ],
)
def test_dates(text: str, day: date) -> None:
    assert [found.day for found in dates_in(normalize(text), WORDS, TODAY)] == [day]


def test_hijri_dates_are_right_to_a_day_or_two() -> None:
    # 1 Muharram 1446 was 7 July 2024 in most countries.
    (found,) = dates_in(normalize("١ محرم ١٤٤٦"), WORDS, TODAY)
    assert abs((found.day - date(2024, 7, 7)).days) <= 2


def test_the_order_of_day_and_month_follows_the_country() -> None:
    (american,) = dates_in("03/04/2024", WORDS, TODAY, month_first=True)
    (other,) = dates_in("03/04/2024", WORDS, TODAY)
    assert (american.day, other.day) == (date(2024, 3, 4), date(2024, 4, 3))


@pytest.mark.parametrize("text", ["۰۲۱-۸۸۸۸", "1404/13/40", "نسخه 2.3.2020.1", "10.0.0.1", "بند ۱۲"])
def test_what_is_no_date(text: str) -> None:
    assert dates_in(normalize(text), WORDS, TODAY) == []


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)))
def test_every_jalali_day_comes_back(day: date) -> None:
    jalali = jdatetime.date.fromgregorian(date=day)
    text = f"{jalali.year:04}/{jalali.month:02}/{jalali.day:02}"
    assert [found.day for found in dates_in(text, WORDS, TODAY)] == [day]
    assert parse_stamp(day.isoformat() + "T10:00:00Z") == day


@given(st.text(max_size=200))
def test_wild_text_never_raises(text: str) -> None:
    dates_in(normalize(text), WORDS, TODAY)
    phones_in(text, WORDS, "IR")
    emails_in(text)
    language_of(text)


@given(st.integers(1, 60))
def test_days_ago(days: int) -> None:
    (found,) = dates_in(f"{days} days ago", WORDS, TODAY)
    assert found.day == TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("این متن به زبان فارسی برای آزمایش نوشته شده است و درگاه سازمان آن را نشان می‌دهد", "fa"),
        ("اين متن به زبان فارسي با حروف عربي نوشته شده است و بايد فارسي شناخته شود", "fa"),
        ("هذا النص مكتوب باللغة العربية من أجل التجربة والاختبار في البوابة الحكومية", "ar"),
        ("یہ متن اردو زبان میں لکھا گیا ہے اور اس کو پہچانا جانا چاہیے تاکہ ٹھیک ہو", "ur"),
        ("This text is written in English to see whether it is recognised as such", "en"),
        ("Es una agencia federal independiente que investiga las prácticas prohibidas", "es"),
        ("यह पाठ हिन्दी में लिखा गया है और इसे पहचाना जाना चाहिए ताकि सब ठीक हो सके", "hi"),
        ("Этот текст написан на русском языке, чтобы проверить его распознавание", "ru"),
        ("کوتاه", ""),
    ],
)
def test_languages(text: str, language: str) -> None:
    assert language_of(text) == language
