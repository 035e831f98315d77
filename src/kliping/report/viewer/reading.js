// One article: its raw page and what became of it side by side, with roles, evidence and layers, and the means to correct it.

const LINES_AT_ONCE = 100;
const LISTED = 60;
const LONGEST_CELL = 30000; // of a longer line only so many units are in the page, until the person asks for more
const LONGEST_VALUE = 300;
const DIFF_PARTS = 150;
const BODY = new Set(["paragraph", "subheading"]);

class Reading {
  constructor(store, corrections, told) {
    this.store = store;
    this.corrections = corrections;
    this.told = told; // called when the place in the address has to follow
    this.box = byId("lines");
    this.about = byId("about");
    this.article = null;
    this.at = -1; // the current line
    this.word = null; // {side, from, to}: the word that was pointed at or stepped to, in units of its cell
    this.first = 0; // the first line in the page
    this.most = LINES_AT_ONCE;
    corrections.listeners.push(() => this.renew());
    this.box.addEventListener("keydown", (event) => this.keys(event));
    window.addEventListener("beforeprint", () => this.fill(Infinity));
    window.addEventListener("afterprint", () => this.fill(LINES_AT_ONCE));
    this.box.addEventListener("click", (event) => this.clicked(event));
    this.box.addEventListener("pointermove", (event) => this.pointed(event));
    this.box.addEventListener("pointerleave", () => this.showWord());
  }

  /** Open an article, at one of its segments if a position is given. */
  async open(number, position = null) {
    this.wanted = number;
    const scrolled = [this.box, this.about].filter((box) => box.scrollTop); // asked before anything is drawn
    const article = await this.store.article(number);
    if (this.wanted !== number) return;
    this.article = article;
    this.word = null;
    this.first = 0;
    this.whole = false;
    this.editing = null;
    this.state = corrected(article, this.corrections.of(article.id), this.store.values);
    const { lines } = this.state;
    this.at = position === null ? 0 : lines.findIndex((line) => line.position === position);
    if (this.at < 0) {
      this.at = 0;
      say(`This article has no segment ${position}.`);
    }
    this.head();
    this.draw();
    this.select(this.at, false, false);
    for (const box of scrolled) box.scrollTop = 0;
    if (this.at) byId(`line-${this.at}`).scrollIntoView({ block: "nearest" });
    this.tell();
  }

  close() {
    this.wanted = null;
    this.article = null;
    for (const name of ["pointed", "evidence", "repaired", "quoted", "time"]) marks.set(name, []);
  }

  /** Apply the corrections again, where they have changed. */
  renew() {
    if (!this.article) return;
    const start = this.state.lines[this.at]?.start ?? 0;
    const scrolled = this.box.scrollTop;
    this.state = corrected(this.article, this.corrections.of(this.article.id), this.store.values);
    this.at = Math.max(0, this.state.lines.findLastIndex((line) => line.start <= start));
    this.word = null;
    this.head();
    this.draw();
    this.box.scrollTop = scrolled;
    this.select(this.at);
    this.tell();
  }

  head() {
    const { article, store, state } = this;
    const title = shorten(state.values.headline ?? "") || store.titles[article.number] || article.id;
    const known = (name) => (store.label(name, article.number) === "unknown" ? `${name} unknown` : store.label(name, article.number));
    const told = [
      known("outlet"), state.values.published_date ?? "no date", known("language"),
      counted(state.lines.length, "line"), article.held.length > 0 && store.label("made", article.number), ...store.labels("flag", article.number),
    ];
    const unfit = state.unfit.length ? make("p", { class: "unfit", text: `${counted(state.unfit.length, "correction")} made in this browser do not fit this article: see Corrections.` }) : null;
    byId("article-head").replaceChildren(
      ...[article.intact ? null : make("p", { class: "unfit", text: "This file is damaged: the text is not the one that the article's id was taken of." }), make("h2", { id: "article-title", tabindex: "-1", text: title }), make("p", { class: "told", text: told.filter(Boolean).join(" · ") }), unfit].filter(Boolean),
    );
  }

