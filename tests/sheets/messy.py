"""Whole files as offices send them: titles, headers of one or two rows, headings, merged cells, sums, signatures, two sheets.

How our code reads is nowhere asked here: every row carries the outcome an attentive clerk would give it.
"""

import csv
import io
from datetime import date

import xlsxwriter

from tests.sheets.habits import JABATAN, LAST, METHODS, Habits, Outcome, Someone, nik_of

HEADINGS = {
    "no": ["NO", "No.", "No Urut", "NOMOR"],
    "nama": ["NAMA", "Nama Lengkap", "NAMA CALON AKSEPTOR", "Nama Ibu", "Nama Peserta KB", "Nama (sesuai KTP)",
             "NAMA CALON AKSEPTOR MKJP", "NAMA\nLENGKAP", "NAMA CALON AKSPETOR"],
    "nik": ["NIK", "No. KTP", "NIK/No. KTP", "No KTP / NIK", "N.I.K", "Nomor Induk Kependudukan", "NIK (16 digit)",
            "NIK /\nNO KTP", "No. NIK"],
    "lahir": ["TGL LAHIR", "Tanggal Lahir", "Tgl. Lahir (hr-bln-th)", "TGL/BLN/THN LAHIR"],
    "ttl": ["Tempat, Tgl Lahir", "TTL", "Tempat/Tanggal Lahir", "TEMPAT DAN TANGGAL LAHIR"],
    "desa": ["DESA", "Desa/Kel", "Desa / Kelurahan", "NAMA DESA", "Ds/Kel", "DESA/KELURAHAN", "Alamat Desa", "Kel./Desa"],
    "kecamatan": ["KECAMATAN", "Kec", "Kec.", "Nama Kecamatan"],
    "hp": ["No HP", "NO. HP/WA", "No. Telp/WA", "Nomor Handphone", "Telepon", "No. HP Aktif", "WA", "No.Telepon/HP",
           "NO. TELPON (WA)"],
    "metode": ["ALKON", "Metode", "Rencana Metode", "RENCANA ALKON", "Metode KB", "Jenis Kontrasepsi", "Alkon yg diminati",
               "Alat Kontrasepsi yang dipilih", "Rencana KB"],
    "alamat": ["ALAMAT", "Kp / Jalan", "Alamat Lengkap", "KAMPUNG/JALAN"],
    "rt_rw": ["RT/RW", "RT / RW"],
    "ket": ["KET", "Keterangan", "Ket.", "CATATAN"],
    "suami": ["Nama Suami", "NAMA SUAMI/ISTRI", "Suami"],
    "umur": ["UMUR", "Usia", "Umur (th)"],
    "anak": ["JML ANAK", "Jumlah Anak", "Anak Hidup"],
    "tempat": ["TEMPAT PELAYANAN", "Puskesmas", "Faskes"],
    "kerja": ["Pekerjaan", "PEKERJAAN"],
    "nama kader": ["NAMA KADER", "Nama Lengkap", "NAMA PPKBD/SUB PPKBD", "Nama"],
    "jk": ["L/P", "JK", "Jenis Kelamin", "Jns. Kelamin (L/P)"],
    "jabatan": ["JABATAN", "Jabatan Kader", "PPKBD / SUB PPKBD", "Kedudukan"],
    "rw": ["RW", "DUSUN / RW", "Wilayah RW", "RW Binaan"],
    "sk": ["NO SK", "No. SK"],
    "tmt": ["TMT"],
}  # fmt: skip
TITLES = [
    "PEMERINTAH KABUPATEN {}",
    "DINAS PENGENDALIAN PENDUDUK DAN KELUARGA BERENCANA",
    "DAFTAR CALON AKSEPTOR KB MKJP TAHUN 2021",
    "Data calon akseptor dan kader per desa dan kecamatan",
    "(18 Juni s.d. 31 Juli 2021)",
    "REKAPITULASI DATA IBU CALON PESERTA KB BARU",
]
TICKED = {"implan": "Implan", "iud": "IUD", "mow": "MOW", "mop": "MOP"}


