"""Vacancies, notices of them, empty pages and links elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.job_opportunities import detect
from indicators.records import Finding
from tests.indicators.make_capture import PageSpec, page, site_of

HOME = page('<p>شرکت آب</p><a href="/jobs">فرصت‌های شغلی</a>')
NOTICE = "<h2>جذب تکنسین آزمایشگاه (دو نفر)</h2><p>مهلت: {day}</p>"


def judge(folder: Path, pages: Mapping[str, PageSpec], **options: object) -> Finding:
    with site_of(folder, pages, None, **options) as site:
        return run(detect, site)


def test_open_vacancies_with_a_form(tmp_path: Path) -> None:
    body = (
        "<h1>فرصت‌های شغلی</h1>"
        + NOTICE.format(day="۱۴۰۴/۰۹/۳۰")
        + (
            '<form action="/apply" method="post"><label>نام <input name="name"></label>'
            '<label>کارنامک <input type="file" name="cv"></label><button>ارسال درخواست</button></form>'
        )
    )
    finding = judge(tmp_path, {"/": HOME, "/jobs": page(body)})
    assert finding.answer == "very_high"
    assert finding.evidence[0].excerpt == "جذب تکنسین آزمایشگاه (دو نفر)"


@pytest.mark.parametrize("day", ["۱۴۰۴/۰۹/۳۰", "۱۴۰۳/۰۲/۱۲"])
def test_dated_notices_open_or_closed(tmp_path: Path, day: str) -> None:
    finding = judge(tmp_path, {"/": HOME, "/jobs": page("<h1>فرصت‌های شغلی</h1>" + NOTICE.format(day=day))})
    assert finding.answer == "high"


@pytest.mark.parametrize(
    ("lang", "link", "body"),
    [
        ("en", "Careers", "<h1>Careers</h1><p>We have no open positions at this time. Please come back.</p>"),
        ("ar", "الوظائف الشاغرة", "<h1>الوظائف الشاغرة</h1><p>لا توجد حاليا أي إعلانات، عودوا لاحقا</p>"),
        ("fa", "استخدام", "<p>آگهی‌های استخدام در این صفحه درج می‌شود. اکنون آگهی نداریم.</p>"),
    ],
)
def test_a_page_without_vacancies(tmp_path: Path, lang: str, link: str, body: str) -> None:
    home = page(f'<p>x</p><a href="/jobs">{link}</a>', lang=lang)
    assert judge(tmp_path, {"/": home, "/jobs": page(body, lang=lang)}).answer == "medium"


def test_a_link_to_the_agencys_own_site_for_applicants(tmp_path: Path) -> None:
    home = page(
        '<a href="https://hr.example.sa/apply">الوظائف الشاغرة</a>',
        head='<link rel="canonical" href="https://www.example.sa/">',
        lang="ar",
    )
    finding = judge(tmp_path, {"/": home})
    assert (finding.answer, finding.evidence[0].kind) == ("medium", "link")


def test_a_link_to_another_body(tmp_path: Path) -> None:
    link = '<a href="https://sanjesh.example/jobs">آگهی‌های استخدامی (سازمان سنجش)</a>'
    finding = judge(tmp_path, {"/": page(link)})
    assert (finding.answer, finding.evidence[0].kind) == ("low", "link")


@pytest.mark.parametrize(
    "body",
    [
        '<a href="/duties">شرح وظایف</a>',
        '<a href="/dead">استخدام</a>',
        "<p>با اجرای این طرح دویست فرصت شغلی ایجاد شد.</p>",
        '<a href="/soon">فرصت‌های شغلی</a>',
    ],
)
def test_duties_dead_links_news_and_empty_promises_are_nothing(tmp_path: Path, body: str) -> None:
    pages: dict[str, PageSpec] = {
        "/": page(f"<p>اداره کل</p>{body}"),
        "/duties": page("<h1>شرح وظایف</h1><p>نظارت بر اجرای قانون در استان.</p>"),
        "/dead": ("http_error", ""),
        "/soon": page("<h1>فرصت‌های شغلی</h1><p>این صفحه در دست ساخت است</p>"),
    }
    assert judge(tmp_path, pages).answer == "none"


def test_a_part_of_a_page_that_says_there_are_no_vacancies(tmp_path: Path) -> None:
    above = "<h2>Atti</h2><h2>Organi</h2><h2>Bilanci</h2><p>Bilancio 2024</p>"
    body = above + "<h2>Bandi di concorso</h2><p>Non sono presenti bandi aperti.</p>"
    home = page('<a href="/trasparenza">Trasparenza</a>', lang="it")
    finding = judge(tmp_path, {"/": home, "/trasparenza": page(body, lang="it")})
    assert (finding.answer, finding.evidence[0].excerpt) == ("medium", "Non sono presenti bandi aperti.")


def test_a_notice_that_the_template_left_blank_is_nothing(tmp_path: Path) -> None:
    title = "Concorso pubblico per [Posizione] - scadenza XX/XX/XXXX"
    body = f"<h1>Avvisi</h1><h3>{title}</h3><p>Pubblicato il: 18 maggio 2025</p>"
    home = page('<a href="/avvisi">Avvisi</a>', lang="it")
    assert judge(tmp_path, {"/": home, "/avvisi": page(body, lang="it")}).answer == "none"


@pytest.mark.parametrize("applies", [True, False])
def test_vacancies_without_a_day_to_which_one_can_apply(tmp_path: Path, applies: bool) -> None:
    link = '<a href="/post">التقديم لهذه الوظيفة</a>' if applies else '<a href="/post">التفاصيل</a>'
    form = (
        '<form action="/send" method="post"><label>الاسم <input name="name"></label>'
        '<label>السيرة الذاتية <input type="file" name="cv"></label><button>إرسال</button></form>'
    )
    offers = "".join(
        f"<h3>{post}</h3><div>دوام كامل</div><div>{link}</div>" for post in ("مهندس كهرباء", "فني مختبر")
    )
    pages = {
        "/": page('<p>الهيئة العامة</p><a href="/careers">الوظائف</a>', lang="ar"),
        "/careers": page(f"<h1>الوظائف الشاغرة</h1>{offers}", lang="ar"),
        "/post": page('<h1>مهندس كهرباء</h1><p>خبرة ثلاث سنوات</p><a href="/apply">قدم الطلب</a>', lang="ar"),
        "/apply": page(f"<h1>نموذج التقديم</h1>{form}", lang="ar"),
    }
    assert judge(tmp_path, pages).answer == ("very_high" if applies else "medium")


def test_a_dated_headline_on_the_home_page_is_a_notice(tmp_path: Path) -> None:
    item = '<li><p><a href="/n/5">{}</a></p><span>۱۴۰۴/۰۹/۰۱</span></li>'
    home = "<h4>اخبار</h4><ul>" + item.format("نتایج اولیه آزمون استخدامی سازمان اعلام شد") + "</ul>"
    assert judge(tmp_path / "own", {"/": page(home)}).answer == "high"
    other = "<h4>اخبار</h4><ul>" + item.format("وزیر در نشست اشتغال از طرح جذب نیرو گفت") + "</ul>"
    assert judge(tmp_path / "talk", {"/": page(other)}).answer == "none"


@pytest.mark.parametrize(
    ("address", "answer"), [("https://hr.example.ir/6054", "medium"), ("https://jobs.example.org/1", "low")]
)
def test_a_notice_without_a_day_counts_where_it_is_the_agencys(
    tmp_path: Path, address: str, answer: str
) -> None:
    home = f'<h2>اعلانات</h2><ul><li><a href="{address}">اطلاعیه جذب نیرو دستیار دندانپزشک</a></li></ul>'
    assert judge(tmp_path, {"/": page(home)}).answer == answer


def test_the_news_of_a_career_fair_is_no_page_of_jobs(tmp_path: Path) -> None:
    body = '<a href="/news/fair">معرض التوظيف</a> <a href="https://jobs.example.org/">بوابة التوظيف</a>'
    news = "<h1>الوظائف الشاغرة في معرض التوظيف</h1><p>افتتح المدير المعرض يوم الأحد بحضور ستين شركة.</p>"
    pages = {"/": page(f"<p>الهيئة العامة</p>{body}", lang="ar"), "/news/fair": page(news, lang="ar")}
    assert judge(tmp_path, pages).answer == "low"


@pytest.mark.parametrize(
    ("title", "answer"),
    [
        ("اطلاعیه اعلام نتایج نهایی آزمون استخدامی سال گذشته", "high"),
        ("دیدار رئیس سازمان با پذیرفته‌شدگان آزمون استخدامی", "none"),
    ],
)
def test_a_notice_may_say_first_that_it_is_one(tmp_path: Path, title: str, answer: str) -> None:
    home = f'<h4>اخبار</h4><ul><li><a href="/n/5">{title}</a> <span>۱۴۰۴/۰۹/۰۱</span></li></ul>'
    assert judge(tmp_path, {"/": page(home)}).answer == answer


@pytest.mark.parametrize(
    ("address", "answer"),
    [("https://www.roads-example.az/jobs", "none"), ("https://jobs.roads-example.az/", "medium")],
)
def test_a_page_that_was_not_saved_with_a_copy_is_no_system_beside_it(
    tmp_path: Path, address: str, answer: str
) -> None:
    head = '<link rel="canonical" href="https://roads-example.az/">'
    home = page(f'<p>Yol idarəsi</p><a href="{address}">Vakansiyalar</a>', lang="az", head=head)
    assert judge(tmp_path, {"/": home}, archived=True).answer == answer


def test_a_copy_without_the_jobs_page_of_where_it_was_saved_offers_none(tmp_path: Path) -> None:
    came_from = '<link rel="canonical" href="http://www.ville.fr/">'
    home = page(
        '<h1>La ville</h1><a href="http://www.ville.fr/emploi">Offres d’emploi</a>', lang="fr", head=came_from
    )
    with site_of(tmp_path, {"/": home}, archived=True) as site:
        assert run(detect, site).answer == "none"


@pytest.mark.parametrize(("notices", "answer"), [(2, "medium"), (1, "none")])
def test_undated_notices_whose_pages_a_copy_lacks_tell_by_their_number(
    tmp_path: Path, notices: int, answer: str
) -> None:
    titles = ("قابل توجه متقاضیان استخدام در شرکت آب", "آگهی پذیرفته‌شدگان آزمون استخدامی شرکت")
    items = "".join(f'<li><a href="/n/{n}">{title}</a></li>' for n, title in enumerate(titles[:notices]))
    pages: dict[str, PageSpec] = {"/": page(f"<h4>تازه‌ها</h4><ul>{items}</ul>")}
    pages |= {f"/n/{n}": ("http_error", "") for n in range(notices)}
    assert judge(tmp_path, pages, archived=True).answer == answer


@pytest.mark.parametrize(
    ("heading", "answer"), [("Avvisi per collaboratori", "medium"), ("Convegni e giornate di studio", "none")]
)
def test_one_notice_below_a_heading_of_jobs_tells_where_a_copy_lacks_its_page(
    tmp_path: Path, heading: str, answer: str
) -> None:
    notice = '<ul><li><a href="/a/7">Short list di esperti per il laboratorio</a></li></ul>'
    pages: dict[str, PageSpec] = {"/": page(f"<p>L'agenzia</p><h3>{heading}</h3>{notice}", lang="it")}
    pages["/a/7"] = ("http_error", "")
    assert judge(tmp_path, pages, archived=True).answer == answer
