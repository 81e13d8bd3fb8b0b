/* The slider's payload: every area's level on every day of a province.

   A value is one byte: `unapproved << 5 | decided << 4 | provisional << 3 | level`, level 0 (no data) to 4 (very
   high). */

export const PROVISIONAL = 8;
const DECIDED = 16;
const UNAPPROVED = 32;
const DAY_MS = 86_400_000;

export const levelOf = (value) => value & 7;
export const isProvisional = (value) => (value & PROVISIONAL) !== 0;
export const isDecided = (value) => (value & DECIDED) !== 0;
export const isUnapproved = (value) => (value & UNAPPROVED) !== 0;

const dayNumber = (iso) => Math.round(Date.parse(`${iso}T00:00:00Z`) / DAY_MS);

/**
 * Decode the frames asset. `layers[name]` is a `Layer`; days are counted from `firstDay`.
 *
 * `period`: the days to count instead of the asset's own, so that two assets stand on the same days; those
 * the asset does not have are without levels.
 */
export function decodeFrames(asset, period = { firstDay: asset.first_day, lastDay: asset.last_day }) {
  const first = dayNumber(period.firstDay);
  const days = dayNumber(period.lastDay) - first + 1;
  const ownDays = dayNumber(asset.last_day) - dayNumber(asset.first_day) + 1;
  const shift = dayNumber(asset.first_day) - first;
  const layers = {};
  const written = [];
  for (const [name, layer] of Object.entries(asset.layers)) {
    const codes = layer.codes ? layer.codes.split(" ") : [];
    const own = decodeRuns(layer.runs, codes.length, ownDays);
    for (const [marked, bit] of [[asset.decided, DECIDED], [asset.unapproved, UNAPPROVED]]) {
      for (const [area, from, until] of marked?.[name] ?? []) {
        for (let at = area * ownDays + from; at <= area * ownDays + until; at++) own[at] |= bit;
      }
    }
    layers[name] = new Layer(codes, days, ownDays === days && !shift ? own : moveDays(own, ownDays, shift, days));
  }
  return {
    firstDay: period.firstDay,
    lastDay: period.lastDay,
    days,
    levelKeys: asset.levels,
    layers,
    isoDay: (day) => (written[day] ??= new Date((first + day) * DAY_MS).toISOString().slice(0, 10)),
    /** The number of an ISO date, or -1 when it is no date or lies outside. */
    dayOf(iso) {
      if (!/^\d{4}-\d\d-\d\d$/.test(iso)) return -1;
      const day = dayNumber(iso) - first;
      return day >= 0 && day < days ? day : -1;
    },
  };
}

/** Runs of `length << 4 | provisional << 3 | level` as LEB128 in base64, area by area, to areas × days bytes. */
function decodeRuns(base64, areas, days) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const values = new Uint8Array(areas * days);
  let filled = 0;
  for (let at = 0; at < bytes.length; ) {
    let run = 0;
    let shift = 0;
    let byte;
    do {
      byte = bytes[at++];
      run += (byte & 127) * 2 ** shift;
      shift += 7;
    } while (byte & 128);
    const length = Math.floor(run / 16);
    values.fill(run & 15, filled, filled + length);
    filled += length;
  }
  if (filled !== values.length) throw new Error(`frames: ${filled} of ${values.length} area-days`);
  return values;
}

/** The rows of `own` (areas × `ownDays`) on `days` days, their first being day `shift`; 0 around them. */
function moveDays(own, ownDays, shift, days) {
  const areas = own.length / ownDays;
  const moved = new Uint8Array(areas * days);
  const from = Math.max(0, -shift);
  const until = Math.min(ownDays, days - shift);
  if (until <= from) return moved;
  for (let area = 0; area < areas; area++) {
    moved.set(own.subarray(area * ownDays + from, area * ownDays + until), area * days + shift + from);
  }
  return moved;
}

class Layer {
  constructor(codes, days, values) {
    this.codes = codes;
    this.days = days;
    this.values = values;
    this.indexOf = new Map(codes.map((code, index) => [code, index]));
  }

  valueOn(index, day) {
    return this.values[index * this.days + day];
  }

  /** Since which day the area has had, without a break, the level it has on `day`. */
  sinceDay(index, day) {
    const row = index * this.days;
    const level = levelOf(this.values[row + day]);
    let since = day;
    while (since > 0 && levelOf(this.values[row + since - 1]) === level) since--;
    return since;
  }

  /** How many areas have each level on `day`, by level; then how many are provisional, decided and unapproved. */
  totalsOn(day) {
    const totals = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let at = day; at < this.values.length; at += this.days) {
      totals[levelOf(this.values[at])]++;
      if (isProvisional(this.values[at])) totals[5]++;
      if (isDecided(this.values[at])) totals[6]++;
      if (isUnapproved(this.values[at])) totals[7]++;
    }
    return totals;
  }
}
