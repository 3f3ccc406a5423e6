// The registration form step by step. One document: nothing is fetched between steps, nothing typed is kept by this script.
// What it says about a field the server says again, for the server is the judge. Sending is outbox.js's, or the browser's own.
(() => {
  const form = document.getElementById("registration-form"), kept = document.getElementById("kept");
  if (!form || !kept) return;
  const find = (selector, within = form) => within.querySelector(selector);
  const all = (selector, within = form) => [...within.querySelectorAll(selector)];
  const value = (name) => (form.elements[name]?.value ?? "").trim();
  const digits = (text) => text.replace(/\D/g, "");
  const element = (tag, about, ...inside) => {
    const made = Object.assign(document.createElement(tag), about);
    made.append(...inside);
    return made;
  };

  const steps = all(".step"), last = steps.length - 1;
  const progress = find(".progress"), nav = find(".thumb.two"), back = find("[data-back]"), on = find("[data-on]");
  const save = find("#periksa .thumb .button"), similar = find("#similar");
  let now = 0; // the step that is shown
  let pushed = 0; // how many steps the browser's own way back has
  let isMending = false; // came from the last page to change one answer, and goes back there
  let shownKey = ""; // which registration the receipt is about

  // ---- What is wrong with a field, or nothing ----

  const unless = (isFine, sentence) => (isFine ? "" : sentence);
  const isUpTo = (name, most) => !value(name) || (/^\d+$/.test(value(name)) && Number(value(name)) <= most);
  const isMop = () => value("wanted") === "mop";
  const born = all("[name=birth_date]");
  const WRONG = {
    has_consent: () => unless(form.elements.has_consent.checked, "Tanpa persetujuan, data tidak boleh disimpan. Bacakan dulu, lalu tanyakan."),
    desa_code: () => unless(value("desa_code"), "Pilih desa."),
    name: () => unless(value("name"), "Isi nama lengkapnya."),
    nik: () => nik("nik", "no_nik_reason", "Isi NIK, atau pilih sebab NIK belum ada.") || find("#similar .help")?.textContent || "",
    birth_date: birthDate,
    children: () => unless(isUpTo("children", 20), "Antara 0 dan 20."),
    youngest_years: () => unless(isUpTo("youngest_years", 50), "Tahun antara 0 dan 50."),
    youngest_months: () => unless(isUpTo("youngest_months", 11), "Bulan antara 0 dan 11."),
    wanted: () => unless(value("wanted"), "Pilih salah satu."),
    husband: () => unless(!isMop() || value("husband"), "Untuk MOP, isi nama suami: dialah yang dilayani."),
    husband_nik: () => (isMop() ? nik("husband_nik", "husband_no_nik_reason", "Untuk MOP, isi NIK suami, atau pilih sebab NIK suami belum ada.") : ""),
    phone: () => unless(!value("phone") || /^(0|62|0062)?8\d{8,11}$/.test(digits(value("phone"))), "Nomor HP dimulai 08 dan panjangnya 10 sampai 13 angka."),
  };

  function nik(name, reason, sentence) {
    const typed = value(name).replace(/[\s.\-/'’]/g, "");
    if (!typed) return unless(value(reason), sentence);
    if (/\D/.test(typed)) return "NIK hanya boleh berisi angka.";
    return unless(typed.length === 16, `NIK harus 16 angka, ini ${typed.length} angka. Periksa sekali lagi.`);
  }

  function birthDate() {
    if (!born.some((box) => box.value.trim())) return "";
    const [day, month, year] = born.map((box) => Number(box.value.trim()));
    const date = new Date(Date.UTC(year, month - 1, day));
    const isThere = year > 1900 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
    return unless(isThere, "Tanggal ini tidak ada. Isi hari, bulan, dan tahun, misalnya 5 3 1990.");
  }

  const boxOf = (name) => find(`[name="${name}"]`)?.closest(".field, .choice");
  const inputOf = (box) => find("input:not([type=hidden]), select", box);

  // What is read out with a box: its hint, and what is wrong with it.
  function describe(input, keep, more = []) {
    const ids = [...(input.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && keep(id)), ...more];
    if (ids.length) input.setAttribute("aria-describedby", ids.join(" "));
    else input.removeAttribute("aria-describedby");
  }

  function clear(names) {
    find(".errors")?.remove();
    for (const box of names.map(boxOf).filter(Boolean)) {
      box.classList.remove("bad");
      find(".error", box)?.remove();
      for (const input of all("[aria-invalid]", box)) {
        input.removeAttribute("aria-invalid");
        describe(input, (id) => !id.endsWith("-error"));
      }
    }
  }

  function complain(wrong) {
    const lines = wrong.map(([name, sentence]) => {
      const box = boxOf(name), input = inputOf(box), id = `${name}-error`;
      box.classList.add("bad");
      const said = element("p", { className: "error", id }, sentence);
      if (box.matches("fieldset")) find("legend", box).after(said);
      else box.insertBefore(said, input.closest(".choice") ? find("label", box) : input);
      input.setAttribute("aria-invalid", "true");
      describe(input, () => true, [id]);
      return element("li", {}, element("a", { href: `#${input.id}` }, sentence));
    });
    const summary = element("div", { className: "errors", tabIndex: -1 }, element("h2", {}, "Ada yang perlu diperiksa"), element("ul", {}, ...lines));
    summary.setAttribute("role", "alert");
    progress.after(summary);
    scrollTo(0, 0);
    summary.focus();
  }

  function isFine(step) {
    const names = Object.keys(WRONG).filter((name) => find(`[name="${name}"]`, step));
    if (step.id === "minat") names.push("husband"); // asked two steps before, needed only for MOP
    clear(names);
    const wrong = names.map((name) => [name, WRONG[name]()]).filter(([, sentence]) => sentence);
    if (wrong.length) complain(wrong);
    return !wrong.length;
  }

  // ---- From step to step ----

  function show(place, focused) {
    now = form.elements.has_consent.checked ? place : 0; // without her consent nothing can be typed
    steps.forEach((step, number) => (step.hidden = number !== now));
    if (now === last) list();
    if (now > 0) ask();
    back.hidden = now === 0;
    on.hidden = now === last;
    save.hidden = now !== last;
    nav.classList.toggle("first", now === 0);
    const heading = find("h2", steps[now]), words = `Langkah ${now + 1} dari ${steps.length}`;
    find("[data-place]").textContent = words;
    find("[data-bars]").replaceChildren(...steps.map((_, number) => element("i", { className: number <= now ? "done" : "" })));
    document.title = `${heading.textContent} · ${words} · Kampanye`;
    if (focused === null) return;
    scrollTo(0, 0);
    (focused ?? heading).focus();
  }

  function go(place, focused) {
    find(".errors")?.remove();
    history.pushState({ step: place }, "");
    pushed += 1;
    show(place, focused);
  }

  function goOn() {
    if (!isFine(steps[now])) return;
    const place = isMending ? last : now + 1;
    isMending = false;
    go(place);
  }

  function goBack() {
    if (pushed) history.back();
    else show(Math.max(now - 1, 0));
  }

  addEventListener("popstate", (event) => {
    pushed = Math.max(pushed - 1, 0);
    isMending = false;
    find(".errors")?.remove();
    again();
    show(event.state?.step ?? 0);
  });

  function lookAt(id) {
    const target = document.getElementById(id), place = steps.indexOf(target?.closest(".step"));
    if (place < 0) return;
    const fold = target.closest("details");
    if (fold) fold.open = true;
    if (place === now) target.focus();
    else {
      isMending = now === last || place < now;
      const summary = find(".errors");
      go(place, target);
      if (summary) progress.after(summary);
    }
  }

  form.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link) return;
    event.preventDefault();
    lookAt(link.hash.slice(1));
  });
  on.addEventListener("click", goOn);
  back.addEventListener("click", goBack);
  // Before anybody else hears of it: Enter in a box means on to the next step, until the last.
  addEventListener("submit", (event) => {
    if (event.target !== form || now === last) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    goOn();
  }, true);

  // ---- The birth date stands in the NIK: a woman's day is written plus 40 ----

  let filledIn = "";
  const birth = () => born.map((box) => box.value).join(" ");
  form.elements.nik.addEventListener("input", () => {
    similar?.replaceChildren(); // what was told of another NIK
    const typed = digits(value("nik"));
    if (typed.length !== 16 || (birth().trim() && birth() !== filledIn)) return;
    const [year, month, day] = form.dataset.today.split("-").map(Number); // the server's: a phone's clock may be years off
    const [herDay, herMonth, twoDigits] = [6, 8, 10].map((from) => Number(typed.slice(from, from + 2)));
    const hers = { day: herDay > 40 ? herDay - 40 : herDay, month: herMonth, year: year - (year % 100) + twoDigits };
    const isEarlier = month < hers.month || (month === hers.month && day < hers.day);
    if (year - hers.year - (isEarlier ? 1 : 0) < 10) hers.year -= 100;
    [hers.day, hers.month, hers.year].forEach((part, place) => (born[place].value = part));
    filledIn = birth();
    clear(["birth_date"]);
  });

  const children = form.elements.children, youngest = find(".youngest");
  const hasNone = () => value("children") === "0";
  children.addEventListener("input", () => (youngest.hidden = hasNone()));

  // ---- The last page: what was said, each with a way to change it ----

  function said(box) {
    if (box.matches(".youngest")) return [["youngest_years", "tahun"], ["youngest_months", "bulan"]].filter(([name]) => value(name)).map(([name, word]) => `${value(name)} ${word}`).join(" ");
    const input = inputOf(box);
    if (input.type === "radio") return find(":checked", box)?.nextElementSibling.textContent ?? "";
    if (input.type === "checkbox") return input.checked ? "sudah" : "belum";
    if (input.matches("select")) return input.selectedOptions[0]?.text ?? "";
    const typed = all("input", box).map((one) => one.value.trim()).filter(Boolean).join(" ");
    return input.name.endsWith("nik") ? digits(typed).replace(/(.{4})(?=.)/g, "$1 ") : typed;
  }

  function list() {
    const rows = [], empty = [];
    for (const box of all(".youngest, .field, .choice", form)) {
      const input = inputOf(box), isPart = box.parentElement.closest(".youngest");
      const isHis = box.closest(".when-mop") && !isMop();
      const isReason = input?.name.endsWith("no_nik_reason") && value(input.name.replace("no_nik_reason", "nik"));
      if (!input || box.hidden || isPart || isHis || isReason || input.name === "has_consent") continue;
      const name = input.type === "checkbox" ? "Konseling dan kesediaan" : find("legend, label", box).textContent.replace(" (boleh kosong)", "");
      const answer = said(box);
      const change = element("a", { href: `#${input.id}` }, answer ? "Ubah" : name);
      if (!answer) empty.push(...(empty.length ? [", "] : []), change);
      else {
        change.append(element("span", { className: "unseen" }, ` ${name}`));
        rows.push([name, element("span", {}, answer), change]);
      }
    }
    if (empty.length) rows.push(["Tidak diisi", element("span", {}, ...empty)]);
    find("[data-alike]").replaceChildren(...all("#similar > *").map((note) => note.cloneNode(true)));
    find(".check").replaceChildren(...rows.map(([name, ...about]) => element("div", {}, element("dt", {}, name), element("dd", {}, ...about))));
  }

  // ---- What outbox.js tells: kept on the phone, sent, or to be mended ----

  const clock = (moment) => new Date(moment).toTimeString().slice(0, 5);
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  function empty() {
    for (const field of form.elements) {
      if (field.name === "csrf_token" || field.name === "consent_text") continue;
      if (field.name === "key") field.value = newKey();
      else if (field.type === "checkbox" || field.type === "radio") field.checked = field.name === "wanted" && field.value === "belum";
      else if (field.matches("select")) field.selectedIndex = 0;
      else if (field.matches("input")) field.value = "";
    }
    clear(Object.keys(WRONG));
    all("details").forEach((fold) => (fold.open = false));
    youngest.hidden = false;
    similar?.replaceChildren();
    filledIn = "";
  }

  function tell(state, next, { doubts = [], url = "" } = {}) {
    find("[data-state]", kept).textContent = state;
    find("[data-next]", kept).textContent = next;
    const list = find("[data-doubts]", kept), there = find("[data-there]", kept);
    list.replaceChildren(...doubts.map((doubt) => element("li", {}, doubt)));
    list.hidden = !doubts.length;
    there.hidden = !url;
    there.href = url || "#kept";
    there.textContent = url.endsWith("/jadwal") ? "Pilih hari pelayanan" : "Buka kartu Ibu";
  }

  function again() {
    if (kept.hidden) return;
    kept.hidden = true;
    form.hidden = false;
  }

  form.addEventListener("outbox:kept", ({ detail }) => {
    shownKey = detail.key;
    tell(`Tersimpan di HP ${clock(detail.at)}`, `${value("name")}: belum terkirim. Terkirim sendiri begitu ada sinyal; nomornya menyusul di sini.`);
    empty();
    show(0, null);
    form.hidden = true;
    kept.hidden = false;
    kept.classList.remove("bad");
    scrollTo(0, 0);
    find("h2", kept).focus();
  });
  document.addEventListener("outbox:sent", ({ detail: { key, answer } }) => {
    if (key !== shownKey) return;
    tell(`Terkirim ✓ ${answer.at.slice(11, 16)}, no. ${answer.number}`, `Berikutnya: ${answer.next}`, answer);
  });
  document.addEventListener("outbox:mend", ({ detail: { key, message } }) => {
    if (key !== shownKey) return;
    tell("Perlu diperbaiki", message);
    kept.classList.add("bad");
  });
  find("[data-again]", kept).addEventListener("click", () => {
    again();
    go(0);
  });

  // Whether she is known is asked with htmx while somebody types, and only then is it fetched: it weighs as much as all the rest.
  // It is only a suggestion: where it cannot be asked, nothing is said.
  function ask() {
    if (!similar?.dataset.htmx) return;
    document.head.append(element("script", { src: similar.dataset.htmx }));
    delete similar.dataset.htmx;
  }
  for (const event of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) similar?.addEventListener(event, (heard) => heard.stopPropagation());
  similar?.addEventListener("htmx:beforeSwap", (event) => {
    if (![200, 429].includes(event.detail.xhr.status)) {
      event.detail.shouldSwap = false;
      event.stopPropagation();
    }
  });

  // ---- Begin ----

  if (!value("key")) form.elements.key.value = newKey();
  nav.append(save);
  all(".by-script").concat(progress).forEach((part) => (part.hidden = false));
  history.replaceState({ step: 0 }, "");
  const wrong = find(".bad")?.closest(".step");
  if (wrong) show(steps.indexOf(wrong), find(".errors"));
  else show(find(".errors") ? last : 0, null);
})();
