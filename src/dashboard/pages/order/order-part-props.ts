import type { OrderDraft } from './order-draft.ts';
import type { DraftErrors } from './read-draft.ts';
import type { Estimate } from './use-estimate.ts';

/** What each part of the form gets. */
export interface OrderPartProps {
  readonly draft: OrderDraft;
  readonly errors: DraftErrors;
  readonly change: (part: Partial<OrderDraft>) => void;
  /** What the server would make of the order as it stands; its defaults stand in the empty fields. */
  readonly estimate: Estimate['answer'];
}
