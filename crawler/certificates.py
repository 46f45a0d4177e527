"""What is wrong with a host's certificate, in words."""

from __future__ import annotations

import asyncio
import contextlib
import ssl

from crawler.addresses import is_private_address
from crawler.gate import resolve

_SECONDS = 10.0


async def certificate_fault(host: str, port: int, *, may_be_private: bool) -> str:
    """The fault that a TLS handshake with the host meets, '' if it meets none. Nothing is asked over the
    connection; private addresses are passed over unless the host `may_be_private`."""
    with contextlib.suppress(OSError, UnicodeError, TimeoutError):
        async with asyncio.timeout(_SECONDS):
            for address in await resolve(host, port):
                if may_be_private or not is_private_address(address):
                    return await _shake_hands(address, port, host)
    return ""


async def _shake_hands(address: str, port: int, host: str) -> str:
    context = ssl.create_default_context()
    try:
        _, writer = await asyncio.open_connection(address, port, ssl=context, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        if error.verify_code in (62, 64):  # X509_V_ERR_HOSTNAME_MISMATCH, ..._IP_ADDRESS_MISMATCH
            return "the certificate is for another name"
        return f"the certificate is not trusted ({error.verify_message})"
    writer.close()
    return ""
