"""500 registrations kept without a signal, the browser killed 20 times while they are sent: what arrives, what is lost or doubled.

On the way the sign-in ends and the server is upgraded; three items are poisoned. The profile folder is read for names and NIK.
"""

import sys
import time

from playwright.sync_api import sync_playwright

from bench.stage import stage, verdict
from campaign import queries
from tests.browser.killable import drill

KEEPS, KILLS = 500, 20


def main() -> bool:
    began = time.monotonic()
    with stage() as cast, sync_playwright() as playwright:
        seen = drill(playwright, cast, cast.folder, keeps=KEEPS, kills=KILLS)
        is_clean = queries.differences() == []
    told = (
        f"{seen['delivered']} delivered, {len(seen['parked'])} parked ({', '.join(seen['parked'])}), {seen['lost']} lost, "
        f"{seen['doubled']} doubled, readable in the profile: {', '.join(seen['readable']) or 'nothing'}, "
        f"recount {'clean' if is_clean else 'NOT clean'}, {time.monotonic() - began:.0f} s"
    )
    is_met = (
        seen["delivered"] == KEEPS - 3
        and seen["parked"] == ["already_registered", "form", "unreadable"]
        and not (seen["lost"] or seen["doubled"] or seen["readable"] or seen["without a reason"])
        and seen["control"]
        and seen["upgraded"]
        and seen["before the last kill"] < KEEPS - 3
        and is_clean
    )
    return verdict(
        f"outbox of {KEEPS}, browser killed {KILLS} ×", f"{KEEPS - 3} once, 3 parked, 0 lost, 0 doubled", told, is_met
    )


if __name__ == "__main__":
    sys.exit(not main())
