"""Certificates as they should not be, made on the spot."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from functools import cached_property

import trustme


class Certificates:
    """A private authority that the portals' entries name, and servers that abuse it."""

    def __init__(self) -> None:
        self._ca = trustme.CA(organization_name="Odd portals")

    @property
    def authority(self) -> bytes:
        return self._ca.cert_pem.bytes()

    @cached_property
    def _made(self) -> dict[str, trustme.LeafCert]:
        now = datetime.now(UTC).replace(tzinfo=None)
        return {
            "certificate-good": self._ca.issue_cert("127.0.0.1"),
            "certificate-expired": self._ca.issue_cert(
                "127.0.0.1", not_before=now - timedelta(days=90), not_after=now - timedelta(days=1)
            ),
            "certificate-wrong-name": self._ca.issue_cert("other.example"),
        }

    def context(self, portal: str) -> ssl.SSLContext | None:
        """The TLS settings of a portal, None if it speaks plain HTTP."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        if portal == "certificate-self-signed":
            own = trustme.CA(organization_name="Somebody")
            with trustme.Blob(own.private_key_pem.bytes() + own.cert_pem.bytes()).tempfile() as path:
                context.load_cert_chain(path)
        elif portal in self._made:
            self._made[portal].configure_cert(context)
        else:
            return None
        return context
