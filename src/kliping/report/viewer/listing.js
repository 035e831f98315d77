// The list of articles: filtered, searched, the doubtful ones first; only the rows in sight are in the page.

const SPARE_ROWS = 4;

class Listing {
  /** `open(number)` is called with the article that a person picks. */
  constructor(store, corrections, open) {
    this.store = store;
    this.corrections = corrections;
    this.open = open;
    this.filters = new Map(); // facet -> label's number
    this.query = "";
    this.found = null; // the articles whose text holds the query, once that is known
    this.listeners = [];
    const order = store.titles.map((_, number) => number);
    this.order = order.sort((one, other) => store.doubts[other] - store.doubts[one] || (store.id(one) < store.id(other) ? -1 : 1));
    this.lowered = store.titles.map((title) => title.toLowerCase());
    this.rows = this.order;
    this.at = -1;
    this.box = byId("list");
    this.space = byId("list-space");
    this.top = 0; // how far it is scrolled, kept here: to ask the browser makes it lay the page out
    this.box.addEventListener("scroll", () => {
      this.top = this.box.scrollTop;
      this.draw();
    }, { passive: true });
    this.box.addEventListener("keydown", (event) => this.keys(event));
    this.box.addEventListener("click", (event) => {
      const row = event.target.closest("[data-row]");
      if (row) this.pick(Number(row.dataset.row));
    });
    new ResizeObserver(() => this.measure()).observe(this.box);
    this.measure();
  }

  /** Whether documents that were set aside are listed in place of articles. */
  get aside() {
    return (this.filters.get("outcome") ?? 0) > 0;
  }

  filter(facet, label) {
    if (this.filters.get(facet) === label) this.filters.delete(facet);
    else this.filters.set(facet, label);
    this.refresh();
  }

  clear() {
    this.filters.clear();
    this.query = "";
    this.found = null;
    byId("search").value = "";
    this.refresh();
  }

  refresh() {
    const current = this.rows[this.at];
    this.rows = this.aside ? this.refused() : this.order.filter((number) => this.fits(number));
    this.at = this.rows.indexOf(current);
    this.scroll(0);
    this.draw();
    const total = this.aside ? this.store.outcomes[this.filters.get("outcome")][1] : this.store.count;
    byId("count").textContent = this.rows.length === total ? counted(total, "document") : `${counted(this.rows.length)} of ${counted(total, "document")}`;
    byId("clear").hidden = !this.filters.size && !this.query;
    for (const listener of this.listeners) listener();
  }

  refused() {
    const reason = this.store.outcomes[this.filters.get("outcome")][0];
    return this.store.set_aside.filter(
      ([path, why, detail]) => why === reason && `${path} ${detail}`.toLowerCase().includes(this.query),
    );
  }

  fits(number) {
    for (const [name, label] of this.filters) {
      if (name === "outcome") continue;
      if (name === "corrected") {
        if (!this.corrections.of(this.store.id(number)).length) return false;
        continue;
      }
      const { codes, many } = this.store.facet[name];
      if (many ? !(Math.floor(codes[number] / 2 ** label) & 1) : codes[number] !== label) return false;
    }
    return !this.query || this.says(number);
  }

  says(number) {
    return (
      this.lowered[number].includes(this.query) ||
      this.store.id(number).startsWith(this.query) ||
      this.store.label("outlet", number).toLowerCase().includes(this.query) ||
      Boolean(this.found?.has(number))
    );
  }

  /** Look for words in titles and outlets at once, then in the raw texts, block by block. */
  async search(words) {
    const query = words.trim().toLowerCase();
    this.query = query;
    this.found = null;
    this.refresh();
    if (query.length < 3 || this.aside || this.store.corpus.withheld) return;
    const found = new Set();
    for (let block = 0; block < this.store.blocks.length; block++) {
      const { columns: [raws] } = await this.store.inflateBlock(block);
      if (this.query !== query) return;
      raws.forEach((raw, at) => {
        if (raw.toLowerCase().includes(query)) found.add(this.store.firsts[block] + at);
      });
      if (block % 16 === 15) say(`Searching: ${Math.round((100 * block) / this.store.blocks.length)} %`);
    }
    this.found = found;
    this.refresh();
    say(`${counted(this.rows.length, "article")} found`);
  }

