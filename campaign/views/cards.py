"""A sheet of activation cards, as the office and the PLKB print it."""

from flask import render_template, url_for

from campaign import access, queries
from campaign.actions import cards
from campaign.views.answers import me
from campaign.words import qr


def printed(key: str, back: str):
    """The cards of the form with this key that are still good, to be printed and cut; `back` is where one came from."""
    made, kept = queries.cards_made(key, by=me()), []
    for card, person in made:
        words, token = cards.secrets_of(key, person.id)
        kept.append((card, person, words, url_for("account.card_by_code", token=token, _external=True)))
    codes = access.away_from_the_loop(lambda: [qr(address) for *_, address in kept])
    sheet = [(*about, code) for (*about, _address), code in zip(kept, codes, strict=True)]
    return render_template(
        "account/cards.html", cards=sheet, back=back, kabupaten=queries.kabupaten(me().kabupaten_code)
    )
