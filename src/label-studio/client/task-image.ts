import axios from 'axios';
import { DatasetGanError } from '../../errors.ts';
import type { Connection } from '../connection/connection.ts';
import { AnswerError, isTooLarge } from '../connection/failure.ts';

const TIMEOUT_MS = 60_000;

export interface TaskImageOptions {
  /** More are not taken; left out: all are. */
  readonly mostBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The picture of a task, wherever it is: uploaded to Label Studio, among its local files, at an address of its own, in a cloud storage that Label Studio
 * reads for us, or in the task itself. The key goes to Label Studio only.
 * @param address as `task.data` has it
 * @throws DatasetGanError the client's errors, `not-found` when another server does not give it, `body-too-large`
 */
export async function taskImage(
  connection: Connection,
  task: number,
  address: string,
  options: TaskImageOptions = {},
): Promise<Uint8Array> {
  const { mostBytes } = options;
  const [, base64] = /^data:[^,]*;base64,(.*)$/s.exec(address) ?? [];
  if (base64 !== undefined) return new Uint8Array(Buffer.from(base64, 'base64'));
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(address))
    return download(connection, address.startsWith('/') ? address : `/${address}`, options);
  if (address.startsWith(`${connection.origin}/`)) return download(connection, address.slice(connection.origin.length), options);
  if (/^https?:/i.test(address)) return fromElsewhere(address, options);
  try {
    const fileuri = Buffer.from(address).toString('base64url');
    return await connection.bytes({
      method: 'GET',
      path: `/tasks/${task}/resolve/`,
      query: { fileuri },
      timeout: TIMEOUT_MS,
      mostBytes,
      signal: options.signal,
    });
  } catch (thrown) {
    // Label Studio sends us to the storage, with an address that it signed.
    if (thrown instanceof AnswerError && thrown.location !== undefined && /^https?:/i.test(thrown.location))
      return fromElsewhere(thrown.location, options);
    throw thrown;
  }
}

async function fromElsewhere(url: string, { mostBytes, signal }: TaskImageOptions): Promise<Uint8Array> {
  // A signed address is as good as a key: what comes after the path stays out of messages.
  const shown = url.split('?')[0];
  const fix = 'Check whether a browser shows it. Or upload the picture into Label Studio.';
  const options = {
    responseType: 'arraybuffer',
    timeout: TIMEOUT_MS,
    validateStatus: () => true,
    ...(mostBytes === undefined ? {} : { maxContentLength: mostBytes }),
    ...(signal === undefined ? {} : { signal }),
  } as const;
  const { status, data } = await axios.get<ArrayBuffer>(url, options).catch((cause: unknown) => {
    if (isTooLarge(cause))
      throw new DatasetGanError('body-too-large', `${shown} has more than ${mostBytes} bytes.`, {
        fix: 'Make the file smaller.',
      });
    throw new DatasetGanError('not-found', `${shown} cannot be loaded: ${(cause as Error).message}`, { fix });
  });
  if (status < 300) return new Uint8Array(data);
  throw new DatasetGanError('not-found', `${shown} cannot be loaded: its server answered ${status}.`, { fix });
}

/**
 * A file that Label Studio serves, such as `/data/upload/1/….png` of a task's data.
 * @param path as `task.data` has it: relative, or with the prefix of the connection's base
 */
export function download(
  connection: Connection,
  path: string,
  { mostBytes, signal }: TaskImageOptions = {},
): Promise<Uint8Array> {
  const prefix = new URL(connection.base).pathname.replace(/\/$/, '');
  const relative = prefix !== '' && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
  return connection.bytes({ method: 'GET', path: relative, timeout: TIMEOUT_MS, mostBytes, signal });
}
