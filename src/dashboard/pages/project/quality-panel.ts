import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { ProjectDetail } from '../../../api/answers.ts';
import { number, share } from '../../format.ts';
import { toLabelStream } from '../../label-studio.ts';
import { Chart } from '../../parts/chart.ts';
import { Empty } from '../../parts/empty.ts';
import { External } from '../../parts/external.ts';
import { texts } from '../../texts.ts';
import { curveLines, keypointLines, labelLines } from './curve-lines.ts';
import { KeypointTable } from './keypoint-table.ts';
import { LineChart } from './line-chart.ts';

const t = texts.project.quality;

/** How good the versions are on pictures they did not learn from, and what more pictures would bring. */
export function QualityPanel({ project }: { readonly project: ProjectDetail }): VNode {
  const { learningCurve, keypointCurve, labels, keypoints, colours } = project;
  if (learningCurve.length === 0 && keypointCurve.length === 0) {
    const action = html`<${External} class="button" href=${toLabelStream(project)}>${texts.project.labelStream}<//>`;
    return html`<${Empty} title=${t.empty} text=${t.emptyText} action=${action} />`;
  }
  return html`
    ${
      learningCurve.length > 0 &&
      html`
      <section class="panel"><h2>${t.curve}</h2><${Curve} project=${project} /></section>
      <section class="panel">
        <h2>${t.byLabel}</h2>
        <p class="muted">${t.byLabelText}</p>
        <${LineChart} label=${t.byLabel} pictures=${learningCurve} lines=${labelLines(learningCurve, labels)} colours=${colours.labels} />
      </section>
    `
    }
    ${
      keypointCurve.length > 0 &&
      html`
      <section class="panel">
        <h2>${t.keypoints}</h2>
        <p class="muted">${t.keypointsText}</p>
        <${LineChart} label=${t.keypoints} pictures=${keypointCurve} lines=${keypointLines(keypointCurve, keypoints)} colours=${colours.keypoints} />
        <${KeypointTable} point=${keypointCurve.at(-1)!} />
      </section>
    `
    }
  `;
}

/** mIoU by annotated pictures, with the forecast as a dashed line in the band of its interval. */
function Curve({ project: { learningCurve } }: { readonly project: ProjectDetail }): VNode {
  const { x, measured, expected, upper, lower } = curveLines(learningCurve);
  const last = learningCurve.at(-1)!;
  const { forecast } = last;
  const series = [
    { name: t.measured, y: measured, colour: '--accent' },
    ...(forecast === null
      ? []
      : [
          { name: t.expected, y: expected, colour: '--accent', dashed: true },
          { name: t.upper, y: upper, colour: '--muted', dashed: true },
          { name: t.lower, y: lower, colour: '--muted', dashed: true },
        ]),
  ];
  const to = (gain: number) => share(Math.min(1, Math.max(0, last.mIoU + gain)));
  return html`
    <p>
      ${t.now(number(last.annotatedImages), share(last.mIoU))}${' '}
      ${
        forecast === null
          ? t.noForecast
          : t.forecast(number(forecast.more), to(forecast.gain), to(forecast.interval[0]), to(forecast.interval[1]))
      }
    </p>
    <${Chart} label=${t.curve} xName=${t.pictures} x=${x} whole series=${series} bands=${forecast === null ? [] : [[2, 3]]} yText=${share}
      ...${learningCurve.length === 1 ? { range: [0, 1] } : {}} />
  `;
}
