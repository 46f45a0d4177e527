# ruff: noqa: E501  (pages, one to a line)
"""The other hints: moves, accounts, counters, surveys, service pages, data, networks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.indicators.hints import is_silent, judge
from tests.indicators.make_capture import START, PageSpec, page

Pages = dict[str, PageSpec]

HOME = page('<nav><a href="/a">صفحه</a></nav><p>اداره کل</p>')
ANY = ("very_high", "high", "medium", "low", "very_low")


# A changed address


@pytest.mark.parametrize(
    "notice",
    [
        "<p>به آگاهی می‌رساند ساختمان اداره به خیابان امام، کوچه ۱۲، پلاک ۴ منتقل شد.</p>",
        "<h2>تغيير نشاني</h2><p>نشانی جدید: بلوار معلم، روبه‌روی بانک ملی</p>",
        "<p>نشانی وب جدید سازمان: roads.damavand.ir</p>",
        "<p>The regional office has moved to 14 High Street, second floor.</p>",
        "<p>انتقل مقر الإدارة إلى شارع الملك فهد، مبنى ١٢</p>",
    ],
)
def test_a_move_is_told_with_the_new_address(tmp_path: Path, notice: str) -> None:
    finding = judge(tmp_path, "address_change_notice", {"/": HOME, "/a": page(f"<h1>اطلاعیه</h1>{notice}")})
    assert finding.suggests == ANY  # that it is told at all speaks against "none", and for nothing more
    assert finding.evidence[0].note == "address_change"


@pytest.mark.parametrize(
    "text",
    [
        "برای درخواست تغییر نشانی مشترک، فرم زیر را پر کنید: خیابان و پلاک",
        "طرح انتقال آب به شهرک صنعتی منتقل شد",
        "ساختمان جدید اداره با حضور استاندار گشایش یافت.",
        "Farmers must report a change of address of livestock within ten days.",
        "Head office: 14 High Street",
    ],
)
def test_other_changes_are_no_notice(tmp_path: Path, text: str) -> None:
    assert is_silent(judge(tmp_path, "address_change_notice", {"/": HOME, "/a": page(f"<p>{text}</p>")}))


# After the log-in

LOGIN = (
    '<form action="/in" method="post"><label>کد ملی <input name="n"></label><input type="password" name="p">'
)
LOGIN += "<button>ورود شهروندان</button></form>"
ENTRY = page('<a href="/login">ورود شهروندان</a>')


@pytest.mark.parametrize(
    ("indicator", "words"),
    [
        ("personal_data_access", "پس از ورود می‌توانید درخواست‌های خود را ببینید."),
        ("personal_data_access", "After signing in: my applications, my messages."),
        ("personal_data_access", "بعد تسجيل الدخول: طلباتي وصندوق الوارد"),
        ("personal_data_update", "پس از ورود مي‌توانيد مشخصات خود را ویرایش کنید."),
        ("personal_data_update", "Sign in to update your contact details."),
        ("personal_data_update", "يمكنك تحديث بياناتك الشخصية: تحديث بياناتك"),
    ],
)
def test_a_log_in_says_what_is_behind_it(tmp_path: Path, indicator: str, words: str) -> None:
    pages: Pages = {"/": ENTRY, "/login": page(f"<h1>ورود شهروندان</h1>{LOGIN}<p>{words}</p>")}
    finding = judge(tmp_path, indicator, pages)
    assert finding.suggests == ("yes",)
    assert [e.kind for e in finding.evidence] == ["text", "form"]  # the promise, and the way in


def test_a_link_to_ones_own_cases_behind_the_log_in(tmp_path: Path) -> None:
    home = page('<a href="/login">ورود شهروندان</a><a href="/my">درخواست‌های من</a>')
    pages: Pages = {"/": home, "/login": page(f"<h1>ورود</h1>{LOGIN}"), "/my": ("login_wall", "")}
    finding = judge(tmp_path, "personal_data_access", pages)
    assert finding.evidence[0].excerpt == "درخواست‌های من"


@pytest.mark.parametrize("indicator", ["personal_data_access", "personal_data_update"])
@pytest.mark.parametrize(
    "pages",
    [
        {"/": ENTRY, "/login": page(f"<h1>ورود شهروندان</h1>{LOGIN}<p>رمز را فراموش کرده‌اید؟</p>")},
        {"/": page("<p>درخواست‌های خود را حضوری پیگیری و مشخصات خود را اصلاح کنید.</p>")},
        {"/": page('<a href="/login">ورود کارکنان</a>'), "/login": page("<h1>ورود کارکنان</h1><form><input type=password><button>ورود</button></form>"
                                    "<p>پیام‌های من، ویرایش مشخصات</p>")},
    ],
    ids=["says nothing", "no log-in", "staff"],
)  # fmt: skip
def test_no_log_in_or_no_promise_is_no_hint(tmp_path: Path, indicator: str, pages: Pages) -> None:
    assert is_silent(judge(tmp_path, indicator, pages))


# Counters


@pytest.mark.parametrize(
    "mark",
    [
        '<script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script>',
        "<script>(function(m){m.src='https://mc.yandex.ru/metrika/tag.js'})(x)</script>",
        "<script>var u='//stats.example.ir/';s.src=u+'matomo.js'</script>",
        '<script src="//www.webgozar.ir/c.aspx?Code=1"></script>',
        "<footer>بازدید امروز: ۱۲۳</footer>",
        "<table><tr><td>آمار بازدید</td><td>۴٬۵۶۷</td></tr></table>",
        "<p>Total visitors: 15780</p>",
        "<p>عدد الزوار: ٩٨٧</p>",
    ],
)
def test_a_counter_seen_or_unseen(tmp_path: Path, mark: str) -> None:
    finding = judge(tmp_path, "usage_stats_collected", {"/": page(f"<p>اداره کل</p>{mark}")})
    assert finding.suggests == ("yes",)
    assert finding.evidence[0].note in ("counting_script", "visit_counter")
    assert finding.evidence[0].locator


@pytest.mark.parametrize(
    "mark",
    [
        '<script src="https://code.jquery.com/jquery.js"></script>',
        "<p>بازدید مدیرکل از ۱۲ روستای استان</p>",
        "<p>آمار بازدید</p><p>به‌زودی</p>",
        '<a href="https://www.google-analytics.com">Google Analytics</a>',
        "<p>Visitors are welcome from 9 to 12.</p>",
    ],
)
def test_other_scripts_and_visits_are_no_counter(tmp_path: Path, mark: str) -> None:
    assert is_silent(judge(tmp_path, "usage_stats_collected", {"/": page(f"<p>اداره کل</p>{mark}")}))


# Satisfaction

SURVEY = (
    "<h1>رضایت‌سنجی از خدمات</h1><form action='/s' method='post'><p>از خدمات ما چه اندازه راضی هستید؟</p>"
    "<label><input type=radio name=q>بسیار راضی</label><label><input type=radio name=q>ناراضی</label>"
    "<button>ثبت نظر</button></form>"
)


@pytest.mark.parametrize("indicator", ["satisfaction_evaluated", "satisfaction_stats_collected"])
@pytest.mark.parametrize(
    "body",
    [
        SURVEY,
        "<h1>نتایج رضایت‌سنجی</h1><p>رضایت کلی ۷۷٪</p><p>ناراضی ۱۰٪</p>",
        "<h1>Satisfaction survey results</h1><p>78 percent of users were satisfied with our services.</p>",
    ],
)
def test_satisfaction_is_asked_for(tmp_path: Path, indicator: str, body: str) -> None:
    assert judge(tmp_path, indicator, {"/": HOME, "/a": page(body)}).suggests == ("yes",)


@pytest.mark.parametrize(
    "body",
    [
        "<h1>نظرسنجی</h1><form><p>رنگ درگاه کدام باشد؟</p><label><input type=radio name=q>سبز</label>"
        "<label><input type=radio name=q>آبی</label><button>ثبت رأی</button></form>",
        "<p>رضایت مردم، رضایت خداوند است.</p>",
        "<h1>رضایت شغلی کارکنان</h1><p>رضایت شغلی کارکنان ۸۰٪ است.</p>",
    ],
)
def test_other_polls_and_words_are_no_survey_of_satisfaction(tmp_path: Path, body: str) -> None:
    assert is_silent(judge(tmp_path, "satisfaction_evaluated", {"/": HOME, "/a": page(body)}))


@pytest.mark.parametrize(
    ("body", "level"),
    [
        ("<h1>نتایج رضایت‌سنجی</h1><p>رضایت کلی ۷۷٪</p>", "high"),
        ("<h1>رضایت کاربران</h1><p>۸۷ درصد رضایت کاربران از خدمات الکترونیکی ثبت شد.</p>", "very_high"),
        ("<h1>Customer satisfaction</h1><table><tr><td>Very satisfied</td><td>30%</td></tr>"
         "<tr><td>Satisfied</td><td>25%</td></tr><tr><td>Dissatisfied</td><td>45%</td></tr></table>", "medium"),
        ("<h1>رضا المستفيدين</h1><p>نسبة الرضا ١٨٪</p>", "very_low"),
    ],
)  # fmt: skip
def test_the_published_share_speaks_for_its_band(tmp_path: Path, body: str, level: str) -> None:
    finding = judge(tmp_path, "satisfied_users_share", {"/": HOME, "/a": page(body)})
    assert finding.suggests == (level,)
    assert finding.evidence[0].note == "satisfaction_share"


@pytest.mark.parametrize(
    "body",
    [
        SURVEY,
        "<h1>رضایت‌سنجی</h1><p>۱۲٬۰۰۰ نفر در رضایت‌سنجی شرکت کردند.</p>",
        "<h1>رضایت‌سنجی</h1><p>نارضایتی و رضایت کاربران به ترتیب ۲۰٪ بود</p>",
        "<p>۹۲ درصد پروژه‌ها پایان یافت.</p>",
    ],
)
def test_no_share_no_hint(tmp_path: Path, body: str) -> None:
    assert is_silent(judge(tmp_path, "satisfied_users_share", {"/": HOME, "/a": page(body)}))


# Service pages that are kept up to date

SERVICES = "<h1>خدمات</h1>" + "".join(
    f'<h3><a href="/services/{n}">صدور پروانه شماره {n}</a></h3><p>پروانه برای همه متقاضیان این خدمت صادر می‌شود</p>'
    for n in (1, 2, 3)
)
A_SERVICE = (
    "<h1>صدور پروانه شماره 1</h1><p>برای دریافت این پروانه، درخواست خود را همراه با مدارک لازم بفرستید تا کارشناسان "
    "در پنج روز کاری آن را بررسی کنند و نتیجه را به شما بگویند.</p>"
)


def services(mark: str) -> Pages:
    return {
        "/": page('<a href="/services">خدمات</a>'),
        "/services": page(SERVICES),
        "/services/1": page(A_SERVICE + mark),
    }


@pytest.mark.parametrize(
    "mark",
    ["<p>آخرین به‌روزرسانی: ۱۲ آبان ۱۴۰۴</p>", '<p>Last updated <time datetime="2025-11-03">03/11</time></p>'],
)
def test_a_service_page_says_when_it_was_updated(tmp_path: Path, mark: str) -> None:
    finding = judge(tmp_path, "dynamic_service_update", services(mark))
    assert finding.suggests == ("yes",)
    assert finding.evidence[0].url == START + "services/1"


@pytest.mark.parametrize("mark", ["", "<p>تاریخ تصویب: ۱۲ آبان ۱۴۰۰</p>", "<p>تعرفه‌ها به‌روزرسانی می‌شود</p>"])
def test_other_dates_are_no_update(tmp_path: Path, mark: str) -> None:
    assert is_silent(judge(tmp_path, "dynamic_service_update", services(mark)))


def test_an_update_of_another_page_is_not_a_services(tmp_path: Path) -> None:
    pages = services("") | {"/news": page("<h1>اخبار</h1><p>آخرین به‌روزرسانی: ۱۲ آبان ۱۴۰۴</p>")}
    assert is_silent(judge(tmp_path, "dynamic_service_update", pages))


# Open data

DATA = '<h1>داده باز</h1><p>جمعیت شهرستان‌ها <a href="/d.csv">CSV</a></p>'
CSV = {"/d.csv": ("text/csv", "city,people\nsari,300000\namol,200000\n")}
SUM = "<p>SHA-256: aef8de09cac131a55d6157cf2f8e4236</p>"
TERMS = "<p>استفاده مجدد از داده‌های این درگاه برای همه آزاد است، به شرط ذکر منبع و نام سازمان.</p>"
KEY = "<p>برای وب‌سرویس، کلید دسترسی خود را از همین صفحه بگیرید.</p>"


@pytest.mark.parametrize(
    ("told", "options"),
    [
        (SUM, ("medium", "low", "very_low")),
        (SUM + TERMS, ("high", "medium", "low")),
        (SUM + TERMS + KEY, ("very_high", "high", "medium")),
    ],
)
def test_the_more_protections_the_higher_the_range(
    tmp_path: Path, told: str, options: tuple[str, ...]
) -> None:
    pages: Pages = {"/": page('<a href="/data">داده باز</a>'), "/data": page(DATA + told)}
    finding = judge(tmp_path, "open_data_security", pages, start="http://portal.example.ir/", files=CSV)
    assert finding.suggests == options


def test_data_served_safely_and_no_need_for_a_key(tmp_path: Path) -> None:
    pages: Pages = {
        "/": page('<a href="/data">داده باز</a>'),
        "/data": page(DATA + "<p>کلید دسترسی لازم نیست.</p>"),
    }
    finding = judge(tmp_path / "https", "open_data_security", pages, files=CSV)
    assert [e.note for e in finding.evidence] == ["served_safely"]
    plain = {"start": "http://portal.example.ir/", "files": CSV}
    assert is_silent(judge(tmp_path / "http", "open_data_security", pages, **plain))


def test_without_open_data_nothing_is_protected(tmp_path: Path) -> None:
    pages: Pages = {"/": HOME, "/a": page("<h1>داده باز</h1>" + SUM)}
    assert is_silent(judge(tmp_path, "open_data_security", pages))


# New technologies


@pytest.mark.parametrize(
    "mark",
    [
        '<a href="/bot">دستیار هوشمند</a>',
        '<a href="https://bot.example.ir/chat">چت‌بات</a>',
        "<button>Ask our virtual assistant</button>",
        '<a href="/bot">المساعد الافتراضي</a>',
    ],
)
def test_an_assistant_that_answers(tmp_path: Path, mark: str) -> None:
    pages: Pages = {"/": page(f"<p>اداره کل</p>{mark}"), "/bot": page("<h1>گفت‌وگو</h1><p>بپرسید</p>")}
    finding = judge(tmp_path, "emerging_tech_use", pages)
    assert finding.suggests == ("yes",) and finding.evidence[0].note == "smart_assistant"


@pytest.mark.parametrize(
    "mark",
    [
        '<a href="/dead">دستیار هوشمند</a>',
        '<a href="/bot">همایش هوش مصنوعی و چت‌بات‌ها در تهران با حضور استادان دانشگاه برگزار شد</a>',
        '<a href="#">چت‌بات</a>',
        '<a href="/bot">گفت‌وگوی آنلاین با کارشناس</a>',
    ],
)
def test_dead_links_news_and_people_are_no_assistant(tmp_path: Path, mark: str) -> None:
    pages: Pages = {
        "/": page(f"<p>اداره کل</p>{mark}"), "/dead": ("http_error", ""), "/bot": page("<p>متن</p>"),
    }  # fmt: skip
    assert is_silent(judge(tmp_path, "emerging_tech_use", pages))


# Networks


@pytest.mark.parametrize(
    "mark",
    [
        '<a href="/msg">پیام‌رسان اختصاصی سازمان</a>',
        '<a href="https://talk.example.ir/">Our own messenger</a>',
    ],
)
def test_a_network_of_the_agencys_own(tmp_path: Path, mark: str) -> None:
    pages: Pages = {"/": page(mark), "/msg": page("<h1>پیام‌رسان</h1><p>دریافت</p>")}
    assert judge(tmp_path, "two_way_own_network", pages).suggests == ("yes",)


@pytest.mark.parametrize(
    "mark",
    ['<a href="https://eitaa.com/org">پیام‌رسان ایتا</a>', '<a href="/dead">پیام‌رسان اختصاصی سازمان</a>'],
)
def test_public_networks_and_dead_links_are_not_its_own(tmp_path: Path, mark: str) -> None:
    assert is_silent(judge(tmp_path, "two_way_own_network", {"/": page(mark), "/dead": ("http_error", "")}))


@pytest.mark.parametrize(
    "mark",
    [
        '<footer><a href="https://automation.example.ir/">اتوماسیون اداری</a></footer>',
        '<a href="/staff">ورود كاركنان</a>',
        '<a href="https://webmail.agency.example.com/">Mail</a>',
        '<a href="/owa/">Outlook</a>',
    ],
)
def test_an_entrance_of_the_staff(tmp_path: Path, mark: str) -> None:
    pages: Pages = {"/": page(mark), "/staff": ("login_wall", ""), "/owa/": ("login_wall", "")}
    finding = judge(tmp_path, "internal_network", pages)
    assert finding.suggests == ("yes",) and finding.evidence[0].note == "staff_login"


@pytest.mark.parametrize(
    "mark",
    [
        '<a href="/dead">اتوماسیون اداری</a>',
        '<a href="#">ورود کارکنان</a>',
        '<a href="/login">ورود شهروندان</a>',
        '<a href="/articles/prize-administrator-is-named.html">Wave prize</a>',
    ],
)
def test_other_entrances_are_not_the_staffs(tmp_path: Path, mark: str) -> None:
    pages: Pages = {
        "/": page(mark), "/dead": ("http_error", ""), "/login": page(f"<h1>ورود شهروندان</h1>{LOGIN}"),
        "/articles/prize-administrator-is-named.html": page("<p>متن</p>"),
    }  # fmt: skip
    assert is_silent(judge(tmp_path, "internal_network", pages))
