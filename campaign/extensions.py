"""The libraries that need the app, made here and attached in `app.py`."""

from flask_htmx import HTMX
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


# What was read stays as it was read until transaction.py says otherwise.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


class Migrations:
    """What `flask db` finds in `app.extensions`. alembic is loaded when it is asked for: a server starts sooner without it."""

    def __init__(self, app):
        self._app = app

    def __getattr__(self, name):
        from flask_migrate import Migrate

        Migrate(self._app, db, directory="migrations", render_as_batch=True)  # takes our place
        return getattr(self._app.extensions["migrate"], name)


login = LoginManager()
csrf = CSRFProtect()
htmx = HTMX()
