import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Job, OrdersProject, ProjectDetail } from '../../../api/answers.ts';
import { projectPath } from '../../address.ts';
import { External } from '../../parts/external.ts';
import { Problem } from '../../parts/problem.ts';
import { say } from '../../parts/toast.ts';
import { type RequestError, request, shownError } from '../../request.ts';
import { texts } from '../../texts.ts';
import { SeedForm } from './seed-form.ts';

const t = texts.project;

/** Train now, make more tasks, create the project in which datasets are ordered. With photographs there is nothing to make. */
export function ProjectActions({ id, project }: { readonly id: string; readonly project: ProjectDetail }): VNode {
  const [problem, setProblem] = useState<RequestError | undefined>();
  const generates = project.photographs === null;
  const [orders, setOrders] = useState<OrdersProject | undefined>();
  const act = async (what: () => Promise<void>) => {
    setProblem(undefined);
    await what().catch((thrown: unknown) => setProblem(shownError(thrown)));
  };
  const train = () =>
    act(async () => {
      await request<Job>(projectPath(id, '/train'), { method: 'POST', body: {} });
      say(t.trainAsked);
    });
  const createOrders = () =>
    act(async () => {
      setOrders(await request<OrdersProject>(projectPath(id, '/orders'), { method: 'POST', body: {} }));
    });
  return html`
    <div class="buttons">
      <button type="button" onClick=${train}>${t.train}</button>
      ${
        generates &&
        (orders === undefined
          ? html`<button type="button" onClick=${createOrders}>${t.orders}</button>`
          : html`<${External} class="button" href=${orders.url}>${t.openOrders}<//>`)
      }
    </div>
    <${Problem} of=${problem} />
    ${
      generates &&
      html`
      <details class="project-seed">
        <summary>${t.seed.title}</summary>
        <${SeedForm} id=${id} trained=${project.currentVersion !== null} />
      </details>
    `
    }
  `;
}
