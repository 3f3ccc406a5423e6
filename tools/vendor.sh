#!/bin/sh
# Fetches the browser's libraries and fonts into static/vendor/NAME-VERSION/, with their licences and SHA256SUMS.
# The result is committed: running the product needs no Node. A new version: change its line, run this, commit both.
set -eu
cd "$(dirname "$0")/.."
out=static/vendor
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# name, version, SHA-256 of its npm tarball, files
take() {
  name=$1 version=$2 sha256=$3
  shift 3
  home=$work/out/$(echo "$name" | sed 's/^@//; s#/#-#')-$version
  rm -rf "$work/package"
  mkdir -p "$home"
  tarball=$(cd "$work" && npm pack --silent --ignore-scripts "$name@$version")
  echo "$sha256  $work/$tarball" | sha256sum -c --quiet - ||
    { echo "vendor: $tarball is not the file that was expected." >&2; exit 1; }
  tar xzf "$work/$tarball" -C "$work"
  for file in "$@" LICENSE; do cp "$work/package/$file" "$home/"; done
}

mkdir "$work/out"
take htmx.org 2.0.11 165a2655073e9e6e55e307a7c74e8ebcdb76afb7701f9c16cfd106a13add408e \
  dist/htmx.min.js
take htmx-ext-sse 2.2.4 90b46f5ab915ba2f64e6348448c8dba509277a47e15c125ffb65754eb4f6b5dc \
  dist/sse.min.js
take idiomorph 0.8.0 c2b48584153f0167b5c98cb815576338ccd82a97378e53fbf29d139dfd67207e \
  dist/idiomorph-ext.min.js
take @fontsource/atkinson-hyperlegible 5.3.0 6c22186d05f555e1ebf58431ef2c154445e64b760e381c483a56a0a0c5dc2d43 \
  files/atkinson-hyperlegible-latin-400-normal.woff2 files/atkinson-hyperlegible-latin-700-normal.woff2 \
  files/atkinson-hyperlegible-latin-400-normal.woff files/atkinson-hyperlegible-latin-700-normal.woff # for campaign/papers/

chmod -R u=rwX,go=rX "$work/out"
(cd "$work/out" && find . -type f | LC_ALL=C sort | sed 's#^\./##' | xargs sha256sum > "$work/SHA256SUMS")
mv "$work/SHA256SUMS" "$work/out/"
rm -rf "$out"
mkdir -p "$(dirname "$out")"
cp -r "$work/out" "$out"