  /** Draw the lines from `first` on. */
  draw() {
    const { lines } = this.state;
    const last = Math.min(lines.length, this.first + this.most);
    const shownLines = lines.slice(this.first, last).map((line, at) => this.line(line, this.first + at));
    this.box.replaceChildren(...shownLines);
    byId("earlier").hidden = this.first === 0;
    byId("later").hidden = last === lines.length;
    byId("earlier").textContent = `Earlier lines (${counted(this.first)})`;
    byId("whole").hidden = !this.box.querySelector(".cut");
    byId("later").textContent = `Later lines (${counted(lines.length - last)})`;
    this.markLayers();
  }

  /** Show the lines before or behind those in the page. */
  page(by) {
    this.first = Math.max(0, Math.min(this.state.lines.length - 1, this.first + by * this.most));
    this.draw();
    this.box.scrollTop = 0;
    this.select(this.first);
  }

  line(line, at) {
    const role = this.store.role[line.role];
    const mended = this.article.mended(line.start, line.end);
    const withheld = this.article.raw === null;
    const raw = withheld ? `[${line.start}, ${line.end})` : this.article.slice(line.start, line.end);
    const kept = role.group !== "furniture" && !withheld;
    const clean = kept ? mended.text : withheld ? line.role : `left out: ${line.role}`;
    return make(
      "div",
      {
        role: "option", id: `line-${at}`, "data-line": at, class: `line ${role.group} ${line.role}${line.changed ? " changed" : ""}`,
        "aria-selected": "false", "aria-setsize": this.state.lines.length, "aria-posinset": at + 1,
      },
      make("span", { class: "letter", title: line.role }, role.letter, make("span", { class: "away", text: ` ${line.role}. ` })),
      this.filled("raw", "raw", raw),
      this.filled(kept ? "clean" : "clean out", kept ? "clean" : "", clean),
    );
  }

  /** One side of a line: its text in one node, cut where it is too long. */
  filled(name, side, text) {
    const cut = !this.whole && text.length > LONGEST_CELL;
    const size = cut && text.codePointAt(LONGEST_CELL - 1) > 0xffff ? LONGEST_CELL + 1 : LONGEST_CELL;
    const more = cut && make("i", { class: "cut", text: `… and ${counted(text.length - size)} more characters` });
    return make("div", { class: name, "data-side": side, dir: "ltr" }, cut ? text.slice(0, size) : text, more);
  }

  /** Have so many lines in the page: all of them, and whole, to print them. */
  fill(most) {
    if (!this.article) return;
    this.most = most;
    this.whole = most === Infinity;
    this.first = this.whole ? 0 : Math.floor(this.at / most) * most;
    this.renew();
  }

  /** Show all of the lines that are cut. */
  showWhole() {
    this.whole = true;
    this.renew();
  }

  /** Make a line the current one; `reveal` says whether to bring it into sight. */
  select(at, focus = false, reveal = true) {
    const { lines } = this.state;
    this.at = Math.max(0, Math.min(lines.length - 1, at));
    if (this.at < this.first || this.at >= this.first + this.most) {
      this.first = Math.max(0, Math.floor(this.at / this.most) * this.most);
      this.draw();
    }
    for (const one of this.box.querySelectorAll('[aria-selected="true"]')) one.setAttribute("aria-selected", "false");
    const row = byId(`line-${this.at}`);
    if (row) {
      row.setAttribute("aria-selected", "true");
      this.box.setAttribute("aria-activedescendant", row.id);
    }
    if (focus) this.box.focus();
    marks.set("evidence", []);
    this.showWord();
    this.describe();
    if (reveal) row?.scrollIntoView({ block: "nearest" });
  }

  step(by) {
    this.word = null;
    this.select(this.at + by, true);
    this.tell();
  }

  /** Go to the line whose role is least sure, and from there to the next least sure one. */
  stepUnsure() {
    const { lines } = this.state;
    const order = lines.filter((line) => line.margin !== null && !line.changed).sort((one, other) => one.margin - other.margin);
    if (!order.length) return say("Knowledge or a person decided about every line.");
    const next = order[(order.indexOf(lines[this.at]) + 1) % order.length];
    this.step(lines.indexOf(next) - this.at);
    return say(`Margin ${next.margin} of 1000`);
  }

