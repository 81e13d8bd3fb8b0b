/* From a quantised TopoJSON to areas on a plane.

   The plane is Web Mercator in pixels at PLANE_ZOOM, counted from the north-west corner of the map, so that
   coordinates stay small enough for the 32-bit numbers of a canvas path. One path serves every zoom: the
   canvas transform scales it. */

export const PLANE_ZOOM = 10;
const WORLD = 256 * 2 ** PLANE_ZOOM;

/** Longitude and latitude in degrees to Web Mercator pixels at PLANE_ZOOM. */
export function project(lon, lat) {
  const sine = Math.sin((lat * Math.PI) / 180);
  return [(lon / 360 + 0.5) * WORLD, (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD];
}

/**
 * Decode the arcs and layers of `topology`.
 *
 * Returns `{origin, size, bbox, layers}`: `origin` is the plane position of the corner, `size` the extent,
 * `layers[name]` is `{areas, mesh}` with `mesh` a Path2D of each border once, and an area
 * `{code, name, x, y, radius, box, path, neighbours}`: label point, the free radius around it, bounding box
 * `[left, top, right, bottom]`, Path2D, and the indexes of the areas that share a border with it.
 */
export function decodeTopology(topology) {
  const [west, south, east, north] = topology.bbox;
  const origin = project(west, north);
  const corner = project(east, south);
  const arcs = decodeArcs(topology, origin);
  const layers = {};
  for (const [name, object] of Object.entries(topology.objects)) {
    layers[name] = decodeLayer(object.geometries, arcs, origin);
  }
  return { origin, size: [corner[0] - origin[0], corner[1] - origin[1]], bbox: topology.bbox, layers };
}

function decodeArcs(topology, origin) {
  const [scaleX, scaleY] = topology.transform.scale;
  const [moveX, moveY] = topology.transform.translate;
  return topology.arcs.map((arc) => {
    const points = new Float64Array(arc.length * 2);
    let x = 0;
    let y = 0;
    for (let i = 0; i < arc.length; i++) {
      x += arc[i][0];
      y += arc[i][1];
      const [px, py] = project(x * scaleX + moveX, y * scaleY + moveY);
      points[2 * i] = px - origin[0];
      points[2 * i + 1] = py - origin[1];
    }
    return points;
  });
}

function decodeLayer(geometries, arcs, origin) {
  const usersOfArc = new Map();
  const areas = geometries.map((geometry, index) => {
    const polygons = geometry.type === "Polygon" ? [geometry.arcs] : geometry.arcs;
    const path = new Path2D();
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    const [labelX, labelY] = project(...geometry.properties.label);
    const x = labelX - origin[0];
    const y = labelY - origin[1];
    let nearest = Infinity;
    for (const ring of polygons.flat()) {
      const points = ringPoints(ring, arcs);
      tracePath(path, points, true);
      growBox(box, points);
      nearest = Math.min(nearest, squaredDistance(x, y, points));
      for (const reference of ring) {
        const arc = reference < 0 ? ~reference : reference;
        if (!usersOfArc.has(arc)) usersOfArc.set(arc, []);
        usersOfArc.get(arc).push(index);
      }
    }
    return {
      code: geometry.id,
      name: geometry.properties.name,
      x,
      y,
      radius: Math.sqrt(nearest),
      box,
      path,
      neighbours: new Set(),
    };
  });
  const mesh = new Path2D();
  for (const [arc, users] of usersOfArc) {
    tracePath(mesh, arcs[arc], false);
    const [one, other] = users;
    if (users.length === 2 && one !== other) {
      areas[one].neighbours.add(other);
      areas[other].neighbours.add(one);
    }
  }
  return { areas, mesh };
}

function ringPoints(ring, arcs) {
  const points = [];
  for (const reference of ring) {
    const arc = arcs[reference < 0 ? ~reference : reference];
    const count = arc.length / 2;
    // The first point of an arc repeats the last of the one before.
    for (let i = points.length ? 1 : 0; i < count; i++) {
      const at = reference < 0 ? count - 1 - i : i;
      points.push(arc[2 * at], arc[2 * at + 1]);
    }
  }
  return points;
}

function tracePath(path, points, closed) {
  path.moveTo(points[0], points[1]);
  for (let i = 2; i < points.length; i += 2) path.lineTo(points[i], points[i + 1]);
  if (closed) path.closePath();
}

function growBox(box, points) {
  for (let i = 0; i < points.length; i += 2) {
    if (points[i] < box[0]) box[0] = points[i];
    if (points[i + 1] < box[1]) box[1] = points[i + 1];
    if (points[i] > box[2]) box[2] = points[i];
    if (points[i + 1] > box[3]) box[3] = points[i + 1];
  }
}

/** The squared distance from a point to the nearest edge of a ring. */
function squaredDistance(x, y, points) {
  let best = Infinity;
  let ax = points[points.length - 2];
  let ay = points[points.length - 1];
  for (let i = 0; i < points.length; i += 2) {
    const bx = points[i];
    const by = points[i + 1];
    const dx = bx - ax;
    const dy = by - ay;
    const length = dx * dx + dy * dy;
    const t = length ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
    const ex = x - ax - t * dx;
    const ey = y - ay - t * dy;
    best = Math.min(best, ex * ex + ey * ey);
    ax = bx;
    ay = by;
  }
  return best;
}
