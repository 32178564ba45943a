"""A proxy between a client of Kubernetes and its API server that makes faults: TLS on both sides, streams as they come.

    with FaultProxy(cluster, seed) as proxy:
        …the client's kubeconfig names proxy.url…

Of each kind of request (`read`, `list`, `watch`, `write`) the faults come from a deck of cards that the seed shuffles, and
that is shuffled again when it is used up: each fault comes, and what the n-th request of a kind meets is known from the
seed. While `quiet` is set nothing is done to any request.
"""

import collections
import contextlib
import http.client
import json
import random
import socket
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from cluster import credentials

# One of each for every time that nothing is done; `lost` is done, but its answer is not told.
WITHOUT_END = 1 << 60
DECKS = {
    "read": ("429", "500", "drop", "lost", "cut", "slow", *[""] * 14),
    "list": ("410", "429", "500", "drop", "lost", "cut", "slow", *[""] * 10),
    # Of those that fail each one doubles the client's pause.
    "watch": ("410", "429", "500", "drop", "gone", "slow", *["cut"] * 12, *[""] * 12),
    "write": ("409", "429", "500", "503", "drop", "lost", "lost", "cut", "slow", *[""] * 12),
}
REASONS = {409: "Conflict", 410: "Expired", 429: "TooManyRequests", 500: "InternalError", 503: "ServiceUnavailable"}
HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive", "host"}
SLOW = 1.5  # seconds
LONGEST_WATCH = (2, 12)  # lines until one ends, in the middle of one or between two


def status(code, seconds=None):
    """What the API server's own refusals look like."""
    made = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": REASONS[code],
            "message": f"a fault for a test: {code}"}  # fmt: skip
    return {**made, "details": {"retryAfterSeconds": seconds}} if seconds else made


def kind_of(method, target):
    parts = urlsplit(target)
    if method != "GET":
        return "write"
    if "watch=true" in parts.query:
        return "watch"
    words = parts.path.strip("/").split("/")
    words = words[2:] if words[0] == "api" else words[3:]
    return "list" if len(words) % 2 else "read"


class FaultProxy:
    """Listens from the beginning; `made` counts the faults, (kind of request, fault)."""

    def __init__(self, cluster, seed, only=None):
        """`only`: of a method and a target, whether anything may be done to it; without it: to all."""
        self.seed, self.quiet = seed, threading.Event()
        self._only = only or (lambda method, target: True)
        self.made = collections.Counter()
        self._lock = threading.Lock()
        self._decks = {kind: [] for kind in DECKS}
        self._chance = {kind: random.Random(f"{seed} {kind}") for kind in DECKS}
        self._upstream = urlsplit(cluster.server)
        self._trust = ssl.create_default_context(cafile=str(cluster.directory / "pki/ca.crt"))
        pki = cluster.directory / "pki"
        credentials.sign(pki, "proxy", "/CN=proxy", "serverAuth", "IP:127.0.0.1")
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(pki / "proxy.crt", pki / "proxy.key")
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self.url = f"https://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def accept(self, connection):
        """The TLS of a connection; by the thread that serves it."""
        return self._tls.wrap_socket(connection, server_side=True)

    def connect(self):
        return http.client.HTTPSConnection(
            self._upstream.hostname, self._upstream.port, timeout=3600, context=self._trust
        )  # fmt: skip

    def draw(self, method, target):
        """(fault, how many lines a watch may tell) for this request."""
        kind = kind_of(method, target)
        if self.quiet.is_set() or not self._only(method, target):
            return "", (WITHOUT_END if kind == "watch" else None)
        with self._lock:
            chance, deck = self._chance[kind], self._decks[kind]
            if not deck:
                deck.extend(DECKS[kind])
                chance.shuffle(deck)
            fault, lines = deck.pop(), chance.randint(*LONGEST_WATCH)
            self.made[kind, fault] += 1
        return fault, lines if kind == "watch" else None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def finish_request(self, request, client_address):
        with contextlib.suppress(OSError):  # a client that ends in the middle, or is killed
            with self.proxy.accept(request) as secured:
                super().finish_request(secured, client_address)

    def handle_error(self, request, client_address):
        pass


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.upstream = self.server.proxy.connect()

    def finish(self):
        self.upstream.close()
        with contextlib.suppress(OSError):
            super().finish()

    def log_message(self, *_):
        pass

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault, lines = self.server.proxy.draw(self.command, self.path)
        if fault == "drop":
            return self.drop()
        if fault.isdigit():
            return self.refuse(int(fault))
        if fault == "gone":
            # As a watch tells it that has begun already.
            return self.answer(200, json.dumps({"type": "ERROR", "object": status(410)}) + "\n")
        if fault == "slow":
            time.sleep(SLOW)
        try:
            answer = self.pass_on(body)
        except (OSError, http.client.HTTPException):
            return self.drop()
        if fault == "lost":
            answer.read()
            return self.drop()
        if lines is not None and answer.status == 200:
            return self.stream(answer, lines, fault == "cut")
        text = answer.read()
        if fault == "cut":
            return self.cut(answer, text)
        return self.answer(answer.status, text, answer.getheaders())

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def pass_on(self, body):
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        try:
            self.upstream.request(self.command, self.path, body or None, headers)
            return self.upstream.getresponse()
        except (OSError, http.client.HTTPException):
            self.upstream.close()  # the server may have ended a connection that was kept
            if self.command == "POST":
                raise
        self.upstream.request(self.command, self.path, body or None, headers)
        return self.upstream.getresponse()

    def head(self, code, headers):
        self.send_response_only(code)
        for name, value in headers:
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)

    def answer(self, code, text, headers=(("Content-Type", "application/json"),)):
        data = text.encode() if isinstance(text, str) else text
        self.head(code, headers)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def refuse(self, code):
        after = 1 if code in (429, 503) else None
        headers = [("Content-Type", "application/json")] + ([("Retry-After", str(after))] if after else [])
        self.answer(code, json.dumps(status(code, after)), headers)

    def cut(self, answer, text):
        """Half of a body whose length was promised."""
        self.head(answer.status, answer.getheaders())
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text[: len(text) // 2])
        self.drop()

    def stream(self, answer, lines, cut):
        """So many lines, each as it comes; `cut`: half of the last one."""
        self.head(answer.status, answer.getheaders())
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        told = 0
        for line in answer:
            told += 1
            if told == lines:
                self.upstream.close()
                self.chunk(line[: len(line) // 2] if cut else line)
                break
            self.chunk(line)
        return self.drop() if cut else self.chunk(b"")

    def chunk(self, data):
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        self.wfile.flush()

    def drop(self):
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
