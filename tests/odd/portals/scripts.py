"""Pages that only a browser can show, and pages that do the browser harm."""

from __future__ import annotations

import time
from urllib.parse import parse_qs

from tests.odd.portals._pages import WORDS, Handler, Pages, about, and_about, html
from tests.odd.server import Place

_SHELL = """<div id=app></div><script>
const pages = PAGES;
function draw() { const here = WHERE; document.getElementById("app").innerHTML =
  `<nav>LINKS</nav><main><h1>${pages[here] || "صفحه یافت نشد"}</h1><p>WORDS</p></main>`; }
draw(); addEventListener("hashchange", draw);
</script>"""


def _shell(pages: str, where: str, links: str) -> str:
    shell = _SHELL.replace("PAGES", pages).replace("WHERE", where)
    return shell.replace("LINKS", links).replace("WORDS", WORDS)


def only_javascript(place: Place) -> Pages:
    page = html(
        _shell(
            '{"/": "خانه", "/news": "اخبار", "/contact": "تماس با ما"}',
            "location.pathname",
            "<a href=/news>اخبار</a> <a href=/contact>تماس</a>",
        )
    )
    return {"/": page, "/news": page, "/contact": page}


def hash_routes(place: Place) -> Pages:
    return {
        "/": html(
            _shell(
                '{"": "خانه", "#/news": "اخبار", "#/contact": "تماس با ما"}',
                "location.hash",
                "<a href='#/news'>اخبار</a> <a href='#/contact'>تماس</a>",
            )
        )
    }


def postback_menu(place: Place) -> Pages:
    form = """<form name=F method=post action=/><input type=hidden name=__EVENTTARGET><script>
    function __doPostBack(t, a) { const f = document.forms.F; f.__EVENTTARGET.value = t; f.submit(); }</script>
    <div class=menu><a href="javascript:__doPostBack('m$about','')">درباره</a>
    <a href="javascript:__doPostBack('m$news','')">اخبار</a>
    <a href="javascript:__doPostBack('m$exit','')">خروج</a></div></form>"""

    def page(handler: Handler) -> None:
        target = parse_qs(handler.form).get("__EVENTTARGET", [""])[0]
        if target == "m$about":
            handler.page("", status=302, headers={"Location": "/about"})
        elif target == "m$news":
            html(f"<h1>اخبار</h1><p>{WORDS}</p>{form}", title="اخبار")(handler)
        elif target == "m$exit":
            handler.page("", status=302, headers={"Location": "/gone-out"})
        else:
            html(f"<h1>خانه</h1><p>{WORDS}</p>{form}")(handler)

    return {"/": page, "/about": about()}


def alert_loop(place: Place) -> Pages:
    return and_about() | {
        "/": html(f"<p>{WORDS}</p><a href=/about>درباره ما</a><script>for (let n = 0; n < 30; n++) alert(n)"
                  "; onbeforeunload = () => 'stay'</script>"),
    }  # fmt: skip


def alert_loop_without_end(place: Place) -> Pages:
    return and_about() | {
        "/": html(f"<p>{WORDS}</p><a href=/about>درباره ما</a><script>for (;;) alert('again')</script>")
    }


def endless_scroll(place: Place) -> Pages:
    script = """<div id=list></div><script>let n = 0;
    function more() { for (let i = 0; i < 20; i++) { n++;
      document.getElementById("list").insertAdjacentHTML("beforeend", `<p><a href=/item/${n}>خبر ${n}</a></p>`); } }
    more(); setInterval(() => { if (scrollY + innerHeight + 200 > document.body.scrollHeight) more() }, 20);
    </script>"""
    return (
        and_about()
        | {"/": html(f"<p>{WORDS}</p><a href=/about>درباره ما</a>{script}")}
        | {f"/item/{n}": html(f"<p>خبر تازه دربارهٔ {_word(n)}</p><p>{WORDS}</p>") for n in range(1, 5_000)}
    )


def _word(number: int) -> str:
    """A word of its own for each number."""
    return str(number + 1_000).translate(str.maketrans("0123456789", "بتثجحخدذرز"))


def never_idle(place: Place) -> Pages:
    def stream(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        handler.close_connection = True
        try:
            for _ in range(400):
                handler.wfile.write(b"data: x\n\n")
                handler.wfile.flush()
                time.sleep(0.1)
        except OSError:
            pass

    script = """<p id=clock></p><script>new EventSource("/stream"); setInterval(() => {
      document.getElementById("clock").textContent += "."; fetch("/poll").catch(() => 0); }, 100);
      fetch("/stream?long=1").then((r) => r.text()).catch(() => 0);</script>"""
    return and_about() | {
        "/": html(f"<p>{WORDS}</p><a href=/about>درباره ما</a>{script}"),
        "/stream": stream,
        "/poll": lambda h: h.page("{}", kind="application/json"),
    }


def crashing_tab(place: Place) -> Pages:
    """Takes memory until the tab dies."""
    bomb = "<script>const all = []; for (;;) all.push(new Uint8Array(64 << 20).fill(1))</script>"
    return and_about() | {"/": html(f"<p>{WORDS}</p><a href=/about>درباره ما</a>{bomb}")}


def hanging_tab(place: Place) -> Pages:
    return and_about() | {"/": html(f"<p>{WORDS}</p><a href=/about>درباره ما</a><script>for (;;) ;</script>")}


def popups_and_downloads(place: Place) -> Pages:
    script = f"""<script>for (let n = 0; n < 20; n++) open("/window" + n); open("{place.trap}/window");
    const a = document.createElement("a"); a.href = "/evil.exe"; a.download = "../../evil.exe";
    document.body.append(a); a.click(); Notification.requestPermission();
    navigator.geolocation.getCurrentPosition(() => fetch("/located"));
    navigator.serviceWorker && navigator.serviceWorker.register("/worker.js").catch(() => 0);</script>"""
    return and_about() | {
        "/": html(f"<p>{WORDS}</p><a href=/about>درباره ما</a>{script}"),
        "/evil.exe": lambda h: h.page(b"MZ" * 1_000, kind="application/octet-stream"),
        "/worker.js": lambda h: h.page("", kind="text/javascript"),
    }


def script_redirects(place: Place) -> Pages:
    """The page's script leads on to another page of the portal; that one to itself, for ever."""
    return {
        "/": html("<script>location.href = '/home'</script>", title=""),
        "/home": html(f"<p>{WORDS}</p><a href=/about>درباره ما</a><a href=/round>x</a>"),
        "/round": html(f"<p>{WORDS}</p><script>location.href = '/round?n=' + Math.random()</script>"),
        "/about": about(),
    }
