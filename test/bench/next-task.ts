/**
 * What an annotator sees who submits and goes on, in the real editor: of ten submits, after how many the label stream opens the next task with the
 * prediction of the version that came of it, without a reload; and how long after the submit.
 *
 *     npm run bench:next-task
 */
import { setTimeout as wait } from 'node:timers/promises';
import { launchBrowser, openLabelStudio } from '../support/browser.ts';
import { afterTask, editorState, submitAnnotation } from '../support/editor.ts';
import { startLabellingProject } from './support/labelling-project.ts';
import { machine, median, report } from './support/report.ts';

const SUBMITS = 10;
/** Somebody looks at a picture for some seconds before they submit it. */
const LOOKS_MS = 5000;

const project = await startLabellingProject({ seedTasks: SUBMITS + 10 });
const browser = await launchBrowser();
try {
  const current = async () => (await project.detail()).currentVersion;
  const changedFrom = async (before: string | null) => {
    for (;;) {
      const version = await current();
      if (version !== before) return version;
      await wait(50);
    }
  };
  await project.annotate(project.tasks[0]!);
  await changedFrom(null);
  const page = await openLabelStudio(browser, project.labelStudio);
  page.setDefaultTimeout(120_000);
  await page.goto(`${project.labelStudio.url}/projects/${project.id}/data?labeling=1`);
  let shown = 0;
  const seconds: number[] = [];
  for (let submit = 0; submit < SUBMITS; submit++) {
    const { task } = await editorState(page);
    await wait(LOOKS_MS);
    const before = await current();
    const began = performance.now();
    await submitAnnotation(page);
    await afterTask(page, task);
    const { versions } = await editorState(page);
    seconds.push((performance.now() - began) / 1000);
    const version = await changedFrom(before);
    if (version !== null && versions.includes(version)) shown++;
  }
  console.log(`next task: portraits-256 in the real editor; ${machine()}`);
  report('next tasks that open with the new version', shown, 9, 'of 10', 'more');
  report('submit -> the next task is open', median(seconds), 4, 's');
} finally {
  await browser.close();
  await project.stop();
}
