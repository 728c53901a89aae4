import { Tensor } from 'onnxruntime-node';
import { type EngineContext, engineTask } from '../../../src/engine/task.ts';
import { DatasetGanError } from '../../../src/errors.ts';
import { encodeModel } from '../../../src/onnx/encode.ts';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';

export async function double(values: Float32Array, context: EngineContext): Promise<Float32Array> {
  const session = await context.session('double', 1000, () => {
    const g = new GraphBuilder('double');
    const x = g.input('x', 'float32', ['N']);
    g.output(g.op('Add', [x, x]), 'float32', ['N'], 'y');
    return encodeModel(g.model());
  });
  const { y } = await session.run({ x: new Tensor('float32', values, [values.length]) });
  return context.transfer(y!.data as Float32Array);
}
export const doubleTask = engineTask(import.meta.url, double);

export async function count(to: number, context: EngineContext): Promise<number> {
  for (let i = 0; i < to; i++) {
    context.progress(i);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await context.checkpoint();
  }
  return to;
}
export const countTask = engineTask(import.meta.url, count);

export function crash(): never {
  process.exit(3);
}
export const crashTask = engineTask(import.meta.url, crash);

export function refuse(): never {
  throw new DatasetGanError('no-truth', 'No truth here.', { fix: 'Use psi 1.' });
}
export const refuseTask = engineTask(import.meta.url, refuse);
