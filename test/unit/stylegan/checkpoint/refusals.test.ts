import { expect, test } from 'vitest';
import { readCheckpoint } from '../../../../src/stylegan/checkpoint/read-checkpoint.ts';
import { convertCheckpoint } from '../../../../src/stylegan/convert/convert-checkpoint.ts';
import type { FloatTensor } from '../../../../src/stylegan/tensor-map.ts';
import { PyGlobal, PyObject, Tuple, writePickle } from '../../../support/checkpoint-writers/pickle-writer.ts';
import { adaFile, rosinalityState, tfFile } from '../../../support/checkpoint-writers/stylegan2-files.ts';
import { writeTorchStream, writeTorchZip } from '../../../support/checkpoint-writers/torch-writer.ts';
import { writeZip } from '../../../support/checkpoint-writers/zip-writer.ts';
import { TINY_SETTINGS, tinyStylegan2 } from '../../../support/tiny-stylegan2.ts';

const load = (file: Uint8Array) => convertCheckpoint(readCheckpoint(file), file.length);
const text = (content: string) => Buffer.from(content.padEnd(400), 'latin1');
const call = (module: string, name: string, ...args: unknown[]) => new PyObject(new PyGlobal(module, name), new Tuple(...args));
const tensor = (dims: number[], value = 0.5): FloatTensor => ({
  dims,
  data: new Float32Array(dims.reduce((product, size) => product * size, 1)).fill(value),
});
const tiny = tinyStylegan2({ noise: true });
const changed = (change: (tensors: Map<string, FloatTensor>) => void) => {
  const tensors = new Map(tiny);
  change(tensors);
  return tensors;
};
const state = (change: (tensors: Map<string, FloatTensor>) => void) => {
  const tensors = rosinalityState(tiny, TINY_SETTINGS);
  change(tensors);
  return new Map([['g_ema', tensors]]);
};
const member = (name: string, bytes = Buffer.from('x')) => ({ name, bytes });

