import type { OrderRules } from '../../../api/requests.ts';
import { DatasetGanError } from '../../../errors.ts';
import { slipThreshold } from '../../../interpreter/sampling/slips.ts';
import type { VersionRecord } from '../../../interpreter/versions/version.ts';
import type { Rules } from '../../../synthesis/rules.ts';

type Size = { readonly width: number; readonly height: number };

/**
 * An order's rules in the labels of its version, with every threshold a number, as they stand in the plan.
 * @param size of the masks
 * @param sparse annotated pixels say nothing of areas, because unlabelled ones are unknown
 * @throws DatasetGanError `bad-request` for a label that the version does not have or never saw, and for ranges that nothing can keep
 */
export function planRules(
  { present, areas = {}, areaFactor, pieces, nearest }: OrderRules,
  version: Pick<VersionRecord, 'id' | 'labels' | 'annotatedLabels' | 'images'>,
  size: Size,
  sparse: boolean,
): Rules {
  const indexOf = (text: string) => {
    const index = version.labels.indexOf(text);
    if (index !== -1) return index;
    throw refuse(`Version ${version.id} has no label '${text}'.`, `Its labels are: ${version.labels.join(', ')}.`);
  };
  const mustShow = present?.map((text) => {
    const label = indexOf(text);
    if (version.annotatedLabels.includes(label)) return label;
    throw refuse(
      `No mask can show '${text}': version ${version.id} was trained without it.`,
      'Annotate this label, or remove it from the order.',
    );
  });
  const ranges = new Map(areaFactor === undefined ? [] : annotatedRanges(version, areaFactor, size, sparse));
  for (const [text, [least, most]] of Object.entries(areas)) {
    if (least > most) throw refuse(`The minimum area of '${text}' is larger than the maximum.`, 'Swap the two numbers.');
    ranges.set(indexOf(text), { least, most });
  }
  const most =
    typeof pieces === 'object'
      ? Object.entries(pieces).map(([text, most]) => ({ label: indexOf(text), most }))
      : // The background is what the other labels leave over: it may lie in any number of pieces.
        version.annotatedLabels.filter((label) => label > 0 && pieces !== undefined).map((label) => ({ label, most: pieces! }));
  return {
    leastPixels: slipThreshold(size),
    ...(mustShow === undefined ? {} : { present: mustShow }),
    ...(ranges.size === 0 ? {} : { areas: [...ranges].map(([label, range]) => ({ label, ...range })) }),
    ...(most.length === 0 ? {} : { pieces: most }),
    ...(nearest === undefined ? {} : { nearest }),
  };
}

/** By label: from smallest / factor to largest · factor of its shares in the annotated pictures that show it. */
function annotatedRanges(
  { images, annotatedLabels }: Pick<VersionRecord, 'images' | 'annotatedLabels'>,
  factor: number,
  { width, height }: Size,
  sparse: boolean,
): [label: number, range: { least: number; most: number }][] {
  if (sparse)
    throw refuse(
      'areaFactor needs full annotations, but in a project with a label Background only some pixels are annotated.',
      'Remove that rule, or order by REST with explicit ranges in rules.areas.',
    );
  return annotatedLabels.flatMap((label) => {
    const shares = images.map(({ labelPixels }) => labelPixels[label]! / (width * height)).filter((share) => share > 0);
    if (shares.length === 0) return [];
    return [[label, { least: Math.min(...shares) / factor, most: Math.min(1, Math.max(...shares) * factor) }]];
  });
}

const refuse = (message: string, fix: string) => new DatasetGanError('bad-request', message, { fix });
