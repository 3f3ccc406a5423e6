"""The gatherings of the demonstration: an orientation with all that came of it, a meeting today, and some that lie ahead."""

from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from campaign import actions
from campaign.extensions import db
from campaign.models import Gathering, Invitee, Kabupaten, Person, Question
from campaign.rules.attendance import HERE
from campaign.rules.gatherings import GatheringKind, QuizPart, SignedBy, Tier
from campaign.rules.printed import edition_of

ORIENTED = 107  # kader, as many as Balangan once gathered in one hall
DAYS_AGO = 14  # the orientation
LEARNED = 1.3  # how much more who was there finds afterwards

AGENDA = """08.00 Pendaftaran dan pre-test
08.30 Pembukaan
09.00 Enam peran kader IMP
10.15 Konseling ber-KB: menjawab ragu
11.15 Rencana tindak lanjut per kecamatan
11.45 Post-test dan penutup"""

MINUTES = """Pertemuan dibuka Kepala DPPKB. Disampaikan target kampanye dan bagian tiap desa.

Materi enam peran kader IMP disertai contoh dari tiga desa.
Kader menanyakan cara mendaftarkan Ibu yang NIK-nya belum ada. Dijawab: daftarkan dulu dengan alasannya, NIK menyusul.

Dibahas juga jadwal pelayanan yang sering penuh. Puskesmas menambah kuota pada hari pasaran.
Kader diminta memesan tempat paling lambat sehari sebelumnya."""

READING = [
    (
        "Enam peran kader IMP",
        """Enam peran Institusi Masyarakat Pedesaan menjadi pegangan setiap PPKBD dan Sub PPKBD.

- Pengorganisasian
- Pertemuan
- KIE dan konseling
- Pencatatan dan pendataan
- Pelayanan kegiatan
- Kemandirian

Mulailah dari satu peran yang paling mudah di RW masing-masing.""",
    ),
    (
        "Menjawab ragu soal implan",
        """Dengarkan dulu sampai selesai, baru menjawab.

- Implan dipasang bidan atau dokter di lengan atas, dengan bius setempat.
- Kesuburan kembali setelah implan dilepas.
- Bila ada keluhan, antar ke puskesmas; jangan menunggu.

Keputusan tetap pada Ibu dan suaminya.""",
    ),
]

# Each with its choices, the right one first.
QUESTIONS = [
    ("Berapa peran kader IMP?", ["Enam", "Empat", "Delapan"]),
    ("Siapa yang memutuskan cara ber-KB yang dipakai?", ["Ibu dan suaminya", "Kader", "Bidan"]),
    ("NIK seorang Ibu belum ada. Apa yang dilakukan?",
     ["Daftarkan dengan alasannya, NIK menyusul", "Tunggu sampai NIK ada", "Pakai NIK suaminya"]),
    ("Berapa lama implan dua batang melindungi?", ["Tiga tahun", "Satu tahun", "Sepuluh tahun"]),
    ("Paling lambat kapan tempat pelayanan dipesan?", ["Sehari sebelumnya", "Pada hari itu juga", "Seminggu sesudahnya"]),
]  # fmt: skip


