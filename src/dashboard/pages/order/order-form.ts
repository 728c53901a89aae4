import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { GeneratorSummary, Job, ProjectDetail } from '../../../api/answers.ts';
import { projectPath, toDataset } from '../../address.ts';
import type { Schema } from '../../limits.ts';
import { Problem } from '../../parts/problem.ts';
import { say } from '../../parts/toast.ts';
import { type RequestError, request, shownError } from '../../request.ts';
import { texts } from '../../texts.ts';
import { OrderCost } from './order-cost.ts';
import { emptyDraft } from './order-draft.ts';
import { OrderFiles } from './order-files.ts';
import { OrderMaking } from './order-making.ts';
import type { OrderPartProps } from './order-part-props.ts';
import { OrderRules } from './order-rules.ts';
import { OrderWhat } from './order-what.ts';
import { readDraft } from './read-draft.ts';
import { useEstimate } from './use-estimate.ts';

const t = texts.order;

interface OrderFormProps {
  readonly id: string;
  readonly project: ProjectDetail;
  /** undefined if the generator is gone. */
  readonly generator: GeneratorSummary | undefined;
  /** Of the body, from /openapi.json. */
  readonly schema: Schema;
}

/** Everything that an order can say, what it takes, and the button that sends it. */
export function OrderForm({ id, project, generator, schema }: OrderFormProps): VNode {
  const [draft, setDraft] = useState(() => emptyDraft(project.labels, project.keypoints));
  const { body, errors } = useMemo(() => readDraft(draft, schema), [draft, schema]);
  const right = Object.keys(errors).length === 0;
  const estimate = useEstimate(projectPath(id, '/datasets/estimate'), right ? body : undefined);
  const form = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<RequestError | undefined>();

  const send = async (event: Event) => {
    event.preventDefault();
    if (!right) return form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
    setBusy(true);
    setProblem(undefined);
    try {
      const { dataset } = await request<Job>(projectPath(id, '/datasets'), { method: 'POST', body });
      say(t.sent);
      location.hash = toDataset(dataset ?? '');
    } catch (thrown) {
      setProblem(shownError(thrown));
      setBusy(false);
    }
  };
  const part: OrderPartProps = {
    draft,
    errors,
    change: (changed) => setDraft((before) => ({ ...before, ...changed })),
    estimate: estimate.answer,
  };
  return html`
    <form class="order" ref=${form} noValidate onSubmit=${send}>
      <div>
        <${OrderWhat} ...${part} host=${project.host} schema=${schema} />
        <${OrderFiles} ...${part} schema=${schema} />
        <${OrderRules} ...${part} />
        <${OrderMaking} ...${part} id=${id} project=${project} generator=${generator} />
      </div>
      <div class="order-side">
        <${OrderCost} estimate=${estimate} right=${right} />
        <${Problem} of=${problem} />
        <button type="submit" class="main" disabled=${busy}>${t.send}</button>
      </div>
    </form>
  `;
}