/** The code and a part of the one sentence that says what the file is. */
const REFUSED: readonly [string, string, RegExp, () => Uint8Array][] = [
  ['an empty file', 'checkpoint-unsupported', /is empty/, () => new Uint8Array(0)],
  ['a web page saved as .pkl', 'checkpoint-unsupported', /is a web page/, () => text('\n<!DOCTYPE html><html>Quota exceeded')],
  [
    'a git-LFS pointer',
    'checkpoint-unsupported',
    /git-LFS pointer/,
    () => text('version https://git-lfs.github.com/spec/v1\noid sha256:12'),
  ],
  ['a numpy array', 'checkpoint-unsupported', /numpy array/, () => text('\x93NUMPY\x01')],
  ['gzip', 'checkpoint-unsupported', /compressed archive/, () => Buffer.from([0x1f, 0x8b, ...new Array<number>(30).fill(0)])],
  ['plain text', 'checkpoint-unsupported', /is plain text/, () => text('hello')],
  ['a line of text, as in /etc/hostname', 'checkpoint-unsupported', /is plain text/, () => Buffer.from('4f3a2b1c9d8e\n')],
  ['one letter', 'checkpoint-unsupported', /is plain text/, () => Buffer.from('P')],
  ['text that begins like a picture', 'checkpoint-unsupported', /is plain text/, () => text('BMW and others')],
  ['UTF-8 beyond ASCII', 'checkpoint-unsupported', /is plain text/, () => Buffer.from(`${'é'.repeat(2047)}x目目`)],
  ['UTF-16', 'checkpoint-unsupported', /is plain text/, () => Buffer.from('\ufeffhello', 'utf16le')],
  ['JSON', 'checkpoint-unsupported', /is JSON/, () => Buffer.from('{"error": "no"}')],
  ['XML', 'checkpoint-unsupported', /is XML/, () => Buffer.from('<?xml version="1.0"?><Error/>')],
  ['a short web page', 'checkpoint-unsupported', /is a web page/, () => Buffer.from('<html>')],
  ['PNG', 'checkpoint-unsupported', /is a picture/, () => Buffer.from('\x89PNG\r\n\x1a\n\0\0', 'latin1')],
  ['JPEG', 'checkpoint-unsupported', /is a picture/, () => Buffer.from('\xff\xd8\xff\xe0', 'latin1')],
  ['WebP', 'checkpoint-unsupported', /is a picture/, () => Buffer.from('RIFF\x01\0\0\0WEBPVP8 \0', 'latin1')],
  ['BMP', 'checkpoint-unsupported', /is a picture/, () => Buffer.from('BM\x46\0\0\0\0\0\0\0', 'latin1')],
  ['HDF5', 'checkpoint-unsupported', /is an HDF5 file/, () => Buffer.from('\x89HDF\r\n\x1a\n', 'latin1')],
  ['ONNX', 'checkpoint-unsupported', /is an ONNX model/, () => Buffer.from('\x08\x07\x12\x07pytorch\x1a\0', 'latin1')],
  ['xz', 'checkpoint-unsupported', /compressed archive/, () => Buffer.from('\xfd7zXZ\0', 'latin1')],
  ['zeros, of a download that was not finished', 'checkpoint-unsupported', /contains only zeros/, () => new Uint8Array(1000)],
  ['a tar archive', 'checkpoint-unsupported', /is a tar archive/, () => tar('weights.pkl')],
  ['PyTorch’s first format', 'checkpoint-unsupported', /older than 0\.1\.10/, () => tar('sys_info')],
  ['bytes of no known kind', 'checkpoint-unsupported', /first bytes match no known format/, () => Buffer.from([1, 2, 3, 250])],
  ['the first bytes of a zip', 'checkpoint-truncated', /ends in the middle/, () => Buffer.from('PK\x03\x04', 'latin1')],
  ['the first bytes of a pickle', 'checkpoint-truncated', /ends in the middle/, () => Buffer.from([0x80, 4])],
  [
    'a download cut short: pickle',
    'checkpoint-truncated',
    /ends in the middle/,
    () => adaFile(tiny, TINY_SETTINGS).subarray(0, 3000),
  ],
  [
    'a download cut short: zip',
    'checkpoint-truncated',
    /ends in the middle/,
    () => writeTorchZip(state(() => {})).subarray(0, 3000),
  ],
  [
    'a download cut short: stream',
    'checkpoint-truncated',
    /ends in the middle/,
    () => writeTorchStream(state(() => {})).subarray(0, -100),
  ],
  [
    'os.system',
    'checkpoint-hostile',
    /^This file tries to run code: it refers to os\.system\.$/,
    () => writePickle(call('os', 'system', 'true')),
  ],
  ['posix.system', 'checkpoint-hostile', /tries to run code/, () => writePickle(call('posix', 'system', 'true'), 2)],
  ['builtins.eval', 'checkpoint-hostile', /builtins\.eval/, () => writePickle(call('builtins', 'eval', '1'))],
  ['getattr', 'checkpoint-hostile', /getattr/, () => writePickle(call('__builtin__', 'getattr', '1'), 2)],
  ['code in a zip', 'checkpoint-hostile', /subprocess\.Popen/, () => writeTorchZip(call('subprocess', 'Popen', 'true'))],
  [
    'an unknown class',
    'checkpoint-unsupported',
    /needs training\.networks\.Generator/,
    () => writePickle(call('training.networks', 'Generator')),
  ],
  [
    'a whole module',
    'checkpoint-unsupported',
    /complete Python object/,
    () => writeTorchZip(call('torch.nn.modules.container', 'Sequential')),
  ],
  [
    'an optimiser',
    'checkpoint-unsupported',
    /state of an optimiser/,
    () =>
      writeTorchZip(
        new Map<string, unknown>([
          ['state', new Map()],
          ['param_groups', []],
        ]),
      ),
  ],
  [
    'a training state without generator',
    'checkpoint-unsupported',
    /without the moving average/,
    () => writeTorchZip(new Map([['d', new Map([['a', tensor([1])]])]])),
  ],
  [
    'lucidrains',
    'checkpoint-unsupported',
    /lucidrains/,
    () => writeTorchZip(new Map([['GAN', new Map([['S.net.0.weight', tensor([1])]])]])),
  ],
  [
    'another dict',
    'checkpoint-unsupported',
    /no generator, but weights, bias/,
    () =>
      writeTorchZip(
        new Map([
          ['weights', tensor([1])],
          ['bias', tensor([1])],
        ]),
      ),
  ],
  ['a number', 'checkpoint-unsupported', /contains no generator/, () => writePickle([1, 2, 3, 'long enough to be read'])],
  [
    'TorchScript',
    'checkpoint-unsupported',
    /TorchScript/,
    () =>
      writeTorchZip(
        state(() => {}),
        [member('archive/constants.pkl')],
      ),
  ],
  ['a zip that is not of torch', 'checkpoint-unsupported', /not one of PyTorch/, () => writeZip([member('readme.txt')])],
  [
    'a zip of somebody’s files',
    'checkpoint-unsupported',
    /not one of PyTorch/,
    () => writeZip([{ ...member('run/snapshot.pkl'), method: 8 }]),
  ],
  [
    'names that lead out of a zip',
    'checkpoint-hostile',
    /write outside itself/,
    () => writeZip([member('archive/data.pkl'), member('archive/../../x')]),
  ],
  ['an absolute name in a zip', 'checkpoint-hostile', /write outside itself/, () => writeZip([member('/etc/passwd')])],
  ['two files of one name', 'checkpoint-damaged', /two files/, () => writeZip([member('a/data.pkl'), member('a/data.pkl')])],
  [
    'a compressed entry',
    'checkpoint-damaged',
    /compressed or encrypted/,
    () => writeZip([{ ...member('a/data.pkl'), method: 8 }]),
  ],
  [
    'an encrypted entry',
    'checkpoint-damaged',
    /compressed or encrypted/,
    () => writeZip([{ ...member('a/data.pkl'), flags: 1 }]),
  ],
  ['overlapping entries, as in a zip bomb', 'checkpoint-hostile', /overlap/, overlapping],
  [
    'a big-endian zip',
    'checkpoint-unsupported',
    /big-endian/,
    () => writeZip([member('a/data.pkl', Buffer.from(writePickle(1, 2))), member('a/byteorder', Buffer.from('big'))]),
  ],
  [
    'NaN weights',
    'checkpoint-unsupported',
    /not all finite/,
    () =>
      adaFile(
        changed((t) => t.set('mapping.fc0.bias', tensor([6], Number.NaN))),
        TINY_SETTINGS,
      ),
  ],
  [
    'infinite weights',
    'checkpoint-unsupported',
    /not all finite/,
    () => writeTorchZip(state((t) => t.set('style.1.bias', tensor([6], Number.POSITIVE_INFINITY)))),
  ],
  [
    'a fork with more layers: ADA',
    'bad-generator',
    /these tensors are unknown: synthesis\.b8\.attention/,
    () =>
      adaFile(
        changed((t) => t.set('synthesis.b8.attention', tensor([1]))),
        TINY_SETTINGS,
      ),
  ],
  [
    'a fork with more layers: rosinality',
    'checkpoint-unsupported',
    /convs\.0\.conv\.more is unknown/,
    () => writeTorchZip(state((t) => t.set('convs.0.conv.more', tensor([1])))),
  ],
  [
    'a layer that is missing',
    'checkpoint-damaged',
    /'convs\.1\.activate\.bias' is missing/,
    () => writeTorchZip(state((t) => t.delete('convs.1.activate.bias'))),
  ],
  [
    'a weight of another rank',
    'checkpoint-damaged',
    /axes were expected/,
    () => writeTorchZip(state((t) => t.set('convs.1.conv.weight', tensor([3])))),
  ],
  [
    'a filter that darkens',
    'checkpoint-unsupported',
    /filter whose sum is 0\.500, not 1/,
    () => writeTorchZip(state((t) => t.set('convs.0.conv.blur.kernel', { dims: [2, 2], data: Float32Array.of(1, 0, 0, 1) }))),
  ],
  [
    'bytes after the end',
    'checkpoint-damaged',
    /follow its end/,
    () => Buffer.concat([adaFile(tiny, TINY_SETTINGS), Buffer.from('more')]),
  ],
  [
    'a filter that is an image',
    'checkpoint-damaged',
    /resampling filter is not a small matrix/,
    () => writeTorchZip(state((t) => t.set('convs.0.conv.blur.kernel', tensor([65, 64])))),
  ],
  ['a discriminator', 'checkpoint-unsupported', /is a Discriminator/, () => renamed('Generator', 'Discriminator')],
  [
    'a fork’s layer',
    'checkpoint-unsupported',
    /differs from StyleGAN2: 'synthesis\.b4\.torgb' is a ToRGBXLayer/,
    () => renamed('ToRGBLayer', 'ToRGBXLayer'),
  ],
  ['a TensorFlow array shorter than its shape', 'checkpoint-damaged', /has \d+ bytes/, shortArray],
];

