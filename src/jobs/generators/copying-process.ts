import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { fieldOf, messageOf } from '../../thrown.ts';

/** `node copying-process.ts FROM TO LIMIT`: see copyApart. Prints one character for every piece that is copied; says at the end what it could not do. */

/** What it could not do, as one line of JSON on standard error. */
export interface CopyFailure {
  readonly kind: 'unreadable' | 'not-regular' | 'too-large' | 'unwritable';
  readonly message: string;
  /** Of the system's error, such as ENOSPC. */
  readonly code?: string;
}

const PIECE = 1 << 20;

function copy(from: string, to: string, limit: number): CopyFailure | undefined {
  let source: number;
  try {
    // Without O_NONBLOCK a pipe would be waited for until somebody writes to it.
    source = openSync(from, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (thrown) {
    return failure('unreadable', thrown);
  }
  const stats = fstatSync(source);
  if (!stats.isFile()) return { kind: 'not-regular', message: stats.isDirectory() ? 'a folder' : 'a pipe, a device or a socket' };
  const piece = Buffer.alloc(PIECE);
  let target: number | undefined;
  try {
    target = openSync(to, 'wx');
  } catch (thrown) {
    return failure('unwritable', thrown);
  }
  // What comes is counted: a file may grow while it is read, and some say that they are empty and never end.
  for (let total = 0; ; ) {
    let length: number;
    try {
      length = readSync(source, piece);
    } catch (thrown) {
      return failure('unreadable', thrown);
    }
    if (length === 0) break;
    total += length;
    if (total > limit) return { kind: 'too-large', message: `more than ${Math.floor(limit / 1e6).toLocaleString('en')} MB` };
    try {
      for (let at = 0; at < length; ) at += writeSync(target, piece, at, length - at);
    } catch (thrown) {
      return failure('unwritable', thrown);
    }
    writeSync(1, '.');
  }
  closeSync(target);
  return undefined;
}

function failure(kind: CopyFailure['kind'], thrown: unknown): CopyFailure {
  const code = fieldOf(thrown, 'code');
  return { kind, message: messageOf(thrown), ...(typeof code === 'string' ? { code } : {}) };
}

const [from = '', to = '', limit = ''] = process.argv.slice(2);
const failed = copy(from, to, Number(limit));
if (failed !== undefined) writeSync(2, JSON.stringify(failed));
