/* The words of the page, translated by Django and handed over in a JSON script, and figures for people. */

const words = JSON.parse(document.getElementById("map-words").textContent);

/** A sentence by its name, its {holes} filled. */
export function say(name, holes = {}) {
  return words[name].replace(/\{(\w+)\}/g, (_, hole) => holes[hole]);
}

/** `{word, name, letter, key}` of a level by its number. */
export const levelWords = (level) => words.levels[level];

/** How many days, in words: English tells one from many. */
export const sayDays = (count) => say(count === 1 ? "one_day" : "days", { count });

/** 2021-07-12 as 12/07/2021. */
export const sayDate = (iso) => iso.split("-").reverse().join("/");

/** A change with its sign; a true minus. */
export const sayChange = (change) => (change > 0 ? `+${change}` : change < 0 ? `−${-change}` : "0");

/** Letters without marks, lower case, single spaces: "Phường  Đô Vinh" and "do vinh" meet. */
export function fold(text) {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[đĐ]/g, "d")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .trim();
}
