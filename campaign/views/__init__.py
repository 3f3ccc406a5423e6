"""The rooms, one module each: load → may she? → deed → answer."""

from flask import Flask

from campaign.views import (
    account,
    board,
    dppkb,
    health,
    kader,
    people,
    places,
    plkb,
    puskesmas,
    setting_up,
    sheets,
    sign_in,
    wilayah,
)


def init_app(app: Flask) -> None:
    rooms = (
        sign_in,
        account,
        kader,
        plkb,
        puskesmas,
        dppkb,
        setting_up,
        places,
        people,
        wilayah,
        sheets,
        board,
        health,
    )
    for bp in dict.fromkeys(room.bp for room in rooms):  # DPPKB's room has several modules
        app.register_blueprint(bp)