  /** Let the address follow the current line. */
  tell() {
    this.told(this.article.id, this.state.lines[this.at]?.position ?? 0);
  }

  keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
    if (event.key in steps) {
      event.preventDefault();
      this.word = null;
      this.select(Math.max(0, Math.min(this.state.lines.length - 1, this.at + steps[event.key])));
      this.tell();
    } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      event.preventDefault();
      this.stepWord(event.key === "ArrowRight" ? 1 : -1);
    }
  }

  // Words and their counterparts

  stepWord(by) {
    const cell = this.cell(this.at, "raw");
    if (!cell || this.article.raw === null) return;
    const words = wordsOf(cell.textContent);
    const current = this.word?.side === "raw" ? words.findIndex(([from]) => from === this.word.from) : -1;
    const next = words[Math.max(0, Math.min(words.length - 1, current < 0 && by > 0 ? 0 : current + by))];
    if (next) this.word = { side: "raw", from: next[0], to: next[1] };
    this.showWord();
    if (this.word) say(cell.textContent.slice(this.word.from, this.word.to));
  }

  cell(at, side) {
    return byId(`line-${at}`)?.querySelector(`[data-side="${side}"]`) ?? null;
  }

  pointed(event) {
    const found = this.under(event);
    this.showWord(found?.at, found);
  }

  /** The word under the pointer: {at, side, from, to}. */
  under(event) {
    const cell = event.target.closest?.("[data-side]");
    const row = cell?.closest("[data-line]");
    if (!row || !cell.dataset.side || this.article?.raw === null) return null;
    const caret = document.caretPositionFromPoint
      ? document.caretPositionFromPoint(event.clientX, event.clientY)
      : document.caretRangeFromPoint?.(event.clientX, event.clientY);
    const [node, unit] = [caret?.offsetNode ?? caret?.startContainer, caret?.offset ?? caret?.startOffset];
    if (!node || node.parentNode !== cell) return null;
    const word = wordAt(node.data, unit) ?? wordAt(node.data, unit - 1);
    return word && { at: Number(row.dataset.line), side: cell.dataset.side, from: word[0], to: word[1] };
  }

  /** Light a word on its side and on the other; without one, the current word, if there is one. */
  showWord(at = this.at, word = this.word) {
    const pair = word ? this.pair(at, word) : null;
    marks.set("pointed", (pair?.ranges ?? []).filter(Boolean));
    byId("pointed").textContent = shown(shorten(pair ? pair.told : "", LONGEST_VALUE));
  }

  pair(at, { side, from, to }) {
    const line = this.state.lines[at];
    if (!line) return null;
    const { pieces, text } = this.article.mended(line.start, line.end);
    const touched = pieces.filter((piece) => side === "raw" ? piece.raw < to && piece.rawEnd > from : piece.clean < to && piece.cleanEnd > from);
    const [otherFrom, otherTo] = counterpart(pieces, from, to, side);
    const [rawFrom, rawTo, cleanFrom, cleanTo] = side === "raw" ? [from, to, otherFrom, otherTo] : [otherFrom, otherTo, from, to];
    const { toPoint, toUnit } = this.article.points;
    const base = toUnit(line.start);
    const raw = this.article.raw.slice(base + rawFrom, base + rawTo);
    const places = `[${toPoint(base + rawFrom)}, ${toPoint(base + rawTo)})`;
    const hidden = hiddenIn(raw);
    const cells = [this.cell(at, "raw"), this.cell(at, "clean")];
    const told = `${places} ${raw}${touched.length ? ` → ${text.slice(cleanFrom, cleanTo)}` : ""}${hidden.length ? `, with ${hidden.join(", ")}` : ""}`;
    return {
      ranges: [cells[0] && marks.range(cells[0], rawFrom, rawTo), cells[1] && marks.range(cells[1], cleanFrom, cleanTo)],
      told, rawFrom, rawTo,
    };
  }

  clicked(event) {
    const row = event.target.closest("[data-line]");
    if (!row || String(getSelection())) return;
    const found = this.under(event);
    this.word = found && { side: found.side, from: found.from, to: found.to };
    this.select(Number(row.dataset.line), true);
    this.tell();
  }

  // Marks

  /** The ranges of raw[start:end] in the lines of the page, on both sides. */
  ranges(start, end) {
    const found = [];
    const { toUnit } = this.article.points;
    const lines = this.state.lines.slice(this.first, this.first + this.most);
    lines.forEach((line, offset) => {
      if (line.end <= start || line.start >= end) return;
      const base = toUnit(line.start);
      const [from, to] = [toUnit(Math.max(start, line.start)) - base, toUnit(Math.min(end, line.end)) - base];
      const at = this.first + offset;
      const { pieces } = this.article.mended(line.start, line.end);
      const raw = this.cell(at, "raw");
      const clean = this.cell(at, "clean");
      if (raw) found.push(marks.range(raw, from, to));
      if (clean) found.push(marks.range(clean, ...counterpart(pieces, from, to, "raw")));
    });
    return found.filter(Boolean);
  }

  markLayers() {
    if (this.article.raw === null) return;
    const { repairs, quotations, times } = this.article;
    marks.set("repaired", repairs.flatMap((one) => this.ranges(one.start, one.end)));
    marks.set("quoted", quotations.flatMap((one) => this.ranges(one.start, one.end)));
    marks.set("time", times.flatMap((one) => this.ranges(one.start, one.end)));
  }

  /** Light raw[start:end], and bring it into sight. */
  light(start, end) {
    const at = this.state.lines.findIndex((line) => line.end > start);
    if (at < 0) return;
    if (this.state.lines[at].start + LONGEST_CELL < end && !this.whole) this.showWhole();
    if (at < this.first || at >= this.first + this.most) {
      this.first = Math.floor(at / this.most) * this.most;
      this.draw();
    }
    marks.set("evidence", this.ranges(start, end));
    byId(`line-${at}`)?.scrollIntoView({ block: "center" });
    say(`Lit: ${shorten(this.article.slice(start, end), LONGEST_VALUE)}`);
  }

  // What is known of the line and of the article

  describe() {
    const open = new Set([...this.about.querySelectorAll("details[open]")].map((one) => one.dataset.name));
    const same = this.described === this.article;
    const scrolled = same ? this.about.scrollTop : 0;
    const parts = [this.lineSection(), this.valueSection(), this.flags(), this.rejected(), this.quotations(), this.times(), this.copies(), this.held(), this.origin()];
    this.about.replaceChildren(...parts.filter(Boolean));
    for (const details of this.about.querySelectorAll("details")) details.open = open.has(details.dataset.name);
    if (same) this.about.scrollTop = scrolled;
    this.described = this.article;
  }

  lineSection() {
    const line = this.state.lines[this.at];
    if (!line) return null;
    const { store } = this;
    const repairs = this.article.repairs.filter((one) => one.start >= line.start && one.end <= line.end);
    const roles = make(
      "select", { id: "role", onchange: (event) => this.giveRole(event.target.value) },
      ...store.roles.map((role) => make("option", { value: role.name, text: `${role.letter} ${role.name}${role.digit ? ` (${role.digit})` : ""}` })),
    );
    roles.value = line.role;
    const why = line.changed
      ? [make("p", { text: `A person changed this line; kliping had it as ${this.article.segments[line.position].role}, because ${line.words}.` })]
      : [make("p", {}, `because ${line.words} `, make("code", { text: line.rule }))];
    if (line.reasons.length) {
      why.push(make("p", { text: "What weighed most:" }), make("ul", {}, ...line.reasons.map(([words, weight]) => make("li", { text: `${words} +${weight}` }))));
    }
    if (line.runnerUp) why.push(make("p", {}, "Otherwise it would be ", make("b", { text: line.runnerUp }), "."));
    if (line.margin !== null && line.margin !== undefined) why.push(make("p", { text: `Margin to the runner-up: ${line.margin} of 1000.` }));
    if (!line.reasons.length && line.rule.startsWith("model:") && !store.corpus.withheld) {
      why.push(make("p", {}, "What the model weighed: ", make("code", { text: `kliping explain ${store.corpus.name} ${this.article.id.slice(0, 8)}` })));
    }
    const fixed = repairs.slice(0, LISTED).map((one) => make("li", {}, make("del", { text: spelled(one.before) }), " → ", make("ins", { text: spelled(one.after) }), ` ${one.reason}`, this.codes(one.before)));
    const last = this.at === this.state.lines.length - 1;
    return make(
      "section", { id: "line-about" },
      make("h3", { text: `Line ${this.at + 1}, [${line.start}, ${line.end})` }),
      make("p", { class: "role-row" }, make("label", { for: "role", text: "Role " }), roles),
      ...why,
      repairs.length > 0 && make("p", { text: "Repaired, before and after:" }),
      repairs.length > 0 && make("ul", { class: "repairs" }, ...fixed),
      make(
        "p", { class: "buttons" },
        make("button", { type: "button", id: "split", onclick: () => this.split(), text: "Split before the word" }),
        make("button", { type: "button", id: "merge", disabled: last, onclick: () => this.merge(), text: "Merge with the next" }),
      ),
    );
  }

  codes(text) {
    const hidden = hiddenIn(text);
    return hidden.length ? ` (${hidden.join(", ")})` : "";
  }

  /** A button that lights a place, or plain text where nothing in the raw text is it. */
  lit(text, place) {
    if (!place || place.start === null || this.article.raw === null) return make("span", { class: "value", text });
    return make("button", { type: "button", class: "lit", text, onclick: () => this.light(place.start, place.end) });
  }

  proof(field, value) {
    return this.article.claims.find((claim) => claim.accepted && claim.field === field && claim.value === value) ?? null;
  }

  valueSection() {
    const rows = this.store.values.filter(({ name }) => name !== "outlet_id" && name !== "flags").map((field) => this.valueRow(field));
    return make("section", { id: "values" }, make("h3", { text: "Values and what proves them" }), make("dl", {}, ...rows.flat()));
  }

  valueRow(field) {
    const { name, many, correctable } = field;
    const value = this.state.values[name];
    const title = name.replaceAll("_", " ");
    const shownValues = (many ? value : [value]).filter((one) => one !== null);
    const parts = shownValues.map((one) => {
      const claim = this.proof(name, one);
      const told = claim ? (claim.start === null ? `${claim.words}; it came with the input` : claim.words) : "a person says so";
      return make(
        "div", {}, this.lit(shorten(one, LONGEST_VALUE), claim), make("small", { text: ` because ${told}` }),
        correctable && make("button", { type: "button", class: "edit", "aria-label": `Change ${title} ${shorten(one)}`, text: "change", onclick: () => this.edit(field, one) }),
      );
    });
    if (!shownValues.length && !correctable) return [];
    if (correctable && (many || !shownValues.length)) {
      const none = shownValues.length ? "" : "none ";
      parts.push(make("div", {}, none, make("button", { type: "button", class: "edit", "aria-label": `Add ${title}`, text: "add", onclick: () => this.edit(field, null) })));
    }
    if (this.editing?.field.name === name) parts.push(this.form());
    return [make("dt", { text: title }), make("dd", { class: this.state.changed.has(name) ? "changed" : "" }, ...parts)];
  }

  /** Go to the first value that a person can change; the others are a step of the Tab key further each. */
  toValues() {
    byId("values").querySelector(".edit").focus();
  }

  edit(field, old) {
    this.editing = { field, old, place: null };
    this.describe();
    byId("new-value").focus();
  }

  form() {
    const { field, old } = this.editing;
    const input = make("input", { id: "new-value", type: "text", "aria-label": `New ${field.name.replaceAll("_", " ")}`, placeholder: field.name === "published_date" ? "YYYY-MM-DD" : "", autocomplete: "off" });
    input.value = old ?? "";
    input.addEventListener("input", () => { this.editing.place = null; });
    return make(
      "form", { onsubmit: (event) => this.save(event, input.value.trim()) },
      input,
      make("button", { type: "submit", text: "Save" }),
      old !== null && make("button", { type: "button", text: "Remove", onclick: (event) => this.save(event, "") }),
      make("button", { type: "button", text: "Take the selected text", onclick: () => this.take(input) }),
      make("button", { type: "button", text: "Cancel", onclick: () => this.cancel() }),
    );
  }

  cancel() {
    this.editing = null;
    this.describe();
    this.box.focus();
  }

  /** Fill the form with the text selected in the raw page, or else with the current line. */
  take(input) {
    const place = this.selected() ?? this.state.lines[this.at];
    input.value = this.article.mended(place.start, place.end).text.replace(/\s+/g, " ").trim();
    this.editing.place = { start: place.start, end: place.end };
  }

  /** The place of the text that is selected in one raw cell, in code points; null where there is none. */
  selected() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const cell = range.startContainer.parentElement?.closest('[data-side="raw"]');
    if (!cell || range.startContainer !== range.endContainer) return null;
    const line = this.state.lines[Number(cell.closest("[data-line]").dataset.line)];
    const { toUnit, toPoint } = this.article.points;
    const base = toUnit(line.start);
    return { start: toPoint(base + range.startOffset), end: toPoint(base + range.endOffset) };
  }

  save(event, value) {
    event.preventDefault();
    const { field, old, place } = this.editing;
    const next = value === "" ? null : value;
    if (next === old) return this.cancel();
    if (field.name === "published_date" && next !== null && !isDay(next)) return say("Write the day as YYYY-MM-DD.");
    const before = this.state.values[field.name];
    if (field.many && next !== null && before.includes(next)) return say("It is there already.");
    this.editing = null;
    const after = field.many ? exchanged(before, old, next) : next;
    this.corrections.add(this.article, { what: field.name, start: place?.start ?? null, end: place?.end ?? null, old: before, new: after });
    this.box.focus();
    return say(`${field.name.replaceAll("_", " ")} is ${next ?? "none"}`);
  }

  /** The flags of the article, each with the places that it points at. */
  flags() {
    const flags = this.store.labels("flag", this.article.number);
    if (!flags.length) return null;
    return this.details("flags", `Flags (${flags.length})`, () =>
      flags.map((flag) => {
        const places = this.article.claims.filter((claim) => claim.field === "flags" && claim.value === flag && claim.start !== null);
        return make("li", {}, flag, ...places.slice(0, LISTED).flatMap((place) => [" ", this.lit(shorten(place.quote), place)]));
      }),
    );
  }

  rejected() {
    const rows = this.article.claims.filter((claim) => !claim.accepted);
    if (!rows.length) return null;
    return this.details("rejected", `Rejected alternatives (${rows.length})`, () =>
      rows.slice(0, LISTED).map((claim) => {
        const although = claim.rule.startsWith("rejected:") ? `because ${claim.words}` : `although ${claim.words}: other evidence goes before`;
        return make("li", {}, `${claim.field.replaceAll("_", " ")} `, this.lit(shorten(claim.value ?? "?", LONGEST_VALUE), claim), make("small", { text: ` ${although}` }));
      }),
    );
  }

  quotations() {
    const rows = this.article.quotations;
    if (!rows.length) return null;
    return this.details("quotations", `Quotations (${rows.length})`, () =>
      rows.slice(0, LISTED).map((one) =>
        make(
          "li", {},
          make("b", { text: one.name ?? one.speaker?.text ?? "somebody without a name" }), ` ${one.kind}: `,
          this.lit(shorten(this.article.mended(one.start, one.end).text), one),
          one.cue && " ", one.cue && this.lit(shorten(one.cue.text), one.cue),
          make("small", { text: ` because ${one.words}` }),
        ),
      ),
    );
  }

  times() {
    const rows = this.article.times;
    if (!rows.length) return null;
    return this.details("times", `Times (${rows.length})`, () =>
      rows.slice(0, LISTED).map((one) => {
        const meaning = one.value ?? `no value, ${one.reason}`;
        const anchor = one.anchor ? `, counted from ${one.anchor}` : "";
        return make("li", {}, this.lit(shorten(this.article.slice(one.start, one.end)) || `[${one.start}, ${one.end})`, one), ` ${one.type} ${meaning}${anchor}`, make("small", { text: ` because ${one.words}` }));
      }),
    );
  }

  copies() {
    const rows = this.article.copies;
    if (!rows.length) return null;
    return this.details("copies", `Copies (${rows.length})`, () =>
      rows.slice(0, LISTED).map(([id, relation, similarity]) => {
        const number = this.store.numberOf(id);
        const title = number < 0 ? id : this.store.titles[number] || id;
        const box = make("div", { class: "diff" });
        const open = number >= 0 && make("a", { href: `#${id}`, text: title });
        const compare = number >= 0 && this.article.raw !== null && make("button", { type: "button", text: "compare", onclick: () => this.compare(number, box) });
        return make("li", {}, open || title, ` ${relation}${similarity === null ? "" : `, ${similarity} of 1000`} `, compare, box);
      }),
    );
  }

  async compare(number, box) {
    const other = await this.store.article(number);
    const parts = wordDiff(bodyOf(this.article), bodyOf(other));
    if (parts === null) return box.replaceChildren("They have little in common.");
    const changes = parts.slice(0, DIFF_PARTS).map(([kind, words]) =>
      kind === "=" ? shown(shorten(words, 120)) : make(kind === "-" ? "del" : "ins", { text: words }),
    );
    const spaced = changes.flatMap((part) => [part, " "]);
    return box.replaceChildren(...spaced, parts.length > DIFF_PARTS ? "… and more" : "");
  }

  /** What people corrected in this corpus, whoever they are; corrections of this browser stand in their own dialog. */
  held() {
    const rows = this.article.held;
    if (!rows.length) return null;
    return this.details("held", `Corrected (${rows.length})`, () =>
      rows.slice(0, LISTED).map((one) =>
        make("li", {}, this.lit(told(one), one), make("small", { text: ` ${one.outcome}; ${one.who}, ${one.when.slice(0, 10)}, ${one.file}${one.note ? `: ${one.note}` : ""}` })),
      ),
    );
  }

  origin() {
    const { article } = this;
    const rows = [["file", article.path], ["article id", article.id], ["sha256", article.sha256], ["encoding", article.encoding], ["address", article.url]];
    return this.details("origin", "Where it comes from", () => rows.filter(([, value]) => value).map(([name, value]) => make("li", {}, `${name} `, make("code", { text: value }))));
  }

  /** A part that opens on demand; what is in it is made then. */
  details(name, title, items) {
    const list = make("ul");
    const fill = () => { if (!list.childElementCount) list.append(...items()); };
    const details = make("details", { "data-name": name, ontoggle: () => details.open && fill() }, make("summary", { text: title }), list);
    return details;
  }

  // Corrections

  giveRole(role) {
    const line = this.state.lines[this.at];
    if (!line || role === line.role) return;
    this.corrections.add(this.article, { what: "role", start: line.start, end: line.end, old: [line.role], new: role });
    say(`Line ${this.at + 1} is ${role}`);
  }

  split() {
    const line = this.state.lines[this.at];
    if (!line || !this.word || this.article.raw === null) return say("Point at the word that the second part begins with: a click, or the arrow keys left and right.");
    const { toPoint, toUnit } = this.article.points;
    const cut = toPoint(toUnit(line.start) + this.pair(this.at, this.word).rawFrom);
    if (cut <= line.start || cut >= line.end) return say("A line cannot be split before its first word.");
    this.corrections.add(this.article, { what: "role", start: cut, end: line.end, old: [line.role], new: line.role });
    return say("The line is split");
  }

  merge() {
    const [line, next] = this.state.lines.slice(this.at, this.at + 2);
    if (!next) return say("There is no line behind this one.");
    if (pieces(this.article, line.start, next.end).length > 1) return say("They stand on two lines of the page, and a segment stays within one.");
    this.corrections.add(this.article, { what: "role", start: line.start, end: next.end, old: [line.role, next.role], new: line.role });
    return say("The lines are merged");
  }
}

/** The members of a list with one exchanged for another; null stands for none. */
function exchanged(members, old, next) {
  if (old === null) return [...members, next];
  return members.flatMap((one) => (one !== old ? [one] : next === null ? [] : [next]));
}

function isDay(text) {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text);
}

function shorten(text, most = 90) {
  const points = [...text];
  return points.length <= most ? text : `${points.slice(0, most - 1).join("")}…`;
}

/** The body of an article as kliping found it. */
function bodyOf(article) {
  return article.segments.filter((one) => BODY.has(one.role)).map((one) => article.mended(one.start, one.end).text).join(" ");
}
