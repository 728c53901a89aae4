import { z } from 'zod';
import type { Upload } from '../../../label-studio/client/uploads.ts';
import type { Order } from '../../../store/schema.ts';
import { storedJson } from '../../../store/stored-json.ts';

/**
 * What an order's task shows of its dataset, besides words. It is uploaded into the source project, where every browser that sees the task can see it;
 * the orders project itself takes no files, because its tasks have several data keys.
 */
export interface ShownResults {
  /** `first`: of the first shard; `whole N`: of all N parts. */
  readonly stage: string;
  readonly preview?: Pick<Upload, 'id' | 'path'>;
  readonly report?: Pick<Upload, 'id' | 'path'>;
  /** Each label and its colour in the preview. */
  readonly colours: readonly (readonly [label: string, colour: string])[];
}

const UPLOAD = z.looseObject({ id: z.number(), path: z.string() });

const SHOWN: z.ZodType<ShownResults> = z.looseObject({
  stage: z.string(),
  preview: UPLOAD.exactOptional(),
  report: UPLOAD.exactOptional(),
  colours: z.array(z.tuple([z.string(), z.string()])),
});

/** What an order's task shows; null: nothing yet. @throws DatasetGanError `damaged-record` */
export function shownOf({ task_id: task, shown }: Pick<Order, 'task_id' | 'shown'>): ShownResults | null {
  return shown === null ? null : storedJson(SHOWN, shown, `the results that the order of task ${task} shows`);
}

/** What is in the source project for an order. @throws DatasetGanError `damaged-record` */
export function uploadsOf(order: Pick<Order, 'task_id' | 'shown'>): Pick<Upload, 'id' | 'path'>[] {
  const { preview, report } = shownOf(order) ?? {};
  return [preview, report].filter((upload) => upload !== undefined);
}
