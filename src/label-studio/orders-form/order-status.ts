export interface OrderStatus {
  /** `blank`: nobody has ordered yet; `problem`: the form cannot be understood and may be corrected. */
  readonly state: 'blank' | 'problem' | 'queued' | 'running' | 'paused' | 'completed' | 'failed' | 'cancelled';
  readonly title?: string;
  readonly delivered?: number;
  readonly asked?: number;
  /** The dataset's project in the same Label Studio, once it exists. */
  readonly projectId?: number | null;
  /** What is wrong, why fewer came than were asked for, that a second order in one task is ignored … */
  readonly lines?: readonly string[];
}

const HEADLINES: Record<OrderStatus['state'], string> = {
  blank: 'Fill in the form and press Submit. The dataset is made in the background; this text will say how far it is.',
  problem: 'Nothing is ordered yet. Correct the form and press Update.',
  queued: 'Ordered. Waiting for its turn.',
  running: 'Being made. Open this task again to see how far it is.',
  paused: 'Paused.',
  completed: 'Complete.',
  failed: 'Failed. What was delivered stays.',
  cancelled: 'Cancelled. What was delivered stays.',
};

/** The state of an order as HTML for `task.data.status`; everything that users can name is escaped. */
export function orderStatusHtml(status: OrderStatus): string {
  const { state, title, delivered, asked, projectId, lines = [] } = status;
  const parts = [`<b>${HEADLINES[state]}</b>`];
  if (title) parts.push(escapeHtml(title));
  if (asked !== undefined) parts.push(`${delivered ?? 0} of ${asked} pairs`);
  if (typeof projectId === 'number') parts.push(`<a href="/projects/${projectId}/data" target="_blank">Open the dataset</a>`);
  return [...parts, ...lines.map(escapeHtml)].map((part) => `<p>${part}</p>`).join('');
}

/** The state of an order as one line of plain text, for the list of orders. */
export function orderSummary({ state, title, delivered, asked }: OrderStatus): string {
  const pairs = asked === undefined ? undefined : `${delivered ?? 0} of ${asked} pairs`;
  return [state, title, pairs].filter(Boolean).join(', ');
}

/** Text as HTML that shows it unchanged, also inside a quoted attribute. Line breaks stay. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}
