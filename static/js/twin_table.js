/* The table of the same rows as the map: filter, sort, and in step with it both ways. */

import { fold, levelWords, say, sayDate } from "./words.js";

/**
 * Wire the tables under `root`, one body of rows a layer. `chosen(code)` is called when a row is chosen.
 * Returns `{use(layer), show(code → {level, provisional, since, always}), setDay(iso), mark(code), rowOf(code)}`;
 * `since` is an ISO date, `always` says that the level was the same from the first day on.
 */
export function wireTable(root, { chosen }) {
  const filter = root.querySelector("[data-filter]");
  const changedOnly = root.querySelector("[data-changed]");
  const found = root.querySelector("[data-found]");
  const heads = [...root.querySelectorAll("[data-sort]")];
  const bodies = new Map();
  const rows = new Map();
  let body = null;
  let day = null;

  for (const element of root.querySelectorAll("tbody[data-layer]")) {
    bodies.set(element.dataset.layer, element);
    [...element.rows].forEach((row, order) => {
      const texts = Object.fromEntries(
        ["name", "parent", "level", "since"].map((name) => [name, row.querySelector(`[data-cell="${name}"]`)]),
      );
      const parent = texts.parent?.textContent.trim() ?? "";
      const name = texts.name.textContent.trim();
      rows.set(row.dataset.code, {
        row,
        texts,
        name,
        parent,
        order,
        search: fold(`${name} ${parent}`),
        shown: "",
        state: { level: 0, since: "" },
      });
    });
  }

  const inBody = () => [...body.rows].map((row) => rows.get(row.dataset.code));

  function sift() {
    const wanted = fold(filter.value);
    let count = 0;
    for (const entry of inBody()) {
      const changed = entry.state.since === day && !entry.state.always;
      entry.row.hidden = !entry.search.includes(wanted) || (changedOnly.checked && !changed);
      if (!entry.row.hidden) count++;
    }
    found.textContent = say("found", { count, total: body.rows.length });
  }

  const orders = {
    name: (one, other) => one.order - other.order,
    parent: (one, other) => one.parent.localeCompare(other.parent, "vi", { numeric: true }) || one.order - other.order,
    level: (one, other) => one.state.level - other.state.level || one.order - other.order,
    since: (one, other) => one.state.since.localeCompare(other.state.since) || one.order - other.order,
  };

  function sort() {
    const head = heads.find((each) => each.hasAttribute("aria-sort"));
    if (!head) return;
    const sign = head.getAttribute("aria-sort") === "descending" ? -1 : 1;
    const compare = orders[head.dataset.sort];
    const sorted = inBody().sort((one, other) => sign * compare(one, other));
    if (sorted.some(({ row }, place) => row !== body.rows[place])) body.append(...sorted.map(({ row }) => row));
  }

  for (const head of heads) {
    head.querySelector("button").addEventListener("click", () => {
      const first = head.dataset.sort === "level" ? "descending" : "ascending";
      const second = first === "ascending" ? "descending" : "ascending";
      const direction = head.getAttribute("aria-sort") === first ? second : first;
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", direction);
      sort();
    });
  }
  filter.addEventListener("input", sift);
  changedOnly.addEventListener("change", sift);
  root.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-code]");
    if (!row || event.target.closest("[data-detail]")) return;
    if (event.target.closest("a")) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
    }
    chosen(row.dataset.code);
  });

  return {
    rowOf: (code) => rows.get(code),
    use(layer) {
      for (const [name, element] of bodies) element.hidden = name !== layer;
      for (const cell of root.querySelectorAll("[data-only]")) cell.hidden = cell.dataset.only !== layer;
      body = bodies.get(layer);
      sift();
      sort();
    },
    show(stateOf) {
      for (const entry of inBody()) {
        const state = stateOf(entry.row.dataset.code);
        const key = `${state.level} ${state.provisional} ${state.since}`;
        if (key === entry.shown) continue;
        entry.shown = key;
        entry.state = state;
        const words = levelWords(state.level);
        const badge = entry.texts.level.querySelector(".level");
        badge.className = `level level--${words.key}${state.provisional ? " level--provisional" : ""}`;
        badge.querySelector(".level__letter").textContent = words.letter;
        badge.querySelector(".level__words").textContent = state.provisional
          ? say("provisional_level", { level: words.name })
          : words.name;
        entry.texts.since.textContent = sayDate(state.since);
      }
      sort();
    },
    setDay(iso) {
      day = iso;
      sift();
      for (const link of root.querySelectorAll("[data-detail]")) {
        const address = new URL(link.href);
        address.searchParams.set("day", iso);
        link.href = address;
      }
    },
    mark(code) {
      root.querySelector("tr[aria-current]")?.removeAttribute("aria-current");
      const entry = rows.get(code);
      if (!entry) return;
      entry.row.setAttribute("aria-current", "true");
      const box = body.closest(".table-wrap");
      if (!entry.row.hidden && box) {
        const top = entry.row.offsetTop - box.clientHeight / 3;
        box.scrollTo({ top: Math.max(0, top) });
      }
    },
  };
}
