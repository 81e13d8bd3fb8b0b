/* Which area lies next in a direction, for the arrow keys. */

const DIRECTIONS = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};
const WIDEST = Math.cos((65 * Math.PI) / 180);

export const isDirection = (key) => key in DIRECTIONS;

/**
 * The index of the area one step from `from` in the direction of an arrow key, or -1 at the edge.
 * Areas sharing a border come first; over water or a gap, the nearest one that way.
 */
export function areaTowards(areas, from, key) {
  const neighbour = best(areas, from, areas[from].neighbours, DIRECTIONS[key]);
  return neighbour >= 0 ? neighbour : best(areas, from, areas.keys(), DIRECTIONS[key]);
}

/** Nearest by label point, with distance off the direction counted three times. */
function best(areas, from, candidates, [dx, dy]) {
  let found = -1;
  let least = Infinity;
  for (const index of candidates) {
    if (index === from) continue;
    const x = areas[index].x - areas[from].x;
    const y = areas[index].y - areas[from].y;
    const along = x * dx + y * dy;
    const distance = Math.hypot(x, y);
    if (along < WIDEST * distance) continue;
    const cost = along + 3 * Math.abs(x * dy - y * dx);
    if (cost < least) {
      least = cost;
      found = index;
    }
  }
  return found;
}
