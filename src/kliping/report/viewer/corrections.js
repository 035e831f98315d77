// What a person corrects: records after docs/corrections.md, applied one after the other, kept in local storage.

const KEPT_UNDER = "kliping:corrections:";
const KEPT_NAME = "kliping:who";
const RECORD = ["article_id", "raw_sha256", "what", "start", "end", "old", "new", "who", "when", "note"];

/** Local storage, or memory where the browser forbids it. */
const kept = (() => {
  try {
    localStorage.setItem("kliping:probe", "1");
    localStorage.removeItem("kliping:probe");
    return localStorage;
  } catch {
    const memory = new Map();
    return {
      lasts: false,
      get length() { return memory.size; },
      key: (at) => [...memory.keys()][at] ?? null,
      getItem: (key) => memory.get(key) ?? null,
      setItem: (key, value) => void memory.set(key, String(value)),
      removeItem: (key) => void memory.delete(key),
    };
  }
})();

/** The state of an article as its corrections leave it: {lines, values, unfit}. */
function corrected(article, records, fields) {
  const state = {
    lines: article.segments.map((segment) => ({ ...segment, changed: false })),
    values: article.values(fields),
    changed: new Set(),
    unfit: [],
  };
  for (const record of records) {
    if (article.held.some((one) => same(one, record))) continue;
    if (record.raw_sha256 !== article.sha256 || !applied(state, record, article, fields)) state.unfit.push(record);
  }
  return state;
}

/** Whether a correction of the corpus is this record: what it says, and the moment at which it was said. */
function same(held, record) {
  const said = (one) => JSON.stringify([one.what, Date.parse(one.when), one.new]);
  return said(held) === said(record);
}

function applied(state, record, article, fields) {
  return record.what === "role" ? giveRole(state, record, article) : giveValue(state, record, fields);
}

const LINE_END = /[\n\r\v\f\u0085\u2028\u2029]/;

/** The stretches of raw[start:end] that stand on one line each once it is repaired, in code points, without white space around them. */
function pieces(article, start, end) {
  const { text, pieces: changed } = article.mended(start, end);
  const { toPoint, toUnit } = article.points;
  const [base, found] = [toUnit(start), []];
  let at = 0;
  for (const line of text.split(LINE_END)) {
    const [from, to] = [at + line.length - line.trimStart().length, at + line.trimEnd().length];
    if (from < to) {
      const [rawFrom, rawTo] = counterpart(changed, from, to, "clean");
      found.push({ start: toPoint(base + rawFrom), end: toPoint(base + rawTo) });
    }
    at += line.length + 1;
  }
  return found;
}

/** Give a stretch a role: it becomes one segment a line, and what it leaves of those that it touches keeps its role. */
function giveRole(state, { start, end, old, new: role }, article) {
  const stretch = pieces(article, start, end);
  if (!stretch.length) return false;
  const [from, to] = [stretch[0].start, stretch.at(-1).end];
  const touched = state.lines.filter((line) => line.start < to && from < line.end);
  if (!touched.length) return false;
  const made = stretch.map((piece) => ({
    ...touched.find((line) => line.start < piece.end && piece.start < line.end) ?? touched[0], ...piece, role, changed: true,
  }));
  if (JSON.stringify(touched.map(placed)) === JSON.stringify(made.map(placed))) return true;
  if (JSON.stringify(touched.map((line) => line.role)) !== JSON.stringify(old)) return false;
  const left = touched.flatMap((line) => [
    ...pieces(article, line.start, Math.max(line.start, Math.min(line.end, from))),
    ...pieces(article, Math.min(line.end, Math.max(line.start, to)), line.end),
  ].map((piece) => ({ ...line, ...piece, changed: true })));
  const others = state.lines.filter((line) => !touched.includes(line));
  state.lines = [...others, ...left, ...made].sort((one, other) => one.start - other.start);
  return true;
}

function placed({ start, end, role }) {
  return [start, end, role];
}

