import type { GraphBuilder } from '../../onnx/graph-builder.ts';

/** ONNX's number for double precision, and for whole numbers. */
const DOUBLE = { to: { i: 11 } };
const INTEGER = { to: { i: 7 } };

/** Height and width as values of a graph, int64 [1] each. */
export interface SideValues {
  readonly height: string;
  readonly width: string;
}

/** shownSize in a graph, in the same double precision. side: pixels on a side of the square */
export function shownInGraph(g: GraphBuilder, { height, width }: SideValues, side: number): SideValues {
  const double = (value: string) => g.op('Cast', [value], DOUBLE);
  const scale = g.op('Div', [double(g.int64(side)), double(g.op('Max', [height, width]))]);
  const half = double(g.float32([1], [0.5]));
  const shown = (own: string) => {
    const rounded = g.op('Floor', [g.op('Add', [g.op('Mul', [double(own), scale]), half])]);
    return g.op('Max', [g.op('Cast', [rounded], INTEGER), g.int64(1)]);
  };
  return { height: shown(height), width: shown(width) };
}
