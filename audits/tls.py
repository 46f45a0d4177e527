"""A TLS handshake over a connection that somebody else opened, and what the certificate shown says."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID
from OpenSSL import SSL
from service_identity import VerificationError
from service_identity.cryptography import verify_certificate_hostname, verify_certificate_ip_address
from service_identity.exceptions import CertificateError

from audits.records import Certificate, CertificateFault, TlsVersion
from crawler.gate import Connection

VERSIONS: tuple[TlsVersion, ...] = get_args(TlsVersion)
_NUMBERS: dict[TlsVersion, int] = {
    "TLS 1.0": SSL.TLS1_VERSION,
    "TLS 1.1": SSL.TLS1_1_VERSION,
    "TLS 1.2": SSL.TLS1_2_VERSION,
    "TLS 1.3": SSL.TLS1_3_VERSION,
}

HANDSHAKE_BYTES = 262_144
"""A handshake that takes more (the certificates are most of it) is none."""

_PIECE = 16_384
_MOST_NAMES = 100
_LONGEST_NAME = 300

# OpenSSL's verification results (openssl/x509_vfy.h) that name a fault of their own.
_ISSUER_MISSING = frozenset((2, 20, 21, 27))
_FAULTS: dict[int, CertificateFault] = {
    9: "not_yet_valid",
    10: "expired",
    18: "self_signed",
    19: "unknown_authority",
    23: "revoked",
}


class TlsError(Exception):
    """No handshake. `kind`: ``ours``, this machine's library would not even try; ``refused``, the other side
    said so, or speaks no TLS; ``broken``, the connection ended, which may be anybody's doing."""

    def __init__(self, reason: str, kind: Literal["ours", "refused", "broken"]) -> None:
        super().__init__(reason)
        self.reason = reason
        self.kind = kind


class Shown(NamedTuple):
    """The outcome of a handshake; `certificate` is None where the host showed none that can be read."""

    version: TlsVersion
    certificate: Certificate | None


class TlsClient:
    """The client's side of one TLS connection.

    It accepts whatever the host offers, old protocols, weak ciphers and untrusted certificates too: what is
    wrong with them is the answer that is sought. Nothing but a request for ``/`` is ever sent through it.
    """

    def __init__(
        self,
        connection: Connection,
        host: str,
        *,
        only: TlsVersion | None = None,
        authority: Path | None = None,
    ) -> None:
        """`host` as in an address, without brackets; `only` is the one version offered; `authority` (PEM) is
        trusted beside the system's. Raises TlsError where the library here lacks that version."""
        self.received = 0
        """Bytes, as they came over the line."""
        self._reader, self._writer = connection
        self._host = host
        self._errors: set[int] = set()
        context = _context(only, authority)
        context.set_verify(SSL.VERIFY_PEER, self._note_fault)
        self._tls = SSL.Connection(context, None)
        self._tls.set_connect_state()
        if not _is_number(host):
            self._tls.set_tlsext_host_name(host.encode("ascii"))

    async def handshake(self) -> Shown:
        """Raises TlsError, OSError. The caller sets the time."""
        while True:
            try:
                self._tls.do_handshake()
            except SSL.WantReadError:
                await self._flush()
                if self.received > HANDSHAKE_BYTES:
                    raise TlsError("the handshake does not end", "broken") from None
                if not await self._fill():
                    raise TlsError("the connection was closed during the handshake", "broken") from None
            except SSL.Error as error:
                await self._flush()
                raise _explained(error) from None
            else:
                await self._flush()
                break
        name = self._tls.get_protocol_version_name()
        version = {"TLSv1": "TLS 1.0"}.get(name, name.replace("TLSv", "TLS "))
        return Shown(next(v for v in VERSIONS if v == version), self._certificate())

    async def send(self, data: bytes) -> None:
        self._tls.sendall(data)
        await self._flush()

    async def receive(self) -> bytes:
        """What has come, b"" at the end. Raises TlsError, OSError."""
        while True:
            try:
                return self._tls.recv(_PIECE)
            except SSL.WantReadError:
                await self._flush()
                if not await self._fill():
                    return b""
            except (SSL.ZeroReturnError, SSL.SysCallError):
                return b""
            except SSL.Error as error:
                raise _explained(error) from None

    def _note_fault(self, _: SSL.Connection, __: Any, number: int, ___: int, fine: int) -> bool:
        if not fine:
            self._errors.add(number)
        return True

    async def _fill(self) -> bool:
        data = await self._reader.read(_PIECE)
        self.received += len(data)
        if data:
            self._tls.bio_write(data)
        return bool(data)

    async def _flush(self) -> None:
        while True:
            try:
                self._writer.write(self._tls.bio_read(_PIECE))
            except SSL.WantReadError:
                break
        await self._writer.drain()

    def _certificate(self) -> Certificate | None:
        try:
            chain = self._tls.get_peer_cert_chain(as_cryptography=True) or []
            return _described(chain, self._faults(chain)) if chain else None
        except ValueError:  # a certificate that breaks its own syntax
            return None

    def _faults(self, chain: Sequence[x509.Certificate]) -> list[CertificateFault]:
        faults: dict[CertificateFault, None] = {}
        if not _is_for(chain[0], self._host):
            faults["wrong_name"] = None
        for number in sorted(self._errors):
            if number in _ISSUER_MISSING:
                faults["incomplete_chain" if _could_be_completed(chain[-1]) else "unknown_authority"] = None
            else:
                faults[_FAULTS.get(number, "invalid")] = None
        if "self_signed" in faults:
            faults.pop("unknown_authority", None)
        return list(faults)


