"""What an office copies from `deploy/` agrees with the app, and is read by Caddy where there is one."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from campaign.settings import from_environment

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
PROXIES = ["Caddyfile.dns01", "Caddyfile.files", "Caddyfile.internal", "nginx.conf"]


def unit() -> dict[str, str]:
    """The environment the service is started with."""
    lines = re.findall(r"^Environment=(.*)$", (DEPLOY / "kampanye.service").read_text(), re.MULTILINE)
    words = [word for line in lines for word in re.findall(r'"([^"]+)"|(\S+)', line)]
    return dict(next(filter(None, word)).split("=", 1) for word in words)


def test_the_service_starts_with_settings_that_are_safe(tmp_path):
    settings = from_environment(unit() | {"APP_ENV": "production", "DATA_DIR": str(tmp_path)})
    assert settings.trusted_proxy and settings.bind == "127.0.0.1" and settings.trusted_hosts == ("kb.example.go.id",)


@pytest.mark.parametrize("name", PROXIES)
def test_each_proxy_serves_the_same_name_to_the_same_port_and_compresses_nothing(name, tmp_path):
    text = (DEPLOY / name).read_text()
    said = "\n".join(line.partition("#")[0] for line in text.splitlines())
    assert f"127.0.0.1:{from_environment(unit() | {'DATA_DIR': str(tmp_path)}).port}" in said
    assert "kb.example.go.id" in said and "encode" not in said and "gzip on" not in said
    assert "flush_interval -1" in said or "proxy_buffering off" in said, "boards are streams"
    assert "Strict-Transport-Security" not in said, "a year only after it has proved itself"


def test_nginx_passes_on_nothing_a_phone_claims_about_itself():
    text = (DEPLOY / "nginx.conf").read_text()
    headers = dict(re.findall(r"proxy_set_header (X-Forwarded-\w+) (\S+);", text))
    assert headers == {"X-Forwarded-For": "$remote_addr", "X-Forwarded-Proto": "$scheme", "X-Forwarded-Host": "$host"}


@pytest.mark.parametrize("name", ["Caddyfile.files", "Caddyfile.internal"])
def test_a_caddyfile_balances_its_braces_and_caddy_reads_it_where_there_is_one(name):
    text = (DEPLOY / name).read_text()
    assert text.count("{") == text.count("}") > 2
    if caddy := shutil.which("caddy"):
        told = subprocess.run(
            [caddy, "adapt", "--config", str(DEPLOY / name), "--adapter", "caddyfile"], capture_output=True, check=False
        )
        assert told.returncode == 0, told.stderr.decode()


def test_the_root_is_good_for_one_name_and_no_other(tmp_path):
    if not (openssl := shutil.which("openssl")):
        pytest.fail("openssl is part of every Debian and Ubuntu")

    def run(*words):
        return subprocess.run([openssl, *words], cwd=tmp_path, capture_output=True, text=True, check=False)

    made = subprocess.run(
        [DEPLOY / "make-root.sh", "kb.example.go.id", tmp_path / "akar"], capture_output=True, text=True, check=True
    )
    assert re.search(r"^([0-9A-F]{2}:){31}[0-9A-F]{2}$", made.stdout, re.MULTILINE), "the fingerprint to compare"
    assert (tmp_path / "akar/akar.key").stat().st_mode & 0o077 == 0
    run("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "a.key", "-subj", "/", "-out", "a.csr")
    for name, is_good in (("DNS:kb.example.go.id", True), ("DNS:bank.example", False), ("IP:192.168.1.1", False)):
        (tmp_path / "a.ext").write_text(f"subjectAltName=critical,{name}\n")
        signed = ("-CA", "akar/antara.crt", "-CAkey", "akar/antara.key", "-set_serial", "7", "-extfile", "a.ext")
        run("x509", "-req", "-in", "a.csr", *signed, "-out", "a.crt")
        told = run("verify", "-CAfile", "akar/akar.crt", "-untrusted", "akar/antara.crt", "a.crt")
        assert (told.returncode == 0) == is_good, f"{name}: {told.stdout}{told.stderr}"


def test_what_the_server_imports_is_among_what_the_product_installs(tmp_path):
    """The tests' own packages lie beside the product's: one of them must not be what keeps the server running."""
    ask = (
        "import json, sys; from importlib.metadata import packages_distributions as of; "
        "import gunicorn.app.wsgiapp, gunicorn.workers.ggevent; from app import create_app; create_app(); known = of(); "
        "print(json.dumps(sorted({dist for name in sys.modules if '.' not in name for dist in known.get(name, ())})))"
    )
    env = os.environ | {"DATA_DIR": str(tmp_path)}
    told = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    named = {
        line.partition("==")[0].lower() for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line
    }
    imported = {re.sub(r"[-_.]+", "-", dist).lower() for dist in json.loads(told.stdout.splitlines()[-1])}
    assert "gunicorn" in imported and imported - named - {"pip", "setuptools"} == set()
