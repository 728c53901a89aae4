import { engineTask } from '../../engine/task.ts';
import { configInLabels } from '../../label-studio/label-config/config-in-labels.ts';
import type { LabelConfig } from '../../label-studio/label-config/label-config.ts';
import { parseLabelConfig } from '../../label-studio/label-config/parse-label-config.ts';
import { regionsOfLabelMap } from '../../label-studio/regions/regions-of-label-map.ts';
import { decodeIndexPng } from '../../masks/png/png.ts';
import type { ExportPair } from '../export-dataset.ts';
import type { ExportFormat } from '../export-format.ts';
import { jsonText } from '../json-text.ts';
import { mapAhead } from '../map-ahead.ts';
import { type ExportFile, utf8 } from '../targets/export-target.ts';

/** Label Studio takes files of 250 MB; it is at its best well below. */
const FILE_CHARACTERS = 30e6;

export interface RegionsInput {
  /** Index PNG. */
  readonly mask: Uint8Array;
  /** In the dataset's labels: the mask's numbers count these. */
  readonly config: LabelConfig;
  /** Goes into the regions' ids. */
  readonly version: string;
  /** The origin of the regions that Label Studio stores. */
  readonly origin: 'prediction' | 'manual';
}

/** Regions of a mask as JSON text, each label drawn by its own control. */
export async function regionsJson({ mask, config, version, origin }: RegionsInput): Promise<string> {
  const regions = regionsOfLabelMap(config, await decodeIndexPng(mask), { version });
  return jsonText(regions.map((region) => ({ ...region, origin })));
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
  },
  async write({ dataset, pairs, target, run }) {
    const { config: xml, version } = dataset.labelling;
    const config = inDatasetLabels(parseLabelConfig(xml), dataset.labels);
    const { imageKey } = config;
    const origin = version === null ? 'manual' : 'prediction';
    const made = mapAhead(pairs, ({ mask, name }) => run(regionsJsonTask, { mask, config, version: version ?? name, origin }));
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
function inDatasetLabels(config: LabelConfig, labels: readonly string[]): LabelConfig {
  const labelTexts = labels.map((text, index) => [text, index] as const).filter(([, index]) => index > 0 || config.sparse);
  return configInLabels(config, { ...config, labels, labelTexts });
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
