import { engineTask } from '../../engine/task.ts';
import { configInLabels } from '../../label-studio/label-config/config-in-labels.ts';
import type { LabelConfig } from '../../label-studio/label-config/label-config.ts';
import { parseLabelConfig } from '../../label-studio/label-config/parse-label-config.ts';
import { isVisibility, OCCLUDED, VISIBILITY } from '../../label-studio/label-config/visibility-choices.ts';
import { descendants, parseXmlTags } from '../../label-studio/label-config/xml-tags.ts';
import type { PredictedRegion } from '../../label-studio/regions/region.ts';
import { regionsOfKeypoints } from '../../label-studio/regions/regions-of-keypoints.ts';
import { regionsOfLabelMap } from '../../label-studio/regions/regions-of-label-map.ts';
import { decodeIndexPng } from '../../masks/png/png.ts';
import type { ExportDataset, ExportPair } from '../export-dataset.ts';
import type { ExportFormat } from '../export-format.ts';
import { jsonText } from '../json-text.ts';
import { mapAhead } from '../map-ahead.ts';
import { type ExportFile, utf8 } from '../targets/export-target.ts';

/** Label Studio takes files of 250 MB; it is at its best well below. */
const FILE_CHARACTERS = 30e6;

export interface RegionsInput {
  /** Index PNG. */
  readonly mask: Uint8Array;
  /** By keypoint index, in pixels of the mask; left out where nothing is known of them. */
  readonly keypoints: ExportPair['keypoints'];
  /** In the dataset's labels and keypoints: numbers count these. */
  readonly config: LabelConfig;
  /** Whether the label config has Choices that say what is occluded. */
  readonly visibility: boolean;
  /** Goes into the regions' ids. */
  readonly version: string;
  /** The origin of the regions that Label Studio stores. */
  readonly origin: 'prediction' | 'manual';
}

/** Regions of a mask and its keypoints as JSON text, each label drawn by its own control. */
export async function regionsJson({ mask, keypoints = [], config, visibility, version, origin }: RegionsInput): Promise<string> {
  const map = await decodeIndexPng(mask);
  const points = keypoints.flatMap((point, keypoint) => (point === null ? [] : [{ keypoint, ...point }]));
  const regions = [
    ...regionsOfLabelMap(config, map, { version }),
    ...points.flatMap(({ occluded = false, score, ...point }) => {
      const drawn = regionsOfKeypoints(config, [{ ...point, score: score ?? 1, spread: 0 }], map, { version });
      // A person is as sure of one point as of another.
      const own = drawn.map(({ score: shown, ...region }) => (score === undefined ? region : { ...region, score: shown }));
      return occluded && visibility ? [...own, ...own.map(hidden)] : own;
    }),
  ];
  return jsonText(regions.map((region) => ({ ...region, origin })));
}

/** What says of a point that something hides it. */
function hidden({ value, ...region }: Omit<PredictedRegion, 'score'>): object {
  return { ...region, from_name: VISIBILITY, type: 'choices', value: { ...value, choices: [OCCLUDED] } };
}
const regionsJsonTask = engineTask(import.meta.url, regionsJson);

/** Tasks to import into a Label Studio that serves the folder as local files. */
export const labelStudio: ExportFormat = {
  title: 'Label Studio JSON',
  kinds: [
    { name: 'pictures', files: 'images/*', type: 'image/png' },
    { name: 'tasks', files: 'tasks-*.json', type: 'application/json' },
  ],
  notes: {
    layout: `- \`tasks-00000.json\`, …: tasks. Import them into a project with the label config \`config.xml\`.
- \`images/\`: the pictures. Tasks refer to them as local files. Start Label Studio with \`LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED=true\` and
  \`LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT\` set to this folder. Add a local storage for \`images\` to the project, without syncing it.`,
    ignored: 'They are in no region.',
    keypoints: `A region of the KeyPointLabels for each that is not absent. x and y are in per cent.
Where the label config has Choices for each region named \`${VISIBILITY}\`, they mark those that are occluded.`,
  },
  async write({ dataset, pairs, target, run }) {
    const { config: xml, version } = dataset.labelling;
    const config = inDatasetLabels(parseLabelConfig(xml), dataset);
    const visibility = descendants(parseXmlTags(xml)).some(isVisibility);
    const { imageKey } = config;
    const origin = version === null ? 'manual' : 'prediction';
    const made = mapAhead(pairs, ({ mask, keypoints, name }) =>
      run(regionsJsonTask, { mask, keypoints, config, visibility, version: version ?? name, origin }),
    );
    let file: ExportFile | undefined;
    let files = 0;
    let characters = 0;
    const close = async () => {
      await file?.append('\n]\n');
      await file?.close();
      file = undefined;
      characters = 0;
    };
    for await (const [pair, regions] of made) {
      await target.write(`images/${pair.name}.${pair.extension}`, pair.image);
      const task = taskJson(pair, imageKey, regions, version);
      file ??= await target.open(`tasks-${String(files++).padStart(5, '0')}.json`);
      await file.append(`${characters === 0 ? '[' : ','}\n${task}`);
      characters += task.length;
      if (characters > FILE_CHARACTERS) await close();
    }
    await close();
    await target.write('config.xml', utf8(xml));
  },
};

/** A label that no control has (any more) is drawn by the preferred one; the background, only where one has a label for it. */
function inDatasetLabels(config: LabelConfig, { labels, keypoints }: Pick<ExportDataset, 'labels' | 'keypoints'>): LabelConfig {
  const indexed = (texts: readonly string[]) => texts.map((text, index) => [text, index] as const);
  const names = keypoints?.names ?? [];
  return configInLabels(config, {
    labels,
    labelTexts: indexed(labels).filter(([, index]) => index > 0 || config.sparse),
    sparse: config.sparse,
    keypoints: names,
    keypointTexts: indexed(names),
  });
}

function taskJson({ name, extension, facts }: ExportPair, imageKey: string, regions: string, version: string | null): string {
  const task = jsonText({
    data: { [imageKey]: `/data/local-files/?d=images/${name}.${extension}` },
    meta: { name, ...facts },
  });
  const { score } = facts;
  const result =
    version === null
      ? `"annotations":[{"result":${regions}}]`
      : `"predictions":[{"model_version":${jsonText(version)},"score":${jsonText(score ?? null)},"result":${regions}}]`;
  return `${task.slice(0, -1)},${result}}`;
}
