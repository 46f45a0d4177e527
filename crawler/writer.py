"""Writes a Capture: WARC first, then the tables, so that a table never names what is not archived."""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import IO, Any, Self

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.capture import (
    ARCHIVE,
    DATABASE,
    SCREENSHOTS,
    TABLES,
    Record,
    StorageError,
    Visit,
    columns,
    to_row,
)
from crawler.fetch import Fetched
from crawler.portal import Portal

WARC_LIMIT = 500_000_000
"""Bytes after which a new WARC file is begun."""

COMPRESSION = 6
"""Of gzip; its highest level takes half as long again for half a percent."""

SOFTWARE = "Dargah"
_ORIGINAL = "X-Archive-Orig-"

_INSERT = {
    kind: f"INSERT OR REPLACE INTO {name} VALUES ({', '.join('?' * len(columns(kind)))})"  # noqa: S608
    for name, kind in TABLES.items()
}


class CaptureWriter:
    """Opens or goes on with the capture in `folder`.

    Everything written inside one ``with writer.commit():`` becomes visible at once or, after a crash, not
    at all. Records of an interrupted commit are cut off the WARC when the folder is opened again.
    """

    def __init__(self, folder: Path, portal: Portal) -> None:
        self.folder = folder
        self._file: IO[bytes] | None = None
        self._warc: WARCWriter | None = None
        self._name = ""
        try:
            (folder / ARCHIVE).mkdir(parents=True, exist_ok=True)
            (folder / SCREENSHOTS).mkdir(exist_ok=True)
            self.db = sqlite3.connect(folder / DATABASE, isolation_level=None)
            self.db.row_factory = sqlite3.Row
            self.db.execute("PRAGMA journal_mode = WAL")
            self.db.execute("PRAGMA synchronous = NORMAL")
            self._create_tables()
            self._set_meta_once("portal", portal.model_dump_json())
            self._cut_unfinished_records()
        except (OSError, sqlite3.OperationalError) as error:
            raise StorageError(folder, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._close_file()
        # A finished capture is one file that can be read from read-only media; while somebody else reads it,
        # it stays as it is, which loses nothing.
        with suppress(sqlite3.OperationalError):
            self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self.db.execute("PRAGMA journal_mode = DELETE")
        self.db.close()

    @contextmanager
    def commit(self, *, durable: bool = True) -> Iterator[None]:
        """`durable` False: what is written outlives the process, but perhaps not a power cut. Raises
        StorageError if it cannot be written; then nothing of it is."""
        try:
            self.db.execute("BEGIN IMMEDIATE")
            yield
            if self._file:
                self._file.flush()
                if durable:
                    os.fsync(self._file.fileno())
            self.db.execute("COMMIT")
        except BaseException as error:
            self._undo()
            if isinstance(error, OSError | sqlite3.OperationalError):
                raise StorageError(self.folder, error) from error
            raise

    def _undo(self) -> None:
        with suppress(sqlite3.Error):  # a COMMIT that failed may have rolled back by itself
            self.db.execute("ROLLBACK")
        self._close_file()
        with suppress(OSError, sqlite3.Error):  # else it is done when the capture is opened again
            self._cut_unfinished_records()

    def _close_file(self) -> None:
        if self._file:
            with suppress(OSError):  # what was committed is written; the rest is cut off
                self._file.close()
            self._file = None

    def add(self, *records: Record) -> None:
        """Adds table rows; a Page or Host that is there already is replaced."""
        for kind, rows in groupby(records, type):
            self.db.executemany(_INSERT[kind], map(to_row, rows))

    def archived_part(self, url: str) -> Fetched | None:
        """The first archived answer for exactly this address, as it was fetched; None if there is none that
        is whole. Call it outside a commit."""
        answer = self.archived_answer(self.first_answer(url))
        return answer if answer and answer.status == 200 and not answer.truncated else None

    def first_answer(self, url: str) -> str:
        """The record of the first answer for exactly this address, or ''."""
        row = self.db.execute(
            "SELECT record_id FROM records WHERE url = ? AND kind = 'response' ORDER BY rowid LIMIT 1", (url,)
        ).fetchone()
        return str(row["record_id"]) if row else ""

    def archived_answer(self, record_id: str) -> Fetched | None:
        """An answer as it was fetched before, with what is archived of its body; None if there is none.
        Call it outside a commit."""
        row = self.db.execute("SELECT file, offset FROM records WHERE record_id = ?", (record_id,)).fetchone()
        if row is None:
            return None
        with (self.folder / ARCHIVE / row["file"]).open("rb") as file:
            file.seek(row["offset"])
            record = next(iter(ArchiveIterator(file)))
            return Fetched(
                url=record.rec_headers.get_header("WARC-Target-URI"),
                at=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
                seconds=0.0,
                status=int(record.http_headers.get_statuscode()),
                headers=tuple(_headers_as_received(record.http_headers.headers)),
                body=record.content_stream().read(),
                truncated=record.rec_headers.get_header("WARC-Truncated"),
                record_id=record_id,
            )

    def archive(self, exchanges: Iterable[Fetched], *, method: str = "GET") -> str:
        """Writes the exchanges that were answered; returns the record of the last one, or ''."""
        record_id = ""
        for fetched in exchanges:
            record_id = fetched.record_id
            if fetched.status is not None and not record_id:
                record_id = self.archive_exchange(
                    fetched.url,
                    method=method,
                    request_headers=fetched.request_headers,
                    status_line=fetched.status_line,
                    response_headers=fetched.headers,
                    body=fetched.body,
                    at=fetched.at,
                    truncated=fetched.truncated,
                )
        return record_id

    def save_visit(self, visit: Visit) -> None:
        self.db.execute("INSERT OR REPLACE INTO meta VALUES ('visit', ?)", (visit.model_dump_json(),))

    def archive_exchange(
        self,
        url: str,
        *,
        method: str,
        request_headers: Iterable[tuple[str, str]],
        status_line: str,
        response_headers: Iterable[tuple[str, str]],
        body: bytes,
        at: datetime,
        truncated: str | None = None,
    ) -> str:
        """Writes request and response; returns the response's WARC-Record-ID.

        `status_line` is e.g. ``200 OK``. `body` is what is kept, with content encodings undone; headers that
        no longer hold of it are renamed ``X-Archive-Orig-...`` as archives do. `truncated` is a
        WARC-Truncated reason (``length``, ``time``, ``disconnect``).
        """
        warc = self._open()
        kept = _headers_for_decoded_body(response_headers, len(body))
        stamp = {"WARC-Date": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
        if truncated:
            stamp["WARC-Truncated"] = truncated
        response = warc.create_warc_record(
            url,
            "response",
            payload=BytesIO(body),
            warc_headers_dict=dict(stamp),
            http_headers=StatusAndHeaders(status_line, kept, protocol="HTTP/1.1"),
        )
        path = _request_target(url)
        request = warc.create_warc_record(
            url,
            "request",
            payload=BytesIO(b""),
            warc_headers_dict={"WARC-Date": stamp["WARC-Date"]},
            http_headers=StatusAndHeaders(
                f"{method} {path} HTTP/1.1", list(request_headers), is_http_request=True
            ),
        )
        record_id = self._write(response, url, "response")
        request.rec_headers.add_header("WARC-Concurrent-To", record_id)
        self._write(request, url, "request")
        return record_id

    def archive_rendered(self, url: str, html: str, *, refers_to: str, at: datetime) -> str:
        """Writes what the browser made of a page as a conversion record (UTF-8 HTML); returns its id."""
        warc = self._open()
        headers = {"WARC-Date": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
        if refers_to:
            headers["WARC-Refers-To"] = refers_to
        record = warc.create_warc_record(
            url,
            "conversion",
            payload=BytesIO(html.encode("utf-8", errors="replace")),
            warc_content_type="text/html; charset=utf-8",
            warc_headers_dict=headers,
        )
        return self._write(record, url, "conversion")

    def _write(self, record: Any, url: str, kind: str) -> str:
        warc, file = self._open(), self._file
        assert file is not None
        offset = file.tell()
        warc.write_record(record)
        record_id = str(record.rec_headers.get_header("WARC-Record-ID"))
        self.db.execute(
            "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?)",
            (record_id, kind, url, self._name, offset, file.tell() - offset),
        )
        return record_id

    def _open(self) -> WARCWriter:
        if self._file and self._file.tell() > WARC_LIMIT:
            self._close_file()
        if self._file is None or self._warc is None:
            count = len(list((self.folder / ARCHIVE).glob("*.warc.gz")))
            self._name = f"dargah-{count + 1:05d}.warc.gz"
            self._file = (self.folder / ARCHIVE / self._name).open("wb")
            self._warc = WARCWriter(_Members(self._file), gzip=False)
            info = self._warc.create_warcinfo_record(
                self._name, {"software": SOFTWARE, "format": "WARC File Format 1.0"}
            )
            self._warc.write_record(info)
        return self._warc

    def _create_tables(self) -> None:
        self.db.execute("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT)")
        self.db.execute(
            "CREATE TABLE IF NOT EXISTS records (record_id TEXT PRIMARY KEY, kind TEXT, url TEXT,"
            " file TEXT, offset INTEGER, length INTEGER)"
        )
        self.db.execute("CREATE INDEX IF NOT EXISTS records_url ON records (url)")
        keys = {"pages": "id", "hosts": "host"}
        for name, record in TABLES.items():
            body = ", ".join(columns(record))
            if name in keys:
                body = body.replace(keys[name], f"{keys[name]} PRIMARY KEY", 1)
            self.db.execute(f"CREATE TABLE IF NOT EXISTS {name} ({body})")
        for name in ("links", "forms", "structured"):
            self.db.execute(f"CREATE INDEX IF NOT EXISTS {name}_page ON {name} (page)")

    def _set_meta_once(self, key: str, value: str) -> None:
        self.db.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (key, value))

    def _cut_unfinished_records(self) -> None:
        known = {
            row["file"]: row["end"]
            for row in self.db.execute("SELECT file, MAX(offset + length) AS end FROM records GROUP BY file")
        }
        for path in (self.folder / ARCHIVE).glob("*.warc.gz"):
            if path.name not in known:
                path.unlink()
            elif path.stat().st_size > known[path.name]:
                os.truncate(path, known[path.name])


class _Members:
    """A file to which WARCWriter writes: each record, at whose end it flushes, becomes a gzip member."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._compressor = self._begin()

    @staticmethod
    def _begin() -> zlib._Compress:
        return zlib.compressobj(COMPRESSION, zlib.DEFLATED, zlib.MAX_WBITS | 16)

    def write(self, data: bytes) -> None:
        self._file.write(self._compressor.compress(data))

    def flush(self) -> None:
        self._file.write(self._compressor.flush())
        self._compressor = self._begin()


def _headers_for_decoded_body(headers: Iterable[tuple[str, str]], length: int) -> list[tuple[str, str]]:
    changed = {"content-encoding", "transfer-encoding", "content-length"}
    kept = [(f"{_ORIGINAL}{k}" if k.lower() in changed else k, v) for k, v in headers]
    return [*kept, ("Content-Length", str(length))]


def _headers_as_received(headers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Undoes `_headers_for_decoded_body`."""
    for name, value in headers:
        if name != "Content-Length":
            yield name.removeprefix(_ORIGINAL), value


def _request_target(url: str) -> str:
    rest = url.split("://", 1)[-1]
    slash = rest.find("/")
    return rest[slash:] if slash >= 0 else "/"
