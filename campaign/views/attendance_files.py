"""The list of a gathering to take along: who is invited, who came, what they had right."""

from flask import Response

from campaign import actions, queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.rules.refusals import NoSuch
from campaign.sheets import handout
from campaign.sheets.attendance import list_table
from campaign.views.answers import me
from campaign.views.gatherings import bp
from campaign.words import day, moment

WRITTEN = {"peserta.xlsx": handout.tables, "peserta.csv": handout.as_csv}
TYPE = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


@bp.get("/<uuid:gathering_id>/unduh/<list_file>")
@allowed("gathering", scope="gathering")
def list_file(gathering_id, list_file):
    gathering = queries.gathering(gathering_id, seen_by=me())
    if list_file not in WRITTEN:
        raise NoSuch
    actions.log_access("list_file", by=me())
    at = now()
    about = f"{gathering.name} · {day(gathering.on)} · {gathering.place}"
    above = [[about], [f"Keadaan {moment(at, gathering.zone)}"]]
    people = queries.scored_list(gathering)
    table = list_table(people, kabupaten=gathering.kabupaten, zone=gathering.zone, above=above)
    name = f"peserta-{gathering.on}.{list_file.partition('.')[2]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(WRITTEN[list_file](table), content_type=TYPE[list_file.partition(".")[2]], headers=headers)
