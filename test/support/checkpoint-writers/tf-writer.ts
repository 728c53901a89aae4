import type { FloatTensor } from '../../../src/stylegan/tensor-map.ts';
import { PyGlobal, PyObject, Tuple, writePickle } from './pickle-writer.ts';

/** Longer than 255 bytes, as every source text is. */
export const SOURCE = `# ${'A source text that is never run. '.repeat(20)}`;

export interface TfNetworks {
  /** 3 StyleGAN1, 4 StyleGAN2. */
  readonly version: number;
  readonly kwargs: ReadonlyMap<string, unknown>;
  readonly mapping: readonly (readonly [string, FloatTensor])[];
  readonly synthesis: readonly (readonly [string, FloatTensor])[];
  readonly average: FloatTensor;
  readonly protocol: 2 | 3 | 4;
  /** Variables that are left out. */
  readonly without?: RegExp;
}

/** The tuple (G, D, Gs) of NVIDIA's TensorFlow code, all three the same network. */
export function tfNetworks({ version, kwargs, mapping, synthesis, average, protocol, without }: TfNetworks): Uint8Array {
  const network = (builder: string, variables: TfNetworks['mapping'], components: Map<string, unknown>) =>
    new PyObject(new PyGlobal('dnnlib.tflib.network', 'Network'), new Tuple(), {
      newobj: true,
      state: new Map<string, unknown>([
        ['version', version],
        ['name', builder],
        ['static_kwargs', kwargs],
        ['components', components],
        ['build_module_src', SOURCE],
        ['build_func_name', builder],
        [
          'variables',
          variables.filter(([name]) => !without?.test(name)).map(([name, tensor]) => new Tuple(name, numpyArray(tensor))),
        ],
      ]),
    });
  const components = new Map([
    ['synthesis', network('G_synthesis', synthesis, new Map())],
    ['mapping', network('G_mapping', mapping, new Map())],
  ]);
  const lod = { dims: [], data: Float32Array.of(0) };
  const root = network(
    'G_main',
    [
      ['lod', lod],
      ['dlatent_avg', average],
    ],
    components,
  );
  return writePickle(new Tuple(root, root, root), protocol);
}

function numpyArray({ dims, data }: FloatTensor): PyObject {
  const dtype = new PyObject(new PyGlobal('numpy', 'dtype'), new Tuple('f4', 0, 1), {
    state: new Tuple(3, '<', null, null, null, -1, -1, 0),
  });
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (dims.length === 0) return new PyObject(new PyGlobal('numpy.core.multiarray', 'scalar'), new Tuple(dtype, bytes));
  const start = new Tuple(new PyGlobal('numpy', 'ndarray'), new Tuple(0), Buffer.from('b'));
  return new PyObject(new PyGlobal('numpy.core.multiarray', '_reconstruct'), start, {
    state: new Tuple(1, new Tuple(...dims), dtype, false, bytes),
  });
}

/** [out, in] → [in, out] */
export function transposed({ dims, data }: FloatTensor): FloatTensor {
  const [rows, columns] = dims as [number, number];
  return { dims: [columns, rows], data: Float32Array.from(data, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!) };
}

/** [out, in, k, k] → [k, k, in, out] */
export function kernelLast({ dims, data }: FloatTensor, flip: boolean): FloatTensor {
  const [outputs, inputs, height, width] = dims as [number, number, number, number];
  const out = new Float32Array(data.length);
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const from = ((o * inputs + i) * height + (flip ? height - 1 - y : y)) * width + (flip ? width - 1 - x : x);
          out[((y * width + x) * inputs + i) * outputs + o] = data[from]!;
        }
  return { dims: [height, width, inputs, outputs], data: out };
}
