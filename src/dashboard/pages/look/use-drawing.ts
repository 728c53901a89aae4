import { useMemo, useState } from 'preact/hooks';
import type { ProjectDetail, VersionSummary } from '../../../api/answers.ts';
import { texts } from '../../texts.ts';
import type { Drawing } from './drawing.ts';
import { type ShownLabel, shownLabels } from './label-colours.ts';
import { type LookQuery, TRUTH } from './look-query.ts';
import type { LookSettings } from './look-settings.ts';
import { parseColour } from './parse-colour.ts';
import { nameOfVersion } from './version-name.ts';

/** How the project's pictures are drawn, and how to change what of it is the reader's choice. */
export function useDrawing(
  project: ProjectDetail,
  versions: readonly VersionSummary[],
  { version, beside }: LookQuery,
): [Drawing, (settings: LookSettings) => void] {
  const { labels, keypoints, colours, currentVersion } = project;
  const [settings, setSettings] = useState<LookSettings>(() => ({
    layer: 'masks',
    opacity: 0.6,
    hidden: new Set(labels.slice(0, 1)),
    keypoints: true,
  }));
  const key = JSON.stringify([labels, keypoints, colours]);
  const shown = useMemo(() => shownLabels({ labels, keypoints, colours }, parseColour), [key]);
  const keypointLabels = useMemo(
    (): readonly ShownLabel[] =>
      keypoints.map((name, index) => ({ name, colour: parseColour(colours.keypoints[index] ?? ''), isBackground: false })),
    [key],
  );
  const first = version ?? currentVersion ?? undefined;
  const sides = [first, first === undefined ? undefined : beside].filter((side) => side !== undefined);
  const nameOf = (side: string) => {
    if (side === TRUTH) return texts.look.truth;
    const found = versions.find(({ id }) => id === side);
    return found === undefined ? side : nameOfVersion(found);
  };
  return [{ ...settings, labels: shown, keypointLabels, sides, nameOf }, setSettings];
}
