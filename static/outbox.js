// The phone's outbox: a registration, or that somebody has come, is sealed to the server and kept here first, then sent with its key until the server
// has it. Pages and the service worker (Background Sync) share this file; docs/decisions/0018-outbox.md says why it is so.
(() => {
  "use strict";
  const isPage = typeof document !== "undefined";
  const page = isPage ? { ...document.currentScript.dataset } : {}; // owner, key, version, worker, shell, isShell
  const BOX = "/kader/kotak", PATIENCE = 30_000, TIMER = 30_000, MOST_TRIES = 5, CLOCK_IS_OFF = 600_000;
  const canKeep = Boolean(globalThis.isSecureContext && globalThis.indexedDB && globalThis.crypto?.subtle);

  // ---- Keeping: in clear only key, owner, campaign, time, state, tries, a sentence; her data only sealed ----

  const open = () => new Promise((done, fail) => {
    const asked = indexedDB.open("kampanye", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("items", { keyPath: "key" });
      asked.result.createObjectStore("meta");
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });

  // Resolves once it is on the disk: “tersimpan” is said after that and not before.
  const transact = async (store, mode, work) => {
    const db = await open();
    try {
      return await new Promise((done, fail) => {
        const transaction = db.transaction(store, mode, { durability: "strict" });
        const request = work(transaction.objectStore(store));
        transaction.oncomplete = () => done(request?.result);
        transaction.onabort = transaction.onerror = () => fail(transaction.error || request?.error);
      });
    } finally {
      db.close();
    }
  };

  const all = () => transact("items", "readonly", (items) => items.getAll());
  const put = (item) => transact("items", "readwrite", (items) => items.put(item));
  const forget = (key) => transact("items", "readwrite", (items) => items.delete(key));
  const known = (name) => transact("meta", "readonly", (meta) => meta.get(name));
  const know = (name, value) => transact("meta", "readwrite", (meta) => (value == null ? meta.delete(name) : meta.put(value, name)));

  const note = (written) => written.catch(() => {}); // good to have: a full phone must not stop what is to be sent

  // ---- Sealing: only the server can open it (campaign/sealed.py, open_envelope) ----

  const utf8 = (text) => new TextEncoder().encode(text);
  const join = (...parts) => {
    const bytes = parts.map((part) => new Uint8Array(part));
    const whole = new Uint8Array(bytes.reduce((size, part) => size + part.length, 0));
    bytes.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
    return whole;
  };
  const toBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const freshKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  const seal = async (text, label, publicKey) => {
    const { subtle } = crypto, curve = { name: "ECDH", namedCurve: "P-256" }, theirs = fromBase64(publicKey);
    const once = await subtle.generateKey(curve, false, ["deriveBits"]);
    const point = await subtle.exportKey("raw", once.publicKey);
    const server = await subtle.importKey("raw", theirs, curve, false, []);
    const shared = await subtle.deriveBits({ name: "ECDH", public: server }, once.privateKey, 256);
    const how = { name: "HKDF", hash: "SHA-256", salt: point, info: join(utf8("campaign outbox/1"), theirs) };
    const material = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
    const secret = await subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
    const head = join([1], (await subtle.digest("SHA-256", theirs)).slice(0, 4));
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const bound = { name: "AES-GCM", iv, additionalData: join(head, utf8(label)) };
    return join(head, point, iv, await subtle.encrypt(bound, secret, utf8(text)));
  };

  const sealed = async ({ form, owner, campaign, key, kind = "register" }) => {
    const at = new Date().toISOString();
    const item = { kind, key, owner, campaign, at, state: "waiting", tries: 0, sentence: "" };
    item.sealed = await seal(JSON.stringify({ v: 1, kind, owner, campaign, key, at, form }), key, page.key);
    return item;
  };

  // What is mended goes in the same breath in which its better version is kept.
  const keep = (item, mends) => transact("items", "readwrite", (items) => {
    if (mends && mends !== item.key) items.delete(mends);
    return items.put(item);
  });

  // ---- Sending ----

  // Only an answer that is our JSON says anything: a captive portal answers 200 with a page of its own.
  const ask = async (path, { body, token } = {}) => {
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), PATIENCE);
    const headers = { Accept: "application/json", ...(token && { "X-CSRFToken": token }) };
    try {
      const how = { method: body ? "POST" : "GET", body, headers, credentials: "same-origin", cache: "no-store", redirect: "error" };
      const answer = await fetch(path, { ...how, signal: stop.signal });
      const said = JSON.parse(await answer.text());
      const wait = 1000 * (parseInt(answer.headers.get("Retry-After"), 10) || 0);
      return { status: answer.status, said: typeof said?.ok === "boolean" ? said : null, wait };
    } catch {
      return { status: 0, said: null, wait: 0 };
    } finally {
      clearTimeout(timer);
    }
  };

  // The table of decisions.md: what becomes of an item after this answer.
  const judge = (status, said, key) => {
    if (!said) return "later";
    if (said.ok) return (status === 200 || status === 201) && said.key === key ? "sent" : "later";
    if (status === 409 || status === 422) return said.error === "unreadable" ? "park" : "mend";
    return { 400: "token", 401: "sign_in", 403: "park", 404: "park", 413: "park", 500: "skip" }[status] || "later";
  };

  const greet = async () => {
    const { status, said } = await ask("/csrf");
    if (!said?.token) return { why: status === 401 && said ? "sign_in" : "later" };
    await note(know("ahead", Date.now() - said.now));
    if (isPage) {
      document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": said.token }));
      page.key = said.key || page.key;
      if (said.version !== page.version) navigator.serviceWorker?.getRegistration("/").then((worker) => worker?.update()).catch(() => {});
    }
    return said;
  };

  const deliver = async (item, me) => {
    const body = new URLSearchParams({ key: item.key, sealed: toBase64(item.sealed), now: Date.now() });
    const { status, said, wait } = await ask(BOX, { body, token: me.token });
    let verdict = judge(status, said, item.key);
    rest.atLeast = Math.max(rest.atLeast, wait);
    if (verdict === "skip" && item.tries + 1 >= MOST_TRIES) verdict = "park";
    if (verdict === "sent") {
      await forget(item.key);
      await note(know("last", { owner: item.owner, at: Date.now(), answer: said })); // for the page that comes next
      announce("sent", { key: item.key, answer: said });
    } else if (verdict === "mend" || verdict === "park") {
      const parked = { state: "parked", isToMend: verdict === "mend", error: said.error, sentence: said.message, version: me.version };
      await note(put({ ...item, ...parked }));
      announce("mend", { key: item.key, message: said.message });
    } else if (verdict === "skip") {
      await note(put({ ...item, tries: item.tries + 1 }));
    }
    return verdict;
  };

  // What the server could not do for a fault of its own is tried again once the server is another one.
  const revive = async (items, me) => {
    for (const item of items) {
      if (item.owner === me.user && item.error === "broken" && item.version !== me.version) await put({ ...item, state: "waiting", tries: 0, error: "" });
    }
  };

  const round = async () => {
    const tried = new Set();
    let me = null, why = "", owner = page.owner || (await known("owner"));
    const next = (items) => items.filter((item) => item.state === "waiting" && item.owner === owner && !tried.has(item.key));
    let waiting = next(await all());
    if (!owner || !(waiting.length || page.isShell || (await news(owner)))) return "";
    me = await greet();
    if (me.token && me.user === owner) await revive(await all(), me);
    while (me.token && me.user === owner && !why && (waiting = next(await all())).length) {
      for (const item of waiting.sort((one, other) => (one.at < other.at ? -1 : 1))) {
        tried.add(item.key);
        let verdict = await deliver(item, me);
        if (verdict === "token") {
          me = await greet(); // somebody else may have signed in meanwhile: hers is not sent then
          verdict = me.token && me.user === owner ? await deliver(item, me) : "later";
        }
        if (verdict === "skip") continue;
        if (["later", "token", "sign_in"].includes(verdict)) why = verdict === "token" ? "later" : verdict;
        if (why) break;
        changed();
      }
    }
    why = why || me.why || "";
    if (me.token && me.user === owner && why !== "sign_in") await tell(me);
    return why;
  };

  // ---- Telling the office how many wait ----

  const count = async (owner) => {
    const hers = (await all()).filter((item) => item.owner === owner);
    const unsent = hers.filter((item) => item.state === "waiting").length;
    return { unsent, parked: hers.length - unsent, oldest: hers.map((item) => item.at).sort()[0] || "" };
  };
  const news = async (owner) => {
    const now = JSON.stringify(await count(owner));
    return now !== ((await known(`told ${owner}`)) || JSON.stringify({ unsent: 0, parked: 0, oldest: "" })) && now;
  };
  const tell = async (me) => {
    const now = await news(me.user);
    if (!now) return;
    const body = new URLSearchParams({ ...JSON.parse(now), now: Date.now() });
    const { said } = await ask(`${BOX}/keadaan`, { body, token: me.token });
    if (said?.ok) await note(know(`told ${me.user}`, now));
  };

  // ---- One round at a time, over all pages and the worker; after a failure the timer waits longer and longer ----

  const rest = { length: 0, until: 0, atLeast: 0, why: "" };
  let running = null, again = false;
  const flush = () => {
    again = Boolean(running);
    running ||= (navigator.locks ? navigator.locks.request("outbox", round) : round())
      .then((why) => {
        rest.why = why;
        rest.length = why ? Math.min(Math.max(5_000, rest.length * 2), 300_000) : 0;
        rest.until = performance.now() + Math.max(rest.length * (0.75 + Math.random() / 2), why ? rest.atLeast : 0);
        rest.atLeast = 0;
        return why;
      })
      .finally(() => {
        running = null;
        changed();
        if (again) flush().catch(() => {});
      });
    return running;
  };
  const attempt = () => canKeep && flush().catch(() => {});

  const channel = globalThis.BroadcastChannel ? new BroadcastChannel("kampanye outbox") : null;
  const shout = (name, detail) => isPage && document.dispatchEvent(new CustomEvent(`outbox:${name}`, { detail }));
  const announce = (name, detail) => (shout(name, detail), channel?.postMessage({ name, detail }));
  const changed = () => announce("changed", {});
  globalThis.outbox = { all, flush, forget, greet, keep, known, sealed, canKeep };
  if (!isPage) return;
  channel?.addEventListener("message", ({ data }) => shout(data.name, data.detail));

  // ---- On the page: keep what is submitted ----

  const FULL = "HP penuh, jadi belum tersimpan. Isian tetap di layar. Hapus foto atau aplikasi yang tidak dipakai, lalu simpan sekali lagi.";
  const NOT_KEPT = "Belum tersimpan. Isian tetap di layar; coba sekali lagi saat ada sinyal.";
  const say = (sentence) => {
    const note = document.createElement("p");
    note.className = "note help";
    note.textContent = sentence;
    document.getElementById("notice")?.replaceChildren(note);
    note.scrollIntoView({ block: "center" });
  };

  const busy = new WeakSet();
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("form[data-outbox]") || !canKeep || !page.key) return;
    event.preventDefault();
    if (busy.has(form)) return;
    busy.add(form);
    try {
      await save(form);
    } finally {
      busy.delete(form);
    }
  });

  const save = async (form) => {
    const said = new URLSearchParams(new FormData(form)), { owner, campaign, outbox: kind } = form.dataset;
    const mending = document.querySelector("[data-mends]"), mends = mending?.dataset.mends;
    said.delete("csrf_token");
    let item;
    try {
      item = await sealed({ form: said.toString(), owner, campaign, key: form.elements.key.value, kind });
    } catch {
      return form.elements.csrf_token?.value ? form.submit() : say(NOT_KEPT);
    }
    const isKept = () => {
      form.dataset.kept = item.key;
      mending?.remove();
      form.dispatchEvent(new CustomEvent("outbox:kept", { bubbles: true, detail: { key: item.key, at: item.at } }));
      changed();
    };
    try {
      await keep(item, mends);
    } catch (error) {
      // No room on the phone, but perhaps a line to the server: then it needs no room here.
      const me = await greet(), body = new URLSearchParams({ key: item.key, sealed: toBase64(item.sealed), now: Date.now() });
      const { status, said: answer } = me.user === owner ? await ask(BOX, { body, token: me.token }) : {};
      if (judge(status, answer, item.key) !== "sent") return say(answer?.message || (error?.name === "QuotaExceededError" ? FULL : NOT_KEPT));
      if (mends) await forget(mends).catch(() => {});
      isKept();
      return announce("sent", { key: item.key, answer });
    }
    isKept();
    navigator.storage?.persist?.().catch(() => {});
    navigator.serviceWorker?.getRegistration("/").then((worker) => worker?.sync?.register("outbox")).catch(() => {});
    attempt();
  };

  // The same content keeps its key, however often it is sent; what was changed after it was kept is another registration.
  const renew = (event) => {
    const form = event.target.form || event.target;
    if (form.matches?.("form[data-outbox]") && form.dataset.kept === form.elements.key.value) form.elements.key.value = freshKey();
  };
  document.addEventListener("input", renew);
  document.addEventListener("reset", renew);
  if (page.isShell) for (const form of document.querySelectorAll("form[data-outbox]")) form.elements.key.value = freshKey();

  // ---- On the page: what waits, in words ----

  const sent = []; // since this page was opened
  const make = (tag, cls, text) => Object.assign(document.createElement(tag), { className: cls, textContent: text || "" });
  const WHEN = { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" };
  let format = null; // made when first needed: on a cheap phone it takes longer than all the rest of this file
  const when = (at) => (format ||= new Intl.DateTimeFormat("id-ID", WHEN)).format(new Date(at));

  // What an item is called, and where it is looked at. One an older page kept does not say what it is: a registration.
  const KINDS = {
    register: { name: "pendaftaran", title: "Pendaftaran", chip: "perlu diperbaiki", room: "/kader/" },
    come: { name: "tanda hadir", title: "Tanda hadir", chip: "tidak diterima", room: "/hadir/" },
  };
  const kindOf = (item) => KINDS[item.kind] || KINDS.register;
  const counted = (items) => Object.values(KINDS).map((kind) => [items.filter((item) => kindOf(item) === kind).length, kind.name]).filter(([n]) => n).map(([n, name]) => `${n} ${name}`).join(" dan ");

  const sentences = (mine, others, ahead) => {
    const waiting = mine.filter((item) => item.state === "waiting"), parked = mine.filter((item) => item.state !== "waiting"), told = [];
    if (waiting.length) told.push(["wait", `${counted(waiting)} tersimpan di HP, ${rest.why === "sign_in" ? "menunggu Ibu masuk lagi." : "menunggu sinyal."}`, rest.why === "sign_in" && [`/masuk?lanjut=${encodeURIComponent(location.pathname)}`, "Masuk"]]);
    for (const kind of new Set(parked.map(kindOf))) told.push(["help", `${parked.filter((item) => kindOf(item) === kind).length} ${kind.name} ${kind.chip}.`, !document.getElementById("outbox-list") && [kind.room, "Lihat"]]);
    if (others.length && page.owner) told.push(["wait", `${counted(others)} milik akun lain menunggu di HP ini. Pemiliknya perlu masuk di HP ini supaya terkirim.`]);
    if (others.length && !page.owner) told.push(["wait", `${counted(others)} menunggu di HP ini. Masuk supaya terkirim.`]);
    if (Math.abs(ahead || 0) > CLOCK_IS_OFF) told.push(["wait", `Jam HP ini ${ahead > 0 ? "terlalu cepat" : "terlambat"} ${span(Math.abs(ahead))}. Betulkan di pengaturan HP; yang disimpan tetap tercatat menurut jam server.`]);
    return told;
  };
  const span = (ms) => {
    const hours = ms / 3_600_000;
    return hours < 2 ? `${Math.round(hours * 60)} menit` : hours < 48 ? `${Math.round(hours)} jam` : `${Math.round(hours / 24)} hari`;
  };

  const button = (word, cls, what, more) => {
    const made = make("button", `button ${cls}`, word);
    made.type = "button";
    made.append(make("span", "unseen", ` ${more}`));
    made.addEventListener("click", what);
    return made;
  };
  const card = (item) => {
    const li = make("li", "card stack"), head = make("div", "between"), isParked = item.state === "parked", at = when(item.at);
    head.append(make("h3", "", `${kindOf(item).title} ${at}`), make("span", `chip ${isParked ? "help" : "wait"}`, isParked ? kindOf(item).chip : "tersimpan di HP"));
    li.append(head);
    if (!isParked) return li;
    const acts = make("div", "acts");
    if (item.isToMend && kindOf(item) === KINDS.register) acts.append(button("Perbaiki", "", () => mend(item), at));
    acts.append(button("Kirim sekali lagi", "second", () => put({ ...item, state: "waiting", tries: 0 }).then(attempt), at));
    acts.append(button("Hapus dari HP", "plain", () => confirm(`Hapus ${kindOf(item).name} ini dari HP? Yang belum terkirim akan hilang.`) && forget(item.key).then(changed).then(attempt), at));
    li.append(make("p", "", item.sentence), acts);
    return li;
  };
  const arrived = ({ kind, number }) => {
    const li = make("li", "card between");
    li.append(make("h3", "", `${kindOf({ kind }).title}${number ? ` no. ${number}` : ""}`), make("span", "chip good", "terkirim ✓"));
    return li;
  };

  // It comes back as the filled form, from the server, which alone can open it.
  const mend = async (item) => {
    const me = await greet();
    if (me.user !== item.owner) return say(me.why === "sign_in" ? "Masuk dulu, lalu perbaiki." : "Untuk memperbaiki perlu sinyal. Coba lagi nanti.");
    const form = make("form", ""), fields = { csrf_token: me.token, key: item.key, sealed: toBase64(item.sealed), error: item.error };
    Object.assign(form, { method: "post", action: `${BOX}/perbaiki` });
    for (const [name, value] of Object.entries(fields)) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    document.body.append(form);
    form.submit();
  };

  const SHOWN = 10;
  const draw = async () => {
    const items = (await all()).sort((one, other) => (one.state === other.state ? (one.at < other.at ? -1 : 1) : one.state === "parked" ? -1 : 1));
    const mine = items.filter((item) => item.owner === page.owner), told = sentences(mine, items.filter((item) => item.owner !== page.owner), await known("ahead"));
    const banner = document.getElementById("outbox-banner"), list = document.getElementById("outbox-list");
    banner?.replaceChildren(...told.map(([tone, sentence, link]) => {
      const note = make("p", `note ${tone}`, sentence);
      if (link) note.append(" ", Object.assign(make("a", "", link[1]), { href: link[0] }));
      return note;
    }));
    if (!list) return;
    list.hidden = !mine.length && !sent.length;
    const cards = make("ul", "cards");
    cards.append(...sent.slice(-SHOWN).reverse().map(arrived), ...mine.slice(0, SHOWN).map(card));
    list.replaceChildren(make("h2", "", "Di HP ini"), cards);
    if (mine.length > SHOWN) list.append(make("p", "quiet", `dan ${counted(mine.slice(SHOWN))} lagi`));
    const check = Object.assign(make("a", "", "Apakah HP ini siap bekerja tanpa sinyal?"), { href: "/kader/hp" });
    list.append(check);
  };
  let drawing = 0;
  const redraw = () => {
    clearTimeout(drawing);
    drawing = setTimeout(() => draw().catch(() => {}), 50);
  };
  document.addEventListener("outbox:changed", redraw);
  document.addEventListener("outbox:sent", ({ detail }) => (sent.push(detail.answer), redraw()));

  // ---- On the page: leaving a phone that still holds something ----

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!canKeep || !form.matches("form[data-outbox-leave]")) return;
    event.preventDefault();
    const hers = (await all().catch(() => [])).filter((item) => item.owner === page.owner);
    const left = `${counted(hers)} di HP ini belum terkirim. Tetap keluar? Semuanya tetap tersimpan, dan terkirim setelah Ibu masuk lagi di HP ini.`;
    if (hers.length && !confirm(left)) return;
    await know("owner", null).catch(() => {});
    form.submit();
  });

  // ---- On the page: when to send ----

  if (!canKeep) return;
  addEventListener("online", attempt);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && attempt());
  setInterval(() => performance.now() >= rest.until && attempt(), TIMER);
  const begin = async () => {
    if (page.owner && !page.isShell) {
      await know("owner", page.owner);
      if (page.shell) await know("shell", page.shell);
    }
    redraw();
    if (page.owner) attempt();
    if (!page.worker || !navigator.serviceWorker) return;
    await navigator.serviceWorker.register(page.worker);
    const { active } = await navigator.serviceWorker.ready;
    const keep = page.keeps || page.shell; // a page of its own to keep, or the form of the campaign she is in
    if (page.owner && keep && !page.isShell) active.postMessage({ keep, owner: page.owner, version: page.version });
  };
  begin().catch(() => {});
})();
