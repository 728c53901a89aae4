/**
 * The known name that a mistyped one most likely stands for: the one with the fewest insertions, deletions, replacements and swaps of
 * neighbours (optimal string alignment), at most a third of its characters. Case, `-`, `_` and spaces do not count, so that `seedTasks` finds `seed_tasks`.
 * @returns the first of the nearest; undefined where none is near
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const asked = bare(name);
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const meant = bare(candidate);
    const most = Math.floor(meant.length / 3);
    // Also bounds the work: a name may be a megabyte long.
    if (Math.abs(asked.length - meant.length) > most) continue;
    const distance = editDistance(asked, meant);
    if (distance > most || distance >= least) continue;
    least = distance;
    nearest = candidate;
  }
  return nearest;
}

/** `unknown key 'seed_task'; did you mean 'seed_tasks'?`, or where none is near, `unknown key 'x'; known: seed_tasks, psi`. */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  const shown = name.length <= LONGEST_SHOWN ? name : `${name.slice(0, LONGEST_SHOWN)}…`;
  const hint = nearest === undefined ? `known: ${known.join(', ') || 'none'}` : `did you mean '${nearest}'?`;
  return `unknown ${kind} '${shown}'; ${hint}`;
}

/** Characters of a name in a message. */
const LONGEST_SHOWN = 40;

function bare(name: string): string {
  return name.toLowerCase().replace(/[-_\s]/g, '');
}

function editDistance(a: string, b: string): number {
  // Row i holds the distances of the first i characters of a to the first j of b.
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (same ? 0 : 1), swapped ? before[j - 2]! + 1 : Infinity);
    }
    before = above;
    above = row;
  }
  return above[b.length]!;
}
