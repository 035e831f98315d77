// Puts the page together: what is shown follows the address (#article/segment), keys and buttons.

const KEPT_KEYS = "kliping:keys";
const NARROW = matchMedia("(max-width: 52rem)"); // where page.css has the list above the article

class Page {
  constructor(store) {
    this.store = store;
    this.corrections = new Corrections(store);
    this.listing = new Listing(store, this.corrections, (number) => this.go(number));
    this.overview = new Overview(store, this.listing);
    this.reading = new Reading(store, this.corrections, (id, position) => this.follow(id, position));
    this.corrections.listeners.push(() => this.countCorrections());
    this.wire();
    this.overview.draw();
    this.listing.refresh();
    this.countCorrections();
    this.footer();
    this.route();
  }

  wire() {
    window.addEventListener("hashchange", () => this.route());
    document.addEventListener("keydown", (event) => this.key(event));
    const search = byId("search");
    let waiting = 0;
    search.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => this.listing.search(search.value), 150);
    });
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === "ArrowDown") {
        event.preventDefault();
        byId("list").focus();
        if (this.listing.at < 0 && this.listing.rows.length) {
          this.listing.at = 0;
          this.listing.draw();
        }
      }
    });
    const on = (id, act) => byId(id).addEventListener("click", act);
    on("clear", () => this.listing.clear());
    on("to-overview", () => this.home());
    on("to-corrections", () => this.showCorrections());
    on("to-help", () => byId("help").showModal());
    on("earlier", () => this.reading.page(-1));
    on("later", () => this.reading.page(1));
    on("whole", () => this.reading.showWhole());
    on("undo", () => this.undo());
    on("export-lines", () => this.exportLines());
    on("export-tasks", () => this.exportTasks());
    on("only-corrected", () => {
      byId("corrections").close();
      this.listing.filter("corrected", 0);
    });
    for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close());
    const keys = byId("keys-on");
    keys.checked = kept.getItem(KEPT_KEYS) !== "off";
    keys.addEventListener("change", () => kept.setItem(KEPT_KEYS, keys.checked ? "on" : "off"));
    const who = byId("who");
    who.value = this.corrections.who;
    who.addEventListener("input", () => { this.corrections.who = who.value.trim(); });
  }

  // Where we are

  /** Open an article; the address says so. */
  go(number) {
    history.pushState(null, "", `#${this.store.id(number)}/0`);
    const shown = this.route();
    if (NARROW.matches) shown.then(() => byId("article").scrollIntoView());
    return shown;
  }

  home() {
    location.hash = "";
    byId("to-overview").focus();
  }

  /** Write the current line into the address, without a step in the browser's history. */
  follow(id, position) {
    const place = `#${id}/${position}`;
    if (location.hash !== place) history.replaceState(null, "", place);
  }

  async route() {
    const [prefix, position] = location.hash.slice(1).split("/");
    const number = this.store.numberOf(prefix);
    if (prefix && number < 0) say(`No article of this report has an id that begins with ${prefix}.`);
    const reading = number >= 0;
    byId("overview").hidden = reading;
    byId("article").hidden = !reading;
    document.body.classList.toggle("reading", reading);
    byId("to-overview").setAttribute("aria-current", reading ? "false" : "page");
    if (!reading) {
      this.reading.close();
      if (!this.overview.box.childElementCount) this.overview.draw();
      return;
    }
    this.overview.box.replaceChildren();
    await this.reading.open(number, position ? Number(position) : null);
    if (this.listing.rows[this.listing.at] !== number) this.listing.point(number);
    if (!byId("list").contains(document.activeElement)) this.focusLines();
    const next = this.listing.next();
    if (next !== undefined) setTimeout(() => this.store.block(this.store.blockOf(next)));
  }

  focusLines() {
    const lines = byId("lines");
    if (document.activeElement !== lines) lines.focus({ preventScroll: true });
  }

  // Keys

  key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]") || !byId("keys-on").checked) return;
    if (event.key === "Escape") return this.escape(event);
    if (event.target.closest("input, select, textarea")) return;
    const act = this.actions()[event.key] ?? this.roleKey(event.key);
    if (!act) return;
    event.preventDefault();
    act();
  }

  actions() {
    const reading = this.reading.article !== null;
    return {
      j: () => this.stepArticle(1),
      k: () => this.stepArticle(-1),
      "/": () => byId("search").focus(),
      "?": () => byId("help").showModal(),
      o: () => this.home(),
      u: () => this.undo(),
      c: () => this.showCorrections(),
      ...(reading && {
        n: () => this.reading.step(1),
        p: () => this.reading.step(-1),
        d: () => this.reading.stepUnsure(),
        r: () => byId("role").focus(),
        v: () => this.reading.toValues(),
        s: () => this.reading.split(),
        m: () => this.reading.merge(),
      }),
    };
  }

  roleKey(key) {
    const role = /^\d$/.test(key) && this.reading.article && this.store.roles.find((one) => one.digit === key);
    return role ? () => this.reading.giveRole(role.name) : null;
  }

  stepArticle(by) {
    this.listing.step(by);
    if (this.reading.article) this.focusLines();
  }

  escape(event) {
    if (this.reading.editing) this.reading.cancel();
    else if (event.target.closest("input, select, #about")) byId(this.reading.article ? "lines" : "list").focus();
    else if (this.reading.article) this.home();
  }

  // Corrections

  countCorrections() {
    const count = this.corrections.all().length;
    byId("to-corrections").textContent = `Corrections (${count})`;
    this.listing.draw();
    if (byId("corrections").open) this.listCorrections();
  }

  undo() {
    const record = this.corrections.undo();
    if (!record) return say("There is nothing to undo.");
    say(`Undone: ${told(record)}`);
    const number = this.store.numberOf(record.article_id);
    if (this.reading.article?.number !== number && this.reading.article) this.go(number);
    return null;
  }

  showCorrections() {
    this.listCorrections();
    byId("corrections").showModal();
  }

  listCorrections() {
    const records = this.corrections.all();
    const focused = document.activeElement?.id;
    byId("records").replaceChildren(
      ...records.slice(-LISTED).map((record) => {
        const id = `note-${record.article_id}-${record.when}`;
        const note = make("input", { id, type: "text", "aria-label": `Note to ${told(record)}`, placeholder: "note", autocomplete: "off" });
        note.value = record.note ?? "";
        note.addEventListener("change", () => this.corrections.annotate(record, note.value.trim()));
        return make(
          "li", {}, make("a", { href: `#${record.article_id}`, text: record.article_id.slice(0, 8), onclick: () => byId("corrections").close() }),
          ` ${told(record)} `, note, make("button", { type: "button", text: "Drop", "aria-label": `Drop ${told(record)}`, onclick: () => this.corrections.drop(record) }),
        );
      }),
    );
    byId("records-told").textContent =
      kept.lasts === false ? "This browser keeps nothing for this page: export before you close it." : records.length ? `${counted(records.length, "correction")}, kept in this browser until you drop them.` : "Nothing is corrected yet.";
    if (focused) byId(focused)?.focus();
  }

  signed() {
    if (this.corrections.who) return true;
    say("Write your name first: a correction says who made it.");
    byId("who").focus();
    return false;
  }

  exportLines() {
    if (this.signed()) download("corrections.jsonl", "application/jsonl", this.corrections.lines());
  }

  async exportTasks() {
    download("label-studio.json", "application/json", JSON.stringify(await this.corrections.tasks(), null, 1));
  }

  footer() {
    const { corpus } = this.store;
    const verify = `kliping audit ${corpus.name}${corpus.digest ? ` --published ${corpus.digest}` : ""}`;
    const versions = Object.entries(corpus.made_with).map(([name, version]) => `${name} ${version}`).join(", ");
    byId("footer").replaceChildren(
      make("p", {}, "Root of the articles ", make("code", { text: corpus.root }), `; made with ${versions}; contract ${corpus.schema_version}.`),
      make("p", {}, "To verify the corpus: ", make("code", { text: verify })),
    );
  }
}

function told(record) {
  const place = record.start === null ? "" : ` [${record.start}, ${record.end})`;
  const [old, next] = [record.old, record.new].map((value) => [value ?? []].flat().join(", ") || "none");
  return `${record.what.replaceAll("_", " ")}${place}: ${old} → ${next}`;
}

async function begin() {
  try {
    window.kliping = new Page(await Store.read());
    document.body.classList.add("usable");
    performance.mark("usable");
  } catch (error) {
    say(`This report cannot be shown: ${error.message}. It needs a browser of 2023 or later, with JavaScript.`);
    throw error;
  }
}

begin();
