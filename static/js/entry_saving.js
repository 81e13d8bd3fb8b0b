/* Saving by itself: one request at a time, tried again until it comes through; nothing typed is given up. */

const IDLE = 10_000;
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 60_000;

export const csrfToken = (form) =>
  document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? form.elements.csrfmiddlewaretoken.value;

/** Whether the server answers with the way to the login page instead. */
export const hasExpired = (response) => response.type === "opaqueredirect" || response.status === 403;

/** Keeps `rows` of `form` saved. `told(state)` hears how it stands: "saved", "saving", "offline", "login", "refused". */
export class Saver {
  constructor(form, rows, store, told) {
    Object.assign(this, { form, rows, store, told });
    this.byCode = new Map(rows.map((row) => [row.code, row]));
    this.underway = Promise.resolve();
    this.idle = this.again = 0;
    this.wait = FIRST_WAIT;
    for (const event of ["online", "focus"]) addEventListener(event, () => this.flush());
    document.addEventListener("visibilitychange", () => this.flush());
  }

  /** Something was typed in a row: keep it here at once, and save it when the typing rests. */
  typed(row) {
    this.keep(row);
    if (row.waits) row.mark(row.words.typing, "typing");
    else row.undo();
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.flush(), IDLE);
  }

  keep(row) {
    if (!row.dirty) return this.store.drop(row.code);
    const { version, entry, tried } = row;
    this.store.keep(row.code, { values: row.values(), version, entry, tried });
  }

  /** Save all that waits, after what is underway. Resolves to whether everything is saved. */
  flush() {
    clearTimeout(this.idle);
    clearTimeout(this.again);
    this.underway = this.underway.then(() => this.saveAll());
    return this.underway;
  }

  async saveAll() {
    for (let waiting; (waiting = this.rows.filter((row) => row.waits)).length; ) {
      if (!(await this.send(waiting))) {
        clearTimeout(this.again);
        this.again = setTimeout(() => this.flush(), this.wait);
        this.wait = Math.min(2 * this.wait, LONGEST_WAIT);
        return false;
      }
      this.wait = FIRST_WAIT;
    }
    if (this.rows.some((row) => row.stuck)) return false;
    this.told("saved");
    return true;
  }

  async send(rows) {
    const sent = new Map(rows.map((row) => [row.code, row.values()]));
    for (const row of rows) {
      row.tried.push(sent.get(row.code));
      this.keep(row);
      row.mark(row.words.saving, "saving");
    }
    const cells = Object.fromEntries(
      rows.map((row) => [row.code, { ...sent.get(row.code), version: row.version, entry: row.entry }]),
    );
    let response;
    try {
      response = await fetch(this.form.dataset.cellsUrl, {
        method: "POST",
        redirect: "manual", // an expired session answers with the way to the login page
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(this.form) },
        body: JSON.stringify({ cells }),
      });
      if (response.ok) this.answered(await response.json(), sent);
    } catch {
      return this.failed(rows, "offline");
    }
    if (response.ok) return true;
    return this.failed(rows, hasExpired(response) ? "login" : response.status < 500 ? "refused" : "offline", response.status);
  }

  answered({ rows, changed, errors }, sent) {
    for (const [code, answer] of Object.entries(rows)) this.byCode.get(code).settle(answer, sent.get(code));
    for (const [code, answer] of Object.entries(changed)) this.byCode.get(code).clash(answer);
    for (const [code, faults] of Object.entries(errors)) {
      this.byCode.get(code).tried = [];
      this.byCode.get(code).showErrors(faults, sent.get(code));
    }
    for (const code of sent.keys()) this.keep(this.byCode.get(code));
  }

  failed(rows, how, status) {
    for (const row of rows) row.mark(row.words.offline, "offline");
    this.told(how, { count: rows.length, status });
    return false;
  }
}
