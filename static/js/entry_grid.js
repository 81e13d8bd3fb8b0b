/* The page of the day's grid: rows that save themselves, keys, the colours of the map, the box that sends. */

import { wireKeys } from "./entry_keys.js";
import { Row } from "./entry_rows.js";
import { csrfToken, hasExpired, Saver } from "./entry_saving.js";
import { openStore } from "./entry_store.js";

const words = JSON.parse(document.getElementById("entry-words").textContent);
const form = document.querySelector("[data-entry]");
const summary = document.querySelector("[data-summary]");
const region = document.querySelector("[data-colours-region]");
const dialog = document.querySelector("[data-send-dialog]");
const store = openStore(form.dataset.store);
const rows = [...form.querySelectorAll("[data-row]")].map((element) => new Row(element, words));
const rowOf = (element) => rows.find((row) => row.element.contains(element));
let troubled = false;

function told(how, { count, status } = {}) {
  if (how === "saved") {
    if (troubled) summary.replaceChildren(words.summary_saved);
    troubled = false;
    return;
  }
  troubled = true;
  const said = words[`summary_${how}`].replace("{count}", count).replace("{status}", status);
  summary.replaceChildren(said);
  if (how === "login") {
    const link = document.createElement("a");
    link.href = form.dataset.loginUrl;
    link.target = "_blank";
    link.textContent = words.login;
    summary.append(" ", link, ".");
  }
}

const saver = new Saver(form, rows, store, told);

/** What was typed and not saved when the page was last left. */
function takeUp() {
  const kept = Object.entries(store.all());
  let count = 0;
  for (const [code, { values, version, entry, tried }] of kept) {
    const row = rows.find((each) => each.code === code);
    if (!row || row.locked) continue;
    row.fill(values, { everywhere: true });
    if (!row.dirty) {
      store.drop(code);
      continue;
    }
    // From what was seen then: if somebody wrote meanwhile, the server will say so.
    Object.assign(row, { version, entry, tried, other: null });
    row.part("conflict").hidden = true;
    row.mark(words.typing, "typing");
    count += 1;
  }
  if (!count) return;
  summary.textContent = words.summary_kept.replace("{count}", count);
  saver.flush();
}

function zeros(chosen) {
  for (const row of chosen) {
    if (row.locked) continue;
    for (const field of row.cases) if (!field.value.trim()) field.value = "0";
    saver.typed(row);
  }
  saver.flush();
}

function noCases(row) {
  for (const field of row.cases) field.value = "0";
  saver.typed(row);
  saver.flush();
}

/** What the server shows at `url`; null where it could not be had, and then it is said why. */
async function ask(url, options = {}) {
  try {
    const response = await fetch(url, {
      redirect: "manual",
      cache: "no-store",
      ...options,
      headers: { "X-Requested-With": "fetch", "X-CSRFToken": csrfToken(form) },
    });
    if (response.ok) return await response.text();
    if (hasExpired(response)) {
      told("login");
      return null;
    }
  } catch {
    // No connection.
  }
  summary.textContent = words.failed;
  return null;
}

/** Whether all is saved; if not, says so. */
async function allSaved() {
  if (await saver.flush()) return true;
  if (!troubled) summary.textContent = words.not_yet;
  return false;
}

async function showColours() {
  if (!(await allSaved())) return;
  region.setAttribute("aria-busy", "true");
  const shown = await ask(form.dataset.coloursUrl, { method: "POST" });
  region.removeAttribute("aria-busy");
  if (shown === null) return;
  region.innerHTML = shown;
  region.scrollIntoView({ block: "nearest" });
}

async function openSendBox() {
  if (dialog.open || !(await allSaved())) return;
  const shown = await ask(form.dataset.sendUrl);
  if (shown === null) return;
  dialog.innerHTML = shown;
  dialog.showModal();
  (dialog.querySelector("[name=reason], [name=answer]") ?? dialog.querySelector("[data-confirm]")).focus();
}

form.addEventListener("input", ({ target }) => target.matches("[data-field]") && saver.typed(rowOf(target)));
form.addEventListener("focusout", ({ target }) => {
  if (!target.matches("[data-field]")) return;
  const row = rowOf(target);
  if (row.waits) saver.flush();
  else row.rest();
});
form.addEventListener("click", ({ target }) => {
  const row = rowOf(target);
  if (target.matches("[data-keep]")) row.keepMine();
  else if (target.matches("[data-take]")) row.takeTheirs();
  else return;
  saver.keep(row);
  saver.flush();
  row.fields[0].focus();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (button?.matches("[data-send]")) openSendBox();
  else if (button?.matches("[data-colours]")) showColours();
  else if (button?.matches("[data-zeros]")) zeros(rows);
  else allSaved().then((done) => done && (summary.textContent = words.summary_saved));
});
dialog.addEventListener("click", (event) => {
  if (!event.target.matches("[data-close]")) return;
  event.preventDefault();
  dialog.close();
});
dialog.addEventListener("submit", ({ target }) => {
  for (const button of target.querySelectorAll("button")) setTimeout(() => (button.disabled = true));
});

wireKeys(form, rows, { noCases, send: openSendBox });
takeUp();
form.dataset.ready = "";
