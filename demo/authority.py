"""The province's private certificate authority, made on the spot.

Keys are never shipped: the first use makes an authority and a server certificate for loopback names in
``demo/certificates/``; they are made anew a month before they end.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme
from cryptography import x509

FOLDER = Path(__file__).parent / "certificates"
NAMES = ("127.0.0.1", "localhost")
LIFETIME = timedelta(days=365)
RENEW_BEFORE = timedelta(days=30)


def ensure_certificates(folder: Path = FOLDER) -> tuple[Path, Path]:
    """Return the paths of the authority's certificate and of the server's key with its chain (both PEM)."""
    authority, server = folder / "ca.pem", folder / "server.pem"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone_in(folder):
        if not (_lasts(authority) and _lasts(server)):
            _make(authority, server)
    return authority, server


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Two processes that start together must not mix one's authority with the other's certificate."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _lasts(pem: Path) -> bool:
    try:
        certificates = x509.load_pem_x509_certificates(pem.read_bytes())
    except (FileNotFoundError, ValueError):
        return False
    return all(c.not_valid_after_utc - RENEW_BEFORE > datetime.now(UTC) for c in certificates)


def _make(authority: Path, server: Path) -> None:
    # A day in the past forgives a clock that is a little behind.
    start = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=1)
    end = start + LIFETIME
    issuer = trustme.CA(organization_name="Damavand Province Demo", organization_unit_name="Authority")
    issued = issuer.issue_cert(*NAMES, not_before=start, not_after=end)
    _write(server, issued.private_key_and_cert_chain_pem.bytes(), mode=0o600)
    _write(authority, issuer.cert_pem.bytes(), mode=0o644)


def _write(path: Path, content: bytes, mode: int) -> None:
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=mode)
    fresh.write_bytes(content)
    fresh.replace(path)
