import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { bytes, number } from '../../format.ts';
import { numberLimits, type OpenApi, querySchema } from '../../limits.ts';
import { type Column, Table } from '../../parts/table.ts';
import { TextField } from '../../parts/text-field.ts';
import { readNumber } from '../../read-number.ts';
import { texts } from '../../texts.ts';
import { useAnswer } from '../../use-answer.ts';
import type { DatasetPartProps } from './dataset-part-props.ts';
import { isMade } from './possible-actions.ts';

const t = texts.dataset;
const EXPORT = '/api/datasets/{id}/export';

/** The files in every format that the dataset can have: written or not, each can be downloaded. */
export function DatasetFiles({ dataset, path }: DatasetPartProps): VNode {
  const [typed, setTyped] = useState('');
  const { answer: api } = useAnswer<OpenApi>('/openapi.json');
  if (!isMade(dataset)) return html`<p>${t.noFiles}</p>`;
  const { fits, sizes, folder, formats } = dataset;
  const share = readNumber(typed);
  const { from, to } = numberLimits(querySchema(api, EXPORT, 'validation'));
  const right = share === undefined || (share >= 100 * from && share <= 100 * to);
  const link = (format: string, archive: 'zip' | 'tar') => {
    const validation = right && share !== undefined ? { validation: String(share / 100) } : {};
    const address = `${path}/export?${new URLSearchParams({ format, archive, ...validation })}`;
    const name = (archive === 'zip' ? t.zipOf : t.tarOf)(format);
    return html`<a href=${address} download aria-label=${name}>${archive}</a>`;
  };
  const columns: Column<string>[] = [
    { name: t.format, of: (format) => (format === 'all' ? t.all : html`<code>${format}</code>`) },
    { name: t.download, of: (format) => html`${link(format, 'zip')} ${link(format, 'tar')}` },
    { name: t.size, of: (format) => sizeOf(sizes[format as (typeof fits)[number]]) },
    { name: t.use, of: (format) => (format === 'all' ? t.allUse : texts.order.formats[format]) },
  ];
  return html`
    <${TextField} label=${t.validation} help=${t.validationHelp} keys="decimal" value=${typed} onValue=${setTyped}
      error=${right ? undefined : texts.order.errors.number(number(100 * from), number(100 * to))} />
    <${Table} caption=${t.files} columns=${columns} rows=${[...fits, 'all']} keyOf=${(format: string) => format} />
    <p>${t.checksums} <code>sha256sum --check SHA256SUMS</code></p>
    ${formats.length > 0 && html`<p>${t.folder} <code>${folder}</code></p>`}
  `;
}

function sizeOf(size: number | undefined): string {
  return size === undefined ? t.unwritten : bytes(size);
}
