"""The front door: `create_app()` puts the house together; `app` is made from the environment when a server asks for it."""

import sys

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from campaign import access, beside, cli, database, errors, gzipped, live, settings, views, words
from campaign.extensions import Migrations, csrf, db, htmx, login
from campaign.sealed import Keys


def create_app(config: settings.Settings | None = None) -> Flask:
    """The app for these settings, or for those of the environment. What is unsafe ends the start in one clear line."""
    try:
        return _put_together(config or settings.from_environment())
    except (settings.UnsafeSettings, database.UnsafeDatabase) as unsafe:
        sys.exit(f"kampanye: {unsafe}")


def _put_together(config: settings.Settings) -> Flask:
    app = Flask(__name__, static_folder="static", template_folder="campaign/templates")
    app.request_class = access.KeptInMemory
    app.config.from_mapping(
        SETTINGS=config,
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=database.options(config.database_url),
        TRUSTED_HOSTS=list(config.trusted_hosts) or None,
        MAX_CONTENT_LENGTH=256 * 1024,
        MAX_FORM_MEMORY_SIZE=32 * 1024,
        MAX_FORM_PARTS=200,
        SESSION_COOKIE_NAME="__Host-sesi" if config.is_production else "sesi",
        SESSION_COOKIE_SECURE=config.is_production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form filled in slowly is still hers
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,  # static addresses carry their content's hash
    )
    app.json.ensure_ascii = False
    if config.trusted_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)

    app.extensions["keys"] = Keys(config.key_file)
    db.init_app(app)
    with app.app_context():
        database.guard(db.engine, is_durable=config.is_durable)
        database.prove(db.engine)
    app.extensions["migrate"] = Migrations(app)
    login.init_app(app)
    htmx.init_app(app)
    for room in (access, words, errors, live, beside, cli, gzipped, views):
        room.init_app(app)
    csrf.init_app(app)  # last: it reads the form, and access.py says how large that may be
    return app


def __getattr__(name: str):
    # Made on demand, so that importing `create_app` touches neither files nor environment.
    if name == "app":
        return create_app()
    raise AttributeError(name)
