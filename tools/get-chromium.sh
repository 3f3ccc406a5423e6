#!/bin/sh
# Prints the path of a Chromium that starts, and fetches one first if the machine has none.
# Looks at $CHROMIUM, the PATH, apt (as root; NO_APT=1 leaves it out), npm (a headless shell in the user's cache).
set -eu

VERSION=153.0.0
SHA256=20e5656fcdcf4118ede85edfb9d6bb9cc1bbb7ffb8b75622fffbcf36a835c3c0

say() { echo "get-chromium: $*" >&2; }
starts() { timeout 60 "$1" --version >/dev/null 2>&1; }

if [ -n "${CHROMIUM:-}" ]; then
  path=$(command -v "$CHROMIUM") && starts "$path" && echo "$path" && exit 0
  say "CHROMIUM=$CHROMIUM does not start."
  exit 1
fi

# On Ubuntu the command may only be a signpost to snap: what does not start is passed by.
from_path() {
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    path=$(command -v "$name") && starts "$path" && echo "$path" && return 0
  done
  return 1
}
from_path && exit 0

if [ -z "${NO_APT:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  say "installing chromium with apt …"
  log=$(mktemp)
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >"$log" 2>&1 || true
  apt-get install -qq -y --no-install-recommends chromium >>"$log" 2>&1 || tail -n 5 "$log" >&2
  rm -f "$log"
  from_path && exit 0
  say "apt gave no Chromium that starts; trying npm …"
fi

home=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/campaign/chromium-$VERSION
starts "$home/run" && echo "$home/run" && exit 0

if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
  say "no Chromium on this machine and no way to fetch one: neither root with apt, nor Node with npm." \
      "Install Chromium, or set CHROMIUM to its path."
  exit 1
fi

say "fetching a headless Chromium $VERSION with npm …"
mkdir -p "$(dirname "$home")"
work=$(mktemp -d "$home.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
tarball=$(npm pack --silent --ignore-scripts "@sparticuz/chromium@$VERSION") ||
  { say "npm could not fetch it."; exit 1; }
echo "$SHA256  $tarball" | sha256sum -c --quiet - >&2 || { say "$tarball is not the file that was expected."; exit 1; }
tar xzf "$tarball"
node -e '
  const fs = require("fs"), { brotliDecompressSync } = require("zlib")
  for (const name of ["chromium", "al2023.tar", "fonts.tar"])
    fs.writeFileSync(name, brotliDecompressSync(fs.readFileSync(`package/bin/${name}.br`)), { mode: 0o755 })'
tar xf al2023.tar
tar xf fonts.tar
rm -rf package al2023.tar fonts.tar "$tarball"

# A bare machine lacks libraries and fonts; the package brings both. They are used only where they are missing:
# without any font Chromium does not draw, it crashes.
{
  echo '#!/bin/sh'
  if ldd chromium | grep -q 'not found'; then
    echo "export LD_LIBRARY_PATH='$home/lib'\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}"
  fi
  if [ -z "$(find -L /usr/share/fonts /usr/local/share/fonts -name '*.[to]tf' 2>/dev/null | head -n 1)" ]; then
    echo "export FONTCONFIG_FILE='$home/fonts.conf'"
  fi
  echo "exec '$home/chromium' \"\$@\""
} > run
cat > fonts.conf <<XML
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>$home/fonts</dir><cachedir>$home/fonts-cache</cachedir></fontconfig>
XML
chmod 755 run "$work"
cd /
rm -rf "$home"
mv "$work" "$home"
starts "$home/run" ||
  { say "the Chromium of npm does not start here: $("$home/run" --version 2>&1 | head -n 1)"; exit 1; }
echo "$home/run"
