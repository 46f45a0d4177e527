# ruff: noqa: E501  (pages, one to a line)
"""Published strategies and what they name: a dozen hints that look for the same documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.indicators.hints import is_silent, judge
from tests.indicators.make_capture import START, page

HOME_FA = page(
    '<nav><a href="/plan">سند راهبردی دولت هوشمند</a><a href="/news/1">خبر</a></nav><p>سازمان برنامه</p>'
)
PLAN_FA = page(
    "<h1>سند راهبردی دولت هوشمند استان</h1>"
    "<p>این سند راهبرد دستگاه‌های استان را برای چهار سال آینده تعیین می‌کند و شورای برنامه‌ریزی استان آن را در "
    "نشست خود تصویب کرده و برای اجرا به همهٔ دستگاه‌ها ابلاغ نموده است.</p>"
    "<h2>سنجه‌ها</h2><p>سهم خدمات تمام‌الکترونیکی از ۶۴ به ۹۰ درصد می‌رسد؛ شاخص‌های پیشرفت هر فصل پایش می‌شود.</p>"
    "<ul><li>ایجاد مرکز داده و ارتقای امنیت اطلاعات دستگاه‌ها</li>"
    "<li>تصميم‌گيري داده محور و به کارگیری کلان‌داده و هوش مصنوعی</li>"
    "<li>یکپارچه‌سازی سامانه‌های دستگاه‌ها و ورود یکپارچه</li>"
    "<li>دسترسی معلولان و سالمندان به خدمات الکترونیکی</li>"
    "<li>مشارکت الکترونیکی مردم در بودجه‌ریزی</li>"
    "<li>تعامل بین‌دستگاهی و تبادل اطلاعات با شهرداری‌ها</li></ul>",
    title="سند راهبردی",
)
HOME_EN = page('<a href="/plan">Digital strategy 2024-2028</a><p>Department of Works</p>', lang="en")
PLAN_EN = page(
    "<h1>Digital government strategy 2024-2028</h1>"
    "<p>This strategy sets out how the department will change the way it works over the next five years, who is "
    "responsible for each action and how the money for it is found.</p>"
    "<p>Key performance indicators: nine in ten applications online by 2028.</p>"
    "<p>We will move our servers to shared data centres and strengthen cybersecurity.</p>"
    "<p>Decisions become data-driven; we test artificial intelligence in permit handling.</p>"
    "<p>Accessible services for people with disabilities come first.</p>"
    "<p>Citizen participation moves online with e-participation tools.</p>"
    "<p>Interoperability and a single sign-on join our separate systems.</p>"
    "<p>Inter-agency working groups meet every quarter.</p>",
    title="Strategy",
    lang="en",
)
HOME_AR = page('<a href="/plan">استراتيجية التحول الرقمي</a><p>الهيئة العامة</p>', lang="ar")
PLAN_AR = page(
    "<h1>استراتيجية التحول الرقمي للهيئة</h1>"
    "<p>تحدد هذه الوثيقة توجهات الهيئة خلال السنوات الخمس القادمة في مجال الحكومة الإلكترونية وقد اعتمدها مجلس "
    "الإدارة في جلسته الأخيرة ويجري تنفيذها على ثلاث مراحل متتابعة بإشراف لجنة خاصة.</p>"
    "<ul><li>مؤشرات الأداء: رفع نسبة الخدمات الرقمية إلى ٩٠٪</li>"
    "<li>تطوير مراكز البيانات وتعزيز الأمن السيبراني</li>"
    "<li>الاستفادة من الذكاء الاصطناعي والبيانات الضخمة</li>"
    "<li>إمكانية وصول كبار السن وذوي الإعاقة إلى الخدمات</li>"
    "<li>تعزيز المشاركة الإلكترونية</li><li>قرارات مبنية على البيانات</li>"
    "<li>الدخول الموحد والربط الإلكتروني</li><li>التكامل بين الجهات الحكومية</li></ul>",
    title="الاستراتيجية",
    lang="ar",
)
PORTALS = {
    "fa": {"/": HOME_FA, "/plan": PLAN_FA},
    "en": {"/": HOME_EN, "/plan": PLAN_EN},
    "ar": {"/": HOME_AR, "/plan": PLAN_AR},
}
NAMED = (
    ("egov_strategy", ("هوشمند", "strategy", "الرقمي")),
    ("infrastructure_plan", ("مرکز داده", "cybersecurity", "السيبراني")),
    ("implementation_metrics", ("شاخص‌های پیشرفت", "Key performance", "مؤشرات")),
    ("emerging_tech_strategy", ("هوش مصنوعی", "artificial intelligence", "الذكاء")),
    ("vulnerable_access_strategy", ("سالمندان", "disabilities", "كبار السن")),
    ("eparticipation_strategy", ("مشارکت الکترونیکی", "e-participation", "المشاركة الإلكترونية")),
    ("data_driven_strategy", ("داده محور", "data-driven", "البيانات")),
    ("system_integration_strategy", ("یکپارچه‌سازی", "Interoperability", "الموحد")),
    ("interagency_strategy", ("بین‌دستگاهی", "Inter-agency", "بين الجهات")),
)


@pytest.mark.parametrize("language", PORTALS)
@pytest.mark.parametrize(("indicator", "quotes"), NAMED)
def test_a_published_plan_that_names_it(
    tmp_path: Path, indicator: str, quotes: tuple[str, str, str], language: str
) -> None:
    finding = judge(tmp_path, indicator, dict(PORTALS[language]))
    assert finding.suggests == ("yes",)
    assert finding.evidence[0].url == START + "plan"
    assert quotes[list(PORTALS).index(language)] in finding.evidence[0].excerpt


def test_a_digital_transformation_plan_that_names_e_government(tmp_path: Path) -> None:
    assert judge(tmp_path / "ar", "digital_transformation_strategy", PORTALS["ar"]).suggests == ("yes",)
    no_transformation = judge(tmp_path / "fa", "digital_transformation_strategy", PORTALS["fa"])
    assert is_silent(no_transformation)


FIVE_YEARS = page(
    "<h1>برنامه راهبردی پنج‌ساله راهداری</h1><p>در این برنامه دو هزار کیلومتر راه روستایی آسفالت می‌شود، شش پل "
    "بزرگ ساخته می‌شود و همهٔ راهدارخانه‌های استان نوسازی و به ماشین‌آلات تازه مجهز می‌شود تا زمستان آسان‌تر بگذرد.</p>"
)
HEADLINE = page(
    "<h1>سند راهبردی دولت هوشمند رونمایی شد</h1><p>به گزارش روابط عمومی، در آیینی با حضور استاندار، سند راهبردی "
    "دولت هوشمند استان که هوش مصنوعی و مرکز داده از محورهای آن است رونمایی شد و مسئولان در سخنانی آن را ستودند.</p>"
)
ONLY_A_NAME = page("<h1>سند راهبردی دولت هوشمند</h1><p>به‌زودی</p>")
SMART_ROAD = page(
    "<h1>هوشمندسازی جاده‌ها</h1><p>دوربین‌های تازه در جاده‌های استان سرعت خودروها را ثبت می‌کند و رانندگان پیش از "
    "رسیدن به گردنه‌ها از یخ‌بندان آگاه می‌شوند؛ این کار با اعتبار سال جاری در ده نقطه انجام شده است.</p>"
)


@pytest.mark.parametrize(("indicator", "_quotes"), NAMED)
@pytest.mark.parametrize(
    "pages",
    [
        {"/": page('<a href="/p">برنامه راهبردی</a>'), "/p": FIVE_YEARS},
        {"/": page('<a href="/news/1">خبر</a>'), "/news/1": HEADLINE},
        {"/": page('<a href="/p">سند راهبردی دولت هوشمند</a>'), "/p": ONLY_A_NAME},
        {"/": page('<a href="/p">سند راهبردی دولت هوشمند</a>'), "/p": ("http_error", "")},
        {"/": page('<a href="/p">جاده‌ها</a>'), "/p": SMART_ROAD},
    ],
    ids=["plan of something else", "news of a plan", "no text", "dead", "no plan"],
)
def test_no_plan_no_hint(tmp_path: Path, indicator: str, _quotes: object, pages: dict) -> None:
    assert is_silent(judge(tmp_path, indicator, pages))


def test_a_plan_that_could_not_be_seen_is_not_observable(tmp_path: Path) -> None:
    finding = judge(tmp_path, "egov_strategy", {"/": HOME_FA, "/plan": ("blocked", "")})
    assert not finding.suggests and "/plan: blocked" in finding.reason


def test_a_plan_in_a_file_is_known_by_its_name(tmp_path: Path) -> None:
    home = page(
        '<p>برنامهٔ دولت الکترونیک استان <a href="/f.pdf">دریافت</a></p><a href="/g.pdf">برنامه غذایی</a>'
    )
    files = {"/f.pdf": ("application/pdf", "%PDF-1.7"), "/g.pdf": ("application/pdf", "%PDF-1.7")}
    finding = judge(tmp_path / "there", "egov_strategy", {"/": home}, files=files)
    assert finding.suggests == ("yes",)
    assert [e.excerpt for e in finding.evidence] == ["دریافت"]
    assert is_silent(judge(tmp_path / "not", "egov_strategy", {"/": home}))


@pytest.mark.parametrize(
    "rule",
    [
        "داده هر شهروند تنها یک‌بار گرفته می‌شود و مدارک تکراری از کسی خواسته نخواهد شد.",
        "We follow the once-only principle: what one office knows, the next will not ask.",
        "نلتزم بمبدأ المرة الواحدة في جمع بيانات المستفيدين من خدماتنا.",
    ],
)
def test_the_rule_that_data_is_asked_only_once(tmp_path: Path, rule: str) -> None:
    pages = {"/": page('<a href="/s">خدمات</a>'), "/s": page(f"<h1>خدمات</h1><p>{rule}</p>")}
    assert judge(tmp_path, "once_only_strategy", pages).suggests == ("yes",)


@pytest.mark.parametrize("text", ["ثبت‌نام تنها یک بار ممکن است.", "The form can be sent only once."])
def test_what_may_be_done_once_is_no_such_rule(tmp_path: Path, text: str) -> None:
    pages = {"/": page('<a href="/s">خدمات</a>'), "/s": page(f"<h1>خدمات</h1><p>{text}</p>")}
    assert is_silent(judge(tmp_path, "once_only_strategy", pages))


SOCIAL = page(
    "<h1>سیاست شبکه‌های اجتماعی</h1><p>کانال‌های رسمی سازمان هر روز کاری از ساعت هشت تا چهارده پاسخ می‌دهند. "
    "دیدگاه‌های توهین‌آمیز حذف می‌شود و پاسخ هر پرسش تا دو روز کاری در همان کانال نوشته خواهد شد. مسئولیت محتوای "
    "کاربران با خود آنان است.</p>"
)
SOCIAL_EN = page(
    "<h1>Social media comment policy</h1><p>We welcome comments on our official accounts. Posts that attack people "
    "are removed, and we do not respond outside office hours. Following someone is no endorsement of what they "
    "say or sell.</p>",
    lang="en",
)


@pytest.mark.parametrize("policy", [SOCIAL, SOCIAL_EN])
def test_a_policy_on_social_media(tmp_path: Path, policy: str) -> None:
    finding = judge(tmp_path, "social_media_strategy", {"/": page('<a href="/p">شبکه‌ها</a>'), "/p": policy})
    assert finding.suggests == ("yes",) and finding.evidence[0].note == "social_policy"


def test_links_to_accounts_are_no_policy(tmp_path: Path) -> None:
    home = page(
        '<h2>شبکه‌های اجتماعی</h2><a href="https://eitaa.com/org">ایتا</a><a href="/p">سیاست شبکه‌های اجتماعی</a>'
    )
    assert is_silent(judge(tmp_path, "social_media_strategy", {"/": home, "/p": ONLY_A_NAME}))


def test_single_sign_on_in_use_hints_at_joined_systems(tmp_path: Path) -> None:
    home = page('<a href="https://sso.my.gov.ir/login?client=1">ورود با پنجره ملی خدمات دولت هوشمند</a>')
    finding = judge(tmp_path, "system_integration_strategy", {"/": home})
    assert finding.suggests == ("yes",) and finding.evidence[0].note == "digital_identity"