class Gatherings:
    """`kader` by desa code, the one whose account is shown first."""

    def __init__(self, *, today: date, at: datetime, zone: ZoneInfo, seed: int, kabupaten: str, kader, office: UUID):
        self.random = Random(f"{seed} gatherings")  # noqa: S311  a stream of its own: the women stay the same whoever came
        self.today, self.at, self.zone, self.kabupaten, self.kader, self.office = (
            today,
            at,
            zone,
            kabupaten,
            kader,
            office,
        )
        self.oriented_on = today - timedelta(days=DAYS_AGO)
        invited = list(kader.items())[:ORIENTED]
        shown, *others = (code for code, _ in invited)
        self.comes = {shown} | {code for code in others if self.random.random() < 0.85}

    def pushes(self, desa_code: str, on: date) -> float:
        """How much more is found in this desa on this day, because its kader was there."""
        return LEARNED if desa_code in self.comes and on > self.oriented_on else 1

    def hold(self) -> None:
        self._orientation()
        self._today()
        self._ahead()

    # ---- Two weeks ago ----

    def _orientation(self) -> None:
        before = self._moment(self.oriented_on - timedelta(days=6), 10)
        gathering = self._call(
            [self.oriented_on], time(8), time(12), "Orientasi Kader IMP (contoh)", GatheringKind.ORIENTASI, before,
            agenda=AGENDA, speakers="Kepala DPPKB, Bidan Koordinator (contoh)", capacity=150,
        )  # fmt: skip
        codes = list(self.kader)[:ORIENTED]
        self._invite(gathering, codes, before)
        self._materials(gathering, before)
        self._questions(gathering, before)
        opened = gathering.opens_at
        listed = self._come(gathering, self.comes, lambda: opened + timedelta(minutes=self.random.randint(20, 100)))
        self._excuse([invitee for code, invitee in listed.items() if code not in self.comes][:6], gathering)
        self._quiz(gathering, QuizPart.PRE, self._moment(self.oriented_on, 9), chance=0.5)
        self._quiz(gathering, QuizPart.POST, self._moment(self.oriented_on, 11), chance=0.82)
        self._afterwards(gathering)

    def _afterwards(self, gathering) -> None:
        end = gathering.closes_at + timedelta(minutes=20)
        self._do(actions.shut_quiz, gathering, at=end)
        self._do(actions.close_list, gathering, at=end)
        self._do(actions.write_minutes, gathering, minutes=MINUTES, was=edition_of(gathering.minutes), at=end)
        first = self._decide(gathering, "Setiap PPKBD menempel jadwal pelayanan di posyandu", "PPKBD", 3, end)
        self._decide(gathering, "Menambah kuota pelayanan pada hari pasaran", "Puskesmas", 10, end)
        self._decide(gathering, "Kunjungan ke Ibu yang belum ber-KB, sepuluh rumah per RW", "Sub PPKBD", 30, end)
        self._do(actions.settle_decision, first, is_done=True, at=end + timedelta(days=4))
        tail = f"DPPKB/ORIENTASI/{self.oriented_on.year}"
        self._do(actions.make_certificates, gathering, tail=tail, at=end + timedelta(days=1))

    def _decide(self, gathering, what: str, who: str, days: int, at: datetime):
        due_on = self.oriented_on + timedelta(days=days)
        return self._do(actions.decide, gathering, what=what, who=who, due_on=due_on, at=at)

    def _excuse(self, invitees, gathering) -> None:
        for invitee in invitees:
            reason = self.random.choice(("sakit", "tugas_lain", "keluarga"))
            self._do(actions.excuse, invitee, reason=reason, at=gathering.opens_at)

    def _materials(self, gathering, at: datetime) -> None:
        for title, text in READING:
            self._do(actions.add_material, gathering, title=title, text=text, at=at)

    def _questions(self, gathering, at: datetime) -> None:
        """Written into the bank with the right choice somewhere, and asked."""
        self.asked = []
        kabupaten = db.session.get_one(Kabupaten, self.kabupaten)
        for text, (right, *wrong) in QUESTIONS:
            choices = self.random.sample([right, *wrong], k=len(wrong) + 1)
            about = {"kabupaten": kabupaten, "text": text, "choices": choices, "right": choices.index(right)}
            self.asked.append(self._do(actions.add_question, at=at, **about).id)
        self._do(actions.choose_questions, gathering, question_ids=self.asked, at=at)

    def _quiz(self, gathering, part: QuizPart, at: datetime, *, chance: float) -> None:
        """Who is there answers, most of them; the last question stays the hardest."""
        self._do(actions.open_quiz, gathering, part=part, at=at)
        questions = [db.session.get_one(Question, id) for id in self.asked]
        right = [(str(question.id), question.right, len(question.choices)) for question in questions]
        here = select(Invitee).where(Invitee.gathering_id == gathering.id, Invitee.status.in_(HERE))
        for invitee in db.session.scalars(here.order_by(Invitee.code)).all():
            if self.random.random() < 0.06:
                continue
            chosen = {
                id: index if self.random.random() < chance - 0.08 * number else self.random.randrange(many)
                for number, (id, index, many) in enumerate(right)
            }
            by = db.session.get_one(Person, invitee.person_id)
            about = {"part": part, "chosen": chosen, "at": at + timedelta(minutes=self.random.randint(2, 15))}
            actions.answer_quiz(invitee, by=by, key=self._key(), **about)

    # ---- Today and later ----

    def _today(self) -> None:
        """The kader of Babakancikao meet just now; she whose account is shown has not come yet."""
        local = self.at.astimezone(self.zone)
        begins = max(local - timedelta(minutes=40), datetime.combine(self.today, time(0, 5), self.zone))
        begins = begins.time().replace(second=0, microsecond=0)
        ends = time(min(begins.hour + 4, 23), 55)
        meeting = self._call(
            [self.today], begins, ends, "Pertemuan Rutin Kader Babakancikao (contoh)", GatheringKind.PERTEMUAN_RUTIN,
            self._moment(self.today - timedelta(days=5), 10), tier=Tier.KECAMATAN, area_code="32.14.12",
            agenda="Laporan tiap desa\nDesa yang perlu bantuan\nRencana bulan depan",
        )  # fmt: skip
        shown, *others = (code for code in self.kader if code.startswith("32.14.12."))
        self._invite(meeting, [shown, *others], meeting.made_at)
        self._materials(meeting, meeting.made_at)
        self._do(actions.choose_questions, meeting, question_ids=self.asked[:3], at=meeting.made_at)
        soon = lambda: min(meeting.opens_at + timedelta(minutes=self.random.randint(20, 100)), self.at)  # noqa: E731
        self._come(meeting, {code for code in others if self.random.random() < 0.6} or set(others[:1]), soon)

    def _ahead(self) -> None:
        """A series with a room of its own size, and one that was called off."""
        monthly = [self.today + timedelta(days=days) for days in (6, 34, 62)]
        at = self._moment(self.today - timedelta(days=4), 10)
        about = {"agenda": "Capaian tiap kecamatan\nStok dan kuota\nLain-lain", "capacity": 40, "target": 30}
        evaluation = self._call(
            monthly, time(9), time(11, 30), "Rapat Evaluasi Bulanan (contoh)", GatheringKind.EVALUASI, at, **about
        )
        self._invite(evaluation, list(self.kader)[:24], at)
        off = self._call(
            [self.today + timedelta(days=3)], time(13), time(15), "Pembinaan Kader Wanayasa (contoh)",
            GatheringKind.PEMBINAAN, at, tier=Tier.KECAMATAN, area_code="32.14.09",
        )  # fmt: skip
        self._invite(off, [code for code in self.kader if code.startswith("32.14.09.")], at)
        self._do(actions.cancel_gathering, off, why="Jalan ke Wanayasa ditutup (contoh)", at=at + timedelta(days=1))

    # ---- Each ----

    def _call(self, dates, starts_at, ends_at, name, kind, at, *, tier=Tier.KABUPATEN, **more) -> Gathering:
        about = {"rw": "", "capacity": None, "target": None, "area_code": None, "agenda": "", "speakers": ""}
        about |= {"place": "Aula Kantor Kecamatan (contoh)", "open_before": 60, "late_after": 30}
        about |= {"dates": dates, "starts_at": starts_at, "ends_at": ends_at, "name": name, "kind": kind, "tier": tier}
        kabupaten = db.session.get_one(Kabupaten, self.kabupaten)
        return self._do(actions.call_together, kabupaten=kabupaten, at=at, **about | more)

    def _invite(self, gathering, codes, at: datetime) -> None:
        self._do(actions.invite, gathering, person_ids=[self.kader[code] for code in codes], at=at)

    def _come(self, gathering, codes, when) -> dict[str, Invitee]:
        """Who is of these desa signs in; the whole list by desa."""
        ways, listed = list(SignedBy)[:3], select(Invitee).where(Invitee.gathering_id == gathering.id)
        by_desa = {row.desa_code: row for row in db.session.scalars(listed.order_by(Invitee.desa_code)).all()}
        for code in sorted(codes):
            self._do(actions.come, by_desa[code], signed_by=self.random.choice(ways), at=when())
        return by_desa

    def _do(self, act, *on, at: datetime, **what):
        """This deed, by the office, at that moment."""
        return act(*on, by=db.session.get_one(Person, self.office), key=self._key(), at=at, **what)

    def _moment(self, on: date, hour: int) -> datetime:
        return datetime.combine(on, time(hour, self.random.randrange(60)), self.zone)

    def _key(self) -> str:
        return f"{self.random.getrandbits(128):032x}"
