import type { Upload } from '../../../label-studio/client/uploads.ts';
import type { Order } from '../../../store/schema.ts';

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

/** What lies in the source project for an order. */
export function uploadsOf({ shown }: Pick<Order, 'shown'>): Pick<Upload, 'id' | 'path'>[] {
  const { preview, report } = (shown as unknown as ShownResults | null) ?? {};
  return [preview, report].filter((upload) => upload !== undefined);
}
