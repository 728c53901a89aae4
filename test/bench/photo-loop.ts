/**
 * The loop on photographs as an annotator meets it: a real Label Studio, 116 photographs of cars, EfficientNet-Lite2 at 512 px. Seconds from the submit of
 * the sixteenth annotation until its version is the current one, and until Label Studio has its predictions of the 100 other photographs, which gives the
 * time of 1,000; and the peak memory of the server. Needs the packages of the backbones and the photographs (test/support/needs.ts).
 *
 *     npm run bench:photo-loop
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ProjectDetail } from '../../src/api/answers.ts';
import { createAnnotation } from '../../src/label-studio/client/annotations.ts';
import { createMlBackend } from '../../src/label-studio/client/ml-backends.ts';
import { createProject } from '../../src/label-studio/client/projects.ts';
import { notAnnotated, predictedBy } from '../../src/label-studio/client/task-query.ts';
import { countTasks, createTask } from '../../src/label-studio/client/tasks.ts';
import { uploadFiles } from '../../src/label-studio/client/uploads.ts';
import { Connection } from '../../src/label-studio/connection/connection.ts';
import { parseLabelConfig } from '../../src/label-studio/label-config/parse-label-config.ts';
import { liteBackbone } from '../../src/photos/efficientnet-lite/lite-backbone.ts';
import { PUBLISHED_BACKBONES, USUAL_BACKBONE } from '../../src/photos/published-backbones.ts';
import { writeBackbone } from '../../src/photos/write-backbone.ts';
import { paintedRegions } from '../support/annotator.ts';
import { has, NEEDS, WHEELS, wheelOf } from '../support/needs.ts';
import { startRealLabelStudio } from '../support/real-label-studio.ts';
import { carParts } from './support/labelled-photos.ts';
import { startServer } from './support/labelling-project.ts';
import { machine, report } from './support/report.ts';
import { peakOf } from './support/server-memory.ts';

const NAME = USUAL_BACKBONE;
const ANNOTATED = 16;
const OTHERS = 100;

for (const need of ['wheels', 'photos'] as const)
  if (!has(need)) {
    console.log(`This bench needs ${NEEDS[need].what}: ${NEEDS[need].get}.`);
    process.exit(1);
  }

const folder = mkdtempSync(join(tmpdir(), 'datasetgan-bench-photo-loop-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const { onnx, description } = liteBackbone(NAME, readFileSync(join(WHEELS, wheelOf(NAME))), PUBLISHED_BACKBONES[NAME]!);
await writeBackbone(join(folder, 'data/backbones'), onnx, description);
const { names, photos } = carParts();
const xml = `<View><Image name="image" value="$image"/><BrushLabels name="tag" toName="image">${names
  .slice(1)
  .map((name) => `<Label value="${name}"/>`)
  .join('')}</BrushLabels></View>`;
const config = parseLabelConfig(xml);

const labelStudio = await startRealLabelStudio();
const key = labelStudio.personalAccessToken;
const connection = new Connection({ base: labelStudio.url, key });
const server = await startServer(join(folder, 'data'), labelStudio.url, key);
try {
  const { id } = await createProject(connection, { title: 'Cars', label_config: xml });
  const tasks: number[] = [];
  for (const { file } of photos.slice(0, ANNOTATED + OTHERS)) {
    const [upload] = await uploadFiles(connection, id, [
      { name: basename(file).slice(-60), bytes: readFileSync(file), type: 'image/jpeg' },
    ]);
    tasks.push((await createTask(connection, id, { data: { image: upload!.path } })).id);
  }
  const connected = performance.now();
  await createMlBackend(connection, id, { url: server.url, title: 'DatasetGAN', extra_params: { source: 'photos' } });
  const detail = async () => (await (await fetch(`${server.url}/api/projects/${id}`)).json()) as ProjectDetail;
  const idle = async () => {
    while ((await detail()).jobs.some(({ state }) => state === 'queued' || state === 'running')) await wait(200);
  };
  // Until it is connected, the answer is an error.
  while (!((await detail()).seededTasks >= tasks.length)) await wait(200);
  await idle();
  const read = (performance.now() - connected) / 1000;
  const annotate = async (index: number) => {
    const result = paintedRegions(config, photos[index]!.map);
    const began = performance.now();
    await createAnnotation(connection, tasks[index]!, { result, lead_time: 60 });
    return began;
  };
  for (let index = 0; index < ANNOTATED - 1; index++) await annotate(index);
  while ((await detail()).versions[0]?.annotatedImages !== ANNOTATED - 1) await wait(200);
  await idle();
  const before = (await detail()).currentVersion;
  const began = await annotate(ANNOTATED - 1);
  const since = () => (performance.now() - began) / 1000;
  let version = before;
  while (version === before || version === null) {
    await wait(50);
    version = (await detail()).currentVersion;
  }
  const swapped = since();
  while ((await countTasks(connection, id, [notAnnotated, predictedBy(version)])) < OTHERS) await wait(250);
  const all = since() - swapped;
  console.log(`photo loop: ${NAME} at 512 px, ${tasks.length} photographs of cars, 18 parts; ${machine()}`);
  report(`connected -> all ${tasks.length} read, features learnt`, read, 60, 's');
  report(`${ANNOTATED} annotated: submit -> version swapped`, swapped, 3, 's');
  report(`-> Label Studio has ${OTHERS} other predictions`, all, 60, 's');
  report('1,000 photographs re-predicted, scaled from that', (10 * all) / 60, 10, 'min');
  report('peak memory of the server', (await peakOf(server.child.pid!)) / 1e9, 2, 'GB');
} finally {
  server.child.kill('SIGTERM');
  await labelStudio.stop();
}
