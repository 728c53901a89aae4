const MIRRORED: Readonly<Record<string, string>> = { left: 'right', right: 'left', l: 'r', r: 'l' };

/**
 * What each keypoint becomes when a picture is mirrored, by names with left and right (or l and r) as a word: `left_eye`, `Eye, right`, `earL`. A
 * keypoint whose name says no side stays what it is.
 * @returns by index, the index of the mirrored keypoint; undefined where no name says a side, or one has no partner or several
 */
export function flipIndex(names: readonly string[]): number[] | undefined {
  const words = names.map(wordsOf);
  const keys = words.map((own) => own.join(' '));
  const sided = words.map((own) => own.some((word) => word in MIRRORED));
  if (!sided.includes(true)) return undefined;
  const flipped: number[] = [];
  for (const [index, own] of words.entries()) {
    const wanted = own.map((word) => MIRRORED[word] ?? word).join(' ');
    const partners = sided[index] ? [...keys.keys()].filter((other) => keys[other] === wanted) : [index];
    if (partners.length !== 1) return undefined;
    flipped.push(partners[0]!);
  }
  // Two names of the same words share a partner: then it is none of either.
  return new Set(flipped).size === names.length ? flipped : undefined;
}

/** In lower case: `leftEye` and `LEFT-EYE` are `left`, `eye`. */
function wordsOf(name: string): string[] {
  const apart = name.replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2');
  return apart.toLowerCase().match(/\p{L}+|\p{N}+/gu) ?? [];
}
