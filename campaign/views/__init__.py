"""The rooms, one module each: load → may she? → deed → answer."""

from flask import Flask

from campaign.views import (
    account,
    board,
    dppkb,
    health,
    installed,
    kader,
    merging,
    outbox,
    paper,
    people,
    places,
    plkb,
    puskesmas,
    register,
    setting_up,
    sheets,
    sign_in,
    tickets,
    transfers,
    wilayah,
)


def init_app(app: Flask) -> None:
    rooms = (
        sign_in,
        account,
        kader,
        register,
        outbox,
        tickets,
        paper,
        plkb,
        puskesmas,
        dppkb,
        setting_up,
        places,
        people,
        wilayah,
        sheets,
        transfers,
        merging,
        board,
        installed,
        health,
    )
    for bp in dict.fromkeys(room.bp for room in rooms):  # DPPKB's room has several modules
        app.register_blueprint(bp)
