"""Pages of the board, kept until something moves: made once per process for all who may see the same.

Only the reader's name, her form's token and the stamp differ from one answer to the next. They are put between pieces that are
already compressed, uncompressed themselves: so beside a token nothing is compressed whose length would tell (BREACH).
"""

import re
import zlib
from collections import OrderedDict
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from itertools import zip_longest
from struct import pack
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask import Response, current_app, g, request, session
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from campaign import live, queries, words
from campaign.rules.roles import HAS_PIN
from campaign.views.answers import me

MOST = 256  # pages; who filters in every way pushes out what was not asked for longest
NAME = "\ue000name\ue000"  # of nobody: characters that no form lets through
HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # of gzip: nothing is said about the file


class Piece(NamedTuple):
    """What stands between two gaps, plain and compressed on its own; the name of the gap after it."""

    plain: bytes
    packed: bytes
    gap: str | None


class Page(NamedTuple):
    """One page or part as it was made, with gaps."""

    pieces: list[Piece]
    edition: int
    zone: str
    today: date
    is_open: bool
    etag: str


class Kept:
    """The pages of this process. What was committed since is asked of the database once, and only when something was."""

    def __init__(self, app):
        self.look, self.pages, self.good_at = live.Look(app), OrderedDict(), {}

    def page(self, key: tuple, campaign_id, at: datetime) -> Page | None:
        """This page, where it is still so."""
        page, move = self.pages.get(key), self.look.move()
        if page is None or page.today != at.astimezone(ZoneInfo(page.zone)).date():
            return None
        if self.good_at.get(key) != move and page.edition != live.edition(
            queries.board_version(campaign_id), page.today
        ):
            return None
        self.good_at[key] = move
        self.pages.move_to_end(key)
        return page

    def keep(self, key: tuple, page: Page) -> None:
        self.pages[key] = page
        while len(self.pages) > MOST:
            self.good_at.pop(self.pages.popitem(last=False)[0], None)


def answer(campaign_id, asked: tuple, at: datetime, make, *, is_part: bool) -> Response:
    """What `make(person)` renders of this campaign for what was `asked`, or what it rendered the last time.

    `make` answers the campaign, the board's version from before anything was read, and the page for a person whose name is a
    gap. Who sees the same is told by role, marks and kabupaten: a page may know nothing else of its reader. A part says nothing
    where the browser has it already (304).
    """
    kept = current_app.extensions.get("kept") or current_app.extensions.setdefault("kept", Kept(current_app))
    who = me()
    key = (campaign_id, asked, is_part, who.role, who.is_head, who.is_admin, who.kabupaten_code)
    # A word for her alone is said once, on a page of her own. Rendering takes it out of the session, so it is asked before.
    has_word = not is_part and "_flashes" in session
    page = None if has_word else kept.page(key, campaign_id, at)
    if page is None:
        campaign, version, html = make(replace(who, name=NAME))
        page = _cut(html, campaign, version, at)
        if not has_word and who.role not in HAS_PIN:  # their pages say whose phone this is
            kept.keep(key, page)
    stamp = words.stamp(at, page.zone)
    filled = {"name": str(escape(who.name)), "stamp": stamp} | ({} if is_part else {"token": generate_csrf()})
    return _respond(page, {gap: text.encode() for gap, text in filled.items()}, stamp, is_part=is_part)


def _cut(html: str, campaign, version: int, at: datetime) -> Page:
    """Cut the page where something stands that is not the same for all."""
    gaps = {NAME: "name", words.stamp(at, campaign.zone): "stamp"} | (
        {g.csrf_token: "token"} if "csrf_token" in g else {}
    )
    cut = re.split(f"({'|'.join(map(re.escape, gaps))})", html)
    pieces = []
    for plain, gap in zip_longest(cut[::2], cut[1::2]):
        packer, plain = zlib.compressobj(6, wbits=-zlib.MAX_WBITS), plain.encode()
        # Flushed to a whole byte, so that pieces stand behind each other as one stream.
        pieces.append(Piece(plain, packer.compress(plain) + packer.flush(zlib.Z_FULL_FLUSH), gaps.get(gap)))
    today, is_open = campaign.day_of(at), campaign.is_live
    etag = sha256(b"\0".join(piece.plain for piece in pieces)).hexdigest()[:32]
    return Page(pieces, live.edition(version, today), campaign.zone, today, is_open, etag)


def _respond(page: Page, filled: dict[str, bytes], stamp: str, *, is_part: bool) -> Response:
    response = Response(mimetype="text/html")
    response.vary.add("Accept-Encoding")
    if is_part:
        response.set_etag(page.etag, weak=True)
        response.headers["Stamp"] = stamp  # an answer without a page says when it was true, too
        if not page.is_open:
            response.headers["HX-Refresh"] = "true"  # a finished campaign's page does not ask again
    if is_part and request.if_none_match.contains_weak(page.etag):
        response.status_code = 304
    elif request.accept_encodings.quality("gzip") > 0:
        response.set_data(_packed(page, filled))
        response.headers["Content-Encoding"] = "gzip"
    else:
        response.set_data(b"".join(piece.plain + filled.get(piece.gap, b"") for piece in page.pieces))
    return response


def _packed(page: Page, filled: dict[str, bytes]) -> bytes:
    """One gzip stream: the pieces as they were packed, and what fills the gaps as it is."""
    out, crc, size = [HEAD], 0, 0
    for piece in page.pieces:
        text = filled.get(piece.gap, b"")
        crc, size = zlib.crc32(text, zlib.crc32(piece.plain, crc)), size + len(piece.plain) + len(text)
        out += piece.packed, b"\x00", pack("<HH", len(text), len(text) ^ 0xFFFF), text  # a stored block
    return b"".join(out) + b"\x03\x00" + pack("<II", crc, size)
