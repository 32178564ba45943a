"""An API server that says what a test wants it to say, over TLS with a certificate of its own, and a kubeconfig for it.

Only for what a real one can't be made to do at will; tests/cluster has the real one.
"""

import base64
import http.server
import json
import ssl
import subprocess
import tempfile
import threading
from pathlib import Path
from urllib.parse import parse_qs, urlsplit


class KubeServer:
    """`answer(path, query)` returns (status, object); it is called in the server's thread."""

    def __init__(self, answer, token="t0ken-of-the-test"):
        self.answer = answer
        self.token = token
        self.requests = []  # (path, query, headers)
        self._directory = tempfile.TemporaryDirectory(prefix="sluice-kube-")
        certificate = self._make_certificate()
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                parts = urlsplit(self.path)
                query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
                server.requests.append((parts.path, query, dict(self.headers)))
                if self.headers["Authorization"] != f"Bearer {server.token}":
                    status, body = 401, {"kind": "Status", "message": "Unauthorized", "code": 401}
                else:
                    status, body = server.answer(parts.path, query)
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self._http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, self._directory.name + "/key.pem")
        self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        self.port = self._http.server_address[1]
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def close(self):
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
        self._directory.cleanup()

    def kubeconfig(self, namespace="shop", token=None, authority=True):
        """The path of a kubeconfig for this server."""
        certificate = Path(self._directory.name, "cert.pem").read_bytes() if authority else b""
        cluster = {"server": f"https://127.0.0.1:{self.port}"}
        if authority:
            cluster["certificate-authority-data"] = base64.b64encode(certificate).decode()
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "test",
            "contexts": [{"name": "test", "context": {"cluster": "c", "user": "u", "namespace": namespace}}],
            "clusters": [{"name": "c", "cluster": cluster}],
            "users": [{"name": "u", "user": {"token": token or self.token}}],
        }
        path = Path(self._directory.name, "kubeconfig")
        path.write_text(json.dumps(config), encoding="utf-8")
        return str(path)

    def _make_certificate(self):
        path = self._directory.name + "/cert.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
             "-subj", "/CN=kube", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self._directory.name + "/key.pem",
             "-out", path],
            check=True, capture_output=True,
        )  # fmt: skip
        return path


def pod(name, image, phase="Running", terminating=False, sidecar=None):
    metadata = {"name": name}
    if terminating:
        metadata.update(deletionTimestamp="2026-11-26T11:16:30Z", deletionGracePeriodSeconds=30)
    containers = [{"name": "app", "image": image}]
    if sidecar:
        containers.append({"name": "proxy", "image": sidecar})
    return {"metadata": metadata, "spec": {"containers": containers}, "status": {"phase": phase}}


def pod_list(*pods, follows=None):
    metadata = {"resourceVersion": "1"}
    if follows:
        metadata["continue"] = follows
    return {"kind": "PodList", "apiVersion": "v1", "metadata": metadata, "items": list(pods)}
