/* The table of the same areas as the map: filter, sort, and in step with it both ways.

   Thousands of areas need no thousands of rows: what is filtered and sorted is data, and only the first rows
   of the outcome are in the page, more when they are asked for. */

import { fold, levelWords, say, sayDate } from "./words.js";

// As many as the server writes into the page: riskmap/map_page.py.
const ALL_UP_TO = 500;
const AT_ONCE = 100;

/**
 * Wire the tables under `root`, one body of rows a layer. `units`: by layer,
 * `[code, name, district's code, 1 if it has hamlets]`.
 * `chosen(code)` is called when a row is chosen. Returns
 * `{use(layer), scope(district's code), show(code → state), setDay(iso, heads), mark(code), entryOf(code)}`; a
 * state is `{level, provisional, decided, unapproved, recognised, since (ISO), changed, other, compared}`, the last two
 * levels or null.
 */
export function wireTable(root, units, { chosen }) {
  const filter = root.querySelector("[data-filter]");
  const changedOnly = root.querySelector("[data-changed]");
  const differingOnly = root.querySelector("[data-differing]");
  const differingChoice = root.querySelector("[data-differing-choice]");
  const found = root.querySelector("[data-found]");
  const more = root.querySelector("[data-more]");
  const heads = [...root.querySelectorAll("[data-sort]")];
  const lists = new Map();
  const entries = new Map();
  const districts = new Map(units.district.map(([code, name]) => [code, name]));
  let list = null;
  let day = "";
  let view = "known";
  let comparedDay = "";
  let district = "";
  let limit = 0;
  let showing = 0;
  let ask = null;

  for (const body of root.querySelectorAll("tbody[data-layer]")) {
    const layer = body.dataset.layer;
    const present = new Map([...body.rows].map((row) => [row.dataset.code, row]));
    const pattern = body.rows[0];
    const all = units[layer].map(([code, name, up = "", hamlets = 0], order) => {
      const parent = districts.get(up) ?? "";
      const entry = {
        code,
        name,
        up,
        hamlets: Boolean(hamlets),
        parent,
        order,
        search: fold(`${name} ${parent} ${code}`),
        row: present.get(code),
        shown: "",
        seen: -1,
        state: null,
      };
      entries.set(code, entry);
      return entry;
    });
    lists.set(layer, { body, all, pattern });
  }

  /** What is said of an entry on the day shown; asked for only where it is looked at. */
  function stateOf(entry) {
    if (entry.seen !== showing) {
      entry.seen = showing;
      entry.state = ask(entry.code);
    }
    return entry.state;
  }

  function makeRow(entry) {
    const row = list.pattern.cloneNode(true);
    row.dataset.code = entry.code;
    row.removeAttribute("aria-current");
    const name = row.querySelector('[data-cell="name"]');
    name.textContent = entry.name;
    name.href = name.getAttribute("href").replace(/area=.*$/, `area=${entry.code}`);
    const parent = row.querySelector('[data-cell="parent"]');
    if (parent) parent.textContent = entry.parent;
    const detail = row.querySelector("[data-detail]");
    detail.href = detail.getAttribute("href").replace(/[^/]+\/(\?.*)?$/, `${entry.code}/$1`);
    detail.querySelector("span").textContent = ` ${entry.name}`;
    return row;
  }

  function fillBadge(badge, level, { provisional = false, decided = false, unapproved = false, recognised = false } = {}) {
    const words = levelWords(level);
    const marks = `${provisional ? " level--provisional" : ""}${decided ? " level--decided" : ""}`;
    badge.className = `level level--${words.key}${marks}`;
    badge.querySelector(".level__letter").textContent = words.letter;
    let said = words.name;
    if (provisional) said = say("provisional_level", { level: said });
    if (decided) said = say("decided_level", { level: said });
    if (unapproved) said = say("unapproved_level", { level: said });
    if (recognised) said = say("recognised_level", { level: said });
    badge.querySelector(".level__words").textContent = said;
  }

  /** Put an entry's state and the day into its row, if they are not there yet. */
  function fill(entry) {
    const { row } = entry;
    const state = stateOf(entry);
    const key = `${day} ${view} ${comparedDay} ${state.level} ${state.provisional} ${state.decided} ${state.unapproved} ${state.recognised} ${state.since} ${state.other} ${state.compared}`;
    if (key === entry.shown) return;
    entry.shown = key;
    const cell = (name) => row.querySelector(`[data-cell="${name}"]`);
    fillBadge(cell("level").querySelector(".level"), state.level, state);
    cell("since").textContent = state.level ? sayDate(state.since) : "–";
    const other = cell("other");
    other.hidden = state.other === null;
    if (state.other !== null) {
      const name = view === "published" ? "other_known" : "other_published";
      other.querySelector("[data-other-words]").textContent = say(name, { level: levelWords(state.other).name });
    }
    const beside = row.querySelector("[data-compared-cell]");
    beside.hidden = !comparedDay;
    beside.dataset.short = sayDate(comparedDay);
    if (comparedDay) fillBadge(cell("compared"), state.compared);
    const link = row.querySelector("[data-detail]");
    link.href = link.getAttribute("href").replace(/\?.*$/, `?day=${day}`);
  }

  const passes = (entry, wanted) =>
    (!district || !entry.up || entry.up === district) &&
    entry.search.includes(wanted) &&
    (!changedOnly.checked || stateOf(entry).changed) &&
    (!differingOnly.checked || stateOf(entry).other !== null);

  const orders = {
    name: (one, other) => one.order - other.order,
    parent: (one, other) => one.parent.localeCompare(other.parent, "vi", { numeric: true }) || one.order - other.order,
    level: (one, other) => stateOf(one).level - stateOf(other).level || one.order - other.order,
    since: (one, other) => stateOf(one).since.localeCompare(stateOf(other).since) || one.order - other.order,
    compared: (one, other) => stateOf(one).compared - stateOf(other).compared || one.order - other.order,
  };

  function render() {
    const wanted = fold(filter.value);
    const shown = list.all.filter((entry) => passes(entry, wanted));
    const head = heads.find((each) => each.hasAttribute("aria-sort"));
    if (head) {
      const sign = head.getAttribute("aria-sort") === "descending" ? -1 : 1;
      const compare = orders[head.dataset.sort];
      shown.sort((one, other) => sign * compare(one, other));
    }
    const rows = shown.slice(0, limit).map((entry) => {
      entry.row ??= makeRow(entry);
      fill(entry);
      return entry.row;
    });
    const { body } = list;
    if (rows.length !== body.rows.length || rows.some((row, place) => row !== body.rows[place])) {
      body.replaceChildren(...rows);
    }
    more.hidden = shown.length <= limit;
    found.textContent = say("found", { count: rows.length, total: list.all.length });
  }

  function begin() {
    limit = list.all.length > ALL_UP_TO ? AT_ONCE : ALL_UP_TO;
  }

  function renew() {
    begin();
    render();
  }

  for (const head of heads) {
    head.querySelector("button").addEventListener("click", () => {
      const first = ["level", "compared"].includes(head.dataset.sort) ? "descending" : "ascending";
      const second = first === "ascending" ? "descending" : "ascending";
      const direction = head.getAttribute("aria-sort") === first ? second : first;
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", direction);
      render();
    });
  }
  filter.addEventListener("input", renew);
  changedOnly.addEventListener("change", renew);
  differingOnly.addEventListener("change", renew);
  more.querySelector("button").addEventListener("click", () => {
    limit += AT_ONCE;
    render();
  });
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
    entryOf: (code) => entries.get(code),
    use(layer) {
      list = lists.get(layer);
      begin();
      for (const { body } of lists.values()) body.hidden = body !== list.body;
      for (const cell of root.querySelectorAll("[data-only]")) cell.hidden = cell.dataset.only !== layer;
    },
    scope(code) {
      district = code;
    },
    /** Show the states of a day seen in a view; `compared` is the second day (ISO) or empty. `state(code)` may
     * be asked at any time until the next call. */
    show(state, { day: iso, view: seen, compared, changedWords, anyDiffers }) {
      ask = state;
      showing++;
      day = iso;
      view = seen;
      comparedDay = compared;
      differingChoice.hidden = !anyDiffers && !differingOnly.checked;
      root.querySelector("[data-changed-words]").textContent = changedWords;
      const head = root.querySelector("th[data-compared-cell]");
      head.hidden = !compared;
      if (compared) root.querySelector("[data-compared-head]").textContent = say("compared_head", { day: sayDate(compared) });
      render();
    },
    mark(code) {
      root.querySelector("tr[aria-current]")?.removeAttribute("aria-current");
      const row = entries.get(code)?.row;
      if (!row) return;
      row.setAttribute("aria-current", "true");
      if (!row.isConnected) return;
      const box = list.body.closest(".table-wrap");
      box.scrollTo({ top: Math.max(0, row.offsetTop - box.clientHeight / 3) });
    },
  };
}
