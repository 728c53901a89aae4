const MIRRORED: Readonly<Record<string, string>> = { left: 'right', right: 'left', l: 'r', r: 'l' };
const SIDE = /left|right/i;

/**
 * What each keypoint becomes when a picture is mirrored, by names with left and right (or l and r) as a word: `left_eye`, `Eye, right`, `earL`, `leftear`. A
 * keypoint whose name says no side stays what it is.
 * @returns by index, the index of the mirrored keypoint; undefined where no name says a side, or one has no partner or several
 */
export function flipIndex(names: readonly string[]): number[] | undefined {
  return wordsOfAll(names).some(isSided) ? mirrorIndex(names) : undefined;
}

/** As flipIndex, but names of which none says a side stay what they are. @returns undefined where one that says a side has no partner, or several */
export function mirrorIndex(names: readonly string[]): number[] | undefined {
  const words = wordsOfAll(names);
  const keys = words.map((own) => own.join(' '));
  const sided = words.map(isSided);
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

const isSided = (words: readonly string[]): boolean => words.some((word) => word in MIRRORED);

/** `leftear` is two words where there is a `rightear`. */
function wordsOfAll(names: readonly string[]): string[][] {
  const known = new Set(names.map((name) => name.toLowerCase()));
  return names.map((name) => {
    const mirrored = name.toLowerCase().replace(SIDE, (side) => MIRRORED[side]!);
    return wordsOf(known.has(mirrored) ? name.replace(SIDE, ' $& ') : name);
  });
}

/** In lower case: `leftEye` and `LEFT-EYE` are `left`, `eye`. */
function wordsOf(name: string): string[] {
  const apart = name.replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2');
  return apart.toLowerCase().match(/\p{L}+|\p{N}+/gu) ?? [];
}
