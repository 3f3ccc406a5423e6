"""Somebody at a browser without a picture: cookies kept, the page's token sent along."""

import io
import re
from contextlib import closing
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode
from uuid import uuid4

from tests.builders import PASSWORD


class Client:
    def __init__(self, server):
        self.port, self.cookies, self.token = server.port, SimpleCookie(), ""

    def ask(self, method: str, path: str, body=None, *, timeout=30, **headers) -> tuple[int, str, str]:
        """Status, text and where it leads to."""
        headers["Cookie"] = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        if isinstance(body, dict):
            body, headers["Content-Type"] = urlencode(body), "application/x-www-form-urlencoded"
        if body is not None:
            headers["X-CSRFToken"] = self.token
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=timeout)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.load(cookie)
        return answer.status, text, answer.headers.get("Location", "")

    def sign_in(self, name: str) -> "Client":
        _status, page, _ = self.ask("GET", "/masuk")
        self.token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page).group(1)
        status, text, _ = self.ask("POST", "/masuk", {"name": name, "password": PASSWORD})
        if status != 303:
            raise ConnectionError(f"{status} {text[:200]}")
        _status, text, _ = self.ask("GET", "/csrf")
        self.token = re.search(r'"token":\s*"([^"]+)"', text).group(1)
        return self

    def hand_in(self, path: str, file: bytes, name: str, **fields) -> str:
        """Post a file as a browser does; answers where it leads to."""
        boundary, body = uuid4().hex, io.BytesIO()
        for field, value in fields.items():
            body.write(f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode())
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        body.write(
            f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + file + f"\r\n--{boundary}--\r\n".encode()
        )
        content = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        status, text, leads_to = self.ask("POST", path, body.getvalue(), timeout=60, **content)
        if status != 303:
            raise ConnectionError(f"{status} {text[:300]}")
        return leads_to
