"""Addresses without end, of too many spellings, or that lead in circles."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

from tests.crawler.serving import Answer
from tests.odd.portals._pages import WORDS, Handler, Pages, about, and_about, home, html, links, to
from tests.odd.server import Place


def _query(handler: Handler) -> dict[str, str]:
    return {k: v[0] for k, v in parse_qs(urlsplit(handler.path).query).items()}


def endless_calendar(place: Place) -> Pages:
    def by_query(handler: Handler) -> None:
        day = int(_query(handler).get("day", "0"))
        html(f"<p>{WORDS}</p>{links(f'/calendar?day={day + 1}', f'/calendar?day={day - 1}')}")(handler)

    def by_path(handler: Handler) -> None:
        day = date(*map(int, urlsplit(handler.path).path.split("/")[2:]))
        near = [day + timedelta(days=n) for n in (-30, -1, 1, 30)]
        html(f"<h1>{day}</h1><p>{WORDS}</p>" + links(*(f"/events/{d.year}/{d.month}/{d.day}" for d in near)))(
            handler
        )

    return {
        "/": home("/calendar?day=1 تقویم", "/events/2026/11/22 رویدادها", "/about درباره ما"),
        "/about": about(),
        "/calendar": by_query,
        "*": by_path,
    }


def session_ids(place: Place) -> Pages:
    """Every page gives every link a new session, in four ways."""

    def page(handler: Handler) -> None:
        new = secrets.token_hex(16)
        html(
            f"<p>{WORDS}</p>"
            + links(
                f"/?PHPSESSID={new}", f"/about;jsessionid={new}", f"/news?sid={new}", f"/(S({new[:24]}))/help"
            )
        )(handler)

    return dict.fromkeys(("/", "/about", "/news", "/help"), page)


def endless_facets(place: Place) -> Pages:
    """A list that can be narrowed down by six facets, in every combination."""

    def page(handler: Handler) -> None:
        chosen = _query(handler)
        more = [
            "/list?" + "&".join(f"{k}={v}" for k, v in {**chosen, f"f{n}": str(value)}.items())
            for n in range(6)
            for value in range(2)
        ]
        html(f"<h1>{sorted(chosen.items())}</h1><p>{WORDS}</p>{links(*more)}")(handler)

    return and_about("/list فهرست") | {"/list": page}


def endless_path(place: Place) -> Pages:
    """A relative link without its slash: each page is one level deeper than the last."""
    deeper = html(f"<p>{WORDS}</p><a href='news/list/'>اخبار</a><a href='more/'>بیشتر</a>")
    return {"/": home("/news/ اخبار", "/about درباره ما"), "/about": about(), "*": deeper}


def redirect_loop(place: Place) -> Pages:
    return {"/": to("/a"), "/a": to("/b?n=1"), "/b": to("/")}


def redirect_chain(place: Place) -> Pages:
    """A redirect to a new address each time."""

    def further(handler: Handler) -> None:
        to(f"/next?n={int(_query(handler).get('n', '0')) + 1}")(handler)

    return and_about("/next ادامه") | {"/next": further}


def cookie_check(place: Place) -> Pages:
    """Shows its page only to who brings the cookie back."""

    def start(handler: Handler) -> None:
        if "seen=1" in (handler.headers.get("Cookie") or ""):
            and_about()["/"](handler)
        else:
            handler.page("", status=302, headers={"Location": "/", "Set-Cookie": "seen=1; Path=/"})

    return and_about() | {"/": start}


def cookie_flood(place: Place) -> Pages:
    """Each page sets more cookies; whoever brings back more than 16 KB of them is turned away."""

    def flooding(page: Answer) -> Answer:
        def answer(handler: Handler) -> None:
            brought = handler.headers.get("Cookie") or ""
            if len(brought) > 16_000:
                handler.page("Request Header Fields Too Large", status=431)
                return
            sent = handler.send_response

            def with_cookies(status: int, message: str | None = None) -> None:
                sent(status, message)
                for _ in range(10):
                    handler.send_header("Set-Cookie", f"c{secrets.token_hex(6)}={'x' * 3_000}; Path=/")

            handler.send_response = with_cookies  # type: ignore[method-assign]
            page(handler)
            handler.send_response = sent  # type: ignore[method-assign]

        return answer

    pages = and_about("/one یک", "/two دو", "/three سه") | {p: about() for p in ("/one", "/two", "/three")}
    return {path: flooding(page) for path, page in pages.items()}


def long_address(place: Place) -> Pages:
    return and_about("/long?" + "x" * 100_000, "/far") | {"/far": to("/" + "y" * 60_000)}


def relative_links(place: Place) -> Pages:
    """<base>, links without a slash, with dots, and with a backslash."""
    within = html(
        f"<p>{WORDS}</p><a href='one'>یک</a><a href='../up/two'>دو</a><a href='\\deep\\three'>سه</a>"
        "<a href='?page=2'>بعد</a><a href='//HOST/four'>چهار</a>".replace("HOST", urlsplit(place.url).netloc),
        head=f"<base href='{place.url}/deep/page/'>",
    )
    return {
        "/": within,
        **{p: about() for p in ("/deep/page/one", "/deep/up/two", "/deep/three", "/deep/page/", "/four")},
    }


def foreign_base(place: Place) -> Pages:
    """A <base> on another host: all relative links lead there."""
    return {"/": home("about", head=f"<base href='{place.trap}/'>"), "/about": about()}


def persian_paths(place: Place) -> Pages:
    encoded = "/%D8%AE%D8%AF%D9%85%D8%A7%D8%AA/%D9%81%D8%A7%D8%B1%D8%B3%DB%8C"
    return {
        "/": home("/خدمات/فارسی خدمات", f"{encoded} خدمات", "/اخبار اخبار", "/%d8%ae%d8%a8%d8%b1 خبر"),
        encoded: html(f"<h1>خدمات</h1><p>{WORDS}</p>", title="خدمات"),
        # The redirect's target stands in raw UTF-8 in the header, as old servers write it.
        "/%D8%A7%D8%AE%D8%A8%D8%A7%D8%B1": lambda h: _raw_redirect(h, "/خبر"),
        "/%D8%AE%D8%A8%D8%B1": html(f"<h1>خبر</h1><p>{WORDS}</p>", title="خبر"),
    }


def _raw_redirect(handler: Handler, target: str) -> None:
    handler.wfile.write(
        b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + target.encode() + b"\r\n\r\n"
    )


def acts(place: Place) -> Pages:
    """Addresses and links that would change something, in ten languages."""
    return and_about(
        "/logout x", "/Account/LogOff x", "/user?do=signOut x", "/ir/exit x", "/a خروج", "/b خروج از سامانه",
        "/news/12/delete x", "/item?action=deleteItem&id=3 x", "/c حذف", "/d لغو اشتراک", "/unsubscribe?m=1 x",
        "/shop/add-to-cart?id=9 x", "/basket x", "/e تسجيل الخروج", "/f إلغاء الاشتراك", "/g حذف الحساب",
        "/cikis x", "/h Çıkış yap", "/i Aboneliği iptal et", "/deconnexion x", "/j Se déconnecter",
        "/k Supprimer", "/l Se désabonner", "/cerrar-sesion x", "/m Cerrar sesión", "/n Eliminar",
        "/o Darse de baja", "/abmelden x", "/p Löschen", "/q Newsletter abbestellen", "/r In den Warenkorb",
        "/esci x", "/s Disconnetti", "/t Annulla iscrizione", "/sair x", "/u Terminar sessão", "/v Excluir",
        "/vyhod x", "/w Выйти", "/x Удалить", "/y Отписаться", "/z Добавить в корзину",
        "/exchange-rate نرخ ارز", "/deleted-scenes-of-history تاریخ", "/cartography نقشه",
    ) | {"/exchange-rate": about(), "/deleted-scenes-of-history": about(), "/cartography": about(), "*": lambda h: h.page("", status=404)}  # fmt: skip
