/* The two views of the same days: as published and as known now. One is loaded at once, the other when it can be. */

import { decodeFrames, isDecided, isProvisional, isUnapproved, levelOf } from "./frames.js";

export const VIEWS = ["published", "known"];
export const otherView = (view) => (view === "known" ? "published" : "known");

/**
 * The levels of `layers` (areas of the map by layer) on the days from `firstDay` to `lastDay`, seen in a view.
 * `editions`: by ISO day, the number and the time of day of what was published.
 */
export class Levels {
  constructor(layers, period, editions) {
    this.layers = layers;
    this.period = period;
    this.editions = editions;
    this.frames = {};
    this.rows = {};
  }

  /** Take the frames asset of a view. */
  take(view, asset) {
    const frames = decodeFrames(asset, this.period);
    this.frames[view] = frames;
    this.rows[view] = {};
    for (const [name, { areas }] of Object.entries(this.layers)) {
      const { indexOf } = frames.layers[name];
      this.rows[view][name] = Int32Array.from(areas, ({ code }) => indexOf.get(code) ?? -1);
    }
    this.days ??= frames.days;
    this.isoDay ??= frames.isoDay;
    this.dayOf ??= frames.dayOf;
    if (view === "published") {
      this.publishedDays = Object.keys(this.editions).map(frames.dayOf).sort((one, other) => one - other);
    }
  }

  has(view) {
    return view in this.frames;
  }

  /** Fill `values` (a byte an area) with a day. */
  fill(values, view, layer, day) {
    const { values: cells, days } = this.frames[view].layers[layer];
    const rows = this.rows[view][layer];
    for (let i = 0; i < rows.length; i++) values[i] = rows[i] < 0 ? 0 : cells[rows[i] * days + day];
  }

  /** What a view says of an area (by code) on a day: `{level, provisional, decided, unapproved, since}`, `since` a
   *  day number. */
  about(view, layer, code, day) {
    const frames = this.frames[view].layers[layer];
    const row = frames.indexOf.get(code) ?? -1;
    const value = row < 0 || day < 0 ? 0 : frames.valueOn(row, day);
    return {
      level: levelOf(value),
      provisional: isProvisional(value),
      decided: isDecided(value),
      unapproved: isUnapproved(value),
      since: value ? frames.sinceDay(row, day) : day,
    };
  }

  /** How many areas have each level, then how many are provisional, decided and unapproved. */
  totalsOn(view, layer, day) {
    return this.frames[view].layers[layer].totalsOn(day);
  }

  /** The day that `day` is held against: the one before it, or the one published before it; -1 for none. */
  dayBefore(view, day) {
    if (view === "known") return day - 1;
    const place = this.publishedDays.indexOf(day);
    return place > 0 ? this.publishedDays[place - 1] : -1;
  }

  /** `[number, time]` of the edition of a day. */
  editionOf(day) {
    return this.editions[this.isoDay(day)];
  }

  /** Indexes of the areas whose level differs between the views, where both have one. */
  differing(layer, day) {
    const found = [];
    if (!this.has("published") || !this.has("known") || !this.editionOf(day)) return found;
    const [shown, now] = VIEWS.map((view) => this.frames[view].layers[layer]);
    const [shownRows, nowRows] = VIEWS.map((view) => this.rows[view][layer]);
    for (let i = 0; i < shownRows.length; i++) {
      if (shownRows[i] < 0 || nowRows[i] < 0) continue;
      const one = levelOf(shown.valueOn(shownRows[i], day));
      const other = levelOf(now.valueOn(nowRows[i], day));
      if (one && other && one !== other) found.push(i);
    }
    return found;
  }
}
