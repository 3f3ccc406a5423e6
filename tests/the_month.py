"""A made-up month at Puskesmas Maracang and Saung Ambu Cikao: the story behind tests/data/register-*.csv."""

from datetime import date, timedelta
from types import SimpleNamespace

from sqlalchemy import select, update

from campaign import actions, queries
from campaign.actions.transaction import now, writing
from campaign.extensions import db
from campaign.models import Akseptor, FollowUp, Service
from campaign.rules.aftercare import Found
from campaign.rules.couple import Couple
from campaign.rules.methods import Method, Participant
from campaign.rules.registers import Month
from campaign.rules.service_facts import Act, After, Insurance, ServiceFacts, Source
from campaign.sealed import keys
from tests import builders
from tests.builders import key, nik

M, P, A = Method, Participant, Act
BPJS, LAIN, TIDAK = Insurance.BPJS, Insurance.LAIN, Insurance.NONE
APBN, APBD, MANDIRI = Source.APBN, Source.APBD, Source.MANDIRI

# name, NIK number, day of the month, point, method, participant, consent, facts
SERVED = (
    ("Ai", 1, 3, "maracang", M.IMPLAN_2, P.BARU, True, ServiceFacts(A.PASANG, None, BPJS, APBN)),
    ("Iis", 2, 3, "maracang", M.IMPLAN_2, P.KBPP, True, ServiceFacts(A.PASANG, None, TIDAK, APBN)),
    ("Euis", 3, 5, "maracang", M.IUD, P.GANTI_CARA, True, ServiceFacts(A.PASANG, None, LAIN, APBD)),
    ("Neneng", 4, 5, "maracang", M.IUD, P.ULANGAN, False, ServiceFacts(A.CABUT_PASANG, None, BPJS, MANDIRI)),
    ("Tuti", 5, 9, "maracang", M.MOW, P.BARU, True, ServiceFacts(A.OPERATIF, After.KEGUGURAN, BPJS, APBN)),
    ("Wati", 6, 9, "maracang", M.MOP, P.BARU, True, ServiceFacts(A.OPERATIF, None, TIDAK, APBN)),
    ("Rini", None, 12, "maracang", M.IMPLAN_1, P.BARU, True, ServiceFacts(A.PASANG)),
    ("Dede", 8, 12, "maracang", M.IMPLAN_1, P.KOMPLIKASI, True, ServiceFacts(A.CABUT_PASANG, None, BPJS, APBN)),
    ("Lina", 9, 6, "saung", M.IMPLAN_2, P.BARU, True, ServiceFacts(A.PASANG, None, BPJS, APBN, is_mobile=True)),
    ("Nani", 10, 6, "saung", M.IMPLAN_2, P.GANTI_CARA, True, ServiceFacts(A.PASANG, None, TIDAK, APBN)),
)
COUPLES = {"Ai": Couple(husband="Asep"), "Wati": Couple(husband="Ujang", husband_nik=nik(66))}
SEEN = (
    ("Ai", 20, Found.PENCABUTAN),
    ("Euis", 21, Found.KOMPLIKASI),
    ("Nani", 22, Found.KEGAGALAN),
    ("Iis", 23, Found.EKSPULSI),  # no column
)


def last_month(cast) -> Month:
    return Month.of(cast.campaign.day_of(now())).before


def the_month(cast) -> SimpleNamespace:
    """Last month. Besides those of the register: one taken back, one of the month before, one of the other puskesmas."""
    month = last_month(cast)
    days = {place: builders.service_day(getattr(cast, place), seats=30) for place in ("maracang", "saung", "koncara")}
    services = {row[0]: serve(cast, month, days, *row) for row in SERVED}
    nobody = (M.IUD, P.BARU, True, ServiceFacts(A.PASANG, None, BPJS, APBN))
    serve(cast, month.before, days, "Lama", 11, 28, "maracang", *nobody)
    serve(cast, month, days, "Yuli Lain", 12, 7, "koncara", *nobody)
    back = serve(cast, month, days, "Yati", 13, 15, "maracang", *nobody)
    take_back(cast, back)
    _outside(services["Dede"])
    for name, day, found in SEEN:
        service = db.session.get_one(Service, services[name])
        seen = {"found": found, "done_on": date(month.year, month.month, day), "point": cast.maracang}
        actions.visit_unplanned(service, by=cast.bidan_ratna, key=key(), **seen)
    home = {"found": Found.KONTROL, "done_on": date(month.year, month.month, 13)}
    actions.visit_unplanned(db.session.get_one(Service, services["Lina"]), by=cast.ibu_sari, key=key(), **home)
    return SimpleNamespace(month=month, services=services, back=back)


def serve(cast, month, days, name, number, day, place, method, participant, consent, facts):
    """She was served today by the deeds; then the story is dated and told."""
    bidan = cast.bidan_yuli if place == "koncara" else cast.bidan_ratna
    known = {"nik": nik(number)} if number else {}
    her = builders.served(cast.ibu_sari, bidan, days[place], name=name, couple=COUPLES.get(name, Couple()), **known)
    service = builders.standing_service(her)
    tell(
        service.id,
        served_on=date(month.year, month.month, day),
        method=method,
        participant=participant,
        consent=consent,
        facts=facts,
    )
    return service.id


def tell(service_id, *, served_on, method, participant, consent, facts) -> None:
    sealed = {
        "method_sealed": keys.seal("service.method", service_id, method),
        "facts_sealed": keys.seal("service.facts", service_id, facts.as_text()),
    }
    about = {"served_on": served_on, "participant": participant, "has_informed_consent": consent}
    with writing() as session:
        session.execute(update(Service).where(Service.id == service_id).values(**about, **sealed))


def take_back(cast, service_id, *, at=None) -> None:
    """As the puskesmas mends it; `at` dates it elsewhere."""
    service = db.session.get_one(Service, service_id)
    her, service_id = service.akseptor, service.id
    last = queries.last_correctable([her])[her.id]
    actions.correct(her, step_id=last.id, reason="salah_catat", by=cast.bidan_ratna, key=key())
    undone_at = at or db.session.scalar(select(Service.undone_at).where(Service.id == service_id))
    if at is None:  # within its own month
        served_on = db.session.scalar(select(Service.served_on).where(Service.id == service_id))
        undone_at = undone_at.replace(year=served_on.year, month=served_on.month, day=served_on.day)
    with writing() as session:
        session.execute(update(Service).where(Service.id == service_id).values(undone_at=undone_at))


def _outside(service_id) -> None:
    her = db.session.get_one(Service, service_id).akseptor_id
    lives = {
        "address_sealed": keys.seal("akseptor.address", her, "Desa Wadas, Karawang"),
        "phone_sealed": keys.seal("akseptor.phone", her, "+6282000008888"),
        "desa_code": None,
    }
    with writing() as session:
        session.execute(update(Akseptor).where(Akseptor.id == her).values(**lives))


def overdue(akseptor_id) -> None:
    """Her first visit was due yesterday."""
    first = select(FollowUp.id).where(FollowUp.akseptor_id == akseptor_id).order_by(FollowUp.due_on).limit(1)
    yesterday = builders.the_campaign().day_of(now()) - timedelta(days=1)
    with writing() as session:
        session.execute(update(FollowUp).where(FollowUp.id == first.scalar_subquery()).values(due_on=yesterday))
