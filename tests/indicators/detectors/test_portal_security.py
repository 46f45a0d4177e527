"""portal_security: what certificates, redirects, headers, cookies and markup make of a portal, and what is
not said where nothing was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from audits.records import Answered, Certificate, HostSecurity, Measurements
from crawler.capture import Capture, Outcome
from indicators.detector import run
from indicators.detectors import _protection as protection
from indicators.detectors import portal_security
from indicators.load import load_site
from indicators.records import Finding
from indicators.thresholds import threshold
from indicators.verify import verify
from tests.indicators.make_capture import VISITED, make_capture, page

HOST = "portal.example.ir"
HTTPS, HTTP = f"https://{HOST}/", f"http://{HOST}/"
TEXT = "<h1>درگاه</h1><p>به درگاه اداره کل خوش آمدید</p>"

GOOD = (
    ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
    ("Content-Security-Policy", "default-src 'self'; frame-ancestors 'self'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Set-Cookie", "sessionid=3f2a9c; Path=/; Secure; HttpOnly; SameSite=Lax"),
    ("Server", "nginx"),
)
BARE = (
    ("Server", "Apache/2.4.6 (CentOS) PHP/7.1"),
    ("Set-Cookie", "PHPSESSID=8d1b2c; path=/"),
)


def shown(**changes: object) -> Certificate:
    certificate = Certificate(
        subject=HOST,
        names=(HOST,),
        issuer="Some CA",
        not_before=VISITED - timedelta(days=30),
        not_after=VISITED + timedelta(days=60),
        key="RSA",
        key_bits=2048,
        signatures=("sha256",),
        chain=2,
        faults=(),
    )
    return certificate.model_copy(update=changes)


def answered(url: str, status: int = 200, **headers: str) -> Answered:
    lines = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Answered(url=url, state="answered", status=status, headers=lines)


def no(url: str, state: str = "absent", reason: str = "connection refused") -> Answered:
    return Answered.model_validate({"url": url, "state": state, "reason": reason})


LEADS = answered(HTTP, 301, Location=HTTPS)
NEW = {"TLS 1.0": False, "TLS 1.1": False, "TLS 1.2": True, "TLS 1.3": True}


def look(
    certificate: Certificate | None = None,
    *,
    https: Answered | None = None,
    http: Answered = LEADS,
    protocols: dict[str, bool | None] | None = None,
    host: str = HOST,
) -> HostSecurity:
    if https is None:
        https = answered(HTTPS) if certificate else no(HTTPS)
    return HostSecurity.model_validate(
        {
            "host": host,
            "certificate": certificate,
            "protocols": protocols or (NEW if certificate else {}),
            "https": https,
            "http": http,
            "connections": 5,
            "bytes": 5_000,
            "seconds": 1.0,
            "looked_at": VISITED,
        }
    )


@dataclass
class Judged:
    """Makes a capture, judges it, and sees to it that whatever is quoted stands in the archive."""

    folder: Path
    count: int = field(default=0)

    def __call__(
        self,
        *looks: HostSecurity,
        start: str = HTTPS,
        headers: Sequence[tuple[str, str]] = GOOD,
        body: str = TEXT,
        others: Sequence[str] = (),
        outcome: Outcome = "ok",
        archived: bool = False,
    ) -> Finding:
        self.count += 1
        folder = make_capture(
            self.folder / str(self.count),
            {"/": (outcome, page(body))} | {f"/{n}": page(other) for n, other in enumerate(others)},
            start=start,
            headers={path: list(headers) for path in ("/", *(f"/{n}" for n, _ in enumerate(others)))},
            outcome=outcome,
            archived=archived,
        )
        measured = Measurements(portal="portal", chromium="", measurements=(), lighthouse=(), security=looks)
        with Capture(folder) as capture:
            finding = run(portal_security.detect, load_site(capture, measured))
            assert verify([finding], capture, measured).mismatches == ()
        return finding


@pytest.fixture
def judged(tmp_path: Path) -> Judged:
    return Judged(tmp_path)


def test_a_portal_that_does_all_of_it_is_very_high(judged: Judged) -> None:
    finding = judged(look(shown()))
    assert finding.answer == "very_high"
    assert finding.details["share"] == 1
    assert set(portal_security.CHECKS) - set(finding.details) == {"script_integrity"}


def test_valid_tls_and_nothing_else_is_low(judged: Judged) -> None:
    finding = judged(look(shown()), headers=BARE)
    assert finding.answer == "low"
    assert finding.details["cookie_flags"] == 0
    quoted = {item.note: item.excerpt for item in finding.evidence}
    assert quoted["csp"] == "HTTP 200 without Content-Security-Policy"
    assert quoted["cookie_flags"] == "Set-Cookie: PHPSESSID= … path=/"
    assert not any("8d1b2c" in item.excerpt for item in finding.evidence)


def test_plain_http_is_bad_whatever_its_headers_say(judged: Judged) -> None:
    plain = look(http=answered(HTTP))
    protected = judged(plain, start=HTTP)
    assert protected.answer == "low"
    assert (protected.details["certificate"], protected.details["hsts"]) == (0, 0)
    assert judged(plain, start=HTTP, headers=BARE).answer == "very_low"


def test_https_that_nobody_is_led_to_is_at_most_medium(judged: Judged) -> None:
    finding = judged(look(shown(), http=answered(HTTP)), headers=GOOD)
    assert finding.answer == "medium"
    assert finding.details["share"] == threshold("https_redirect_most_share")


@pytest.mark.parametrize("fault", ["expired", "wrong_name", "self_signed", "incomplete_chain"])
def test_a_certificate_that_kept_the_visit_out_is_judged(judged: Judged, fault: str) -> None:
    finding = judged(look(shown(faults=(fault,))), outcome="certificate")
    assert finding.answer in ("very_low", "low")
    assert fault in finding.evidence[0].excerpt


def test_what_was_not_seen_is_not_judged(judged: Judged) -> None:
    silent = no(HTTPS, "unknown", "connection timed out")
    cases = {
        "no host was looked at from outside": judged(),
        f"{HTTPS}: connection timed out": judged(look(https=silent)),
        "a saved copy: how it is protected says nothing of the live portal": judged(
            look(shown()), archived=True
        ),
        "the certificate kept the visit out, and nothing was wrong with it later": judged(
            look(shown()), outcome="certificate"
        ),
        "the portal was not reached: blocked (no answer)": judged(look(shown()), outcome="blocked"),
    }
    assert {reason: finding.reason for reason, finding in cases.items()} == {r: r for r in cases}
    assert {finding.answer for finding in cases.values()} == {None}


def test_what_does_not_apply_weighs_nothing(judged: Judged) -> None:
    quiet = [header for header in GOOD if header[0] != "Set-Cookie"]
    closed = judged(look(shown(), http=no(HTTP)), headers=quiet)
    assert closed.answer == "very_high"
    assert {"cookie_flags", "https_redirect"}.isdisjoint(closed.details)


@pytest.mark.parametrize(
    ("certificate", "check", "share"),
    [
        (shown(not_after=VISITED + timedelta(days=14)), "certificate_days", 0.5),
        (shown(not_after=VISITED + timedelta(days=3)), "certificate_days", 0),
        (shown(not_before=VISITED, not_after=VISITED + timedelta(days=6)), "certificate_days", None),
        (shown(key_bits=1024), "certificate_key", 0),
        (shown(key="EC", key_bits=256), "certificate_key", 1),
        (shown(signatures=("sha256", "sha1")), "certificate_key", 0),
    ],
)
def test_time_left_and_strength(
    judged: Judged, certificate: Certificate, check: str, share: float | None
) -> None:
    assert judged(look(certificate)).details.get(check) == share


@pytest.mark.parametrize(
    ("accepted", "share"),
    [
        ((False, False, True, False), 1),
        ((None, None, True, True), 1),
        ((True, True, True, True), 0.5),
        ((True, False, False, False), 0),
    ],
)
def test_old_protocols(judged: Judged, accepted: tuple[bool | None, ...], share: float) -> None:
    protocols = dict(zip(NEW, accepted, strict=True))
    assert judged(look(shown(), protocols=protocols)).details["tls_versions"] == share


@pytest.mark.parametrize(
    ("http", "share"),
    [
        (LEADS, 1),
        (answered(HTTP, 302, Location=HTTPS), 0.5),
        (answered(HTTP, 301, Location=f"http://www.{HOST}/"), 0.5),
        (answered(HTTP, 301, Location="/fa/"), 0),
        (answered(HTTP, 403), None),
        (no(HTTP, "unknown", "connection timed out"), None),
    ],
)
def test_the_way_to_https(judged: Judged, http: Answered, share: float | None) -> None:
    assert judged(look(shown(), http=http)).details.get("https_redirect") == share


def test_a_twin_with_a_bad_certificate_counts_and_one_that_is_not_there_does_not(judged: Judged) -> None:
    twin, there = f"www.{HOST}", f"https://www.{HOST}/"
    bad = look(shown(faults=("wrong_name",)), https=answered(there), http=no(there), host=twin)
    gone = look(https=no(there, "unknown", "name not resolved"), http=no(there), host=twin)
    assert judged(look(shown()), bad).details["certificate"] == 0.5
    assert judged(look(shown()), gone).answer == "very_high"


def test_mixed_content_and_scripts_of_others(judged: Judged) -> None:
    finding = judged(
        look(shown()),
        body=TEXT
        + '<img src="http://portal.example.ir/a.png"><form action="http://portal.example.ir/send"></form>'
        + '<a href="http://other.example/">a link is no part of the page</a>'
        + '<script src="https://cdn.example/x.js"></script>',
    )
    assert (finding.details["mixed_content"], finding.details["script_integrity"]) == (0, 0)
    quoted = {item.note: item.excerpt for item in finding.evidence}
    assert quoted["mixed_content"] == "http://portal.example.ir/a.png"


def test_the_hosts_the_home_page_and_what_is_worse_than_it_are_listed(judged: Judged) -> None:
    mixed = TEXT + '<img src="http://portal.example.ir/a.png">'
    finding = judged(look(shown()), others=[TEXT, mixed, TEXT])
    assert finding.details["mixed_content"] == 0.75
    listed = {(row.url, row.page): row.values for row in finding.pages}
    assert list(listed) == [(HTTPS, None), (HTTP, None), (HTTPS, 1), (HTTPS + "1", 3)]
    assert listed[HTTPS + "1", 3]["mixed_content"] == 0
    assert listed[HTTPS, None] == {
        "certificate": 1, "certificate_days": 1, "certificate_key": 1, "tls_versions": 1
    }  # fmt: skip


def test_a_script_of_others_that_is_checked_and_own_ones_are_fine(judged: Judged) -> None:
    checked = '<script src="https://cdn.example/x.js" integrity="sha384-abc"></script>'
    own = '<script src="/x.js"></script><script src="//static.example.ir/y.js"></script>'
    assert judged(look(shown()), body=TEXT + checked).details["script_integrity"] == 1
    assert "script_integrity" not in judged(look(shown()), body=TEXT + own).details


# Single headers


@pytest.mark.parametrize(
    ("value", "share"),
    [
        ("max-age=31536000; includeSubDomains; preload", 1),
        ('max-age="15768000"', 1),
        ("includeSubDomains; Max-Age=7884000", 0.5),
        ("max-age=0", 0),
        ("max-age=soon", 0),
        ("", 0),
    ],
)
def test_hsts(value: str, share: float) -> None:
    assert protection.hsts([("strict-transport-security", value)]) == share


@pytest.mark.parametrize(
    ("value", "share"),
    [
        ("default-src 'self'", 1),
        ("script-src 'self' 'unsafe-inline'", 0.5),
        ("script-src 'self' 'nonce-abc' 'unsafe-inline'", 1),
        ("script-src 'nonce-abc' 'strict-dynamic' https:", 1),
        ("default-src *; script-src 'self'", 1),
        ("default-src https:", 0.5),
        ("script-src 'self' 'unsafe-eval'", 0.5),
        ("script-src;", 1),
        ("upgrade-insecure-requests", 0),
        ("frame-ancestors 'self', default-src 'self'", 1),
        ("", 0),
    ],
)
def test_content_security_policy(value: str, share: float) -> None:
    assert protection.csp([("Content-Security-Policy", value)], {}) == share
    assert protection.csp([("Content-Security-Policy-Report-Only", value)], {}) == 0
    in_page = protection.csp([], {"content-security-policy": value})
    assert in_page == share or "," in value


@pytest.mark.parametrize(
    ("headers", "share"),
    [
        ({"X-Frame-Options": "SAMEORIGIN"}, 1),
        ({"X-Frame-Options": "deny"}, 1),
        ({"X-Frame-Options": "ALLOW-FROM https://other.example"}, 0),
        ({"Content-Security-Policy": "frame-ancestors 'none'"}, 1),
        ({"Content-Security-Policy": "frame-ancestors *", "X-Frame-Options": "DENY"}, 0),
        ({"Content-Security-Policy-Report-Only": "frame-ancestors 'none'"}, 0),
        ({}, 0),
    ],
)
def test_framing(headers: dict[str, str], share: float) -> None:
    assert protection.framing(list(headers.items())) == share


@pytest.mark.parametrize(
    ("line", "share"),
    [
        ("PHPSESSID=a1; Secure; HttpOnly; SameSite=Strict", 1),
        ("ASP.NET_SessionId=a1; path=/; HttpOnly; SameSite=Lax", 2 / 3),
        ("JSESSIONID=a1; Path=/", 0),
        ("sid=a1; SameSite=None; Secure; HttpOnly", 1),
        ("sid=a1; SameSite=None; HttpOnly", 1 / 3),
        ("XSRF-TOKEN=a1; Secure; SameSite=Lax", 1),
        ("x=Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5; Secure", 1 / 3),
        ("lang=fa; path=/", None),
        ("_ga=GA1.2.1234567890.1234567890; path=/", None),
        ("sessionid=; Max-Age=0", None),
        ("", None),
    ],
)
def test_cookies_that_tell_who_somebody_is(line: str, share: float | None) -> None:
    cookie = protection.session_cookie(line)
    assert (cookie and cookie.share) == (share if share is None else pytest.approx(share))


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("Server", "nginx/1.18.0 (Ubuntu)", True),
        ("Server", "Microsoft-IIS/8.5", True),
        ("Server", "cloudflare", False),
        ("X-Powered-By", "PHP/7.4.3", True),
        ("X-Powered-By", "ASP.NET", False),
        ("X-AspNet-Version", "4.0.30319", True),
        ("Content-Length", "1.5", False),
    ],
)
def test_versions_given_away(name: str, value: str, told: bool) -> None:
    assert list(protection.told_versions([(name, value)])) == ([f"{name}: {value}"] if told else [])
