// The packed data: the index that the page knows at once, and articles, inflated block by block when they are opened.

const BITS = 13;
const SIGNS = document.getElementById("index").dataset.signs;
const VALUES = new Uint8Array(128);
for (let value = 0; value < SIGNS.length; value++) VALUES[SIGNS.charCodeAt(value)] = value;

/** Return the bytes that were written as 13 bits in two signs, behind a sign for the bytes that only fill the last two. */
function unsigned(signs) {
  const bytes = new Uint8Array(Math.floor((((signs.length - 1) / 2) * BITS) / 8) - VALUES[signs.charCodeAt(0)]);
  let [held, bits, at] = [0, 0, 0];
  for (let sign = 1; sign < signs.length; sign += 2) {
    held = (held << BITS) | (VALUES[signs.charCodeAt(sign)] * SIGNS.length + VALUES[signs.charCodeAt(sign + 1)]);
    for (bits += BITS; bits >= 8 && at < bytes.length; bits -= 8) bytes[at++] = (held >> (bits - 8)) & 255;
    held &= 255;
  }
  return bytes;
}

/** Return the text that was packed as raw deflate. */
async function inflate(signs) {
  const { readable, writable } = new DecompressionStream("deflate-raw");
  const writer = writable.getWriter();
  const written = Promise.all([writer.write(unsigned(signs)), writer.close()]);
  const [text] = await Promise.all([new Response(readable).text(), written]);
  return text;
}

const BLOCKS_KEPT = 6;

class Store {
  /** `index` is what composing.py's `_index` returned. */
  constructor(index) {
    Object.assign(this, index);
    this.count = index.titles.length;
    this.place = Object.fromEntries(index.columns.map((name, at) => [name, at]));
    this.facet = Object.fromEntries(index.facets.map((facet) => [facet.name, facet]));
    this.role = Object.fromEntries(index.roles.map((role) => [role.name, role]));
    this.firsts = [];
    let first = 0;
    for (const [, count] of index.blocks) {
      this.firsts.push(first);
      first += count;
    }
    this.opened = new Map();
  }

  static async read() {
    return new Store(JSON.parse(await inflate(document.getElementById("index").textContent)));
  }

  /** Return the article_id of an article. */
  id(number) {
    return this.ids.slice(32 * number, 32 * number + 32);
  }

  /** Return the number of the one article whose id begins with `prefix`, or -1. */
  numberOf(prefix) {
    if (!/^[0-9a-f]{4,32}$/.test(prefix)) return -1;
    let found = -1;
    for (let at = this.ids.indexOf(prefix); at >= 0; at = this.ids.indexOf(prefix, at + 1)) {
      if (at % 32) continue;
      if (found >= 0) return -1;
      found = at / 32;
    }
    return found;
  }

  /** Return the label that a facet gives an article. */
  label(name, number) {
    const facet = this.facet[name];
    return facet.labels[facet.codes[number]];
  }

  /** Return the labels of a facet with several a article. */
  labels(name, number) {
    const facet = this.facet[name];
    return facet ? facet.labels.filter((_, bit) => (facet.codes[number] / 2 ** bit) & 1) : [];
  }

  /** Return a block of articles. */
  async block(number) {
    if (!this.opened.has(number)) {
      this.opened.set(number, this.inflateBlock(number));
      if (this.opened.size > BLOCKS_KEPT) this.opened.delete(this.opened.keys().next().value);
    }
    return this.opened.get(number);
  }

  async inflateBlock(number) {
    const chunk = Math.floor(number / this.together);
    let from = 0;
    for (let before = chunk * this.together; before < number; before++) from += this.blocks[before][0] + this.blocks[before][2];
    const { textContent } = await whole(`blocks-${chunk}`, `blocks-${chunk + 1}`);
    const [size, , extra] = this.blocks[number];
    const parts = [textContent.slice(from, from + size), textContent.slice(from + size, from + size + extra)];
    const [columns, weighed] = await Promise.all(parts.map(async (part) => (part ? JSON.parse(await inflate(part)) : [])));
    return new Block(this.place, columns, weighed);
  }

