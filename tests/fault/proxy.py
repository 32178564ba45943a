"""A wire between a migrator and its server that counts the messages, and strikes at the one that the test chose.

Messages are those of PostgreSQL's protocol ("PostgreSQL, Frontend/Backend Protocol"). Two moments are counted for each
message that the migrator sends: before the server sees it, and after the migrator could have seen the whole answer
(ReadyForQuery), which is held back while the strike falls: so each strike falls at an exact boundary. Of transactions
that are sent ahead, a statement each, the moments are those before Execute and behind each COMMIT.
"""

import os
import socket
import struct
import tempfile
import threading
from dataclasses import dataclass, field


class Proxy:
    """Listens on a Unix socket of its own for connections to `server`; `with` ends it.

    `strike(moment, pid)` is called with each moment's number (from 0) and the server process of its connection (0 while
    it is not known yet). It may end processes and restart the server; when it returns True the message is lost and the
    connection broken. `only_sent_ahead`: moments before anything is sent ahead are not counted, nor those of connections
    where nothing is.
    """

    def __init__(self, server, strike, only_sent_ahead=False):
        self._server = server
        self._only_sent_ahead = only_sent_ahead
        self._strike = strike
        self._lock = threading.Lock()
        self._moments = 0
        self.directory = tempfile.mkdtemp(prefix="sluice-proxy-")
        os.chmod(self.directory, 0o755)
        self._listener = socket.socket(socket.AF_UNIX)
        self._path = f"{self.directory}/.s.PGSQL.{server.port}"
        self._listener.bind(self._path)
        self._listener.listen(200)
        self._connections = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join()
        for connection in self._connections:
            connection.close()
        os.unlink(self._path)
        os.rmdir(self.directory)

    def url(self, database):
        return f"postgresql://{self._server.user}@/{database}?host={self.directory}&port={self._server.port}"

    def cut(self):
        """Breaks every connection, as a network does."""
        for connection in list(self._connections):
            connection.cut()

    def _accept(self):
        while True:
            try:
                client = self._listener.accept()[0]
            except OSError:
                return
            connection = _Connection(client)
            self._connections.append(connection)
            self._start(self._pump_requests, connection)

    def _start(self, pump, connection):
        thread = threading.Thread(target=pump, args=(connection,), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _moment(self, connection):
        if self._only_sent_ahead and not connection.sends_ahead:
            return
        with self._lock:
            number = self._moments
            self._moments += 1
        if self._strike(number, connection.pid):
            raise EOFError

    def _pump_requests(self, connection):
        stream = _Stream(connection.client)
        try:
            # The startup message has no type; a cancel request looks the same and is not counted.
            first = stream.read(4)
            first += stream.read(struct.unpack("!i", first)[0] - 4)
            if struct.unpack("!i", first[4:8])[0] >> 16 == 3:
                self._moment(connection)
            # Not before: a server that shuts down waits for a connection that has said nothing yet.
            connection.upstream.connect(f"{self._server.socket_directory}/.s.PGSQL.{self._server.port}")
            connection.upstream.sendall(first)
            self._start(self._pump_answers, connection)
            while True:
                message = stream.read_message()
                connection.sends_ahead |= message[:1] == b"E"
                # Parse, Bind, Describe and Flush do nothing by themselves.
                if message[:1] not in (b"X", b"P", b"B", b"D", b"H"):
                    self._moment(connection)
                connection.upstream.sendall(message)
        except (OSError, EOFError):
            connection.cut()

    def _pump_answers(self, connection):
        stream = _Stream(connection.upstream)
        try:
            while True:
                message = stream.read_message()
                if message[:1] == b"K":
                    connection.pid = struct.unpack("!i", message[5:9])[0]
                committed = connection.sends_ahead and message[:1] == b"C" and message[5:] == b"COMMIT\0"
                if message[:1] == b"Z" or committed:
                    self._moment(connection)
                connection.client.sendall(message)
        except (OSError, EOFError):
            connection.cut()


@dataclass
class _Connection:
    client: socket.socket
    upstream: socket.socket = field(default_factory=lambda: socket.socket(socket.AF_UNIX))
    pid: int = 0
    sends_ahead: bool = False

    def cut(self):
        for end in (self.client, self.upstream):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def close(self):
        self.client.close()
        self.upstream.close()


class _Stream:
    def __init__(self, source):
        self._source = source
        self._buffer = b""

    def read(self, count):
        while len(self._buffer) < count:
            piece = self._source.recv(65536)
            if not piece:
                raise EOFError
            self._buffer += piece
        data, self._buffer = self._buffer[:count], self._buffer[count:]
        return data

    def read_message(self):
        header = self.read(5)
        return header + self.read(struct.unpack("!i", header[1:])[0] - 4)
