"""Requests to the API server, without a program for each."""

import http.client
import json
import ssl
from urllib.parse import urlsplit

SECONDS = 10
TYPES = {"POST": "application/json", "PUT": "application/json", "PATCH": "application/merge-patch+json"}


class ApiError(Exception):
    """The server's answer is not one of success; `code` is HTTP's, `body` what the server said."""

    def __init__(self, code, body):
        super().__init__(f"{code}: {body.strip()[:2000]}")
        self.code = code
        self.body = body


class Api:
    def __init__(self, url, authority=None, token=None):
        self._url = urlsplit(url)
        self._tls = ssl.create_default_context(cafile=str(authority)) if authority else None
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def request(self, method, path, body=None, content_type=None):
        """The answer: a dictionary where the server sends JSON, else text. Raises ApiError, or OSError when the server
        can't be reached."""
        host, port = self._url.hostname, self._url.port
        if self._tls:
            connection = http.client.HTTPSConnection(host, port, timeout=SECONDS, context=self._tls)
        else:
            connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
        headers = dict(self._headers)
        if body is not None:
            headers["Content-Type"] = content_type or TYPES[method]
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        except http.client.HTTPException as error:
            raise OSError(f"{method} {path}: {error!r}") from error
        finally:
            connection.close()
        if answer.status >= 300:
            raise ApiError(answer.status, text)
        return json.loads(text) if "json" in (answer.getheader("Content-Type") or "") else text
