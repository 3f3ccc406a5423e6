"""One person at one screen: a browser without a window that looks critically at every page it is given."""

import re
from contextvars import Context
from html.parser import HTMLParser

from campaign.extensions import db
from tests.builders import PASSWORD, key

VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
    "rect",
    "path",
}


class Page(HTMLParser):
    """What a page consists of, as far as a test needs it."""

    def __init__(self, html: str):
        super().__init__()
        self.ids, self.h1, self.forms, self.titles, self.buttons, self.text = [], 0, [], 0, [], []
        self.errors = {}  # what is said at each field, by the field's id
        self._in, self._told = [], None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if "id" in attributes:
            self.ids.append(attributes["id"])
            if attributes["id"].endswith("-error"):
                self._told = attributes["id"].removesuffix("-error")
        self.h1 += tag == "h1"
        self.titles += tag == "title" and "svg" not in self._in
        if tag == "form":
            self.forms.append(attributes)
        if tag not in VOID:
            self._in.append(tag)
        assert "style" not in attributes, f"inline style on <{tag}>: the CSP blocks it"
        assert not any(name.startswith("on") for name in attributes), f"inline script on <{tag}>: the CSP blocks it"

    def handle_endtag(self, tag):
        self._told = None
        if tag in VOID:  # <path/> opens nothing, so it closes nothing
            return
        while self._in and self._in.pop() != tag:
            pass

    def handle_data(self, data):
        if not {"script", "style"} & set(self._in):
            self.text.append(data)
        if self._told:
            self.errors[self._told] = data

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


class Screen:
    """`screen.get(path)`, `screen.post(path, name=…)`; each checks the page it gets. `last` is the newest answer."""

    def __init__(self, app, person=None, *, address="127.0.0.1"):
        self.client = app.test_client()
        self.client.environ_base["REMOTE_ADDR"] = address
        self.last = None
        if person is not None:
            self.sign_in(person.sign_in_name)

    def sign_in(self, name, password=PASSWORD, *, status=303, **form):
        return self.post("/masuk", status=status, name=name, password=password, **form)

    def ask(self, method, path, **about):
        """One request in a world of its own, as a server gives it: it shares neither session nor person with the test.

        The test's own session ends its snapshot before, and reads everything afresh after.
        """
        db.session.commit()
        answer = Context().run(self.client.open, path, method=method, **about)
        answer.get_data()  # to its end, so that files and streams are closed
        answer.close()
        db.session.expire_all()
        return answer

    def get(self, path, *, status=200, htmx=None, **headers):
        if htmx:
            headers |= {"HX-Request": "true", "HX-Target": htmx}
        return self._look(self.ask("GET", path, headers=headers), status)

    def post(self, path, *, status=303, htmx=None, headers=None, **form):
        """As a person would: with the token of the page and a fresh key."""
        headers = dict(headers or {})
        if htmx:
            headers |= {"HX-Request": "true", "HX-Target": htmx}
        form = {"key": key(), "csrf_token": self.token()} | form
        return self._look(self.ask("POST", path, data=form, headers=headers), status)

    def send(self, path, *, status=201, **form):
        """As the outbox does: the same form, asking for JSON. Answers what it was told."""
        answer = self.post(path, status=status, headers={"Accept": "application/json"}, **form)
        assert answer.mimetype == "application/json"
        return answer.json

    def otherwise(self, path, right, cases, *, htmx=None) -> dict:
        """Sends the right form with each wrong thing in it. Answers, by case, what was not 422 with its words at its field.

        `cases` are name → (what is typed, the field it is wrong at, how the sentence begins).
        """
        found = {}
        for case, (typed, field, sentence) in cases.items():
            try:
                self.post(path, status=422, htmx=htmx, **right | typed)
                if not self.errors.get(field, "nothing").startswith(sentence):
                    found[case] = self.errors
            except AssertionError as wrong:
                found[case] = str(wrong)[:60]
        return found

    def token(self) -> str:
        """The CSRF token of whatever page is at hand."""
        answer = self.ask("GET", "/csrf", headers={"Accept": "application/json"})
        if answer.status_code == 200:
            return answer.json["token"]
        return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.ask("GET", "/masuk?cara=sandi").text).group(1)

    def _look(self, answer, status):
        self.last = answer
        assert answer.status_code == status, f"{answer.status_code}, not {status}: {answer.text[:600]}"
        if answer.mimetype == "text/html" and answer.status_code != 303 and answer.text.strip():
            self.page = Page(answer.text)
            assert len(set(self.page.ids)) == len(self.page.ids), f"double ids {_doubles(self.page.ids)}"
            assert all(form.get("action") for form in self.page.forms), "a form without action"
            for sign in ("None", "Undefined", "{{", "&lt;built-in"):
                assert sign not in self.page.words, f"{sign} on the page"
            if "<html" in answer.text:
                assert self.page.h1 == 1, f"{self.page.h1} h1 on the page"
                assert self.page.titles == 1
        return answer

    @property
    def words(self) -> str:
        """What the last page says."""
        return self.page.words

    @property
    def errors(self) -> dict[str, str]:
        """What the last page says at its fields."""
        return self.page.errors

    @property
    def is_part(self) -> bool:
        """Whether the last answer was only a part of a page, for htmx."""
        return "<html" not in self.last.text


def _doubles(ids):
    return {one for one in ids if ids.count(one) > 1}
