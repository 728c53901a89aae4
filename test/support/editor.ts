import type { Page } from 'playwright-core';

/** What Label Studio's editor says of itself. */
interface Editor {
  readonly task?: { readonly id: number };
  readonly annotationStore: {
    readonly selected: { readonly type: string; readonly regions: readonly { readonly labels: readonly string[] }[] };
    /** `createdBy`: the model version. */
    readonly predictions: readonly { readonly createdBy: string }[];
  };
}

export interface EditorState {
  readonly task: number;
  /** `annotation` or `prediction`. */
  readonly type: string;
  /** Model versions of the predictions that came with the task. */
  readonly versions: readonly string[];
  /** First label of each region. */
  readonly labels: readonly string[];
}

/** Waits for the editor to have its picture, and says what it shows. */
export async function editorState(page: Page): Promise<EditorState> {
  await page.getByAltText('image').waitFor();
  await page.locator('canvas').first().waitFor();
  return page.evaluate(() => {
    const { task, annotationStore } = (globalThis as unknown as { Htx: Editor }).Htx;
    const { type, regions } = annotationStore.selected;
    return {
      task: task!.id,
      type,
      versions: annotationStore.predictions.map(({ createdBy }) => createdBy),
      labels: regions.map(({ labels }) => labels[0]!),
    };
  });
}

export const submitAnnotation = (page: Page): Promise<void> =>
  page
    .getByRole('button', { name: /^submit/i })
    .first()
    .click();

/** Waits until the editor has opened another task than this one. */
export async function afterTask(page: Page, task: number): Promise<void> {
  await page.waitForFunction((before) => {
    const id = (globalThis as unknown as { Htx: Editor }).Htx.task?.id;
    return id !== undefined && id !== before;
  }, task);
}