function tar(name: string): Uint8Array {
  const file = Buffer.alloc(1024);
  file.write(name, 0);
  file.write('ustar', 257);
  return file;
}

/** The directory names the first file's place twice. */
function overlapping(): Uint8Array {
  const file = Buffer.from(writeZip([member('a/data.pkl'), member('a/version')]));
  const second = file.lastIndexOf(Buffer.from('a/version')) - 46;
  file.writeUInt32LE(0, second + 42);
  return file;
}

/** The same file with another class name. */
function renamed(from: string, to: string): Uint8Array {
  const file = Buffer.from(adaFile(tiny, TINY_SETTINGS));
  const at = file.indexOf(Buffer.concat([Buffer.from([0x8c, from.length]), Buffer.from(from)]));
  const out = Buffer.concat([
    file.subarray(0, at),
    Buffer.from([0x8c, to.length]),
    Buffer.from(to),
    file.subarray(at + 2 + from.length),
  ]);
  return out;
}

function shortArray(): Uint8Array {
  const file = Buffer.from(tfFile(tiny, TINY_SETTINGS, 4));
  // The shape of the bias of 4 numbers becomes 5.
  const at = file.indexOf(Buffer.from('4x4/Conv/bias'));
  const shape = file.indexOf(Buffer.from([0x4b, 4, 0x85]), at);
  file[shape + 1] = 5;
  return file;
}

test.each(REFUSED)('refused: %s', (_, code, message, file) => {
  let thrown: unknown;
  try {
    const network = load(file());
    network.tensors.set('mapping.w_avg', tensor([6]));
    network.build(network.tensors);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({
    name: 'DatasetGanError',
    code,
    message: expect.stringMatching(message),
    fix: expect.stringMatching(/\w/),
  });
});

test('the files they are made of are read', () => {
  for (const file of [
    adaFile(tiny, TINY_SETTINGS),
    tfFile(tiny, TINY_SETTINGS),
    writeTorchZip(state(() => {})),
    writeTorchStream(state(() => {})),
  ])
    expect(load(file).tensors.size).toBeGreaterThan(20);
});
