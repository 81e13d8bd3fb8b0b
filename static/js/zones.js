/* Recognised green zones by day: asked for once, when the map is there already. */

/**
 * Read the answer of /api/v1/zones/. `layers`: by name, `{indexOf}` from code to index; `dayOf(iso)`: the number of
 * a day, -1 outside the period, whose first day is `firstDay` (ISO).
 * Returns `{on(layer, day), has(code, day)}`: the indexes of the zones, and whether an area is one.
 */
export function readZones({ zones }, layers, { dayOf, firstDay }) {
  const spans = new Map();
  for (const zone of zones) {
    const first = zone.first_day < firstDay ? 0 : dayOf(zone.first_day);
    const last = zone.last_day ? dayOf(zone.last_day) : Infinity;
    // What began after the period, or ended before it, is on none of its days.
    if (first < 0 || (zone.last_day && zone.last_day < firstDay)) continue;
    if (!spans.has(zone.code)) spans.set(zone.code, []);
    spans.get(zone.code).push([first, last < 0 ? Infinity : last]);
  }
  const has = (code, day) => (spans.get(code) ?? []).some(([first, last]) => first <= day && day <= last);
  return {
    has,
    on(layer, day) {
      const { indexOf } = layers[layer];
      return [...spans.keys()].filter((code) => indexOf.has(code) && has(code, day)).map((code) => indexOf.get(code));
    },
  };
}
