"""The names and the network of the odd portals, for any Python process that has this folder in PYTHONPATH.

Python imports this file by itself when it starts, so that `dargah crawl` and its workers need know nothing
of it. ODD_NETWORK names a JSON file ``{"names": {name: [[address, ...], ...]}, "routes": {address: port}}``:
the k-th question for a name gets its k-th list of addresses, the last one for ever; other names do not exist.
Connections to an address of the play network arrive at 127.0.0.1 (same port); those to an address in
`routes` at that port of 127.0.0.1; nothing else but loopback can be reached at all.
"""

from __future__ import annotations

import errno
import ipaddress
import json
import os
import socket
from collections import Counter
from pathlib import Path
from typing import Any

PLAY = ipaddress.ip_network("192.52.193.0/24")
"""Public by its number, but given to nobody's servers (RFC 7450 reserves it for relays)."""


def install(table: dict[str, Any]) -> None:
    names: dict[str, list[list[str]]] = table["names"]
    routes: dict[str, int] = table["routes"]
    asked: Counter[str] = Counter()
    ask, connect, connect_ex = socket.getaddrinfo, socket.socket.connect, socket.socket.connect_ex

    def getaddrinfo(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is None or name in ("localhost", "127.0.0.1") or _is_number(name):
            return ask(host, port, *args, **options)
        if name not in names:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        answers = names[name]
        addresses = answers[min(asked[name], len(answers) - 1)]
        asked[name] += 1
        return [item for address in addresses for item in ask(address, port, *args, **options)]

    def there(address: Any) -> Any:
        if not isinstance(address, tuple) or not _is_number(address[0]):
            return address
        host, port = address[:2]
        if host in routes:
            return ("127.0.0.1", routes[host])
        number = ipaddress.ip_address(host)
        if number in PLAY:
            return ("127.0.0.1", port)
        if not number.is_loopback:
            raise OSError(errno.ENETUNREACH, "only the odd portals can be reached")
        return address

    def connect_there(self: socket.socket, address: Any) -> None:
        connect(self, there(address))

    def connect_there_ex(self: socket.socket, address: Any) -> int:
        try:
            return connect_ex(self, there(address))
        except OSError as error:
            return error.errno or errno.ENETUNREACH

    socket.getaddrinfo = getaddrinfo
    socket.socket.connect = connect_there  # type: ignore[method-assign]
    socket.socket.connect_ex = connect_there_ex  # type: ignore[method-assign]


def _is_number(host: Any) -> bool:
    try:
        ipaddress.ip_address(str(host).split("%", 1)[0])
    except ValueError:
        return False
    return True


if os.environ.get("ODD_NETWORK"):
    install(json.loads(Path(os.environ["ODD_NETWORK"]).read_text(encoding="utf-8")))
