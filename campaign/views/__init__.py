"""The rooms, one module each: load → may she? → deed → answer."""

from flask import Flask

from campaign.views import board, dppkb, health, kader, plkb, puskesmas, sign_in


def init_app(app: Flask) -> None:
    for room in (sign_in, kader, plkb, puskesmas, dppkb, board, health):
        app.register_blueprint(room.bp)