function giveValue({ values, changed }, { what, old, new: value }, fields) {
  if (!fields.some((one) => one.name === what)) return false;
  const now = JSON.stringify(values[what]);
  if (now !== JSON.stringify(value)) {
    if (now !== JSON.stringify(old)) return false;
    values[what] = value;
  }
  changed.add(what);
  return true;
}

/** All corrections of this browser, by article; those of other corpora too, which are left as they are. */
class Corrections {
  constructor(store) {
    this.store = store;
    this.listeners = [];
    window.addEventListener("storage", (event) => {
      if (event.key === null || event.key.startsWith(KEPT_UNDER)) this.tell();
    });
  }

  tell() {
    for (const listener of this.listeners) listener();
  }

  get who() {
    return kept.getItem(KEPT_NAME) ?? "";
  }

  set who(name) {
    kept.setItem(KEPT_NAME, name);
  }

  /** Return the records of an article, in order. */
  of(id) {
    try {
      const records = JSON.parse(kept.getItem(KEPT_UNDER + id) ?? "[]");
      return Array.isArray(records) ? records : [];
    } catch {
      return [];
    }
  }

  /** Return the ids of the articles of this report that have corrections. */
  ids() {
    const found = [];
    for (let at = 0; at < kept.length; at++) {
      const key = kept.key(at);
      const id = key?.startsWith(KEPT_UNDER) ? key.slice(KEPT_UNDER.length) : "";
      if (id.length === 32 && this.store.numberOf(id) >= 0 && this.of(id).length) found.push(id);
    }
    return found.sort();
  }

  /** Return all records of this report, in the order in which they were made. */
  all() {
    const records = this.ids().flatMap((id) => this.of(id));
    return records.sort((one, other) => (one.when < other.when ? -1 : Number(one.when > other.when)));
  }

  /** Add a record to an article; the fields that follow from it are filled in. */
  add(article, change) {
    const given = { article_id: article.id, raw_sha256: article.sha256, who: this.who, when: this.moment(), note: null, ...change };
    this.put(article.id, [...this.of(article.id), Object.fromEntries(RECORD.map((name) => [name, given[name] ?? null]))]);
  }

  /** Return the time, later than that of every record, so that their order is kept. */
  moment() {
    const last = this.all().at(-1)?.when;
    return new Date(Math.max(Date.now(), last ? Date.parse(last) + 1 : 0)).toISOString();
  }

  put(id, records) {
    if (records.length) kept.setItem(KEPT_UNDER + id, JSON.stringify(records));
    else kept.removeItem(KEPT_UNDER + id);
    this.tell();
  }

  /** Take the last record of the report away, and return it. */
  undo() {
    const last = this.all().at(-1);
    if (last) this.drop(last);
    return last;
  }

  /** Take one record away. */
  drop(record) {
    this.put(record.article_id, this.of(record.article_id).filter((one) => one.when !== record.when));
  }

  /** Write a note to a record. */
  annotate(record, note) {
    const records = this.of(record.article_id);
    for (const one of records) if (one.when === record.when) one.note = note || null;
    this.put(record.article_id, records);
  }

  /** Return corrections.jsonl; records without a name get the one that the person has given since. */
  lines() {
    return this.all().map((record) => `${JSON.stringify({ ...record, who: record.who || this.who })}\n`).join("");
  }

  /** Return the corrected articles as tasks for Label Studio, which counts code points as well. */
  async tasks() {
    const tasks = [];
    for (const id of this.ids()) {
      const article = await this.store.article(this.store.numberOf(id));
      const { lines } = corrected(article, this.of(id), this.store.values);
      const result = lines.map((line, at) => ({
        id: `${id.slice(0, 8)}-${at}`, from_name: "label", to_name: "text", type: "labels",
        value: { start: line.start, end: line.end, text: article.slice(line.start, line.end), labels: [line.role] },
      }));
      const data = { text: article.raw, article_id: id, raw_sha256: article.sha256 };
      tasks.push({ data, annotations: [{ result }] });
    }
    return tasks;
  }
}
