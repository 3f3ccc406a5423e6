"""Who is there and what she may do: server-side sign-ins, `@allowed(deed)` on every view, the headers of every answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from io import BytesIO
from uuid import UUID

from flask import Flask, Request, after_this_request, current_app, request, session
from flask_login import current_user, login_user, logout_user

from campaign import queries
from campaign.actions import sessions
from campaign.actions.transaction import now
from campaign.extensions import htmx, login
from campaign.rules.refusals import NotAllowed
from campaign.rules.roles import MAY, Role, who_may

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
LARGEST_FILE = 10 * 1024 * 1024
KNOWN_FOR, MOST_KNOWN = timedelta(days=400), 4  # a browser keeps no cookie longer; more than four share no phone
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # not no-referrer: over HTTPS the CSRF check wants to see our own
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@dataclass(frozen=True)
class SignedIn:
    """The person at this screen, as the deeds need her: not a database object, so nothing can be written by accident."""

    id: UUID
    name: str
    role: Role
    kabupaten_code: str
    desa_code: str | None
    rw: str | None
    service_point_id: UUID | None
    is_head: bool
    is_admin: bool
    token: str
    device_id: UUID | None = None

    is_authenticated = is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.token


def allowed(deed: str, *, scope: str | None = None) -> Callable:
    """The view behind this is for who may do `deed` in this room; `scope` names what its address points at.

    Not signed in → 401 or the sign-in page; wrong role → 403. Wrong scope is the queries' business: 404.
    """
    if deed not in MAY:
        raise KeyError(f"rules/roles.py does not know the deed {deed!r}")

    def wrap(view):
        @wraps(view)
        def guarded(*args, **kwargs):
            if not current_user.is_authenticated:
                return login.unauthorized()
            if current_user.role not in who_may(deed, request.blueprint):
                raise NotAllowed
            return view(*args, **kwargs)

        guarded.deed, guarded.scope = deed, scope
        return guarded

    return wrap


def takes_files(view):
    """This view may be sent a file: more than a form, no more than any office's sheet."""
    view.takes_files = True
    return view


class KeptInMemory(Request):
    """Files stay in memory until they are sealed: a sheet of names and NIK has no business in a temporary folder."""

    def _get_file_stream(self, *_about, **_more):
        return BytesIO()


def _allow_files():
    view = current_app.view_functions.get(request.endpoint)
    if not getattr(view, "takes_files", False):
        return
    # Before anything of it is read: a stranger may not fill the memory with files.
    if current_user.is_authenticated and current_user.role in who_may(view.deed, request.blueprint):
        request.max_content_length = LARGEST_FILE
        request.max_form_memory_size = LARGEST_FILE  # the parser's buffer counts as memory, file or not


def answers_json(view):
    """This view talks to a script of ours: JSON, whoever asks and however."""
    view.answers_json = True
    return view


def wants_json() -> bool:
    view = current_app.view_functions.get(request.endpoint)
    return request.accept_mimetypes.best == "application/json" or getattr(view, "answers_json", False)


def public(view):
    """The view behind this is for anybody who can reach the server."""
    view.deed = view.scope = None
    view.is_public = True
    return view


def load_person(token: str) -> SignedIn | None:
    """Who holds this cookie. None once the sign-in, the person or her idle time has ended."""
    at = now()
    row = queries.signed_in(sessions.token_hash(token), at=at)
    if row is None:
        return None
    *who, seen_at, device_id, has_pin = row
    person, idle = SignedIn(*who, token=token, device_id=device_id), at - seen_at
    if person.role in sessions.IDLE and idle > sessions.IDLE[person.role]:
        return None
    if has_pin and idle > sessions.RESTS and not _is_open_at_rest():
        return None
    if idle > sessions.SEEN_EVERY and not _is_watching():
        sessions.seen(token, at=at)
    return person


def _is_watching() -> bool:
    """A board that refreshes, or a phone that sends what it keeps, does so by itself: nobody's hand is at it."""
    view = current_app.view_functions.get(request.endpoint)
    is_live = request.blueprint == "board" or getattr(view, "refreshes_itself", False)
    return (is_live and bool(htmx)) or _is_open_at_rest()


def refreshes_itself(view):
    """This page asks by itself, every few seconds, whether it has changed."""
    view.refreshes_itself = True
    return view


def open_at_rest(view):
    """This view shows nobody: it is there also while her phone rests, before the PIN is typed."""
    view.is_open_at_rest = True
    return view


def _is_open_at_rest() -> bool:
    return getattr(current_app.view_functions.get(request.endpoint), "is_open_at_rest", False)


def still_watching(everybody: set[SignedIn], at: datetime) -> set[SignedIn]:
    """Those whose sign-in still stands, of the same role at the same place, and still may look at a board."""
    same = ("role", "kabupaten_code", "desa_code", "service_point_id")
    hashes = {who: sessions.token_hash(who.token) for who in everybody}
    rows = queries.signed_in_many(list(hashes.values()), at=at)
    return {
        who
        for who, token_hash in hashes.items()
        if (row := rows.get(token_hash)) is not None
        and row.role in MAY["board"]
        and all(getattr(row, name) == getattr(who, name) for name in same)
    }


def begin(entered: sessions.Entered) -> None:
    """Sign this browser in. Somebody else's leftovers are cleared; one's own forms stay valid across a new sign-in."""
    person = entered.person
    if session.get("who") != str(person.id):
        session.clear()
    session["who"] = str(person.id)
    who = {column.key: getattr(person, column.key) for column in queries.people.ACTOR}
    login_user(SignedIn(**who, token=entered.token, device_id=entered.device_id))
    _keep_device(entered.device_token)


def device_tokens() -> tuple[str, ...]:
    """What this browser keeps of those who signed in on it, the last one first."""
    return tuple(request.cookies.get(_device_cookie(), "").split(".")[:MOST_KNOWN])


def _keep_device(newest: str) -> None:
    """A shared phone knows several people; the one who was here longest ago is forgotten."""
    tokens = [newest, *(token for token in device_tokens() if token and token != newest)][:MOST_KNOWN]
    is_production = current_app.config["SETTINGS"].is_production
    keeping = {"max_age": KNOWN_FOR, "secure": is_production, "httponly": True, "samesite": "Lax"}

    @after_this_request
    def keep(response):
        response.set_cookie(_device_cookie(), ".".join(tokens), **keeping)
        return response


def _device_cookie() -> str:
    return "__Host-perangkat" if current_app.config["SETTINGS"].is_production else "perangkat"


def end() -> None:
    """Sign this browser out; the row goes first, so that every copy of the cookie is dead."""
    sessions.sign_out(current_user.token)
    logout_user()
    session.clear()


def away_from_the_loop(work, *args):
    """Run slow work where it does not hold up every other request: under gevent in a real thread."""
    from gevent import get_hub, monkey

    if monkey.is_module_patched("socket"):
        return get_hub().threadpool.apply(work, args)
    return work(*args)


def _refuse_other_sites():
    """A browser says where a request comes from; another site has no business posting here."""
    if request.method not in ("GET", "HEAD", "OPTIONS") and request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise NotAllowed


def _add_headers(response):
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
        response.vary.add("HX-Request")
    if current_app.config["SETTINGS"].is_production:
        response.headers.setdefault("Strict-Transport-Security", "max-age=86400")
    return response


def init_app(app: Flask) -> None:
    login.user_loader(load_person)
    login.session_protection = "basic"  # "strong" signs a kader out whenever her phone changes its address
    app.before_request(_allow_files)
    app.before_request(_refuse_other_sites)
    app.after_request(_add_headers)
