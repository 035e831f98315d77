// What a person corrects: records after docs/corrections-format.md, applied one after the other, kept in local storage.

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
    if (record.raw_sha256 !== article.sha256 || !applied(state, record, article, fields)) state.unfit.push(record);
  }
  return state;
}

function applied(state, record, article, fields) {
  if (record.what === "role") return giveRole(state, record);
  if (record.what === "split") return split(state, record, article);
  if (record.what === "merge") return merge(state, record);
  return giveValue(state, record, fields);
}

function giveRole({ lines }, { start, end, old, new: role }) {
  const line = lines.find((one) => one.start === start && one.end === end && one.role === old);
  if (!line || role === old) return false;
  Object.assign(line, { role, changed: true });
  return true;
}

function split({ lines }, { start, end, old, new: border }, article) {
  const at = lines.findIndex((one) => one.start === start && one.end === end && one.role === old);
  const cut = Number(border);
  if (at < 0 || !/^\d+$/.test(border) || cut <= start || cut >= end) return false;
  const before = article.slice(start, cut);
  const size = [...before.trimEnd()].length;
  if (!size || !article.slice(cut, cut + 1).trim()) return false;
  const line = lines[at];
  lines.splice(at, 1, { ...line, end: start + size, changed: true }, { ...line, start: cut, changed: true });
  return true;
}

function merge({ lines }, { start, end, old, new: role }) {
  const at = lines.findIndex((one) => one.start === start);
  const [first, second] = [lines[at], lines[at + 1]];
  if (at < 0 || !second || second.end !== end || String(second.start) !== old) return false;
  lines.splice(at, 2, { ...first, end, role, changed: true });
  return true;
}

function giveValue({ values, changed }, { what, old, new: value }, fields) {
  const field = fields.find((one) => one.name === what);
  if (!field || old === value) return false;
  if (!field.many) {
    if (values[what] !== old) return false;
    values[what] = value;
  } else {
    const members = [...values[what]];
    const at = old === null ? members.length : members.indexOf(old);
    if (at < 0 || (value !== null && members.includes(value))) return false;
    members.splice(at, old === null ? 0 : 1, ...(value === null ? [] : [value]));
    values[what] = members;
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
