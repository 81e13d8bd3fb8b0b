/* One row of the day's grid: its fields, its mark, and what is said below it. It knows nothing of the server. */

const same = (one, other) => Object.keys(one).every((name) => one[name] === other[name]);

export class Row {
  /** `element` is the row; `words` the sentences of the page. */
  constructor(element, words) {
    this.element = element;
    this.words = words;
    this.code = element.dataset.row;
    this.listed = document.querySelector(`[data-status-of="${this.code}"]`); // where a phone lists the communes
    this.fields = [...element.querySelectorAll("[data-field]")];
    this.version = Number(element.querySelector("[data-version]").value);
    this.entry = this.numberOrNull(element.querySelector("[data-entry-id]").value);
    this.settled = this.part("status").textContent; // the mark of what the server holds
    this.saved = this.values(); // what the server is known to hold
    this.tried = []; // sent, and no answer came: it may have been saved all the same
    this.other = null; // what somebody else wrote meanwhile, as the server tells of a row
    this.shown = null; // what the server says stands in the row, sent numbers in its blanks
    this.refusedValues = null; // what the server found wrong, until it is changed
    for (const part of element.querySelectorAll("[data-needs-script]")) part.hidden = false;
    if (!this.part("conflict").hidden) this.other = JSON.parse(this.part("conflict").dataset.other);
  }

  numberOrNull(text) {
    return text === "" ? null : Number(text);
  }

  part(name) {
    return this.element.querySelector(`[data-${name}]`);
  }

  field(name) {
    return this.fields.find((field) => field.dataset.field === name);
  }

  get cases() {
    return this.fields.slice(0, 3);
  }

  get locked() {
    return this.fields[0].readOnly;
  }

  values() {
    return Object.fromEntries(this.fields.map((field) => [field.dataset.field, field.value.trim()]));
  }

  /** Put values into the fields; the one somebody is typing in stays as it is. */
  fill(values, { everywhere = false } = {}) {
    for (const field of this.fields) {
      const value = values[field.dataset.field] ?? "";
      if (everywhere || document.activeElement !== field) field.value = String(value);
    }
  }

  /** Once nobody types in it, a blank shows what was sent before: it takes nothing back. */
  rest() {
    if (this.dirty || !this.shown) return;
    this.fill(this.shown, { everywhere: true });
    this.saved = this.values();
  }

  get dirty() {
    return !same(this.values(), this.saved);
  }

  /** Whether it waits to be sent to the server. */
  get waits() {
    const wrong = this.refusedValues && same(this.values(), this.refusedValues);
    return this.dirty && !this.other && !wrong && !this.locked;
  }

  /** Whether the person has something to do before it can be saved. */
  get stuck() {
    return Boolean(this.other) || (this.dirty && !this.waits && !this.locked);
  }

  mark(text, state) {
    this.part("status").textContent = text;
    if (this.listed) this.listed.textContent = text;
    this.element.dataset.mark = state;
  }

  /** What was typed is taken back, and the row holds again what the server does: nothing is wrong or waits. */
  undo() {
    if (this.dirty || this.other || this.tried.length || this.element.dataset.mark === "saved") return;
    this.refusedValues = null;
    this.showErrors({});
    this.mark(this.settled, "saved");
  }

  /** The state of the row, for its style. */
  stand(state) {
    const old = [...this.element.classList].filter((name) => name.startsWith("entry-row--"));
    this.element.classList.remove(...old);
    this.element.classList.add(`entry-row--${state}`);
  }

  /** The server's answer for a row it keeps; `sent` are the values it was asked to keep. */
  settle(answer, sent) {
    this.version = answer.version;
    this.entry = answer.entry;
    this.saved = sent;
    this.tried = [];
    this.other = this.refusedValues = null;
    this.part("conflict").hidden = true;
    this.showErrors({});
    this.showHints(answer.hints);
    if (same(this.values(), sent)) {
      this.shown = this.asTyped(answer);
      this.fill(this.shown);
      this.saved = this.values();
    }
    this.stand(answer.state);
    this.settled = answer.status;
    this.mark(this.dirty ? this.words.typing : answer.status, this.dirty ? "typing" : "saved");
  }

  /** The server's answer for a row that somebody else wrote in. */
  clash(answer) {
    const theirs = this.asTyped(answer);
    if (this.tried.some((values) => same(values, theirs))) {
      // Our own words came through, only the answer did not: go on from there.
      Object.assign(this, { version: answer.version, entry: answer.entry, saved: theirs, tried: [] });
      return;
    }
    this.other = answer;
    this.part("conflict").hidden = false;
    this.part("conflict-words").textContent = answer.conflict;
    this.part("take").textContent = this.words.take.replace("{who}", answer.who);
    this.mark(this.words.conflict, "conflict");
    this.showMore();
  }

  /** What was typed stays; the next save writes it over what the other wrote, knowingly. */
  keepMine() {
    this.version = this.other.version;
    this.entry = this.other.entry;
    this.saved = Object.fromEntries(this.fields.map((field) => [field.dataset.field, null])); // to be saved anew
    this.other = null;
    this.leaveConflict();
  }

  /** What the other wrote replaces what was typed. */
  takeTheirs() {
    const other = this.other;
    const theirs = this.asTyped(other);
    this.version = other.version;
    this.entry = other.entry;
    this.fill(theirs, { everywhere: true });
    this.saved = other.state === "overtaken" ? { ...theirs, note: null } : theirs; // a draft is to be given up
    this.other = null;
    this.leaveConflict();
    this.showHints(other.hints);
    if (this.dirty) return;
    this.stand(other.state);
    this.settled = other.status;
    this.mark(other.status, "saved");
  }

  leaveConflict() {
    this.part("conflict").hidden = true;
    this.refusedValues = null;
    this.tried = [];
    this.showMore();
  }

  asTyped({ numbers, note }) {
    const texts = Object.entries(numbers).map(([name, number]) => [name, number === null ? "" : String(number)]);
    return { ...Object.fromEntries(texts), note };
  }

  /** `errors`: a sentence for each field that is wrong. */
  showErrors(errors, sent = null) {
    const list = this.part("errors");
    list.replaceChildren(...Object.values(errors).map((sentence) => listItem(sentence)));
    list.hidden = !Object.keys(errors).length;
    for (const field of this.fields) {
      if (errors[field.dataset.field]) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
    if (sent) {
      this.refusedValues = sent;
      this.mark(this.words.wrong, "wrong");
    }
    this.showMore();
  }

  showHints(hints) {
    const list = this.part("hints");
    list.replaceChildren(...hints.map((hint) => listItem(hint)));
    list.hidden = !hints.length;
    this.showMore();
  }

  showMore() {
    const said = [...this.part("more").querySelectorAll("[data-errors], [data-conflict], [data-hints]")];
    const known = this.part("more").querySelector(".entry-known");
    this.part("more").hidden = !known && said.every((part) => part.hidden);
  }
}

function listItem(text) {
  const item = document.createElement("li");
  item.textContent = text;
  return item;
}
