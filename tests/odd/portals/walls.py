"""Answers that are no page of the portal, though they look like one."""

from __future__ import annotations

from tests.odd.portals._pages import WORDS, Answer, Pages, and_about, html, to
from tests.odd.server import Place

_LOGIN = "<form method=post action=/login><input name=user><input type=password name=pass></form>"


def challenge_page(place: Place) -> Pages:
    return {"/": html("<h1>Just a moment...</h1><p>Checking your browser before accessing</p>")}


def challenges_within(place: Place) -> Pages:
    captcha = html("<h1>لطفا کد امنیتی را وارد کنید</h1><p>برای ادامه ثابت کنید که ربات نیستید</p>")
    return and_about("/one", "/two", "/three", "/four", "/captcha-news") | {
        "/one": lambda h: h.page("<h1>403</h1>", status=403),
        "/two": lambda h: h.page("<title>x</title>" + WORDS * 9, headers={"cf-mitigated": "challenge"}),
        "/three": html("<h1>دسترسی شما به این سایت محدود شده است</h1>"),
        "/four": captcha,
        # A long text about such a page is none.
        "/captcha-news": html(
            f"<h1>خبر</h1><p>صفحه «Just a moment...» در سایت‌ها دیده می‌شود. {WORDS * 6}</p>"
        ),
    }


def soft_404(place: Place) -> Pages:
    """Every address that does not exist shows the same page under status 200."""
    lost = html("<h1>پوزش</h1><p>شاید این نشانی جابه‌جا شده است. از فهرست بالا بخش دیگری را برگزینید.</p>")
    return and_about("/gone", "/said", "/real") | {
        "/said": html("<h2>صفحه مورد نظر یافت نشد</h2><a href=/>بازگشت</a>"),
        "/real": html(f"<h1>واقعی</h1><p>{WORDS}</p>"),
        "*": lost,
    }


def soft_404_redirects(place: Place) -> Pages:
    """Every address that does not exist leads home."""
    return and_about("/gone گم‌شده", "/lost گم‌شده") | {"*": to("/")}


def soft_404_languages(place: Place) -> Pages:
    """Error pages under status 200 in other languages than the portal's."""
    said = {
        "ar": "عذرا، الصفحة المطلوبة غير موجودة", "tr": "Aradığınız sayfa bulunamadı",
        "ru": "Страница не найдена", "fr": "Page introuvable", "de": "Seite nicht gefunden",
        "es": "Página no encontrada", "it": "Pagina non trovata", "pt": "Página não encontrada",
        "en": "Oops! That page can’t be found.",
    }  # fmt: skip
    return and_about(*(f"/{code} خدمات" for code in said)) | {
        f"/{code}": html(f"<h1>{text}</h1><p>…</p>", title=text) for code, text in said.items()
    }


def splash_page(place: Place) -> Pages:
    return and_about() | {
        "/": html("<img src=/flag.png alt=''><a href=/home>ورود</a>"),
        "/home": and_about()["/"],
    }


def error_page_as_start(place: Place) -> Pages:
    """The whole portal is an error message under status 200."""
    return {
        "/": html(
            "<h1>Server Error in '/' Application.</h1><h2><i>Runtime Error</i></h2><p>An application error"
            " occurred on the server.</p>",
            title="Runtime Error",
        )
    }


def error_pages_within(place: Place) -> Pages:
    return and_about("/database", "/maintenance", "/stack") | {
        "/database": html("<h1>Error establishing a database connection</h1>"),
        "/maintenance": html("<h1>سامانه در دست به‌روزرسانی است</h1><p>به زودی باز می‌گردیم.</p>"),
        "/stack": html(
            "<b>Fatal error</b>: Uncaught PDOException: could not find driver in index.php on line 3"
        ),
    }


def server_default_page(place: Place) -> Pages:
    return {
        "/": html(
            "<h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully"
            " installed and working. Further configuration is required.</p>",
            title="Welcome to nginx!",
        )
    }


def directory_listing(place: Place) -> Pages:
    return {
        "/": html(
            "<h1>Index of /</h1><pre><a href='?C=N;O=D'>Name</a> <a href=backup.zip>backup.zip</a></pre>",
            title="Index of /",
        ),
        "/backup.zip": lambda h: h.page(b"PK", kind="application/zip"),
    }


def login_wall(place: Place) -> Pages:
    """The start page and most others only show a log-in form; the page that is called so may do so."""
    return and_about("/file پرونده", "/said پرونده من", "/status وضعیت", "/login ورود") | {
        "/file": to("/login?back=/file"),
        "/said": html(f"<p>برای مشاهده این صفحه باید وارد شوید</p>{_LOGIN}"),
        "/status": lambda h: h.page("", status=401, headers={"WWW-Authenticate": "Basic realm=x"}),
        "/login": html(f"<h1>ورود کارکنان</h1>{_LOGIN}"),
    }


def login_wall_at_start(place: Place) -> Pages:
    return {"/": to("/login"), "/login": html(f"<h1>ورود</h1>{_LOGIN}")}


def parked_domain(place: Place) -> Pages:
    return {"/": html("<h1>odd.example</h1><p>This domain is for sale! Buy this domain.</p>")}


def empty_shell(place: Place) -> Pages:
    return {"/": html("<div id=app></div>", title="")}


def empty_answer(place: Place) -> Pages:
    return {"/": lambda h: h.page(b"")}


def no_portal_but_a_file(place: Place) -> Pages:
    return {"/": lambda h: h.page(b"%PDF-1.4" + b"0" * 100_000, kind="application/pdf")}


def leads_away(place: Place) -> Pages:
    return {"/": to("https://elsewhere.example/home", 301)}


def _status(code: int) -> Answer:
    return lambda h: h.page(f"<h1>{code}</h1>", status=code)


def error_statuses(place: Place) -> Pages:
    codes = (400, 402, 404, 410, 418, 451, 500, 502, 504, 599, 204, 304)
    return and_about(*(f"/{code}" for code in codes)) | {f"/{code}": _status(code) for code in codes}
