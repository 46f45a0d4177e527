"""portal_security: what a portal does for its visitors' safety, as far as it shows from outside.

The certificate, the protocols and the way from HTTP to HTTPS come from a look at each host
(`audits.security`); headers, cookies, scripts and mixed content from the answers that the visit archived.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from statistics import mean
from typing import NamedTuple
from urllib.parse import urljoin

from audits.records import Certificate, HostSecurity
from crawler.scope import host_of
from indicators.detector import Details, Verdict, detector, found, not_observable
from indicators.detectors import _protection as protection
from indicators.detectors._measured import SHARE_LIMITS, level, share_between
from indicators.quoting import LONGEST_EXCERPT
from indicators.records import Evidence, PageNumbers
from indicators.site import PageView, Site, body_of
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary
from indicators.witness import told_by

CHECKS = (
    "certificate",
    "certificate_days",
    "certificate_key",
    "tls_versions",
    "https_redirect",
    "hsts",
    "csp",
    "framing",
    "mime_sniffing",
    "cookie_flags",
    "mixed_content",
    "version_leak",
    "referrer_policy",
    "script_integrity",
)
CAPPING = ("certificate", "https_redirect")
"""Checks that decide how much the others are worth: where one fails, its ``_most_share`` is the most."""

MOST_READ = 50
"""Pages whose headers and markup are read, in the order of the visit."""

LIMITS = SHARE_LIMITS | {
    "certificate_key": ("rsa_bits_least", "ec_bits_least"),
    "https_redirect": ("https_redirect_detour_share",),
    "hsts": ("hsts_least_days",),
    "csp": ("csp_loose_share",),
    "tls_versions": ("tls_versions_old_share",),
}


class Seen(NamedTuple):
    """How much of a check one host, page or cookie meets, and the witness, where there is one."""

    check: str
    share: float
    url: str
    page: int | None = None
    evidence: Evidence | None = None


@detector("portal_security", version=1, measured=True, unvisited=True)
def detect(site: Site, _: Vocabulary) -> Verdict:
    if site.archived:
        return not_observable("a saved copy: how it is protected says nothing of the live portal")
    if not site.security:
        return not_observable("no host was looked at from outside")
    home = site.home.url if site.home else site.portal.start
    main = next((one for one in site.security if one.host == host_of(home)), site.security[0])
    encrypted = home.startswith("https:")
    if encrypted and main.certificate is None:
        return not_observable(f"{main.https.url}: {main.https.reason}")
    if not site.pages and not (main.certificate and main.certificate.faults):
        return not_observable("the certificate kept the visit out, and nothing was wrong with it later")
    seen = [*_hosts(site, main, encrypted), *_pages(site, main, encrypted)]
    shares = {name: mean(own) for name in CHECKS if (own := [one.share for one in seen if one.check == name])}
    counted = {name: threshold(f"weight_{name}") for name in shares}
    share = sum(shares[name] * counted[name] for name in shares) / sum(counted.values())
    for name in CAPPING:
        if any(one.check == name and not one.share and one.url in _addresses(main) for one in seen):
            share = min(share, threshold(f"{name}_most_share"))
    details: Details = {"share": round(share, 4), "pages": len({one.page for one in seen} - {None})}
    for check in CHECKS:
        if check in shares:
            details[check] = round(shares[check], 4)
    witnesses = sorted(_witnesses(seen), key=lambda one: -counted[one.check] * (1 - one.share))
    evidence = [one.evidence for one in witnesses if one.evidence]
    if not evidence:
        return not_observable("nothing that was seen can be shown", details)
    return found(
        level(share),
        *evidence,
        confidence=0.9 if site.pages else 0.8,
        details=details,
        pages=_rows(seen),
        limits=LIMITS,
    )


def _addresses(one: HostSecurity) -> tuple[str, str]:
    return one.https.url, one.http.url


def _witnesses(seen: Iterable[Seen]) -> list[Seen]:
    """One of each check: the worst that can be shown."""
    worst: dict[str, Seen] = {}
    for one in seen:
        if one.evidence and (one.check not in worst or one.share < worst[one.check].share):
            worst[one.check] = one
    return list(worst.values())


def _rows(seen: Iterable[Seen]) -> list[PageNumbers]:
    """What each host meets, the first page, and every page that meets less of something than the first."""
    rows: dict[tuple[str, int | None], dict[str, list[float]]] = {}
    for one in seen:
        rows.setdefault((one.url, one.page), {}).setdefault(one.check, []).append(one.share)
    shown: list[PageNumbers] = []
    first: dict[str, float] | None = None
    for (url, page), checks in rows.items():
        met = {name: round(mean(own), 4) for name, own in checks.items()}
        if page is None or first is None or any(met[name] < first.get(name, 1.0) for name in met):
            shown.append(PageNumbers(url=url, page=page, values=dict(met)))
        if page is not None and first is None:
            first = met
    return shown


# Hosts


def _hosts(site: Site, main: HostSecurity, encrypted: bool) -> Iterator[Seen]:
    for one in site.security:
        if one.certificate is not None:
            yield from _certificate(one, one.certificate)
        elif one is main:
            yield _shown(one, "certificate", 0.0)
        if any(one.protocols.values()):
            yield _shown(one, "tls_versions", _protocols(one))
        redirect = _redirect(site, one, encrypted)
        if redirect is not None:
            yield _shown(one, "https_redirect", redirect)


def _certificate(one: HostSecurity, certificate: Certificate) -> Iterator[Seen]:
    yield _shown(one, "certificate", float(not certificate.faults))
    lifetime = (certificate.not_after - certificate.not_before).days
    # Short-lived certificates are renewed by machines; few days are left of them always.
    if lifetime >= threshold("certificate_lifetime_least") and "expired" not in certificate.faults:
        good, poor = threshold("certificate_days_good"), threshold("certificate_days_poor")
        yield _shown(
            one, "certificate_days", share_between(-certificate.days_left(one.looked_at), -good, -poor)
        )
    least = {"RSA": "rsa_bits_least", "DSA": "rsa_bits_least", "EC": "ec_bits_least"}.get(certificate.key)
    strong = least is None or certificate.key_bits >= threshold(least)
    broken = {"md5", "sha1"}.intersection(certificate.signatures)
    yield _shown(one, "certificate_key", float(strong and not broken))


def _protocols(one: HostSecurity) -> float:
    if not (one.protocols.get("TLS 1.2") or one.protocols.get("TLS 1.3")):
        return 0.0
    old = one.protocols.get("TLS 1.0") or one.protocols.get("TLS 1.1")
    return threshold("tls_versions_old_share") if old else 1.0


def _redirect(site: Site, one: HostSecurity, encrypted: bool) -> float | None:
    """How plain HTTP leads to HTTPS, None where nothing is served in plain or it cannot be told."""
    status = one.http.status or 0
    if one.http.state != "answered" or status >= 400:
        return None
    target = urljoin(one.http.url, one.http.header("Location")) if 300 <= status < 400 else ""
    if target.startswith("https:"):
        return 1.0 if status in (301, 308) else threshold("https_redirect_detour_share")
    # Over another plain address of the portal, which leads on.
    detour = target.startswith("http:") and host_of(target) != one.host and site.is_own(target) and encrypted
    return threshold("https_redirect_detour_share") if detour else 0.0


def _shown(one: HostSecurity, check: str, share: float) -> Seen:
    """With the words of the look as the witness."""
    told = _quoted(one, check)
    return Seen(check, share, told.url if told else one.https.url, None, told)


def _quoted(one: HostSecurity, check: str, url: str = "") -> Evidence | None:
    """What the look at a host told of a matter, at this address if one is given."""
    told = next((told for told in told_by(one) if told.note == check and url in ("", told.url)), None)
    if told is None:
        return None
    return Evidence(url=told.url, seen_at=one.looked_at, kind="measurement", excerpt=told.words, note=check)


# Pages


def _pages(site: Site, main: HostSecurity, encrypted: bool) -> Iterator[Seen]:
    pages = site.pages[:MOST_READ]
    for page in pages:
        record = site.latest_record(page.url)
        headers = site.headers(record) if record else []
        if record and headers:
            yield from _headers(page, record, headers, main)
        yield from _markup(site, page)
    if pages and not encrypted:  # browsers do not heed the header there
        yield Seen(
            "hsts",
            protection.hsts(main.https.headers),
            main.https.url,
            None,
            _quoted(main, "hsts", main.https.url),
        )
    yield from _cookies(site)


def _headers(page: PageView, record: str, headers: protection.Headers, main: HostSecurity) -> Iterator[Seen]:
    metas = page.facts.metas

    def seen(check: str, share: float, name: str) -> Seen:
        value = protection.first(headers, name)
        said = _header_evidence(page, record, f"{name}: {value}"[:LONGEST_EXCERPT], check) if value else None
        return Seen(check, share, page.url, page.id, said or _quoted(main, check, page.url))

    if page.url.startswith("https:"):
        yield seen("hsts", protection.hsts(headers), "Strict-Transport-Security")
    yield seen("csp", protection.csp(headers, metas), "Content-Security-Policy")
    framed_by = (
        "X-Frame-Options" if protection.first(headers, "X-Frame-Options") else "Content-Security-Policy"
    )
    yield seen("framing", protection.framing(headers), framed_by)
    yield seen("mime_sniffing", protection.mime_sniffing(headers), "X-Content-Type-Options")
    yield seen("referrer_policy", protection.referrer_policy(headers, metas), "Referrer-Policy")
    leak = next(protection.told_versions(headers), "")
    generator = metas.get("generator", "")
    told: Evidence | None = None
    if leak:
        told = _header_evidence(page, record, leak[:LONGEST_EXCERPT], "version_leak")
    elif protection.tells_version(generator):
        told = _markup_evidence(page, generator, "", "version_leak")
    yield Seen("version_leak", float(told is None), page.url, page.id, told)


def _markup(site: Site, page: PageView) -> Iterator[Seen]:
    root = site.tree(page).root
    if root is None:
        return
    loaded = list(protection.resources(root, page.url))
    if page.url.startswith("https:"):
        plain = [item for item in loaded if protection.is_plain(item)]
        yield _about(site, page, "mixed_content", plain)
    foreign = [
        item
        for item in loaded
        if item.element.tag == "script"
        and (host := protection.host_of_resource(item))
        and not _is_own(site, host)
    ]
    if foreign:
        yield _about(
            site, page, "script_integrity", [f for f in foreign if protection.is_unchecked_script(f)]
        )


def _is_own(site: Site, host: str) -> bool:
    return (
        site.is_own(f"http://{host}/") or site.is_own(f"https://{host}/") or body_of(host) in site.own_names
    )


def _about(site: Site, page: PageView, check: str, wrong: list[protection.Resource]) -> Seen:
    told = None
    if wrong:
        told = _markup_evidence(page, wrong[0].written, site.tree(page).path_of(wrong[0].element), check)
    return Seen(check, float(not wrong), page.url, page.id, told)


def _cookies(site: Site) -> Iterator[Seen]:
    """Each cookie once: as it is set at its worst."""
    worst: dict[str, Seen] = {}
    for page in site.all_pages[:MOST_READ]:
        for url in dict.fromkeys((page.url, page.final_url)):
            record = site.latest_record(url) if site.is_own(url) else None
            for line in protection.values(site.headers(record), "Set-Cookie") if record else ():
                cookie = protection.session_cookie(line)
                if cookie and (cookie.name not in worst or cookie.share < worst[cookie.name].share):
                    told = Evidence(
                        url=url,
                        seen_at=page.fetched_at,
                        kind="header",
                        excerpt=cookie.quoted[:LONGEST_EXCERPT],
                        warc_record=record or "",
                        page=page.id,
                        note="cookie_flags",
                    )
                    worst[cookie.name] = Seen("cookie_flags", cookie.share, page.final_url, page.id, told)
    yield from worst.values()


def _header_evidence(page: PageView, record: str, line: str, note: str) -> Evidence:
    return Evidence(
        url=page.url,
        seen_at=page.record.fetched_at,
        kind="header",
        excerpt=line,
        warc_record=record,
        page=page.id,
        note=note,
    )


def _markup_evidence(page: PageView, written: str, locator: str, note: str) -> Evidence:
    return Evidence(
        url=page.url,
        seen_at=page.record.fetched_at,
        kind="script",
        excerpt=written[:LONGEST_EXCERPT],
        locator=locator,
        warc_record=page.record.record_id,
        page=page.id,
        note=note,
    )
