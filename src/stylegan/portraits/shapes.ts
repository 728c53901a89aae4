/** Signed distances, about: negative inside, in the coordinates of the picture. */

/** Beyond this distance from an outline only the side matters: over half a pixel plus half the widest rim. */
const FAR = 0.03;

/**
 * Superellipse: (n - 1) min(rx, ry), n = ((|x - cx|/rx + 1e-6)^p + (|y - cy|/ry + 1e-6)^p)^(1/p), p >= 1. Since max(u, v) <= n <= u + v, powers are
 * only taken near the outline; elsewhere the bound stands in for the distance, on the same side and over FAR away.
 */
export function ellipse(x: number, y: number, cx: number, cy: number, rx: number, ry: number, power = 2): number {
  const u = Math.abs(x - cx) / rx + 1e-6;
  const v = Math.abs(y - cy) / ry + 1e-6;
  const scale = Math.min(rx, ry);
  const outside = (Math.max(u, v) - 1) * scale;
  if (outside > FAR) return outside;
  const inside = (u + v - 1) * scale;
  if (inside < -FAR) return inside;
  const n = power === 2 ? Math.sqrt(u * u + v * v) : (u ** power + v ** power) ** (1 / power);
  return (n - 1) * scale;
}

/** Rectangle with rounded corners about (cx, cy); halfX and halfY include the radius. */
export function box(x: number, y: number, cx: number, cy: number, halfX: number, halfY: number, radius: number): number {
  const qx = Math.abs(x - cx) - halfX + radius;
  const qy = Math.abs(y - cy) - halfY + radius;
  const ox = Math.max(qx, 0);
  const oy = Math.max(qy, 0);
  return Math.sqrt(ox * ox + oy * oy + 1e-9) + Math.min(Math.max(qx, qy), 0) - radius;
}
