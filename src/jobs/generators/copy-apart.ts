import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { isDiskFull } from '../../disk-full.ts';
import { DatasetGanError } from '../../errors.ts';
import type { CopyFailure } from './copying-process.ts';

export interface CopyOptions {
  /** Most bytes that are taken. */
  readonly limit: number;
  /** Milliseconds without another piece after which it is given up. */
  readonly silence?: number;
  readonly signal?: AbortSignal | undefined;
}

const PROGRAM = fileURLToPath(new URL('./copying-process.ts', import.meta.url));

/**
 * Copies a regular file that somebody named, in a process of its own. The file may be on a network disk that hangs: whoever waits for it in one of our
 * threads cannot be cancelled and keeps this process from ending. That process can be left alone.
 * @throws DatasetGanError `not-found` when it cannot be read or gives nothing for `silence` milliseconds (default 60 s), `checkpoint-unsupported` when it
 * is not a regular file, `out-of-memory` when it has more bytes than `limit`, `disk-full`, or the signal's reason
 */
export async function copyApart(from: string, to: string, { limit, silence = 60_000, signal }: CopyOptions): Promise<void> {
  signal?.throwIfAborted();
  const child = spawn(process.execPath, ['--no-warnings', PROGRAM, from, to, String(limit)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {},
  });
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  const quiet = setTimeout(() => reject(unreadable(from, `no data for ${silence / 1000} s`)), silence);
  const cancel = () => reject(signal?.reason);
  signal?.addEventListener('abort', cancel, { once: true });
  let said = '';
  child.stdout.on('data', () => quiet.refresh());
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.on('error', reject);
  child.on('close', (code) => (code === 0 && said === '' ? resolve() : reject(explained(from, said, code))));
  try {
    await ended;
  } catch (error) {
    await rm(to, { force: true });
    throw error;
  } finally {
    clearTimeout(quiet);
    signal?.removeEventListener('abort', cancel);
    // One that hangs in the system ends when that lets it go. Nobody waits for it.
    child.kill('SIGKILL');
    child.unref();
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

function explained(from: string, said: string, code: number | null): DatasetGanError {
  const failure = parsed(said);
  switch (failure?.kind) {
    case 'not-regular':
      return new DatasetGanError('checkpoint-unsupported', `${from} is not a file but ${failure.message}.`, {
        fix: 'Use the path of the checkpoint file itself.',
      });
    case 'too-large':
      return new DatasetGanError('out-of-memory', `The file ${from} has ${failure.message}.`, {
        fix: 'Save only the generator’s moving average, without discriminator and optimisers. Or raise MEMORY_LIMIT.',
      });
    case 'unwritable': {
      return new DatasetGanError(
        isDiskFull(failure) ? 'disk-full' : 'internal',
        `The file ${from} cannot be copied: ${failure.message}.`,
        {
          fix: 'Free some space in DATA_DIR and import again.',
        },
      );
    }
    default:
      return unreadable(from, failure?.message ?? (said.trim().slice(-300) || `the process that reads it ended with ${code}`));
  }
}

function unreadable(from: string, why: string): DatasetGanError {
  return new DatasetGanError('not-found', `The file ${from} cannot be read: ${why}.`, {
    fix: 'Check its path and its disk.',
  });
}

function parsed(said: string): CopyFailure | undefined {
  try {
    return JSON.parse(said) as CopyFailure;
  } catch {
    return undefined;
  }
}