  /** Make the current row the one of an article, without opening it. */
  point(number) {
    this.at = this.rows.indexOf(number);
    this.reveal();
    this.draw();
  }

  /** Open the row so many further on; what is returned is there once it is shown. */
  step(by) {
    if (!this.rows.length || this.aside) return null;
    return this.pick(Math.max(0, Math.min(this.rows.length - 1, this.at < 0 ? 0 : this.at + by)));
  }

  /** Return the article of the row behind the current one, if there is one. */
  next() {
    return this.aside ? undefined : this.rows[this.at + 1];
  }

  pick(at) {
    this.at = at;
    if (this.aside) say(this.rows[at][2] ?? this.rows[at][1]);
    const opened = this.aside ? null : this.open(this.rows[at]);
    this.reveal();
    this.draw();
    return opened;
  }

  keys(event) {
    const page = Math.max(1, Math.floor(this.tall / this.height) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -this.rows.length, End: this.rows.length };
    if (event.key in steps && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      this.at = Math.max(0, Math.min(this.rows.length - 1, this.at + steps[event.key]));
      this.reveal();
      this.draw();
    } else if (event.key === "Enter" && this.at >= 0) {
      event.preventDefault();
      this.pick(this.at);
    }
  }

  measure() {
    this.height = parseFloat(getComputedStyle(this.box).getPropertyValue("--row")) * parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.tall = this.box.clientHeight;
    this.draw();
  }

  scroll(top) {
    if (top === this.top) return;
    this.box.scrollTop = top;
    this.top = top;
  }

  reveal() {
    const top = this.at * this.height;
    if (top < this.top) this.scroll(top);
    else if (top + this.height > this.top + this.tall) this.scroll(top + this.height - this.tall);
  }

  draw() {
    const first = Math.max(0, Math.floor(this.top / this.height) - SPARE_ROWS);
    const last = Math.min(this.rows.length, Math.ceil((this.top + this.tall) / this.height) + SPARE_ROWS);
    const space = `${this.rows.length * this.height}px`;
    if (this.space.style.height !== space) this.space.style.height = space;
    const rows = [];
    for (let at = first; at < last; at++) rows.push(this.row(at));
    if (this.at >= 0 && (this.at < first || this.at >= last) && this.at < this.rows.length) rows.push(this.row(this.at));
    this.space.replaceChildren(...rows);
    if (this.at >= 0) this.box.setAttribute("aria-activedescendant", `row-${this.at}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  row(at) {
    const [title, told] = this.aside ? [this.rows[at][0], this.rows[at][2] ?? this.rows[at][1]] : this.words(this.rows[at]);
    const row = make(
      "div",
      {
        role: "option", id: `row-${at}`, "data-row": at, class: "entry", "aria-selected": at === this.at ? "true" : "false",
        "aria-setsize": this.rows.length, "aria-posinset": at + 1,
      },
      make("span", { class: "entry-title", text: title }),
      make("span", { class: "entry-told", text: told }),
    );
    row.style.top = `${at * this.height}px`;
    return row;
  }

  words(number) {
    const { store } = this;
    const told = [store.label("outlet", number), store.label("month", number)].map((label) => (label === "unknown" ? "?" : label));
    if (store.doubts[number]) told.push(`doubt ${chance(store.doubts[number])}`);
    if (this.corrections.of(store.id(number)).length) told.push("corrected");
    return [store.titles[number] || store.id(number), told.join(" · ")];
  }
}

/** The chance that some role of an article is wrong, as `kliping doubtful` tells it, of its doubt in thousandths. */
function chance(doubt) {
  return `${(-100 * Math.expm1(-doubt / 1000)).toFixed(1)} %`;
}
