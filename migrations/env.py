"""Runs the migrations: on a connection of their own, foreign keys off while tables are rebuilt and checked at the end."""

from alembic import context
from flask import current_app

from campaign.extensions import db

target_metadata = db.metadata


def run():
    with db.engine.connect() as connection:
        connection = connection.execution_options(writing=True)
        is_sqlite = connection.dialect.name == "sqlite"
        raw = connection.connection.dbapi_connection
        if is_sqlite:
            raw.execute("PRAGMA foreign_keys=OFF")  # rebuilding a table would cascade into those that point at it
        context.configure(
            connection=connection,
            target_metadata=target_metadata,
            **current_app.extensions["migrate"].configure_args,
        )
        try:
            with context.begin_transaction():
                context.run_migrations()
                if is_sqlite and (broken := raw.execute("PRAGMA foreign_key_check").fetchall()):
                    raise RuntimeError(f"a migration broke {len(broken)} foreign keys, the first in {broken[0][0]}")
        finally:
            if is_sqlite:
                raw.rollback()
                raw.execute("PRAGMA foreign_keys=ON")


run()
