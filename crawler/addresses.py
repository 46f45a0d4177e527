"""Which addresses are somebody's inside: where a page from outside must never lead us."""

from __future__ import annotations

import ipaddress
import socket

_INSIDE_SUFFIXES = ("localhost", "local", "internal", "intranet", "lan", "home.arpa", "localdomain")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_private_address(host: str) -> bool:
    """True if `host` (an IP literal, with or without brackets, or a name) is not on the public network.

    Loopback, private, link-local (the clouds' metadata services among them), carrier-grade NAT,
    multicast, reserved and documentation ranges count, also inside IPv4-mapped, 6to4, Teredo and NAT64
    addresses and in the short, octal and hexadecimal spellings of IPv4 that browsers accept. Of a name
    only its spelling is judged: whoever connects must judge what it resolves to as well.
    """
    name = host.strip().strip("[]").rstrip(".").split("%", 1)[0].lower()
    address = _literal(name)
    if address is not None:
        return _is_inside(address)
    return not name or any(name == suffix or name.endswith("." + suffix) for suffix in _INSIDE_SUFFIXES)


def _literal(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        pass
    # A last label that starts with a digit makes a browser read the whole as IPv4 ("127.1", "0x7f.0.0.1").
    if name.rpartition(".")[2][:1].isdigit() and name.isascii() and not any(c.isspace() for c in name):
        try:
            return ipaddress.IPv4Address(socket.inet_aton(name))
        except OSError:
            return None
    return None


def _is_inside(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        carried = [address.ipv4_mapped, address.sixtofour]
        if address.teredo:
            carried.append(address.teredo[1])
        if address in _NAT64:
            carried.append(ipaddress.IPv4Address(address.packed[-4:]))
        inner = [item for item in carried if item is not None]
        if inner:
            return any(_is_inside(item) for item in inner)
    return not address.is_global or address.is_multicast or address.is_reserved
