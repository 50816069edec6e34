"""A browser without JavaScript, as the tests of the pages use it."""

import re
from html import unescape
from typing import Any

from fakes.door import Door
from starlette.testclient import TestClient


class Reader:
    """Somebody with a browser that keeps cookies, sends forms and runs no scripts."""

    def __init__(self, door: Door, host: str = "127.0.0.1") -> None:
        self.client: TestClient = door.caller(host=host)

    def get(self, path: str) -> Any:
        return self.client.get(path, follow_redirects=False)

    def token(self, path: str = "/ui") -> str:
        """Return what the forms of a page carry."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.get(path).text)
        assert found, self.get(path).text
        return unescape(found[1])

    def post(self, path: str, told: dict[str, Any] | None = None, *, token: str | None = None, **how: Any) -> Any:
        """Send a form as the page at ``/ui`` would."""
        fields = {"csrf": self.token() if token is None else token} | (told or {})
        return self.client.post(path, data=fields, follow_redirects=False, **how)

    def submit(self, told: dict[str, Any], file: tuple[str, bytes] | None = None, token: str | None = None) -> Any:
        """Send the form of a new job: always with its file field, empty or not."""
        fields: list[tuple[str, Any]] = [("csrf", (None, self.token() if token is None else token))]
        fields += [(name, (None, str(value))) for name, value in told.items()]
        name, data = file or ("", b"")
        fields.append(("file", (name, data, "application/octet-stream")))
        return self.client.post("/ui/jobs", files=fields, follow_redirects=False)

    def log_in(self, key: str, **told: str) -> Any:
        token = self.token("/ui/login")
        return self.post("/ui/login", {"key": key} | told, token=token)
