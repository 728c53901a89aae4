import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { Findings, GeneratorSummary, Health } from '../../../api/answers.ts';
import { toGenerator } from '../../address.ts';
import { ago, bytes, moment, number } from '../../format.ts';
import { texts } from '../../texts.ts';
import { useAnswer } from '../../use-answer.ts';

const t = texts.health;

/** Compute tasks, memory and disk. */
export function Engine({ health: { engine, memory, disk, startedAt } }: { readonly health: Health }): VNode {
  return html`
    <section class="panel">
      <h2>${t.engine}</h2>
      <dl class="facts">
        <dt>${t.running}</dt><dd>${t.since(ago(startedAt), moment(startedAt))}</dd>
        <dt>${t.threads}</dt><dd>${number(engine.threads)}</dd>
        ${engine.lanes.map(({ name, tasks }) => html`<dt>${t.lanes[name] ?? name}</dt><dd>${tasks === 0 ? t.idle : t.tasks(number(tasks))}</dd>`)}
        <dt>${t.memory}</dt>
        <dd>
          ${t.used(bytes(memory.used), bytes(memory.machine))}
          <meter aria-label=${t.memory} min="0" max=${memory.machine} high=${0.85 * memory.machine} value=${memory.used}></meter>
        </dd>
        <dt>${t.limit}</dt><dd>${bytes(memory.limit)}</dd>
        <dt>${t.disk}</dt><dd>${bytes(disk.free)}<br /><code>${disk.folder}</code></dd>
      </dl>
    </section>
  `;
}

interface VersionsProps {
  readonly health: Health;
  readonly findings: Findings | undefined;
}

/** What runs here, in which release. */
export function Versions({ health: { versions }, findings }: VersionsProps): VNode {
  const { answer: generators } = useAnswer<readonly GeneratorSummary[]>('/api/generators');
  return html`
    <section class="panel">
      <h2>${t.versions}</h2>
      <dl class="facts">
        <dt>${texts.common.product}</dt><dd>${t.release(versions.product, number(versions.recipe))}</dd>
        <dt>Node.js</dt><dd>${versions.node}</dd>
        <dt>ONNX Runtime</dt><dd>${versions.onnxRuntime}</dd>
        <dt>${t.database}</dt><dd>${versions.database}</dd>
        ${findings?.map(
          ({ title, labelStudio }) =>
            labelStudio !== null && html`<dt>Label Studio</dt><dd>${labelStudio}<br /><span class="muted">${title}</span></dd>`,
        )}
        <dt>${texts.common.generators}</dt>
        <dd>
          <ul>
            ${generators?.map(({ name, id }) => html`<li key=${id}><a href=${toGenerator(name)}>${name}</a> <code>${id.slice(0, 12)}</code></li>`)}
          </ul>
        </dd>
      </dl>
    </section>
  `;
}

/** Processes on other machines that make pairs. */
export function Workers({ health: { workers } }: { readonly health: Health }): VNode {
  return html`
    <section class="panel">
      <h2>${t.workers}</h2>
      ${workers.length === 0 && html`<p class="muted">${t.noWorkers}</p>`}
      <ul class="health-workers">
        ${workers.map(
          ({ id, machine, concurrency, threads, startedAt, seenAt }) => html`
            <li key=${id}>
              <strong>${machine}</strong>
              <p class="muted">${t.worker(number(concurrency), number(threads), ago(startedAt), ago(seenAt))}</p>
            </li>
          `,
        )}
      </ul>
    </section>
  `;
}
