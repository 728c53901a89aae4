import type { OrderRules } from '../../../api/requests.ts';
import { DatasetGanError } from '../../../errors.ts';
import { slipThreshold } from '../../../interpreter/sampling/slips.ts';
import type { VersionRecord } from '../../../interpreter/versions/version.ts';
import { nearestName } from '../../../nearest-name.ts';
import type { Rules } from '../../../synthesis/rules.ts';

type Size = { readonly width: number; readonly height: number };
type OrderedVersion = Pick<VersionRecord, 'id' | 'labels' | 'annotatedLabels' | 'images' | 'keypoints'>;

/**
 * An order's rules in the labels of its version, with every threshold a number, as they stand in the plan.
 * @param size of the masks
 * @param sparse annotated pixels say nothing of areas, because unlabelled ones are unknown
 * @throws DatasetGanError `bad-request` for a label or keypoint that the version does not have or never saw, and for ranges that nothing can keep
 */
export function planRules(
  { present, areas = {}, areaFactor, pieces, nearest }: OrderRules,
  version: OrderedVersion,
  size: Size,
  sparse: boolean,
): Rules {
  const { names = [], annotatedKeypoints = [] } = version.keypoints ?? {};
  const indexOf = (text: string) => {
    const index = version.labels.indexOf(text);
    if (index !== -1) return index;
    if (!names.includes(text)) throw unknownLabel(text, version);
    throw refuse(`'${text}' is a keypoint: it has no area and no pieces.`, "Name it in 'present', or name a label.");
  };
  const asked = [...new Set(present)].map((text) => ({
    text,
    label: version.labels.indexOf(text),
    keypoint: names.indexOf(text),
  }));
  for (const { text, label, keypoint } of asked) {
    if (label === -1 && keypoint === -1) throw unknownLabel(text, version);
    if (label !== -1 && !version.annotatedLabels.includes(label))
      throw refuse(
        `No mask can show '${text}': version ${version.id} was trained without it.`,
        'Annotate this label, or remove it from the order.',
      );
    if (keypoint !== -1 && !annotatedKeypoints.includes(keypoint))
      throw refuse(
        `No picture can show the keypoint '${text}': version ${version.id} was trained without it.`,
        'Annotate this keypoint, or remove it from the order.',
      );
  }
  const mustShow = asked.flatMap(({ label }) => (label === -1 ? [] : [label]));
  const mustSee = asked.flatMap(({ keypoint }) => (keypoint === -1 ? [] : [keypoint]));
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
    ...(mustShow.length === 0 ? {} : { present: mustShow }),
    ...(mustSee.length === 0 ? {} : { visible: mustSee }),
    ...(ranges.size === 0 ? {} : { areas: [...ranges].map(([label, range]) => ({ label, ...range })) }),
    ...(most.length === 0 ? {} : { pieces: most }),
    ...(nearest === undefined ? {} : { nearest }),
  };
}

function unknownLabel(text: string, { id, labels, keypoints }: OrderedVersion): DatasetGanError {
  const names = keypoints?.names ?? [];
  const nearest = nearestName(text, [...labels, ...names]);
  const hint = nearest === undefined ? '' : `Did you mean '${nearest}'? `;
  const points = names.length === 0 ? '' : ` Its keypoints are: ${names.join(', ')}.`;
  return refuse(
    `Version ${id} has no ${names.length === 0 ? 'label' : 'label or keypoint'} '${text}'.`,
    `${hint}Its labels are: ${labels.join(', ')}.${points}`,
  );
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
  // Boxes do not tell how large a part is.
  const painted = images.filter(({ boxes }) => boxes === undefined);
  return annotatedLabels.flatMap((label) => {
    const shares = painted.map(({ labelPixels }) => labelPixels[label]! / (width * height)).filter((share) => share > 0);
    if (shares.length === 0) return [];
    return [[label, { least: Math.min(...shares) / factor, most: Math.min(1, Math.max(...shares) * factor) }]];
  });
}

const refuse = (message: string, fix: string) => new DatasetGanError('bad-request', message, { fix });
