import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { texts } from '../../texts.ts';
import type { DatasetPartProps } from './dataset-part-props.ts';
import { isMade } from './possible-actions.ts';

const t = texts.dataset;

/** The report as the server makes it, in a frame that may do nothing but be seen. */
export function DatasetReport({ dataset, path }: DatasetPartProps): VNode {
  if (!isMade(dataset)) return html`<p>${t.noReport}</p>`;
  const address = `${path}/report`;
  return html`
    <p><a href=${address} target="_blank">${t.reportAlone}</a></p>
    <iframe key=${dataset.parts.length} class="dataset-report" sandbox="" title=${t.report} src=${address}></iframe>
  `;
}