def _context(only: TlsVersion | None, authority: Path | None) -> SSL.Context:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    try:
        context.set_cipher_list(b"ALL:@SECLEVEL=0")
        context.set_min_proto_version(_NUMBERS[only or VERSIONS[0]])
        context.set_max_proto_version(_NUMBERS[only or VERSIONS[-1]])
    except (SSL.Error, ValueError) as error:
        raise TlsError(f"the library here does not speak {only or 'TLS'}", "ours") from error
    context.set_options(SSL.OP_LEGACY_SERVER_CONNECT | SSL.OP_IGNORE_UNEXPECTED_EOF)
    context.set_default_verify_paths()
    if authority is not None:
        context.load_verify_locations(str(authority))
    return context


def _explained(error: SSL.Error) -> TlsError:
    said = " ".join(str(part[-1]) for part in (error.args[0] if error.args else ()) if part)
    if "no protocols available" in said or "no ciphers available" in said:
        return TlsError(said, "ours")
    if any(words in said for words in ("wrong version number", "packet length too long", "http request")):
        return TlsError("no TLS is spoken there", "refused")
    reason = f"no secure connection ({said or 'handshake failed'})"
    return TlsError(reason, "refused" if "alert" in said else "broken")


def _described(chain: Sequence[x509.Certificate], faults: Sequence[CertificateFault]) -> Certificate:
    served = chain[0]
    key = served.public_key()
    signed = [c for c in chain if c.issuer != c.subject] or chain[:1]
    return Certificate(
        subject=_name(served.subject),
        names=_names(served),
        issuer=_name(served.issuer),
        not_before=served.not_valid_before_utc,
        not_after=served.not_valid_after_utc,
        key=_kind(key),
        key_bits=getattr(key, "key_size", 256 if "25519" in type(key).__name__ else 456),
        signatures=tuple(_hash(c) for c in signed),
        chain=len(chain),
        faults=tuple(faults),
    )


def _kind(key: object) -> str:
    known = {rsa.RSAPublicKey: "RSA", ec.EllipticCurvePublicKey: "EC", dsa.DSAPublicKey: "DSA"}
    name = next((name for kind, name in known.items() if isinstance(key, kind)), "")
    return name or type(key).__name__.removesuffix("PublicKey")


def _hash(certificate: x509.Certificate) -> str:
    """``sha256``; of schemes with a hash built in (Ed25519) their OID's name."""
    algorithm = certificate.signature_hash_algorithm
    return algorithm.name if algorithm else certificate.signature_algorithm_oid._name.lower()


def _name(name: x509.Name) -> str:
    """The common name, else the organization, else the whole."""
    for oid in (x509.NameOID.COMMON_NAME, x509.NameOID.ORGANIZATION_NAME):
        if found := name.get_attributes_for_oid(oid):
            return str(found[0].value)[:_LONGEST_NAME]
    return name.rfc4514_string()[:_LONGEST_NAME]


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        listed = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    names = [*listed.get_values_for_type(x509.DNSName), *listed.get_values_for_type(x509.IPAddress)]
    return tuple(str(name)[:_LONGEST_NAME] for name in names[:_MOST_NAMES])


def _is_for(certificate: x509.Certificate, host: str) -> bool:
    try:
        if _is_number(host):
            verify_certificate_ip_address(certificate, host)
        else:
            verify_certificate_hostname(certificate, host)
    except (VerificationError, CertificateError):
        return False
    return True


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _could_be_completed(last: x509.Certificate) -> bool:
    """Whether the last certificate sent says where its issuer's lies, so that it is no authority's own."""
    if last.issuer == last.subject:
        return False
    try:
        access = last.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return False
    return any(item.access_method == AuthorityInformationAccessOID.CA_ISSUERS for item in access)
