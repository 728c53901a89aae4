import { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeModel } from '../../../src/onnx/encode.ts';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import { median, timeRuns } from './report.ts';

/** GFLOP/s of a [2048, 5056] × [5056, 1280] product on two threads: what ONNX Runtime can do at best here. */
export async function rawRate(runs: number): Promise<number> {
  const [m, k, n] = [2048, 5056, 1280];
  const g = new GraphBuilder('gemm');
  g.output(g.op('MatMul', [g.input('a', 'float32', [m, k]), g.input('b', 'float32', [k, n])]), 'float32', [m, n], 'c');
  const plain = await InferenceSession.create(encodeModel(g.model()), { intraOpNumThreads: 2 });
  const operands = {
    a: new Tensor('float32', new Float32Array(m * k).fill(0.5), [m, k]),
    b: new Tensor('float32', new Float32Array(k * n).fill(0.25), [k, n]),
  };
  return (2 * m * k * n) / 1e9 / median(await timeRuns(runs, () => plain.run(operands)));
}
