import type { RuleName, Rules } from '../../../synthesis/rules.ts';

/** A rule as a person calls it. */
export const RULE_TITLES: Readonly<Record<RuleName, string>> = {
  present: 'a class is missing',
  visible: 'a keypoint is missing',
  areas: 'the area of a class is an outlier',
  pieces: 'too many pieces of a class',
  nearest: 'too far from every annotated picture',
};

/** One sentence for each thing that rules ask. */
export function rulesInWords(rules: Rules | undefined, labels: readonly string[], keypoints: readonly string[] = []): string[] {
  if (rules === undefined) return [];
  const { present, visible, areas = [], pieces = [], nearest } = rules;
  return [
    ...(present === undefined ? [] : [`Every mask contains ${present.map((label) => labels[label]).join(', ')}.`]),
    ...(visible === undefined
      ? []
      : [`Every picture shows the keypoints ${visible.map((index) => keypoints[index]).join(', ')}.`]),
    ...areas.map(
      ({ label, least, most }) =>
        `${labels[label]}, where it is present, covers ${percent(least)} to ${percent(most)} of the picture.`,
    ),
    ...pieces.map(({ label, most }) => `${labels[label]} is in at most ${most} ${most === 1 ? 'piece' : 'pieces'}.`),
    ...(nearest === undefined
      ? []
      : [`The nearest annotated picture is at most ${nearest} away (1 is the distance of two random pictures).`]),
  ];
}

export const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;
