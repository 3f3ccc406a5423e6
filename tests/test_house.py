"""The walls of the house. A failure names the file and the wall, and what to do instead."""

import ast
import re
from pathlib import Path

import pytest

from campaign.cli import access_rows
from campaign.rules.roles import MAY

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted([*(ROOT / "campaign").rglob("*.py"), ROOT / "app.py"])
TEMPLATES = sorted((ROOT / "campaign" / "templates").rglob("*.html"))

# room → what it may not import, and why
WALLS = {
    "campaign/rules": ({"flask", "sqlalchemy", "campaign"}, {"campaign.rules"}, "the law must be readable and testable alone"),
    "campaign/models.py": ({"campaign.actions", "campaign.queries", "flask.request"}, set(), "a table does not know who asks"),
    "campaign/queries": (
        {"campaign.actions", "campaign.forms", "campaign.words", "campaign.access"}, set(), "looking changes nothing"
    ),
    "campaign/actions": (
        {"campaign.forms", "campaign.words", "campaign.access", "campaign.views", "flask.request", "flask_login"},
        set(),
        "a deed is told who does it (by=), it does not look around",
    ),
    "campaign/forms": ({"campaign.actions", "campaign.access"}, set(), "a form judges shape, not sense"),
    "campaign/papers": (
        {"flask", "sqlalchemy", "campaign"},
        {"campaign.papers", "campaign.rules", "campaign.words"},
        "a paper draws what it is given",
    ),
    "campaign/live.py": ({"campaign.actions", "campaign.forms", "campaign.access"}, set(), "the board only watches"),
    "campaign/views": ({"sqlalchemy", "campaign.extensions.db"}, set(), "a view that can reach the session will one day write"),
}  # fmt: skip


def imports(path: Path) -> set[str]:
    """Every module and name a file imports, dotted."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return names


def reaches(name: str, forbidden: str) -> bool:
    return name == forbidden or name.startswith(forbidden + ".")


def rooms_of(path: Path):
    place = path.relative_to(ROOT).as_posix()
    return [wall for room, wall in WALLS.items() if place == room or place.startswith(room + "/")]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_room_reaches_through_a_wall(path):
    for forbidden, but, why in rooms_of(path):
        for name in imports(path):
            if any(reaches(name, door) for door in but) or name == "campaign":
                continue
            broken = [f for f in forbidden if reaches(name, f)]
            assert not broken, f"{path.relative_to(ROOT)} imports {name}: not from this room, because {why}"


def test_the_walls_would_notice():
    """Control: an import that is forbidden is seen as such."""
    forbidden, but, _why = WALLS["campaign/rules"]
    assert any(reaches("sqlalchemy.orm", f) for f in forbidden)
    assert not any(reaches("sqlalchemy.orm", door) for door in but)


def test_only_settings_reads_the_environment():
    readers = [p.name for p in MODULES if re.search(r"os\.environ|getenv\(", p.read_text())]
    assert readers == ["settings.py"], "ask campaign/settings.py, which reads the environment once"


def test_only_transaction_opens_a_writing_transaction():
    allowed = {"transaction.py", "database.py", "backup.py"}  # restore fills a database nobody uses yet
    writers = {p.name for p in MODULES if "writing=True" in p.read_text() or '"writing": True' in p.read_text()}
    assert writers <= allowed, "use `with writing():` of campaign/actions/transaction.py"


def test_no_deed_counts_a_revision_on_by_what_it_read():
    actions = (ROOT / "campaign/actions").glob("*.py")
    wrong = [path.name for path in actions if re.search(r"\.revision \+= ", path.read_text())]
    assert wrong == [], "let the database add it, or of two deeds at once one is no news to any board"


def test_every_view_says_what_deed_it_is_or_that_it_is_public(app):
    open_doors = [row["rule"] for row in access_rows(app) if not row["deed"] and not row["is_public"]]
    assert open_doors == [], "give the view @allowed(deed) or @public"


def test_every_view_that_takes_an_id_names_its_scope(app):
    unscoped = [
        row["rule"] for row in access_rows(app) if "<uuid:" in row["rule"] and not row["scope"] and not row["is_public"]
    ]
    assert unscoped == [], "say @allowed(deed, scope=…), so that the test of foreign objects finds it"


def test_no_get_does_a_deed_that_only_posts_should(app):
    acting = {"attend", "cancel", "counsel", "enter_nik", "miss", "withdraw"}
    assert acting <= MAY.keys()
    wrong = [row["rule"] for row in access_rows(app) if row["deed"] in acting and "GET" in row["methods"]]
    assert wrong == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "campaign/templates").as_posix())
def test_a_template_keeps_the_rules_of_its_kind(path):
    text = path.read_text()
    assert "|safe" not in text.replace(" ", ""), "autoescape is the wall against XSS"
    assert not re.search(r"\sstyle=", text), "inline style: the CSP blocks it; use a class"
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "inline script: the CSP blocks it"
    assert not re.search(r"\son[a-z]+=", text), "inline handler: the CSP blocks it"
    assert not re.search(r"hx-on|js:", text), "evaluated attributes: allowEval is off"
    if path.name.startswith("_"):
        assert text.startswith("{#"), "a part's first line names what it needs"
    if path.name.endswith(".swaps.html"):
        assert "{% include" in text, "a swaps file lists the parts that change"
    for element in re.findall(r"<[a-z]+[^>]*\bhx-(?:get|post)=[^>]*>", text):
        assert "hx-target" in element and "hx-swap" in element, f"says not where it lands: {element[:120]}"
    for link in re.findall(r"<a\b[^>]*\bhx-get=[^>]*>", text):
        assert "href=" in link, f"a link must work without JavaScript: {link[:120]}"


def test_parts_of_the_live_board_know_no_viewer():
    for name in ("_total.html", "_area_row.html", "_stamp.html"):
        text = (ROOT / "campaign/templates/board" / name).read_text()
        assert "current_user" not in text and "csrf" not in text, f"{name} is rendered once for everybody"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text())), "one sentence at the top: what is this room for?"
