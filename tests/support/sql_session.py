"""A session of PostgreSQL that stays open, so that a test can hold a lock, look around, or end another session.

It speaks the protocol itself ("PostgreSQL, Frontend/Backend Protocol"): the simple query over the server's Unix socket,
which trusts everybody. psql would do, but starting it for every look costs more than the look.
"""

import socket
import struct
import time


class SqlError(Exception):
    def __init__(self, fields):
        self.sqlstate = fields.get("C", "")
        super().__init__(f"{fields.get('M')} ({self.sqlstate})")


class SqlSession:
    """Not for use by several threads at once."""

    def __init__(self, server, database, user=None):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(f"{server.socket_directory}/.s.PGSQL.{server.port}")
        self._buffer = b""
        options = {"user": user or server.user, "database": database, "application_name": "the test"}
        body = b"".join(f"{key}\0{value}\0".encode() for key, value in options.items()) + b"\0"
        self._socket.sendall(struct.pack("!ii", len(body) + 8, 3 << 16) + body)
        self.pid = 0
        self._read_until_ready()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Returns when the server has ended the session, so that none of its locks is left."""
        try:
            self._socket.sendall(b"X\0\0\0\4")
            while self._socket.recv(4096):
                pass
        except OSError:
            pass
        self._socket.close()

    def run(self, sql):
        """The rows of all statements of `sql`, as tuples of strings and None."""
        self.begin(sql)
        return self._read_until_ready()

    def begin(self, sql):
        """Sends `sql` and doesn't wait; `finish` does."""
        body = sql.encode() + b"\0"
        self._socket.sendall(b"Q" + struct.pack("!i", len(body) + 4) + body)

    def finish(self):
        return self._read_until_ready()

    def value(self, sql):
        """The first column of the first row; None when there is no row."""
        rows = self.run(sql)
        return rows[0][0] if rows else None

    def column(self, sql):
        return [row[0] for row in self.run(sql)]

    def wait_for(self, sql, run=None, seconds=20):
        """Looks again and again until the query's value is true; fails at the limit, or when `run` has ended."""
        deadline = time.monotonic() + seconds
        while self.value(sql) != "t":
            if run and run.has_ended():
                raise AssertionError(f"not true, and sluice has ended: {sql}\n{run}")
            if time.monotonic() > deadline:
                sessions = self.run("SELECT pid, state, wait_event_type, wait_event, query FROM pg_stat_activity")
                raise AssertionError(f"not true within {seconds} s: {sql}\n{sessions}")
            time.sleep(0.01)

    def _read_until_ready(self):
        rows, error = [], None
        while True:
            kind, body = self._read_message()
            if kind == b"D":
                rows.append(_fields(body))
            elif kind == b"E":
                error = SqlError({field[:1]: field[1:] for field in body.decode().split("\0") if field})
            elif kind == b"K":
                self.pid = struct.unpack("!i", body[:4])[0]
            elif kind == b"Z":
                break
        if error:
            raise error
        return rows

    def _read_message(self):
        header = self._read(5)
        return header[:1], self._read(struct.unpack("!i", header[1:])[0] - 4)

    def _read(self, count):
        while len(self._buffer) < count:
            piece = self._socket.recv(65536)
            if not piece:
                raise ConnectionError("the server ended the session")
            self._buffer += piece
        data, self._buffer = self._buffer[:count], self._buffer[count:]
        return data


def _fields(body):
    count = struct.unpack("!h", body[:2])[0]
    values, at = [], 2
    for _ in range(count):
        length = struct.unpack("!i", body[at : at + 4])[0]
        at += 4
        values.append(None if length < 0 else body[at : at + length].decode())
        at += max(length, 0)
    return tuple(values)
