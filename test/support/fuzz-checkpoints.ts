import { DatasetGanError } from '../../src/errors.ts';
import { encodeNpyHeader, isNpy, readNpy } from '../../src/stylegan/checkpoint/npy.ts';
import { readCheckpoint } from '../../src/stylegan/checkpoint/read-checkpoint.ts';
import { convertCheckpoint } from '../../src/stylegan/convert/convert-checkpoint.ts';
import { MersenneTwister } from '../../src/stylegan/mersenne-twister.ts';
import type { FloatTensor } from '../../src/stylegan/tensor-map.ts';
import { datasetganState, tfStylegan1 } from './checkpoint-writers/stylegan1-files.ts';
import { adaFile, rosinalityState, tfFile } from './checkpoint-writers/stylegan2-files.ts';
import { writeTorchStream, writeTorchZip } from './checkpoint-writers/torch-writer.ts';
import { tinyStylegan1 } from './reference-stylegan1.ts';
import { TINY_SETTINGS, tinyStylegan2 } from './tiny-stylegan2.ts';

/** A sound file of every kind that is read, small so that most changes hit its structure. */
export function soundFiles(): Uint8Array[] {
  const tensors = tinyStylegan2({ channels: [2, 2], noise: true });
  const state = new Map<string, unknown>([
    ['g_ema', rosinalityState(tensors, TINY_SETTINGS)],
    ['latent_avg', tensors.get('mapping.w_avg')],
  ]);
  return [
    ...([2, 3, 4, 5] as const).map((protocol) => adaFile(tensors, TINY_SETTINGS, protocol)),
    tfFile(tensors, TINY_SETTINGS, 2),
    tfFile(tensors, TINY_SETTINGS, 3),
    writeTorchZip(state),
    writeTorchStream(state),
    tfStylegan1(tinyStylegan1([2, 2]), 'auto'),
    writeTorchStream(datasetganState(tinyStylegan1([2, 2]))),
    safetensors(rosinalityState(tensors, TINY_SETTINGS)),
    Buffer.concat([encodeNpyHeader([2, 6]), new Uint8Array(48)]),
  ];
}

/** The same tensors as a safetensors file. */
function safetensors(tensors: ReadonlyMap<string, FloatTensor>): Uint8Array {
  let at = 0;
  const entries = [...tensors].map(([name, { dims, data }]) => {
    const from = at;
    at += data.byteLength;
    return [name, { dtype: 'F32', shape: dims, data_offsets: [from, at] }] as const;
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const data = [...tensors.values()].map(
    (tensor) => new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength),
  );
  return Buffer.concat([length, header, ...data]);
}

export interface FuzzResult {
  /** Cases by outcome: `read`, or the code of the refusal. */
  readonly outcomes: Map<string, number>;
  /** Milliseconds of the slowest case. */
  readonly slowest: number;
}

/**
 * Changes sound files and reads them, `cases` times from the seed on; each case is one change or a few: bytes, lengths, opcodes, pieces cut out, doubled
 * or moved between files. Throws, with the number of the case, at anything that is not our own refusal.
 */
export function fuzzCheckpoints(seed: number, cases: number, files = soundFiles()): FuzzResult {
  const outcomes = new Map<string, number>();
  let slowest = 0;
  for (let i = 0; i < cases; i++) {
    const random = new MersenneTwister((seed + i) >>> 0);
    const file = mutated(files, random);
    const start = performance.now();
    const outcome = outcomeOf(file, seed + i);
    slowest = Math.max(slowest, performance.now() - start);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  return { outcomes, slowest };
}

function outcomeOf(file: Uint8Array, number: number): string {
  try {
    if (isNpy(file)) {
      readNpy(file);
      return 'read';
    }
    const network = convertCheckpoint(readCheckpoint(file), file.length);
    network.tensors.set('mapping.w_avg', { dims: [network.wDim], data: new Float32Array(network.wDim) });
    network.build(network.tensors);
    return 'read';
  } catch (thrown) {
    if (thrown instanceof DatasetGanError && thrown.code !== 'internal' && thrown.fix !== undefined) return thrown.code;
    throw new Error(`case ${number}: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`, {
      cause: thrown,
    });
  }
}

/** Opcodes and values that parsers stumble over. */
const LIKELY = [
  0x00, 0xff, 0x7f, 0x80, 0x2e, 0x28, 0x52, 0x62, 0x81, 0x51, 0x63, 0x93, 0x94, 0x68, 0x30, 0x75, 0x65, 0x8a, 0x8b, 0x95, 0x4b,
];

function mutated(files: readonly Uint8Array[], random: MersenneTwister): Uint8Array {
  const below = (limit: number) => Math.floor(random.double() * limit);
  let file = Buffer.from(files[below(files.length)]!);
  for (let changes = 1 + below(4); changes > 0 && file.length > 8; changes--) {
    const at = below(file.length);
    const length = 1 + below(Math.min(64, file.length - at));
    switch (below(8)) {
      case 0:
        file[at] = below(256);
        break;
      case 1:
        file[at] = LIKELY[below(LIKELY.length)]!;
        break;
      case 2:
        file[at]! ^= 1 << below(8);
        break;
      case 3:
        if (at + 4 <= file.length) file.writeUInt32LE(random.uint32() >>> below(32), at);
        break;
      case 4:
        file = Buffer.concat([file.subarray(0, at), file.subarray(at + length)]);
        break;
      case 5:
        file = Buffer.concat([file.subarray(0, at + length), file.subarray(at)]);
        break;
      case 6: {
        const other = files[below(files.length)]!;
        const from = below(other.length);
        file = Buffer.concat([file.subarray(0, at), other.subarray(from, from + length), file.subarray(at)]);
        break;
      }
      default:
        if (below(4) === 0) file = file.subarray(0, at);
        else file.fill(LIKELY[below(LIKELY.length)]!, at, at + Math.min(length, 8));
    }
  }
  return file;
}
