"""A person whose browser runs no scripts: cookies, CSRF, and forms sent as they were shown."""

from html.parser import HTMLParser

import httpx

HTMX = {"HX-Request": "true"}


class Session(httpx.Client):
    """``session.post(path, data={…})`` carries the CSRF token by itself."""

    def __init__(self, base_url):
        super().__init__(base_url=base_url, timeout=60, follow_redirects=False)

    def sign_in(self, username, password):
        self.get("/sign-in/").raise_for_status()
        reply = self.post("/sign-in/", data={"login": username, "password": password})
        assert reply.status_code == 302, f"sign-in of {username}: {reply.status_code} {reply.text}"
        return self

    def request(self, method, url, **more):
        if method not in {"GET", "HEAD", "OPTIONS"}:
            tokens = [c.value for c in self.cookies.jar if c.name.startswith("desk_csrf")]
            more["headers"] = {
                "X-CSRFToken": tokens[-1] if tokens else "",
                **(more.get("headers") or {}),
            }
        return super().request(method, url, **more)

    def part(self, path, **more):
        """The answer htmx would get."""
        return self.get(path, headers=HTMX, **more)

    def submit(self, form, **changes):
        """Send a form of :func:`forms`, with some fields changed (None leaves one out)."""
        fields = {key: value for key, value in (form.fields | changes).items() if value is not None}
        if form.method == "get":
            return self.get(form.action, params=fields)
        return self.post(form.action, data=fields)


class Form:
    def __init__(self, attributes):
        self.id = attributes.get("id", "")
        self.action = attributes.get("action", "")
        self.method = attributes.get("method", "get").lower()
        self.fields = {}


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms = []
        self._form = None
        self._select = None

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "form":
            self._form = Form(attributes)
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(tag, attributes)

    def _field(self, tag, attributes):
        name = attributes.get("name")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            if "selected" in attributes or self._select not in self._form.fields:
                self._form.fields[self._select] = attributes.get("value") or ""
        elif tag == "input" and name:
            kind = attributes.get("type", "text")
            if kind in {"checkbox", "radio"} and "checked" not in attributes:
                return
            if kind not in {"submit", "button", "image"}:
                self._form.fields[name] = attributes.get("value") or ""
        elif tag == "textarea" and name:
            self._form.fields[name] = ""

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None


def forms(html, action=""):
    """The forms of a page whose action contains ``action``, with the values they show."""
    reader = _Reader()
    reader.feed(html)
    return [form for form in reader.forms if action in form.action]
