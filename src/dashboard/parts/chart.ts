import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { number } from '../format.ts';
import { texts } from '../texts.ts';
import { Table } from './table.ts';

export interface Series {
  readonly name: string;
  /** By place of `x`; null where there is no value. */
  readonly y: readonly (number | null)[];
  /** A CSS colour, or the name of a token such as `--accent`. */
  readonly colour: string;
  readonly dashed?: boolean;
  /** Counts, as bars from zero instead of a line. */
  readonly bars?: boolean;
}

interface ChartProps {
  /** What the chart shows, in words. */
  readonly label: string;
  readonly xName: string;
  readonly x: readonly number[];
  /** The x axis counts: it has no marks between whole numbers. */
  readonly whole?: boolean;
  readonly series: readonly Series[];
  /** The space between two series, such as the bounds of an interval, by their places. */
  readonly bands?: readonly (readonly [upper: number, lower: number])[];
  /** Of the y axis. */
  readonly range?: readonly [from: number, to: number];
  /** CSS pixels. */
  readonly height?: number;
  readonly yText?: (value: number) => string;
}

/** Lines over numbers, drawn on a canvas; the same numbers stand in a table that opens below. */
export function Chart(props: ChartProps): VNode {
  const { label, xName, x, series, yText = (value: number) => number(value, 2) } = props;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current!;
    let plot: uPlot | undefined;
    const draw = () => {
      plot?.destroy();
      plot = new uPlot(options(props, element), [x, ...series.map(({ y }) => y)] as uPlot.AlignedData, element);
    };
    draw();
    const sizes = new ResizeObserver(() => plot?.setSize({ width: element.clientWidth, height: props.height ?? HEIGHT }));
    sizes.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', draw);
    return () => {
      scheme.removeEventListener('change', draw);
      sizes.disconnect();
      plot?.destroy();
    };
  }, [JSON.stringify(props)]);
  const columns = [
    { name: xName, of: (row: number) => number(x[row]!, 2), right: true },
    ...series.map(({ name, y }) => ({ name, of: (row: number) => (y[row] == null ? '–' : yText(y[row])), right: true })),
  ];
  return html`
    <figure class="chart">
      <div class="chart-box" role="img" aria-label=${label} ref=${box}></div>
      <details>
        <summary>${texts.common.table}</summary>
        <${Table} caption=${label} columns=${columns} rows=${[...x.keys()]} keyOf=${(row: number) => row} />
      </details>
    </figure>
  `;
}

const HEIGHT = 240;
/** Between two marks of an axis: values have two decimals, so that none is written twice. */
const STEPS = [0.01, 0.1, 1, 10, 100, 1000, 10_000, 100_000, 1_000_000].flatMap((power) => [power, 2 * power, 5 * power]);
const WHOLE_STEPS = STEPS.filter((step) => step >= 1);
/** Beyond, marks of single values would hide the line. */
const MOST_POINTS = 40;

/** A canvas knows neither tokens nor `light-dark`; the browser resolves them where the chart stands. What is no colour becomes the text's. */
function colourOn(element: HTMLElement): (name: string) => string {
  return (name) => {
    element.style.color = name.startsWith('--') ? `var(${name})` : name;
    const { color } = getComputedStyle(element);
    element.style.color = '';
    return color;
  };
}

/** Half a bar of room beyond the first and the last. */
function aroundBars(x: readonly number[]): [number, number] {
  const [first = 0, second = first + 1] = x;
  const half = (second - first) / 2;
  return [first - half, (x.at(-1) ?? first) + half];
}

function options(
  { xName, x, whole = false, series, bands = [], range, height = HEIGHT, yText }: ChartProps,
  element: HTMLElement,
): uPlot.Options {
  const colour = colourOn(element);
  const counts = series.some(({ bars }) => bars);
  const axis = {
    stroke: colour('--muted'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1 },
  };
  return {
    width: element.clientWidth,
    height,
    legend: { show: !counts },
    cursor: { drag: { x: false, y: false } },
    scales: {
      x: { time: false, ...(counts ? { range: aroundBars(x) } : {}) },
      y: range === undefined ? {} : { range: [range[0], range[1]] },
    },
    axes: [
      { ...axis, label: xName, ...(whole ? { incrs: WHOLE_STEPS } : {}) },
      {
        ...axis,
        incrs: counts ? WHOLE_STEPS : STEPS,
        ...(yText === undefined ? {} : { values: (_: uPlot, values: number[]) => values.map((value) => yText(value)) }),
        size: 56,
      },
    ],
    series: [
      { label: xName },
      ...series.map(({ name, colour: of, dashed, bars }) => ({
        label: name,
        stroke: colour(of),
        width: 2,
        spanGaps: true,
        points: { show: bars !== true && x.length <= MOST_POINTS, size: 6 },
        ...(dashed === true ? { dash: [6, 4] } : {}),
        ...(bars === true ? { paths: uPlot.paths.bars!({ size: [0.9, 60] }), fill: colour(of) } : {}),
      })),
    ],
    bands: bands.map(([upper, lower]) => ({
      series: [upper + 1, lower + 1],
      fill: `color-mix(in srgb, ${colour(series[upper]!.colour)} 25%, transparent)`,
    })),
  };
}
