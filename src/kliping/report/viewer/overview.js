// The overview: what came in and what became of it, in bars that filter the list. Every bar says its label and number.

/** What became of the documents that are not kept, and of corrections. */
const OUTCOMES = { "set-aside": "set aside", removed: "taken down", failed: "failed", "not-applied": "no fit" };

class Overview {
  constructor(store, listing) {
    this.store = store;
    this.listing = listing;
    this.box = byId("overview");
    listing.listeners.push(() => this.press());
  }

  draw() {
    const { store } = this;
    const facet = (name) => store.facet[name];
    const most = (name) => `at most ${counted(Math.max(...facet(name).counts, 0))}`;
    const panels = [
      this.panel("In and kept", counted(store.corpus.documents, "document"), this.outcomes()),
      this.panel(facet("month").title, most("month"), this.columns(facet("month"))),
      this.panel(facet("length").title, most("length"), this.columns(facet("length"))),
      this.panel("Outlets by time", counted(facet("outlet").labels.length, "outlet"), this.outlets()),
      this.panel(facet("basis").title, "", this.bars(facet("basis"), 6)),
      this.panel(facet("role").title, `of ${counted(sum(facet("role").counts))}`, this.bars(facet("role"), 18, (label) => store.role[label]?.letter)),
      this.panel("What values rest on", "", this.values()),
      this.panel(facet("language").title, "", this.bars(facet("language"), 6)),
      ...["flag", "copies", "split", "made"].filter((name) => facet(name) && (name !== "made" || facet(name).labels.some((label) => label !== "automatic"))).map((name) => this.panel(facet(name).title, "", this.bars(facet(name), 12))),
    ];
    this.box.replaceChildren(make("h2", { class: "away", text: "Overview" }), ...panels);
    this.press();
  }

  panel(title, told, content) {
    const panel = make("section", { class: "panel" }, make("h3", {}, title, told && make("small", { text: ` ${told}` })), ...content);
    const longest = Math.max(0, ...[...panel.querySelectorAll(".bar-count")].map((count) => count.textContent.length));
    panel.style.setProperty("--count", `${longest}ch`); // one width for all, so that bars have one scale
    return panel;
  }

  /** A bar of a facet as a button: its label, a bar as long as its share, its number. */
  bar(facet, label, text, count, most, letter) {
    const width = most ? Math.max(count ? 0.5 : 0, (100 * count) / most) : 0;
    return make(
      "button",
      {
        type: "button", class: "bar", "data-facet": facet, "data-label": label, "aria-pressed": "false",
        onclick: () => this.listing.filter(facet, label),
      },
      make("span", { class: "bar-label" }, letter && make("b", { text: `${letter} ` }), text),
      make("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, make("rect", { width, height: 10 })),
      make("span", { class: "bar-count", text: counted(count) }),
    );
  }

  bars(facet, most, letter = () => null) {
    const greatest = Math.max(...facet.counts, 1);
    const entries = facet.labels.map((label, at) => [label, facet.counts[at], at]).filter(([, count]) => count);
    if (facet.name === "role") entries.sort((one, other) => other[1] - one[1]);
    const all = sum(facet.counts);
    const share = (count) => (facet.name === "role" && count >= all / 100 ? ` ${Math.round((100 * count) / all)} %` : "");
    const shown = entries.slice(0, most).map(([label, count, at]) => this.bar(facet.name, at, label + share(count), count, greatest, letter(label)));
    if (entries.length > most) shown.push(make("p", { class: "more", text: `and ${counted(entries.length - most)} more; search finds them by name` }));
    return shown.length ? shown : [make("p", { class: "more", text: "none" })];
  }

  outcomes() {
    const greatest = Math.max(...this.store.outcomes.map(([, count]) => count), 1);
    return this.store.outcomes.slice(0, 8).map(([reason, count, outcome], at) => this.bar("outcome", at, at ? `${OUTCOMES[outcome]}: ${reason}` : reason, count, greatest));
  }

  /** The largest outlets, each with its articles along the time axis of all. */
  outlets() {
    const facet = this.store.facet.outlet;
    const greatest = Math.max(...this.store.by_time.flat(), 1);
    const rows = this.store.by_time.map((cells, at) => {
      const width = 100 / cells.length;
      const steps = cells.map((count, month) =>
        count ? make("rect", { x: month * width, y: 10 - (10 * count) / greatest, width: width * 0.85, height: (10 * count) / greatest }) : null,
      );
      const bar = this.bar("outlet", at, facet.labels[at], facet.counts[at], 1);
      bar.querySelector("svg").replaceChildren(...steps.filter(Boolean));
      return bar;
    });
    const more = facet.labels.length - rows.length;
    if (more > 0) rows.push(make("p", { class: "more", text: `and ${counted(more, "outlet")} more; search finds them by name` }));
    return rows;
  }

  /** Columns of a facet in its order, each a button. */
  columns(facet) {
    const greatest = Math.max(...facet.counts, 1);
    const columns = facet.labels.map((label, at) =>
      make(
        "button",
        {
          type: "button", class: "column", "data-facet": facet.name, "data-label": at, "aria-pressed": "false",
          "aria-label": `${label}: ${counted(facet.counts[at], "article")}`, title: `${label}: ${counted(facet.counts[at], "article")}`,
          onclick: () => this.listing.filter(facet.name, at),
        },
        make(
          "svg", { viewBox: "0 0 10 100", preserveAspectRatio: "none", "aria-hidden": "true" },
          make("rect", { y: 100 - (100 * facet.counts[at]) / greatest, width: 10, height: (100 * facet.counts[at]) / greatest }),
        ),
      ),
    );
    const ends = facet.labels.length > 1 ? [facet.labels[0], facet.labels.at(-1)] : facet.labels;
    return [make("div", { class: "columns" }, ...columns), make("div", { class: "axis" }, ...ends.map((label) => make("span", { text: label })))];
  }

  /** For each value: in how many articles the text proves it, it came with the input, or there is none. */
  values() {
    const facets = this.store.facets.filter((facet) => facet.name.startsWith("value:"));
    const head = make("div", { class: "value-row value-head" }, make("span"), ...facets[0].labels.map((label) => make("span", { text: label })));
    return [
      head,
      ...facets.map((facet) =>
        make(
          "div", { class: "value-row" },
          make("span", { text: facet.title }),
          ...facet.labels.map((label, at) => {
            const cell = make(
              "button",
              {
                type: "button", class: `cell cell-${at}`, "data-facet": facet.name, "data-label": at, "aria-pressed": "false",
                "aria-label": `${facet.title}, ${label}: ${counted(facet.counts[at], "article")}`,
                onclick: () => this.listing.filter(facet.name, at),
              },
              make("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
                make("rect", { width: (100 * facet.counts[at]) / Math.max(1, this.store.corpus.articles), height: 10 })),
              make("span", { text: counted(facet.counts[at]) }),
            );
            return cell;
          }),
        ),
      ),
    ];
  }

  /** Show which filters hold. */
  press() {
    for (const button of this.box.querySelectorAll("[data-facet]")) {
      const on = this.listing.filters.get(button.dataset.facet) === Number(button.dataset.label);
      button.setAttribute("aria-pressed", String(on));
    }
    const told = [...this.listing.filters].map(([name, label]) => {
      if (name === "outcome") return this.store.outcomes[label][0];
      if (name === "corrected") return "corrected";
      const facet = this.store.facet[name];
      return name.startsWith("value:") ? `${facet.title}: ${facet.labels[label]}` : facet.labels[label];
    });
    byId("filters").textContent = shown(told.join(" + "));
  }
}
