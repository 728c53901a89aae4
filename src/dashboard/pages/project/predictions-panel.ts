import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ProjectDetail, ProjectFigures } from '../../../api/answers.ts';
import { projectPath, toLook } from '../../address.ts';
import { number, percent } from '../../format.ts';
import { Chart } from '../../parts/chart.ts';
import { Empty } from '../../parts/empty.ts';
import { Problem } from '../../parts/problem.ts';
import { texts } from '../../texts.ts';
import { useAnswer } from '../../use-answer.ts';
import { histogramBars } from './histogram-bars.ts';

const t = texts.project.predictions;
const HEIGHT_PX = 160;

/** What the current version sees in the project's pictures: how certain it is, and how large each label is. */
export function PredictionsPanel({ id, project }: { readonly id: string; readonly project: ProjectDetail }): VNode {
  const { answer: figures, problem, reload } = useAnswer<ProjectFigures>(projectPath(id, '/figures'));
  // All predictions are gone through for it, so it is asked for again when predictions were made, not at each change.
  const made = project.jobs.find(({ kind, state }) => (kind === 'refresh' || kind === 'seed') && state === 'completed')?.id;
  const change = `${made} ${project.currentVersion}`;
  const shown = useRef(change);
  useEffect(() => {
    if (shown.current === change) return;
    shown.current = change;
    reload();
  }, [change, reload]);
  if (problem !== undefined) return html`<${Problem} of=${problem} />`;
  if (figures === undefined) return html`<p class="loading" role="status">${texts.common.loading}</p>`;
  if (figures.pictures === 0) return html`<${Empty} title=${t.empty} text=${t.emptyText} />`;
  return html`
    <section class="panel">
      <h2>${t.uncertainty}</h2>
      <p class="muted">${t.uncertaintyText(number(figures.pictures))} <a href=${toLook(id)}>${texts.project.look}</a></p>
      <${Histogram} label=${t.uncertainty} xName=${t.nats} of=${figures.uncertainty} factor=${1} colour="--accent" />
    </section>
    <section class="panel">
      <h2>${t.areas}</h2>
      <p class="muted">${t.areasText}</p>
      <div class="columns">${figures.areas.map((area, index) => html`<${Area} key=${area.label} area=${area} colour=${project.colours.labels[index] ?? '--muted'} />`)}</div>
    </section>
  `;
}

interface AreaProps {
  readonly area: ProjectFigures['areas'][number];
  readonly colour: string;
}

function Area({ area: { label, pictures, mean, histogram }, colour }: AreaProps): VNode {
  return html`
    <section class="project-area">
      <h3>${label}</h3>
      <p class="muted">${mean === null ? t.nowhere : t.seenIn(number(pictures), percent(mean, 1))}</p>
      ${mean !== null && html`<${Histogram} label=${t.areaOf(label)} xName=${t.percent} of=${histogram} factor=${100} colour=${colour} />`}
    </section>
  `;
}

interface HistogramProps {
  readonly label: string;
  readonly xName: string;
  readonly of: ProjectFigures['uncertainty'];
  /** From the histogram's values to those shown. */
  readonly factor: number;
  readonly colour: string;
}

function Histogram({ label, xName, of, factor, colour }: HistogramProps): VNode {
  const { x, y } = histogramBars(of, factor);
  const series = [{ name: t.pictures, y, colour, bars: true }];
  return html`<${Chart} label=${label} xName=${xName} x=${x} series=${series} height=${HEIGHT_PX} yText=${number} />`;
}
