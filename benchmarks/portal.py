"""A generated portal of any size, as provincial agencies build them, and a server that is no bottleneck.

Pages are made from their number alone, so every crawler meets the same portal on every machine: header with a
large menu, breadcrumb, side column, footer; lists in pages, news, services with tables and forms, documents.
Half of a page is template, half its own, and its weight is that of the portals in the wild: about 45 KB of
HTML, 120 links and 4,000 characters of text.

``python -m benchmarks.portal --pages 2000`` serves it in a process of its own: the first line printed is its
address; when its standard input is closed it prints what it served, as JSON, and ends.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from html import escape
from random import Random
from urllib.parse import parse_qs, urlsplit

SECTIONS = {
    "news": "اخبار و رویدادها",
    "services": "میز خدمت الکترونیکی",
    "circulars": "بخشنامه‌ها و دستورالعمل‌ها",
    "tenders": "مناقصه‌ها و مزایده‌ها",
    "projects": "طرح‌ها و پروژه‌های عمرانی",
    "offices": "ادارات شهرستان‌ها",
    "statistics": "آمار و عملکرد",
    "laws": "قوانین و مقررات",
    "reports": "گزارش‌ها و نشریات",
    "training": "آموزش و پژوهش",
    "gallery": "نگارخانه",
    "people": "ارتباط با مردم",
}
LIST_LENGTH = 20
_WORDS = """اداره سازمان استان شهرستان مدیر مدیرکل کارکنان خدمت خدمات مردم شهروندان درخواست پرونده ثبت پیگیری
صدور مجوز گواهی مدارک لازم فرم پیوست آیین‌نامه بخشنامه دستورالعمل قانون ماده تبصره اجرا برنامه بودجه اعتبار
سال ماه هفته روز جلسه بازدید نشست همایش افتتاح بهره‌برداری طرح پروژه راه روستایی شهری کشاورزی آب برق گاز
آموزش پژوهش فناوری اطلاعات سامانه درگاه الکترونیکی پاسخگویی نظارت ارزیابی گزارش عملکرد آمار شاخص توسعه
پایدار مشارکت سرمایه‌گذاری اشتغال تولید صنعت تعاون رفاه سلامت محیط‌زیست مناقصه مزایده پیمانکار قرارداد
و در از به که این است را برای با شد می‌شود تا نیز هر یا آن بر همچنین براساس گفت افزود خواهد کرد داشت"""
WORDS = _WORDS.split()


def _sentences() -> tuple[str, ...]:
    random = Random(1396)
    return tuple(" ".join(random.choices(WORDS, k=random.randint(8, 22))) + "." for _ in range(600))


SENTENCES = _sentences()


def _persian(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))


def _text(seed: int, count: int) -> str:
    """`count` sentences that belong to `seed`."""
    return " ".join(SENTENCES[(seed * 37 + step * (seed % 11 + 7)) % len(SENTENCES)] for step in range(count))


def _title(number: int) -> str:
    """Words that no other number has: a page of which all was said before is a near-duplicate."""
    words = SENTENCES[(number * 17) % len(SENTENCES)].rstrip(".").split()[:4]
    words += [WORDS[number // len(WORDS) ** place % len(WORDS)] for place in range(3)]
    return f"{' '.join(words)} {_persian(number)}"


class GeneratedPortal:
    """A home page, the lists of twelve sections, and items: `pages` HTML pages in all, reachable by links."""

    def __init__(self, pages: int) -> None:
        lists_each = max(1, round((pages - 1) / (LIST_LENGTH + 1) / len(SECTIONS)))
        items = pages - 1 - lists_each * len(SECTIONS)
        self.of_section = {name: range(first, items, len(SECTIONS)) for first, name in enumerate(SECTIONS)}
        self.lists = dict.fromkeys(SECTIONS, lists_each)
        self.list_length = -(-items // len(SECTIONS) // lists_each)

    def answer(self, target: str) -> tuple[int, str, bytes]:
        """(status, media type, body) for a request target."""
        parts = urlsplit(target)
        match parts.path.strip("/").split("/"):
            case [""]:
                return self._html(self._home())
            case [section] if section in SECTIONS:
                number = int(parse_qs(parts.query).get("page", ["1"])[0])
                if 1 <= number <= self.lists[section]:
                    return self._html(self._list(section, number))
            case [section, name] if section in SECTIONS and name.isdigit():
                if int(name) in self.of_section[section]:
                    return self._html(self._item(section, int(name)))
            case ["files", name]:
                if name.endswith(".pdf"):
                    return 200, "application/pdf", b"%PDF-1.7\n" + b"\x00\x93\xe2 stream " * 2_000
                if name.endswith(".csv"):
                    rows = "\n".join(f"شهرستان {_persian(n)},{n * 7919 % 1000}" for n in range(400))
                    return 200, "text/csv; charset=utf-8", rows.encode()
            case ["assets", "site.css"]:
                return 200, "text/css", b"body{direction:rtl;font-family:Vazirmatn,Tahoma}" * 40
            case ["assets", _]:
                return 200, "text/javascript", b"document.documentElement.classList.add('js');\n"
            case ["robots.txt"]:
                return 200, "text/plain", b"User-agent: *\nDisallow: /admin/\n"
        return 404, "text/html; charset=utf-8", "<h1>صفحه پیدا نشد</h1>".encode()

    @staticmethod
    def _html(text: str) -> tuple[int, str, bytes]:
        return 200, "text/html; charset=utf-8", text.encode()

    def _home(self) -> str:
        boxes = "".join(
            f'<section class="box"><h2><a href="/{name}">{title}</a></h2>'
            f"{self._links(name, range(8))}</section>"
            for name, title in SECTIONS.items()
        )
        return self._page("صفحه نخست", "", f'<div class="slider"><p>{_text(1, 4)}</p></div>{boxes}')

    def _list(self, section: str, number: int) -> str:
        first = (number - 1) * self.list_length
        own = self.of_section[section][first : first + self.list_length]
        rows = "".join(
            f'<li class="item"><a href="/{section}/{n}"><img src="/assets/thumb{n % 9}.jpg" alt="">'
            f"<strong>{_title(n)}</strong></a><span class='date'>{self._date(n)}</span><p>{_text(n, 2)}</p>"
            f'<a class="more" href="/{section}/{n}">ادامه مطلب</a></li>'
            for n in own
        )
        pages = "".join(
            f'<li><a href="/{section}{f"?page={n}" if n > 1 else ""}">{_persian(n)}</a></li>'
            for n in range(1, self.lists[section] + 1)
        )
        body = f'<ul class="items">{rows}</ul><ul class="pagination">{pages}</ul>'
        return self._page(f"{SECTIONS[section]} - صفحه {_persian(number)}", section, body)

    def _item(self, section: str, number: int) -> str:
        paragraphs = "".join(f"<p>{_text(number + step, 5)}</p>" for step in range(4))
        table = form = files = ""
        if number % 3 == 0:
            rows = "".join(
                f"<tr><td>{_persian(row + 1)}</td><td>{_title(number + row)}</td><td>{self._date(row)}</td>"
                f"<td>{_persian(number * (row + 3) % 9973)}</td>"
                f"<td>{WORDS[(number + row) % len(WORDS)]}</td></tr>"
                for row in range(25)
            )
            head = "<tr><th>ردیف</th><th>عنوان</th><th>تاریخ</th><th>مبلغ</th><th>وضعیت</th></tr>"
            table = f'<table class="table"><thead>{head}</thead><tbody>{rows}</tbody></table>'
        if number % 7 == 0:
            towns = "".join(f'<option value="{n}">{WORDS[n]}</option>' for n in range(20))
            form = (
                '<form action="/people/send" method="post"><fieldset><legend>ثبت درخواست</legend>'
                '<label for="name">نام و نام خانوادگی</label><input id="name" name="name" required>'
                '<label for="code">کد ملی</label><input id="code" name="code" maxlength="10">'
                f'<label for="town">شهرستان</label><select id="town" name="town">{towns}</select>'
                '<label for="text">شرح</label><textarea id="text" name="text"></textarea>'
                '<button type="submit">ارسال</button></fieldset></form>'
            )
        if number % 20 == 0:
            kind = "csv" if number % 60 == 0 else "pdf"
            files = (
                f'<p class="files"><a href="/files/{number}.{kind}">دریافت پیوست {_persian(number)}</a></p>'
            )
        own = self.of_section[section]
        at = number // len(SECTIONS)
        related = self._links(section, range(at + 1, at + 11))
        body = (
            f'<article><h1>{_title(number)}</h1><div class="meta"><time>{self._date(number)}</time>'
            f"<span>کد خبر: {_persian(number)}</span></div>{paragraphs}{table}{files}{form}</article>"
            f'<section class="related"><h3>مطالب مرتبط</h3>{related}</section>'
            f'<a rel="prev" href="/{section}/{own[at - 1]}">قبلی</a>'
        )
        return self._page(_title(number), section, body)

    def _links(self, section: str, places: range) -> str:
        own = self.of_section[section]
        rows = "".join(
            f'<li><a href="/{section}/{n}" title="{_title(n)}">{_title(n)}</a></li>'
            for n in (own[place % len(own)] for place in places)
        )
        return f'<ul class="links">{rows}</ul>'

    @staticmethod
    def _date(number: int) -> str:
        return f"{_persian(1400 + number % 5)}/{_persian(number % 12 + 1)}/{_persian(number % 29 + 1)}"

    def _page(self, title: str, section: str, body: str) -> str:
        before, after = self._template
        crumb = f' » <a href="/{section}">{SECTIONS[section]}</a>' if section else ""
        data = json.dumps({"@context": "https://schema.org", "@type": "WebPage", "name": title})
        return (
            f'<!DOCTYPE html>\n<html lang="fa" dir="rtl">\n<head>\n<meta charset="utf-8">\n'
            f"<title>{escape(title)} | اداره کل نمونه</title>\n"
            f'<meta name="description" content="{escape(title)}">\n'
            f'<meta property="og:title" content="{escape(title)}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<link rel="stylesheet" href="/assets/site.css"><script src="/assets/jquery.js"></script>\n'
            f'<script type="application/ld+json">{data}</script>\n</head>\n<body>\n{before}'
            f'<div class="breadcrumb"><a href="/">صفحه نخست</a>{crumb}</div>\n'
            f'<main id="content" class="container"><div class="row"><div class="col-md-9">{body}</div>{after}'
        )

    @cached_property
    def _template(self) -> tuple[str, str]:
        """What stands on every page before and after its own part."""
        menu = "".join(
            f'<li class="dropdown nav-item"><a class="nav-link" href="/{name}">{title}</a>'
            f'<div class="dropdown-menu mega">{self._links(name, range(6))}</div></li>'
            for name, title in SECTIONS.items()
        )
        before = (
            '<div class="page-wrapper"><header class="site-header"><div class="container">'
            '<a class="logo" href="/"><img src="/assets/emblem.svg" alt="اداره کل نمونه"></a>'
            '<form class="search" action="/search"><input name="q" placeholder="جستجو">'
            "<button>جستجو</button></form></div></header>\n"
            f'<nav class="main-menu"><ul class="navbar">{menu}</ul></nav>\n'
        )
        icons = "".join(
            f'<div class="icon-box"><svg viewBox="0 0 24 24"><path d="M{n} 2 L{"3 4 " * 60}z"/></svg></div>'
            for n in range(20)
        )
        outside = "".join(
            f'<li><a href="https://{name}.example.ir/" target="_blank" rel="noopener">{WORDS[at]}</a></li>'
            for at, name in enumerate(
                ("dolat", "leader", "president", "majlis", "setad", "foia", "my", "police", "post", "news")
            )
        )
        script = (
            "<script>(function(){"
            + "var a=document.getElementById('x');if(a){a.focus();}" * 60
            + "})();</script>"
        )
        after = (
            f'<aside class="col-md-3 sidebar"><h3>تازه‌ها</h3>{self._links("news", range(10))}{icons}</aside>'
            "</div></main>\n"
            f'<footer class="site-footer"><div class="row"><ul>{outside}</ul>'
            "<address>نشانی: استان نمونه، میدان آزادی، تلفن: ۰۱۱-۳۳۳۰۰۰۰۰</address>"
            f"<p>تمامی حقوق این درگاه محفوظ است.</p></div></footer></div>{script}</body></html>"
        )
        return before, after


class _Connection(asyncio.Protocol):
    """HTTP/1.1 with kept connections, as little as a crawler's GET needs."""

    def __init__(self, portal: GeneratedPortal, served: dict[str, int]) -> None:
        self.portal, self.served = portal, served
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        while (end := self.received.find(b"\r\n\r\n")) >= 0:
            request, self.received = self.received[:end], self.received[end + 4 :]
            method, target, _ = request.split(b"\r\n", 1)[0].split(b" ", 2)
            status, kind, body = self.portal.answer(target.decode("ascii", "replace"))
            self.served["requests"] += 1
            self.served["pages"] += status == 200 and kind.startswith("text/html")
            phrase = "OK" if status == 200 else "Not Found"
            head = (
                f"HTTP/1.1 {status} {phrase}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            self.transport.write(head.encode() + (b"" if method == b"HEAD" else body))


async def serve(portal: GeneratedPortal) -> None:
    loop, served = asyncio.get_running_loop(), {"requests": 0, "pages": 0}
    server = await loop.create_server(lambda: _Connection(portal, served), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    print(json.dumps(served), flush=True)


class Served:
    """A portal being served: its start address, and after the end what was asked of it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pages = self.requests = 0


@contextmanager
def serving(pages: int) -> Iterator[Served]:
    """Serves a portal of so many pages from another process for as long as the context lasts."""
    command = [sys.executable, "-m", "benchmarks.portal", "--pages", str(pages)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        served = Served(process.stdout.readline().strip())
        try:
            yield served
        finally:
            counts, _ = process.communicate()
            said = json.loads(counts)
            served.pages, served.requests = said["pages"], said["requests"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2_000)
    asyncio.run(serve(GeneratedPortal(parser.parse_args().pages)))


if __name__ == "__main__":
    main()