class Page:
    """One sheet, written line by line; each line with its outcome."""

    def __init__(self, name: str):
        self.name = name
        self.lines: list[dict] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self.outcomes: dict[tuple[str, int], Outcome] = {}

    def write(self, cells: dict, outcome: Outcome, *, merged_to: int = 0) -> int:
        """A line of cells by column; a heading may be merged from its column up to another. Its Excel number."""
        if merged_to:
            left = next(iter(cells))
            self.merged.append((len(self.lines), left, len(self.lines), merged_to))
        self.lines.append(cells)
        self.outcomes[self.name, len(self.lines)] = outcome
        return len(self.lines)

    def no_data(self, cells: dict, code: str, **more):
        self.write(cells, Outcome("bukan_data", code), **more)


class Office(Habits):
    """An office with habits of its own. `file` is what it sends, `outcomes` what is right, by sheet and row."""

    columns: tuple[str, ...]  # those it always has …
    others: tuple[str, ...]  # … and those it may have
    list_name: str

    def __init__(self, seed: int, kabupaten_code: str, kabupaten_name: str, many: int = 200, *, form: str = "xlsx"):
        super().__init__(seed, kabupaten_code)
        self.kabupaten_name = kabupaten_name
        self.form = form
        self.kecamatan_by = self.one(
            ["column", "heading", "sheet", "title"] if form == "xlsx" else ["column", "heading"]
        )
        self.desa_by = self.one(["column", "column", "merged", "heading"] if form == "xlsx" else ["column", "heading"])
        self.seen: list[tuple[str, int, Someone, dict]] = []
        self.known: set[tuple[str, str]] = set()
        self.pages = self._pages(many)
        self.outcomes = {at: outcome for page in self.pages for at, outcome in page.outcomes.items()}
        self.file = self._xlsx() if form == "xlsx" else self._csv()

    # What a kind of list says itself.

    def person(self, desa: str) -> Someone:
        raise NotImplementedError

    def row(self, who: Someone) -> dict:
        raise NotImplementedError

    def right(self, who: Someone) -> dict:
        raise NotImplementedError

    def spoil(self, who: Someone, row: dict) -> Outcome:
        raise NotImplementedError

    def again(self, page: Page, seen: tuple) -> tuple[dict, Outcome]:
        raise NotImplementedError

    # ---- Sheets ----

    def _pages(self, many: int) -> list[Page]:
        chosen = sorted(self.random.sample(sorted(self.kecamatan), min(4, len(self.kecamatan))))
        desa_list = [code for code in sorted(self.desa) if code[:8] in chosen]
        people = sorted((self.person(self.one(desa_list)) for _one in range(many)), key=lambda who: who.desa)
        groups = {code: [who for who in people if who.desa[:8] == code] for code in chosen}
        if self.kecamatan_by not in ("sheet", "title"):
            pages = [self._page(self.list_name, groups)]
        else:
            names = {
                code: self.kecamatan[code] if self.kecamatan_by == "sheet" else f"Lembar {code[-2:]}" for code in groups
            }
            pages = [self._page(names[code][:28], {code: group}) for code, group in groups.items()]
        return [*pages, self._later(), self._recap()] if self.form == "xlsx" else pages

    def _page(self, name: str, groups: dict[str, list[Someone]]) -> Page:
        page = Page(name)
        self.has_place = self.chance(0.3)
        columns = [*self.columns, *(column for column in self.others if self.chance(0.6))]
        columns += ["desa"] * (self.desa_by != "heading")
        columns += ["kecamatan"] * (self.kecamatan_by == "column" or self.chance(0.4))
        self.random.shuffle(columns)
        self._titles(page, next(iter(groups)))
        self._header(page, ["no", *columns])
        header = max(page.lines, key=len) if not self.has_numbers else max(page.lines[:-1], key=len)
        number = 0
        for kecamatan, people in groups.items():
            name = self.kecamatan[kecamatan]
            if self.kecamatan_by == "heading":
                self._heading(
                    page, f"{self.one(['KECAMATAN', 'KEC.', 'Kec. ', 'Kecamatan :'])} {name.upper()}", "judul_kecamatan"
                )
            run: list[tuple[int, str]] = []
            for before, who in zip([None, *people], people, strict=False):
                is_same_desa = before is not None and before.desa == who.desa
                if self.chance(0.03):
                    run = self._merge(page, run)
                    page.no_data(self.one([{}, {}, {self.at["no"]: number + 1}]), "kosong")
                if self.chance(0.01) and not self.ticks:
                    run = self._merge(page, run)
                    page.no_data(dict(header), "tajuk")
                if self.desa_by == "heading" and not is_same_desa:
                    label = self.one(["DESA", "Desa :", "Ds.", "KELURAHAN"])
                    self._heading(page, f"{label} {self.desa[who.desa]}", "judul_desa")
                number += 1
                row, outcome = self._told(page, who)
                if self.desa_by == "merged":
                    run = run if is_same_desa else self._merge(page, run)
                    run.append((len(page.lines), who.desa))
                    row["desa"] = None
                page.write(self._cells(row | {"no": number}), outcome)
            self._merge(page, run)
            if self.chance(0.7):
                self._heading(page, f"{self.one(['JUMLAH', 'Jumlah Kec.', 'TOTAL', 'Sub Jumlah'])} {name}", "subjumlah")
        self._signature(page)
        return page

    def _merge(self, page: Page, run: list[tuple[int, str]]) -> list:
        """Writes the desa of rows one below the other into one merged cell; what follows begins a new one."""
        if run:
            (first, desa), (last, _desa) = run[0], run[-1]
            page.lines[first][self.at["desa"]] = self.place(desa)
            if last > first:
                page.merged.append((first, self.at["desa"], last, self.at["desa"]))
        return []

    def _told(self, page: Page, who: Someone) -> tuple[dict, Outcome]:
        """One row: plain, with a mistake, or of a person who is there already."""
        row = self.row(who)
        if self.kecamatan_by != "column" and self.chance(0.5):
            row["kecamatan"] = None
        if self.chance(0.08):
            return row, self.spoil(who, row)
        if self.chance(0.02) and self.desa_by == self.kecamatan_by == "column":
            code, cells = self.misplaced(who)
            return row | cells, Outcome("ditolak", code)
        if self.chance(0.05) and (seen := [seen for seen in self.seen if seen[2].desa == who.desa]):
            return self.again(page, self.one(seen))
        self.seen.append((page.name, len(page.lines) + 1, who, row))
        return row, Outcome("diimpor", "", self.right(who))

    def _later(self) -> Page:
        """A later sheet in another order; some in it were in the first already."""
        page = Page("Susulan")
        self.kecamatan_by, self.desa_by, self.has_place = "column", "column", self.chance(0.5)
        columns = [
            "desa",
            "kecamatan",
            *(column for column in self.columns if column not in ("alamat", "rt_rw", "ket")),
        ]
        self.random.shuffle(columns)
        self._header(page, ["no", *columns])
        for number in range(1, 13):
            if self.chance(0.2):
                row, outcome = self.again(page, self.one(self.seen))
            else:
                who = self.person(self.one(self.desa))
                row = self.row(who)
                right = {
                    name: value
                    for name, value in self.right(who).items()
                    if name not in ("rt", "rw") or "rw" in columns
                }
                outcome = Outcome("diimpor", "", right)
            page.write(self._cells(row | {"no": number}), outcome)
        return page

    def _recap(self) -> Page:
        """A sheet that is no list of people; no row of it is judged."""
        page = Page("REKAP")
        page.lines = [{0: "REKAP PER KECAMATAN"}, {}, {0: "KECAMATAN", 1: "CALON", 2: "TARGET"}]
        page.lines += [{0: name.upper(), 1: self.random.randint(1, 90), 2: 100} for name in self.kecamatan.values()]
        return page

    # ---- Around the rows ----

    def _titles(self, page: Page, kecamatan: str):
        for title in self.random.sample(TITLES, self.random.randint(0, 4)):
            page.no_data({self.one([0, 0, 2]): title.format(self.kabupaten_name.upper())}, "judul")
        if self.kecamatan_by == "title":
            name = self.kecamatan[kecamatan]
            whole = f"DATA PUS KECAMATAN {name.upper()} KABUPATEN {self.kabupaten_name.upper()} TAHUN 2021"
            page.no_data(self.one([{0: whole}, {0: "Kecamatan", 2: f": {name}"}, {1: f"KEC. {name}"}]), "judul")
        for _blank in range(self.random.randint(0, 2)):
            page.no_data({}, "kosong")

    def _header(self, page: Page, columns: list[str]):
        """One or two rows, with a group over addresses and ticked methods; perhaps column numbers below. Sets `at`."""
        self.at: dict[str, int] = {}
        self.ticks: dict[str, int] = {}
        is_ticked = "metode" in columns and self.chance(0.25)
        is_double = is_ticked or self.chance(0.4)
        upper, lower, first = {}, {}, len(page.lines)
        for column in columns:
            place = max([*self.at.values(), *self.ticks.values(), -1]) + 1
            self.at[column] = place
            heading = self.one(HEADINGS["ttl" if column == "lahir" and self.has_place else self.headed(column)])
            if column == "metode" and is_ticked:
                self.ticks = {method: place + number for number, method in enumerate(TICKED)}
                upper[place] = heading
                lower |= {self.ticks[method]: label for method, label in TICKED.items()}
                page.merged.append((first, place, first, place + len(TICKED) - 1))
            elif is_double and column in ("alamat", "rt_rw", "desa", "kecamatan") and self.chance(0.6):
                upper[place] = self.one(["ALAMAT", "Alamat Domisili"])
                lower[place] = self.one(["Kp / Jalan", "Kampung"]) if column == "alamat" else heading
            elif is_double and self.chance(0.2):
                lower[place] = heading
            else:
                upper[place] = heading
                if is_double:
                    page.merged.append((first, place, first + 1, place))
        page.no_data(upper, "tajuk")
        if is_double:
            page.no_data(lower, "tajuk")
        self.width = max([*self.at.values(), *self.ticks.values()]) + 1
        self.has_numbers = self.chance(0.4)
        if self.has_numbers:
            way = self.one(["{}", "({})"])
            page.no_data({place: way.format(place + 1) for place in range(self.width)}, "nomor_kolom")

    def headed(self, column: str) -> str:
        return column

    def _heading(self, page: Page, label: str, code: str):
        cells = {self.one([0, 1]): label}
        if code == "subjumlah" and self.chance(0.5):
            cells[4] = self.random.randint(5, 90)
        page.no_data(cells, code, merged_to=self.width - 1 if len(cells) == 1 and self.chance(0.5) else 0)

    def _signature(self, page: Page):
        if self.chance(0.3):
            return
        right = max(self.width - 4, 1)
        title = self.one(["Kepala Bidang KB", "Mengetahui,", "Kepala Dinas,"])
        for label in (
            None,
            f"{self.kabupaten_name}, 14 Juni 2021",
            title,
            None,
            "Dra. Hj. SRI MULYATI, M.Si",
            "NIP. 19700101 1 999",
        ):
            page.no_data({right: label} if label else {}, "tanda_tangan" if label else "kosong")

    def _cells(self, row: dict) -> dict:
        """The row in the columns of this sheet; a method may be a tick."""
        cells = {
            place: row[column]
            for column, place in self.at.items()
            if row.get(column) is not None and column != "metode"
        }
        method = row.get("metode")
        if not self.ticks and method is not None and "metode" in self.at:
            cells[self.at["metode"]] = method
        elif self.ticks:
            meant = next((name for name, ways in METHODS.items() if method in ways), None)
            if meant:
                tick = self.one(["v", "V", "√", "✓", "x", 1]) if "_" not in meant else method
                cells[self.ticks[meant.split("_")[0]]] = tick
        return cells

    # ---- Files ----

    def _xlsx(self) -> bytes:
        """Perhaps not from column A."""
        file, left = io.BytesIO(), self.one([0, 0, 1, 2])
        with xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as workbook:
            centred = workbook.add_format({"align": "center"})
            for page in self.pages:
                sheet = workbook.add_worksheet(page.name)
                for top, first, bottom, last in page.merged:
                    sheet.merge_range(top, left + first, bottom, left + last, "", centred)
                for at, cells in enumerate(page.lines):
                    for place, cell in cells.items():
                        if cell == "#N/A":
                            sheet.write_formula(at, left + place, "=NA()", None, cell)
                        elif isinstance(cell, str):
                            sheet.write_string(at, left + place, cell)
                        else:
                            sheet.write(at, left + place, cell)
        return file.getvalue()

    def _csv(self) -> bytes:
        """The first sheet, as Excel saves it in Indonesia; merged cells are lost."""
        file = io.StringIO(newline="")
        lines = csv.writer(file, delimiter=self.one([";", ","]))
        for cells in self.pages[0].lines:
            width = max(self.width, *cells, 0) if cells else self.width
            row = [cells.get(place, "") for place in range(width + 1)]
            lines.writerow([f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell for cell in row])
        return file.getvalue().encode(self.one(["utf-8", "utf-8-sig", "utf-16"]))


