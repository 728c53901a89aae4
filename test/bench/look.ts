/**
 * How soon the page shows 24 pictures of new seeds, and how soon what a version sees in them: a real project with a trained version, the page in a
 * headless browser, the first page after the training and the ones after it. Then the first page of a server just started, gone to straight away, and by
 * way of the project's page, at which a reader looks for some seconds.
 *
 *     npm run bench:look -- [pages]
 */
import { setTimeout as wait } from 'node:timers/promises';
import { launchBrowser } from '../support/browser.ts';
import { startLabellingProject } from './support/labelling-project.ts';
import { machine, median, report } from './support/report.ts';

const ANNOTATED = 3;
const PICTURES = 24;
/** What the page is meant to take; masks: at 0.2 s each. */
const PICTURES_ANCHOR_S = 1.5;
const MASKS_ANCHOR_S = 4.8;
const FIRST_SEED = 5_000_000;
const AT_PROJECT_MS = 3000;

const pages = Number(process.argv[2] ?? 5);
const project = await startLabellingProject({ seedTasks: ANNOTATED });
const browser = await launchBrowser();
try {
  for (const task of project.tasks) await project.annotate(task);
  const isReady = async () => {
    const { currentVersion, jobs } = await project.detail();
    return currentVersion !== null && jobs.every(({ state }) => state !== 'queued' && state !== 'running');
  };
  while (!(await isReady())) await wait(500);

  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(120_000);
  const open = (start: number) => page.goto(`${project.url}/#/projects/${project.id}/look?of=seeds&start=${start}`);
  /** Seconds from the address to the last picture, and to the last mask. */
  const timePage = async (start: number) => {
    const began = performance.now();
    await open(start);
    // The page before has the same number of them.
    await page.getByRole('button', { name: `Seed ${start.toLocaleString('en')}:` }).waitFor();
    const until = async (state: string) => {
      await page
        .locator(`.look-gallery canvas${state}`)
        .nth(PICTURES - 1)
        .waitFor({ state: 'attached' });
      return (performance.now() - began) / 1000;
    };
    return { pictures: await until(':not([data-state=waiting])'), masks: await until('[data-state=seen]') };
  };
  const first = await timePage(FIRST_SEED);
  const further = [];
  for (let i = 1; i <= pages; i++) further.push(await timePage(FIRST_SEED + i * PICTURES));

  let start = FIRST_SEED + pages * PICTURES;
  /** The same of a server just started. @param before what the reader does first */
  const timeStarted = async (before: () => Promise<unknown>) => {
    const taken = [];
    for (let i = 0; i < pages; i++) {
      await page.goto('about:blank');
      await project.restart();
      await before();
      start += PICTURES;
      taken.push((await timePage(start)).pictures);
    }
    return median(taken);
  };
  const straight = await timeStarted(() => wait(AT_PROJECT_MS));
  const byProject = await timeStarted(async () => {
    await page.goto(`${project.url}/#/projects/${project.id}`);
    await page.getByRole('link', { name: 'Look at pictures' }).waitFor();
    await wait(AT_PROJECT_MS);
  });

  console.log(`look: a page of ${PICTURES} pictures of portraits-256, median of ${pages}; ${machine()}`);
  report('first page: all pictures', first.pictures, PICTURES_ANCHOR_S, 's');
  report('first page: all masks', first.masks, MASKS_ANCHOR_S, 's');
  report('after a start, straight: all pictures', straight, PICTURES_ANCHOR_S, 's');
  report("after a start, by the project's page: all pictures", byProject, PICTURES_ANCHOR_S, 's');
  report('further pages: all pictures', median(further.map(({ pictures }) => pictures)), PICTURES_ANCHOR_S, 's');
  report('further pages: all masks', median(further.map(({ masks }) => masks)), MASKS_ANCHOR_S, 's');
} finally {
  await browser.close();
  await project.stop();
}
