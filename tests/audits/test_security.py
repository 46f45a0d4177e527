"""Looking at a host from outside: what its certificate, protocols and answers are found to be, what it costs
it, and hosts that do their worst."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from certificates import Holder, certificate
from loopback import closed_port
from test_measure import run, visited

from audits.records import HostSecurity
from audits.security import HEAD_BYTES, Knock, knocks, look
from crawler.gate import Gate
from crawler.portal import Names, Portal

HOME = b"HTTP/1.1 200 OK\r\nSet-Cookie: id=secret\r\nStrict-Transport-Security: max-age=1\r\n\r\nhello"
HERE = "127.0.0.1"
LATE = "no answer within 0.5 seconds"

Talk = Callable[[socket.socket], None]


class Server:
    """`asked` holds the first line of every request, '' for a connection on which none came."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[str] = []


@contextmanager
def serving(
    talk: Talk | None = None, tls: ssl.SSLContext | None = None, answer: bytes = HOME, host: str = HERE
) -> Iterator[Server]:
    """A server that gives `answer` to every request, or behaves as `talk` wants it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as listening:
        server = Server(listening.getsockname()[1])

        def reply(connection: socket.socket) -> None:
            server.asked.append("")
            secured = tls.wrap_socket(connection, server_side=True) if tls else connection
            with secured:
                request = secured.recv(65_536)
                server.asked[-1] = request.decode("latin-1").partition("\r\n")[0]
                secured.sendall(answer)

        def serve_one(connection: socket.socket) -> None:
            with connection, contextlib.suppress(OSError):
                (talk or reply)(connection)

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    threading.Thread(target=serve_one, args=(listening.accept()[0],), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield server
        finally:
            listening.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="module")
def root() -> Holder:
    return certificate("Test Root", authority=True)


@pytest.fixture
def authority(root: Holder, tmp_path: Path) -> Path:
    path = tmp_path / "authority.pem"
    path.write_bytes(root.pem)
    return path


def seen(
    https: int | None,
    http: int | None = None,
    *,
    host: str = HERE,
    authority: Path | None = None,
    seconds: float = 3,
    gate: Gate | None = None,
) -> HostSecurity:
    gate = gate or Gate(allow_private=True)
    return asyncio.run(
        look(Knock(host, https, http), gate, user_agent="Test", authority=authority, seconds=seconds)
    )


def faults(found: HostSecurity) -> tuple[str, ...]:
    assert found.certificate is not None
    return found.certificate.faults


def test_a_certificate_of_the_private_authority_is_described(
    root: Holder, authority: Path, tmp_path: Path
) -> None:
    held = certificate("portal", issuer=root, hosts=(HERE, "portal.example"), ends=90)
    with serving(tls=held.server(tmp_path)) as server:
        found = seen(server.port, authority=authority)
    shown = found.certificate
    assert shown is not None
    assert shown.faults == ()
    assert (shown.subject, shown.issuer, shown.key, shown.key_bits) == ("portal", "Test Root", "EC", 256)
    assert shown.names == ("portal.example", HERE)
    assert (shown.signatures, shown.chain) == (("sha256",), 1)
    assert round(shown.days_left(datetime.now(UTC))) == 90
    assert found.https.state == "answered"
    assert found.https.status == 200
    assert found.https.header("strict-transport-security") == "max-age=1"
    assert found.http.state == "unknown"
    assert "secret" not in found.model_dump_json()


def test_a_look_takes_five_connections_and_asks_for_the_root_alone(
    root: Holder, authority: Path, tmp_path: Path
) -> None:
    context = certificate("portal", issuer=root, hosts=(HERE,)).server(tmp_path)
    with serving(tls=context) as https, serving() as http:
        found = seen(https.port, http.port, authority=authority)
    assert sorted(https.asked) == ["", "", "", "GET / HTTP/1.1"]
    assert http.asked == ["GET / HTTP/1.1"]
    assert found.connections == 5
    assert 500 < found.bytes < 20_000


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"begins": -60, "ends": -1}, ("expired",)),
        ({"begins": 1}, ("not_yet_valid",)),
        ({"hosts": ("other.example",)}, ("wrong_name",)),
        ({"hosts": ()}, ("wrong_name",)),
        ({"begins": -60, "ends": -1, "hosts": ("other.example",)}, ("wrong_name", "expired")),
    ],
)
def test_what_is_wrong_with_a_certificate_is_named(
    root: Holder, authority: Path, tmp_path: Path, wrong: dict[str, object], expected: tuple[str, ...]
) -> None:
    held = certificate("portal", issuer=root, **({"hosts": (HERE,)} | wrong))  # type: ignore[arg-type]
    with serving(tls=held.server(tmp_path)) as server:
        assert faults(seen(server.port, authority=authority)) == expected


def test_a_certificate_that_vouches_for_itself(authority: Path, tmp_path: Path) -> None:
    with serving(tls=certificate("portal", hosts=(HERE,)).server(tmp_path)) as server:
        assert faults(seen(server.port, authority=authority)) == ("self_signed",)


def test_the_authority_that_vouches_must_be_known(root: Holder, tmp_path: Path) -> None:
    held = certificate("portal", issuer=root, hosts=(HERE,))
    with serving(tls=held.server(tmp_path)) as alone, serving(tls=held.server(tmp_path, root)) as whole:
        assert faults(seen(alone.port)) == ("unknown_authority",)
        assert faults(seen(whole.port)) == ("unknown_authority",)


def test_a_chain_with_a_piece_left_out(root: Holder, authority: Path, tmp_path: Path) -> None:
    between = certificate("Between", issuer=root, authority=True)
    held = certificate("portal", issuer=between, hosts=(HERE,), issuer_at="http://ca.example/between.der")
    with serving(tls=held.server(tmp_path)) as short, serving(tls=held.server(tmp_path, between)) as whole:
        assert faults(seen(short.port, authority=authority)) == ("incomplete_chain",)
        complete = seen(whole.port, authority=authority)
    assert faults(complete) == ()
    assert complete.certificate is not None
    assert complete.certificate.chain == 2


def test_a_short_key_is_told(root: Holder, authority: Path, tmp_path: Path) -> None:
    context = certificate("portal", issuer=root, hosts=(HERE,), rsa_bits=1024).server(tmp_path)
    with serving(tls=context) as server:
        shown = seen(server.port, authority=authority).certificate
    assert shown is not None
    assert (shown.key, shown.key_bits, shown.faults) == ("RSA", 1024, ())


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
@pytest.mark.parametrize(
    ("least", "most", "accepted"),
    [
        (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_3, [False, False, False, True]),
        (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2, [False, False, True, False]),
        (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3, [False, False, True, True]),
        (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_3, [True, True, True, True]),
        (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1, [True, False, False, False]),
    ],
)
def test_protocol_versions_are_tried_one_by_one(
    root: Holder, tmp_path: Path, least: ssl.TLSVersion, most: ssl.TLSVersion, accepted: list[bool]
) -> None:
    context = certificate("portal", issuer=root, hosts=(HERE,)).server(tmp_path)
    context.minimum_version, context.maximum_version = least, most
    with serving(tls=context) as server:
        found = seen(server.port)
    assert list(found.protocols) == ["TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"]
    assert list(found.protocols.values()) == accepted


def test_plain_http_says_where_it_leads() -> None:
    moved = b"HTTP/1.1 301 Moved\r\nLocation: https://portal.example/\r\nContent-Length: 0\r\n\r\n"
    with serving(answer=moved) as leads, serving() as stays:
        led, stayed = seen(None, leads.port).http, seen(None, stays.port).http
    assert (led.status, led.header("Location")) == (301, "https://portal.example/")
    assert (stayed.status, stayed.header("Location")) == (200, "")


def test_nobody_there_and_no_tls_there_are_told_from_silence() -> None:
    with serving() as plain:
        spoken = seen(plain.port).https
    closed = seen(closed_port(), closed_port())
    assert (spoken.state, spoken.reason) == ("absent", "no TLS is spoken there")
    assert (closed.https.state, closed.http.state) == ("absent", "absent")
    assert closed.https.reason == "connection refused"
    assert closed.certificate is None
    assert closed.protocols == {}


def drip(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"H")
        time.sleep(0.05)


def reset(connection: socket.socket) -> None:
    connection.recv(10)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def huge(connection: socket.socket) -> None:
    connection.recv(10)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-Padding: " + b"x" * 60_000 + b"\r\n")


def many(connection: socket.socket) -> None:
    connection.recv(10)
    connection.sendall(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 5_000 + b"\r\n")


def babble(connection: socket.socket) -> None:
    connection.recv(10)
    connection.sendall(b"220 mail.example ESMTP\r\n\r\n")


@pytest.mark.parametrize(
    ("talk", "http", "https"),
    [
        (drip, LATE, ("absent", "no TLS is spoken there")),
        (reset, "the connection broke", ("unknown", "the connection broke")),
        (huge, f"more than {HEAD_BYTES // 1024} KiB of headers", ("absent", "no TLS is spoken there")),
        (many, "the answer is no HTTP", ("absent", "no TLS is spoken there")),
        (babble, "the answer is no HTTP", ("absent", "no TLS is spoken there")),
        (
            lambda _: time.sleep(2),
            "no answer within 0.5 seconds",
            ("unknown", "no answer within 0.5 seconds"),
        ),
    ],
    ids=["drip", "reset", "huge", "many", "babble", "silent"],
)
def test_a_hostile_host_ends_in_a_reason_and_in_time(talk: Talk, http: str, https: tuple[str, str]) -> None:
    began = time.monotonic()
    with serving(talk) as server:
        found = seen(server.port, server.port, seconds=0.5)
    assert time.monotonic() - began < 3
    assert (found.http.state, found.http.reason) == ("unknown", http)
    assert (found.https.state, found.https.reason) == https
    assert found.bytes < 1_000_000


def test_what_the_handshake_told_is_kept_where_the_answer_never_comes(
    root: Holder, authority: Path, tmp_path: Path
) -> None:
    context = certificate("portal", issuer=root, hosts=(HERE,)).server(tmp_path)

    def stall(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(100)
            time.sleep(2)

    with serving(stall) as server:
        found = seen(server.port, authority=authority, seconds=0.5)
    assert found.https.state == "unknown"
    assert faults(found) == ()


def test_a_host_on_ipv6(root: Holder, authority: Path, tmp_path: Path) -> None:
    context = certificate("portal", issuer=root, hosts=("::1",)).server(tmp_path)
    with serving(tls=context, host="::1") as server:
        found = seen(server.port, host="::1", authority=authority)
    assert found.https.url == f"https://[::1]:{server.port}/"
    assert found.https.status == 200
    assert faults(found) == ()


def test_private_addresses_and_hosts_not_listed_are_not_asked() -> None:
    async def inside(host: str, port: int) -> list[str]:
        return [HERE]

    with serving() as server:
        literal = seen(None, server.port, gate=Gate())
        named = seen(None, server.port, host="portal.example", gate=Gate(resolver=inside))
        unlisted = seen(None, server.port, gate=Gate(hosts=["portal.example"], allow_private=True))
    assert server.asked == []
    assert literal.http.reason == "private address"
    assert named.http.reason == "name leads to a private address"
    assert unlisted.http.reason == "host is not on the list"
    assert {one.http.state for one in (literal, named, unlisted)} == {"unknown"}


def portal(start: str) -> Portal:
    return Portal(id="one", names=Names(fa="یک", en="One"), kind="office", start=start)


def test_a_host_and_its_twin_are_looked_at_on_the_usual_ports() -> None:
    start = "http://portal.example.ir/"
    assert knocks(portal(start), start) == [
        Knock("portal.example.ir", 443, 80),
        Knock("www.portal.example.ir", 443, 80),
    ]
    moved = knocks(portal("http://www.example.ir/"), "https://example.ir/fa/")
    assert [knock.name for knock in moved] == ["www.example.ir", "example.ir"]
    assert moved[0].url("https") == "https://www.example.ir/"


def test_an_address_with_a_port_has_no_other_scheme_beside_it() -> None:
    assert knocks(portal("https://127.0.0.1:8604/"), "https://127.0.0.1:8604/fa") == [
        Knock("127.0.0.1", 8604, None)
    ]
    assert knocks(portal("http://127.0.0.1:8601/"), "http://127.0.0.1:8601/") == [
        Knock("127.0.0.1", None, 8601)
    ]
    assert knocks(portal("http://one.example/"), "http://elsewhere.example/")[0].host == "one.example"


def test_measuring_looks_at_a_host_once_even_where_its_certificate_kept_the_visit_out(tmp_path: Path) -> None:
    context = certificate("portal", hosts=(HERE,)).server(tmp_path)
    with serving(tls=context) as server:
        target = portal(f"https://{HERE}:{server.port}/").model_copy(update={"allow_private": True})
        capture = visited(tmp_path / "capture", target, outcome="certificate")
        first = run(target, capture, tmp_path / "out")
        asked = len(server.asked)
        second = run(target, capture, tmp_path / "out")
    assert [one.host for one in first.security] == [f"{HERE}:{server.port}"]
    assert faults(first.security[0]) == ("self_signed",)
    assert first.chromium == ""
    assert second.security == first.security
    assert len(server.asked) == asked


def test_a_saved_copy_is_not_looked_at(tmp_path: Path) -> None:
    with serving() as server:
        target = portal(f"http://{HERE}:{server.port}/")
        target = target.model_copy(update={"allow_private": True, "archived": True})
        capture = visited(tmp_path / "capture", target, outcome="certificate")
        assert run(target, capture, tmp_path / "out").security == ()
    assert server.asked == []
