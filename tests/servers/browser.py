"""A page in a real Chromium that keeps what should not happen on it."""

from urllib.parse import urlsplit

INSIDE = ("data", "blob", "about")
# The page shows refusals itself; the browser repeats each as an error.
REFUSAL = "Failed to load resource: the server responded with a status of 4"


class Watch:
    """Collect requests to other origins, errors of scripts and of the security policy, and broken answers."""

    def __init__(self, page, origin: str):
        self.origin = origin
        self.troubles: list[str] = []
        page.on("request", self._request)
        page.on("response", self._response)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))

    def _request(self, request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in INSIDE and f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.troubles.append(f"request to another origin: {request.url}")

    def _response(self, response) -> None:
        if response.status >= 500:
            self.troubles.append(f"{response.status}: {response.url}")

    def _console(self, message) -> None:
        if message.type == "error" and not message.text.startswith(REFUSAL):
            self.troubles.append(f"console: {message.text}")