class AkseptorOffice(Office):
    """Sends lists of calon akseptor."""

    columns = ("nama", "nik", "lahir", "hp", "metode", "ket", "alamat", "rt_rw")
    others = ("suami", "umur", "anak", "tempat", "kerja")
    list_name = "DATA CALON AKSEPTOR"

    def person(self, desa: str) -> Someone:
        who = self.someone(desa, is_female=not self.chance(0.08))
        who.method = (
            self.one(["implan"] * 5 + ["iud"] * 4 + ["mow", "implan_1", "implan_2"]) if who.is_female else "mop"
        )
        return who

    def row(self, who: Someone) -> dict:
        return {
            "nama": self.name(who.name),
            "nik": self.nik(who.nik),
            "lahir": self.date(who.born),
            "desa": self.place(who.desa),
            "kecamatan": self.kecamatan_of(who.desa),
            "hp": self.phone(who.phone),
            "metode": self.one(METHODS[who.method]),
            "alamat": self.one(["Kp. Krajan", "Jl. Veteran 5", "Kp. Baru", "Gg. Melati"]),
            "rt_rw": self.rt_rw(who.rt, who.rw),
            "ket": self.one([None] * 6 + ["", "-", "anak 2"]),
            "suami": who.husband,
            "umur": self.random.randint(20, 44),
            "anak": self.random.randint(1, 5),
            "tempat": self.one(["Puskesmas Kota", "Saung Ambu", "Puskesmas 2"]),
            "kerja": self.one(["IRT", "Tani", "Buruh", None]),
        }

    def right(self, who: Someone) -> dict:
        return {
            "name": who.name,
            "nik": who.nik,
            "birth_date": who.born.isoformat(),
            "desa_code": who.desa,
            "phone": "+62" + who.phone[1:],
            "wanted": who.method,
            "rt": who.rt,
            "rw": who.rw,
        }

    def spoil(self, who: Someone, row: dict) -> Outcome:
        old = self.one([date(1962, 5, 6), date(2008, 3, 14), date(1970, 1, 30)])
        old_nik = nik_of(who.nik[:6], old, int(who.nik[12:]))
        no_nik = self.one([None, "-", "belum ada", "blm ada", "proses", "hilang"])
        mistakes = self.mistakes(who) | {
            "nik_kosong": ({"nik": no_nik, "lahir": f"{who.born:%d-%m-%Y}"}, "peringatan", {"nik": None}),
            "alkon_kosong": ({"metode": self.one([None, "-", "belum", "Blm tahu"])}, "peringatan", {"wanted": "belum"}),
            "ket_batal": (
                {"ket": self.one(["BATAL", "pindah ke Karawang", "batal, hamil", "Meninggal"])},
                "peringatan",
                {},
            ),
            "alkon_bukan_mkjp": (
                {"metode": self.one(["PIL", "Suntik 3 bulan", "suntik", "Kondom", "PIL KB"])},
                "ditolak",
                {},
            ),
            "umur_di_luar_15_49": (
                {"nik": old_nik, "lahir": self.date(old)},
                "peringatan",
                {"nik": old_nik, "birth_date": old.isoformat()},
            ),
        }
        mistakes["nik_jenis_kelamin"] = mistakes.pop("lain_jenis_kelamin")
        if not who.is_female:  # the wife's NIK is welcome there, and a husband may be of any age
            del mistakes["nik_jenis_kelamin"], mistakes["umur_di_luar_15_49"], mistakes["alkon_kosong"]
        if self.ticks:
            del mistakes["alkon_bukan_mkjp"]
        code = self.one(code for code in mistakes if self.form == "xlsx" or not code.startswith("nik_angka"))
        cells, verdict, values = mistakes[code]
        row |= cells
        return Outcome(verdict, code, {} if verdict == "ditolak" else self.right(who) | values)

    def again(self, page: Page, seen: tuple) -> tuple[dict, Outcome]:
        """The same woman once more: copied, or with her name or her NIK written otherwise."""
        first_page, first_row, who, row = seen
        copy = row | {"desa": self.desa[who.desa], "kecamatan": self.kecamatan[who.desa[:8]]}
        code = self.one(["ganda_persis", "ganda_nama_beda", "ganda_nik_beda_bentuk"])
        if code == "ganda_nama_beda":
            copy["nama"] = who.name.split()[0][:2] + ". " + who.name.split()[-1]
        elif code == "ganda_nik_beda_bentuk":
            copy["nik"] = f"{who.nik[:7]} {who.nik[7:]}"
        if first_page != page.name:
            code = "ganda_antar_lembar"
        return copy, Outcome("ganda", code, double_of=(first_page, first_row))


