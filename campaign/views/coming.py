"""The room of who is invited: her gatherings on her own phone. Its pages stand beside."""

from flask import Blueprint

bp = Blueprint("coming", __name__, url_prefix="/hadir")
