import type { KeypointCurve, LearningCurve } from '../../../api/answers.ts';

/** Figures by number of annotated pictures; null where a line has none. */
export interface CurveLines {
  readonly x: readonly number[];
  readonly measured: readonly (number | null)[];
  readonly expected: readonly (number | null)[];
  /** Bounds of the forecast. */
  readonly upper: readonly (number | null)[];
  readonly lower: readonly (number | null)[];
}

/** The measured mIoU (0 … 1), and from its last point on what more pictures are expected to bring. */
export function curveLines(curve: LearningCurve): CurveLines {
  const last = curve.at(-1);
  const measured = curve.map(({ mIoU }) => mIoU);
  const x = curve.map(({ annotatedImages }) => annotatedImages);
  const { forecast } = last ?? { forecast: null };
  if (last === undefined || forecast === null) {
    const none = x.map(() => null);
    return { x, measured, expected: none, upper: none, lower: none };
  }
  const before = x.slice(1).map(() => null);
  const to = (gain: number) => [...before, last.mIoU, Math.min(1, Math.max(0, last.mIoU + gain))];
  return {
    x: [...x, last.annotatedImages + forecast.more],
    measured: [...measured, null],
    expected: to(forecast.gain),
    upper: to(forecast.interval[1]),
    lower: to(forecast.interval[0]),
  };
}

export interface NamedLine {
  readonly name: string;
  readonly y: readonly (number | null)[];
  /** Place among the project's labels or keypoints; -1 for one that the label config no longer has. */
  readonly index: number;
}

/** IoU of each label by number of annotated pictures, the project's labels first; labels that were never measured have no line. */
export function labelLines(curve: LearningCurve, labels: readonly string[]): readonly NamedLine[] {
  return linesOf(
    curve.map(({ iou }) => iou),
    labels,
  );
}

/** Share of each keypoint that is found, by number of annotated pictures. */
export function keypointLines(curve: KeypointCurve, names: readonly string[]): readonly NamedLine[] {
  return linesOf(
    curve.map(({ keypoints }) => Object.fromEntries(Object.entries(keypoints).map(([name, { pck }]) => [name, pck]))),
    names,
  );
}

function linesOf(points: readonly Readonly<Record<string, number | null>>[], known: readonly string[]): readonly NamedLine[] {
  const names = new Set([...known, ...points.flatMap(Object.keys)]);
  return [...names].flatMap((name) => {
    const y = points.map((values) => (Object.hasOwn(values, name) ? values[name]! : null));
    return y.every((value) => value === null) ? [] : [{ name, y, index: known.indexOf(name) }];
  });
}
