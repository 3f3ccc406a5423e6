"""Answers travel compressed: on a village's signal a page takes a quarter of the time.

Not what a stream says, nor a page that repeats what its address asked for: beside a token, its length would tell (BREACH).
"""

import gzip
from functools import lru_cache

from flask import Flask, request

TEXT = frozenset(
    ["text/html", "text/css", "text/javascript", "application/javascript", "application/json", "image/svg+xml",
     "application/manifest+json"]
)  # fmt: skip
SMALLEST = 600  # what fits into one packet arrives no sooner


def _compress(response):
    is_static = request.endpoint == "static"
    if (
        response.status_code in (204, 206, 304)
        or response.mimetype not in TEXT
        or (response.is_streamed and not is_static)
        or (request.query_string and not is_static)
        or request.accept_encodings.quality("gzip") <= 0
        or "Content-Encoding" in response.headers
    ):
        return response
    response.vary.add("Accept-Encoding")
    response.direct_passthrough = False
    data = response.get_data()
    if len(data) < SMALLEST:
        return response
    response.set_data(_packed(data) if is_static else gzip.compress(data, 5, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    if etag := response.get_etag()[0]:
        response.set_etag(f"{etag}-gzip")
    return response


@lru_cache(maxsize=64)
def _packed(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


def init_app(app: Flask) -> None:
    app.after_request(_compress)