  /** Return an article, with all that was found in it. */
  async article(number) {
    const low = this.blockOf(number);
    const block = await this.block(low);
    return new Article(this, number, block, number - this.firsts[low]);
  }

  /** Return the number of the block in which an article stands. */
  blockOf(number) {
    let [low, high] = [0, this.firsts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.firsts[middle] <= number) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Articles as they were packed: columns with one value an article, and such with rows of each. */
class Block {
  constructor(place, columns, weighed) {
    this.place = place;
    this.columns = columns;
    this.weighed = new Map(weighed);
  }

  /** Return the one value of an article. */
  value(name, at) {
    return this.columns[this.place[name]][at];
  }

  /** Return the rows of an article. */
  rows(name, at) {
    const [counts, ...columns] = this.columns[this.place[name]];
    if (!counts) return [];
    let from = 0;
    for (let before = 0; before < at; before++) from += counts[before];
    return Array.from({ length: counts[at] }, (_, row) => columns.map((column) => column[from + row]));
  }
}

/** Return an element once it stands in the page whole: the next one stands there too, or the page has ended. */
async function whole(id, next) {
  while (document.readyState === "loading" && !document.getElementById(next)) {
    await new Promise((resume) => setTimeout(resume, 20));
  }
  return document.getElementById(id);
}

class Article {
  /** All places are code points of `raw`; `raw` is null where the text is withheld. */
  constructor(store, number, block, at) {
    const [value, rows] = [(name) => block.value(name, at), (name) => block.rows(name, at)];
    this.number = number;
    this.id = store.id(number);
    this.raw = value("raw");
    this.mends = new Map(); // what `mended` has returned
    this.sha256 = value("digest") === 0 ? sha256(new TextEncoder().encode(this.raw ?? "")) : this.id + value("digest");
    this.intact = this.sha256.startsWith(this.id);
    this.points = pointsOf(this.raw ?? "");
    this.encoding = value("encoding");
    this.path = value("path");
    this.url = value("url");
    this.repairs = repairsOf(rows("repairs"), store, this);
    this.segments = segmentsOf(rows("segments"), block.weighed.get(at) ?? [], store);
    this.claims = claimsOf(rows("claims"), store, this);
    this.quotations = quotationsOf(rows("quotations"), store, this);
    this.times = timesOf(rows("times"), store, this);
    this.copies = store.copies[number] || [];
    this.held = heldOf(rows("corrections"));
  }

  /** Return raw[start:end]. */
  slice(start, end) {
    return this.raw === null ? "" : this.raw.slice(this.points.toUnit(start), this.points.toUnit(end));
  }

  /** Return [start, end) as repair left it, with the pieces that it changed; places in units of the two texts. */
  mended(start, end) {
    const key = `${start}-${end}`;
    if (!this.mends.has(key)) this.mends.set(key, this.mend(start, end));
    return this.mends.get(key);
  }

  mend(start, end) {
    const unit = this.points.toUnit;
    const inside = this.repairs
      .filter((repair) => repair.start >= start && repair.end <= end)
      .map((repair) => ({ ...repair, start: unit(repair.start), end: unit(repair.end) }));
    return repaired(this.raw ?? "", unit(start), unit(end), inside);
  }

  /** Return the values that evidence gives: {field: value} with an array for fields of several. */
  values(fields) {
    const found = {};
    for (const { name, many } of fields) {
      const accepted = this.claims.filter((claim) => claim.field === name && claim.accepted);
      const values = [...new Set(accepted.map((claim) => claim.value))];
      found[name] = many ? values : (values[0] ?? null);
    }
    return found;
  }
}

function repairsOf(rows, store, article) {
  let at = 0;
  return rows.map(([step, size, after, reason]) => {
    const start = at + step;
    at = start + size;
    return { start, end: at, before: article.slice(start, at), after, reason: store.kinds.reasons[reason][0] };
  });
}

function segmentsOf(rows, weighed, store) {
  const told = new Map(weighed.map((entry) => [entry[0], entry]));
  let at = 0;
  return rows.map(([step, size, kind, margin], position) => {
    const start = at + step;
    at = start + size;
    const [role, rule, words] = store.kinds.segments[kind];
    const entry = told.get(position);
    const reasons = [];
    for (let part = 0; entry && part < entry[1].length; part += 2) {
      reasons.push([store.reasons[entry[1][part]], entry[1][part + 1]]);
    }
    const runnerUp = entry ? store.roles[entry[2]].name : null;
    return { position, start, end: at, role, rule, words, reasons, runnerUp, margin: margin < 0 ? null : margin };
  });
}

function claimsOf(rows, store, article) {
  return rows.map(([start, size, kind, value]) => {
    const [field, rule, accepted, words] = store.kinds.claims[kind];
    const placed = start >= 0;
    const quote = placed ? article.slice(start, start + size) : null;
    return {
      field, rule, words, accepted: accepted === "true", value: value === 0 ? quote : value, quote,
      start: placed ? start : null, end: placed ? start + size : null,
    };
  });
}

function quotationsOf(rows, store, article) {
  let at = 0;
  const part = (start, size) => (size ? { start, end: start + size, text: article.slice(start, start + size) } : null);
  return rows.map(([step, size, kind, cueStep, cueSize, speakerStep, speakerSize, name]) => {
    at += step;
    const [way, rule, words] = store.kinds.quotations[kind];
    const cue = part(at + size + cueStep, cueSize);
    const said = part((cue ? cue.end : at + size) + speakerStep, speakerSize);
    return {
      start: at, end: at + size, kind: way, rule, words, cue, speaker: said,
      name: name === 0 ? said?.text : name,
    };
  });
}

function timesOf(rows, store, article) {
  let at = 0;
  const published = article.claims.find((claim) => claim.field === "published_date" && claim.accepted);
  return rows.map(([step, size, kind, value, anchor]) => {
    at += step;
    const [type, granularity, rule, reason, words] = store.kinds.times[kind];
    return {
      start: at, end: at + size, type, granularity, rule, reason, words, value,
      anchor: anchor === 0 ? (published?.value ?? null) : anchor,
    };
  });
}

/** The corrections that the corpus holds, in the order in which they were applied. */
function heldOf(rows) {
  const value = (text) => (text === null ? null : JSON.parse(text)); // null where the words are withheld
  return rows.map(([what, start, end, old, next, who, when, note, file, outcome]) => ({
    what, start, end, old: value(old), new: value(next), who, when, note, file, outcome,
  }));
}

const PRIMES = Array.from({ length: 312 }, (_, at) => at).filter((number) => number > 1 && !Array.from({ length: number - 2 }, (_, at) => at + 2).some((part) => number % part === 0));
const fraction = (number) => ((number - Math.floor(number)) * 2 ** 32) >>> 0;
const ROUNDS = PRIMES.map((prime) => fraction(Math.cbrt(prime)));

/** Return the SHA-256 of bytes in hex (FIPS 180-4). A page from disk may not have the browser's own in every browser. */
function sha256(bytes) {
  const padded = new Uint8Array(((bytes.length + 8) >> 6) * 64 + 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(padded.length - 4, (bytes.length * 8) >>> 0);
  const state = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
  const words = new Uint32Array(64);
  const turned = (word, by) => (word >>> by) | (word << (32 - by));
  for (let from = 0; from < padded.length; from += 64) {
    for (let at = 0; at < 64; at++) {
      if (at < 16) {
        words[at] = view.getUint32(from + 4 * at);
        continue;
      }
      const [low, high] = [words[at - 15], words[at - 2]];
      words[at] = words[at - 16] + words[at - 7] + (turned(low, 7) ^ turned(low, 18) ^ (low >>> 3)) + (turned(high, 17) ^ turned(high, 19) ^ (high >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let at = 0; at < 64; at++) {
      const one = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[at] + words[at]) | 0;
      const two = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, at) => { state[at] = (state[at] + word) | 0; });
  }
  return state.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}
