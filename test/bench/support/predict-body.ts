import { LABEL_CONFIG, type LabellingProject } from './labelling-project.ts';

/**
 * Body of a /predict for one new task of that seed, as Label Studio sends it. `uid`: the project as Label Studio names it to backends; `padding`: JSON
 * that stands where an annotation's runs do.
 */
export function predictBody(project: LabellingProject, uid: string, seed: number, padding = '[]'): string {
  const { id: generator, psi, cutoff } = project.generator;
  const meta = { datasetgan: { generator, seed, class: null, psi, cutoff } };
  const task = `{"id":${10_000_000 + seed},"data":{"image":"/data/upload/x.png"},"meta":${JSON.stringify(meta)},"annotations":[{"result":[{"value":{"rle":${padding}}}]}]}`;
  return `{"tasks":[${task}],"project":"${uid}","label_config":${JSON.stringify(LABEL_CONFIG)},"params":{"context":null}}`;
}