class KaderOffice(Office):
    """Sends lists of kader IMP."""

    columns = ("nama", "nik", "lahir", "jk", "jabatan", "rw", "hp")
    others = ("sk", "tmt", "ket", "umur")
    list_name = "KADER IMP"

    def person(self, desa: str) -> Someone:
        who = self.someone(desa, is_female=not self.chance(0.2), youngest=25, oldest=62)
        while (who.name, desa) in self.known:
            who.name = f"{who.name} {self.one(LAST)}"
        self.known.add((who.name, desa))
        who.jabatan = self.one(JABATAN)
        return who

    def headed(self, column: str) -> str:
        return "nama kader" if column == "nama" else column

    def row(self, who: Someone) -> dict:
        number = who.rw.lstrip("0")
        rw = [
            f"RW {who.rw[1:]}",
            f"RW {number}",
            int(number),
            f"RW.{who.rw}",
            f"Dusun II / RW {number}",
            f"RT 2 RW {number}",
        ]
        return {
            "nama": self.name(who.name),
            "nik": self.nik(who.nik),
            "lahir": self.date(who.born),
            "jk": self.one(["P", "Perempuan", "p"] if who.is_female else ["L", "Laki-laki", "l"]),
            "desa": self.place(who.desa),
            "kecamatan": self.kecamatan_of(who.desa),
            "jabatan": self.one(JABATAN[who.jabatan]),
            "rw": self.one(rw) if who.jabatan == "sub_ppkbd" else self.nothing(),
            "hp": self.phone(who.phone),
            "sk": f"476/{self.random.randint(10, 99)}/DPPKB/2019",
            "tmt": 2015,
            "umur": self.random.randint(25, 62),
        }

    def right(self, who: Someone) -> dict:
        return {
            "name": who.name,
            "birth_date": who.born.isoformat(),
            "desa_code": who.desa,
            "jabatan": who.jabatan,
            "rw": who.rw if who.jabatan == "sub_ppkbd" else None,
            "phone": "+62" + who.phone[1:],
        }

    def spoil(self, who: Someone, row: dict) -> Outcome:
        mistakes = self.mistakes(who) | {
            "kader_tanpa_nik": ({"nik": self.nothing(), "lahir": f"{who.born:%d-%m-%Y}"}, "ditolak", {}),
            "jabatan_tak_dikenal": ({"jabatan": self.one(["Posyandu", "TPK", "Ketua RT"])}, "ditolak", {}),
        }
        mistakes["jk_salah"] = mistakes.pop("lain_jenis_kelamin")
        if who.jabatan == "sub_ppkbd":
            mistakes["rw_kosong"] = {"rw": self.nothing()}, "peringatan", {"rw": None}
        code = self.one(code for code in mistakes if self.form == "xlsx" or not code.startswith("nik_angka"))
        cells, verdict, values = mistakes[code]
        row |= cells
        values.pop("nik", None)
        return Outcome(verdict, code, {} if verdict == "ditolak" else self.right(who) | values)

    def again(self, page: Page, seen: tuple) -> tuple[dict, Outcome]:
        """The same kader once more, or in the other jabatan as well."""
        first_page, first_row, who, row = seen
        copy = row | {"desa": self.desa[who.desa], "kecamatan": self.kecamatan[who.desa[:8]]}
        if self.chance(0.5) or who.jabatan == "sub_ppkbd":
            return copy, Outcome("ganda", "ganda_persis", double_of=(first_page, first_row))
        rw = 20 + next(self.serials) % 900
        copy |= {"jabatan": "Sub PPKBD", "rw": f"RW {rw}"}
        values = self.right(who) | {"jabatan": "sub_ppkbd", "rw": f"{rw:03}"}
        return copy, Outcome("peringatan", "merangkap_jabatan", values, double_of=(first_page, first_row))
