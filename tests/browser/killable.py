"""A phone that is switched off in the middle of things: Chromium with a profile on disk, killed by SIGKILL, started again."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from campaign.actions.transaction import now, write
from campaign.extensions import db
from campaign.models import Akseptor, SignIn
from tests import builders
from tests.browser.conftest import FLAGS, ROOT, Server, find_chromium, wait_until

KEEP = """async (said) => {
  const form = document.querySelector("form[data-outbox]"), { owner, campaign } = form.dataset, keys = [];
  for (const one of said) {
    const key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    const typed = new URLSearchParams({ has_consent: "y", is_counselled: "y", wanted: "implan", ...one, key });
    const item = await outbox.sealed({ form: typed.toString(), owner, campaign, key });
    if (one.name.startsWith("Rusak")) item.sealed[item.sealed.length - 1] ^= 1;
    await outbox.keep(item);
    keys.push(key);
  }
  return keys;
}"""
IS_KEPT = """async () => {
  const names = await caches.keys(), kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().some((request) => request.url.includes("milik="));
}"""


class Phone:
    """`with phone.on() as page`: she uses it; `die()` takes the battery out."""

    def __init__(self, playwright, server, profile: Path):
        self.playwright, self.server, self.profile, self.process = playwright, server, profile, None

    def on(self):
        port_file = self.profile / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        command = [find_chromium(), "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={self.profile}"]
        self.process = subprocess.Popen(
            [*command, *FLAGS, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + 60
        while not (port_file.exists() and port_file.read_text().count("\n")):
            if time.monotonic() > until:
                raise TimeoutError("Chromium does not start")
            time.sleep(0.05)
        port = port_file.read_text().split("\n")[0]
        self.browser = self.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        self.context = self.browser.contexts[0]
        self.page = self.context.pages[0]
        return self.page

    def off(self):
        """Switched off as one should: what it keeps in memory goes to the disk."""
        self.process.terminate()
        self.process.wait()
        self.browser.close()

    def die(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.browser.close()

    def enter(self, path: str):
        """Where she wants to go, through the door if it is shut."""
        page = self.page
        page.goto(self.server.url + path)
        if "/masuk" in page.url:
            page.get_by_label("Nama masuk").fill("sari")
            page.get_by_label("Kata sandi").fill(builders.PASSWORD)
            page.get_by_role("button", name="Masuk").click()
            page.wait_for_url(lambda address: "/masuk" not in address)
            page.goto(self.server.url + path)
        return page

    def holds(self, *words: str) -> list[str]:
        """Which of these words stand readable in any file of the profile, as the browser writes text in."""
        found = set()
        for file in self.profile.rglob("*"):
            if file.is_file() and not file.is_symlink():
                data = file.read_bytes()
                found |= {word for word in words if word.encode() in data or word.encode("utf-16-le") in data}
        return sorted(found)


def women_like(start: str) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Akseptor.name).where(Akseptor.name.startswith(start))))


def end_every_sign_in() -> None:
    write(db.update(SignIn).values(ended_at=now()))


def upgraded(folder: Path) -> Path:
    """The next release: another copy of the app whose files for phones are not the same any more."""
    root = folder / "berikutnya"
    skip = shutil.ignore_patterns("__pycache__", ".git", ".venv", "instance", "tests", "docs", "bench")
    shutil.copytree(ROOT, root, ignore=skip)
    for name in ("outbox.js", "campaign.css"):
        with open(root / "static" / name, "a") as file:
            file.write("\n/* the next release */\n")
    return root


def drill(playwright, cast, folder: Path, *, keeps: int, kills: int) -> dict:
    """Keep so many without a line, then send them while the browser is killed so often; what there is to see in the end.

    On the way the sign-in ends and the server is upgraded. Three are poisoned: a turned bit, a wrong NIK, one that stands already.
    """
    server = Server(folder).start()
    profile = folder / "profil"
    phone = Phone(playwright, server, profile)
    builders.registered(cast.ibu_wati, nik=builders.nik(997), name="Sudah Ada")
    form, room = f"/kader/{cast.campaign.id}/daftar", f"/kader/{cast.campaign.id}"
    names = [f"Kenari Burung {number:04}" for number in range(keeps - 3)]
    said = [
        {"name": name, "nik": builders.nik(number), "phone": f"0820777{number:05}"} for number, name in enumerate(names)
    ]
    poison = [
        {"name": "Rusak Kenari", "no_nik_reason": "hilang"},
        {"name": "Salah Kenari", "nik": builders.nik(1)[:15]},
        {"name": "Kembar Kenari", "nik": builders.nik(997)},
    ]
    for place, one in enumerate(poison, start=1):
        said.insert(place * keeps // 4, one)
    try:
        phone.on()
        page = phone.enter(form)
        wait_until(page, IS_KEPT)
        phone.context.set_offline(True)
        page.goto(server.url + form)
        kept = page.evaluate(KEEP, said)
        phone.die()
        readable = phone.holds("Kenari", "Burung", builders.nik(1)[:12], "0820777", "82077700")
        control = phone.holds(kept[0])

        done = 0
        for kill in range(1, kills + 1):
            phone.on()
            page = phone.enter(room)
            goal = len(names) * kill // (kills + 1)
            until = time.monotonic() + 60
            while (done := len(women_like("Kenari"))) < goal and time.monotonic() < until:
                time.sleep(0.005)
            if kill == kills // 3:
                end_every_sign_in()
                time.sleep(0.2)
            phone.die()
            if kill == 2 * kills // 3:
                server.stop()
                server.root = upgraded(folder)
                server.start()
        before_last = done
        phone.on()
        page = phone.enter(room)
        wait_until(page, "async () => (await outbox.all()).every((item) => item.state === 'parked')", seconds=120)
        parked = page.evaluate("() => outbox.all()")
        version = page.evaluate("() => fetch('/csrf').then((answer) => answer.json()).then((said) => said.version)")
        phone.die()
    finally:
        server.stop()
        if phone.process and phone.process.poll() is None:
            os.killpg(phone.process.pid, signal.SIGKILL)
    arrived = women_like("Kenari")
    return {
        "delivered": len(arrived),
        "lost": len(set(names) - set(arrived)),
        "doubled": len(arrived) - len(set(arrived)),
        "parked": sorted(item["error"] for item in parked),
        "without a reason": sum(not item["sentence"] for item in parked),
        "readable": sorted({*readable, *phone.holds("Kenari", "Burung", builders.nik(1)[:12], "0820777", "82077700")}),
        "control": control == [kept[0]],
        "before the last kill": before_last,
        "upgraded": version != cast.app.extensions["version"],
    }
