import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { ImportReport as Report } from '../../../api/answers.ts';
import { bytes, number } from '../../format.ts';
import { texts } from '../../texts.ts';

const t = texts.generators;

/** What an import found out about a checkpoint. */
export function ImportReport({ report }: { readonly report: Report }): VNode {
  const { file, code, labelSize, resolution } = report;
  const cost = (of: Report['image']) => (of === null ? t.notMeasured : t.cost(number(of.seconds, 2), bytes(of.memory)));
  const rows: readonly (readonly [string, string])[] = [
    [t.network, `${report.origin}, ${number(resolution)} × ${number(resolution)} px`],
    [t.pictures, `${number(labelSize.width)} × ${number(labelSize.height)} px`],
    [t.features, t.featuresOf(number(report.dims), number(report.taps.length))],
    [t.source, t.fileOf(file.name, bytes(file.bytes))],
    [t.sha256, file.sha256],
    [t.program, code === null ? t.noProgram : (code.known ?? t.unknownProgram)],
    [t.mean, report.average],
    [t.image, cost(report.image)],
    [t.prediction, cost(report.prediction)],
  ];
  return html`
    ${report.warning !== null && html`<p class="generators-warning">${report.warning}</p>`}
    <dl class="facts">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
  `;
}
