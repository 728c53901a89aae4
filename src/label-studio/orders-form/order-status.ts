import { escapeHtml } from '../../escape-text.ts';

export interface OrderStatus {
  /** `blank`: nobody has ordered yet; `problem`: the form cannot be understood and may be corrected. */
  readonly state: 'blank' | 'problem' | 'queued' | 'running' | 'paused' | 'completed' | 'failed' | 'cancelled' | 'deleted';
  readonly title?: string;
  readonly delivered?: number;
  readonly asked?: number;
  /** The dataset's project in the same Label Studio, once it exists. */
  readonly projectId?: number | null;
  /** Address of the report, without a host where it is in the same Label Studio. */
  readonly report?: string | undefined;
  /** Address of a picture of some pairs, in the same Label Studio. */
  readonly preview?: string | undefined;
  /** Each label and its colour in that picture, `#rrggbb`. */
  readonly colours?: readonly (readonly [label: string, colour: string])[];
  /** Its files, once they are there: where they are, and addresses of an archive of them, if browsers have some. */
  readonly files?: {
    readonly formats: readonly string[];
    readonly place: string;
    readonly links: { readonly zip: string; readonly tar: string } | null;
    /** Where the links lead to, unless it was said that browsers reach it. */
    readonly unsure?: string;
  };
  /** What is wrong, why fewer came than were asked for, that a second order in one task is ignored … */
  readonly lines?: readonly string[];
}

const HEADLINES: Record<OrderStatus['state'], string> = {
  blank:
    'Fill in the form and press Submit. The server checks the order a few seconds later. Then open this task again: it shows the progress of the dataset, or what is wrong with the order.',
  problem:
    'Nothing is ordered yet. Correct the form and press Update: the server checks it again only then. To repeat the same order, use the blank order.',
  queued: 'Ordered. Waiting for its turn.',
  running: 'In progress. Open this task again to see the progress. Delete the task to cancel the order.',
  paused: 'Paused.',
  completed: 'Complete.',
  failed: 'Failed. Delivered pairs are kept.',
  cancelled: 'Cancelled. Delivered pairs are kept.',
  deleted: 'The dataset was deleted.',
};

/** The state of an order as HTML for `task.data.status`; everything that users can name is escaped. */
export function orderStatusHtml(status: OrderStatus): string {
  const { state, title, delivered, asked, projectId, report, preview, colours = [], files, lines = [] } = status;
  const parts = [`<b>${HEADLINES[state]}</b>`];
  if (title) parts.push(escapeHtml(title));
  if (asked !== undefined) parts.push(`${delivered ?? 0} of ${asked} pairs`);
  if (typeof projectId === 'number') parts.push(link(`/projects/${projectId}/data`, 'Open the dataset'));
  if (report !== undefined) parts.push(link(report, 'Open the report'));
  if (files !== undefined) {
    const { formats, place, links, unsure } = files;
    const named = escapeHtml(formats.join(', '));
    if (links !== null) parts.push(`${link(links.zip, 'Download the files')} (${named}; zip), or ${link(links.tar, 'as tar')}`);
    if (links !== null && unsure !== undefined)
      parts.push(`The download is at ${escapeHtml(unsure)}. If your browser does not reach it, set PUBLIC_URL for the server.`);
    parts.push(`Files on the server, ${named}: ${escapeHtml(place)}`);
  }
  parts.push(...lines.map(escapeHtml));
  if (preview !== undefined) {
    parts.push(`<img src="${escapeHtml(preview)}" alt="Pictures and masks side by side" style="max-width:100%">`);
    parts.push(
      colours.map(([label, colour]) => `<span style="color:${escapeHtml(colour)}">&#9632;</span> ${escapeHtml(label)}`).join(' '),
    );
  }
  return parts.map((part) => `<p>${part}</p>`).join('');
}

const link = (address: string, text: string) => `<a href="${escapeHtml(address)}" target="_blank">${escapeHtml(text)}</a>`;

/** The state of an order as one line of plain text, for the list of orders. */
export function orderSummary({ state, title, delivered, asked }: OrderStatus): string {
  const pairs = asked === undefined ? undefined : `${delivered ?? 0} of ${asked} pairs`;
  return [state, title, pairs].filter(Boolean).join(', ');
}
