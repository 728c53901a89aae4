import type { Answer, Job } from '../../../api/answers.ts';
import { RequestError } from '../../request.ts';
import { texts } from '../../texts.ts';

interface SendOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (sent: number) => void;
}

/**
 * Sends a file as the body of a request. fetch does not tell how much has gone; XMLHttpRequest does.
 * @throws RequestError, or AbortError after the signal
 */
export function sendFile(path: string, file: File, { signal, onProgress }: SendOptions): Promise<Job> {
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    sending.open('POST', path);
    sending.setRequestHeader('content-type', 'application/octet-stream');
    sending.responseType = 'json';
    sending.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded));
    sending.addEventListener('load', () => {
      if (sending.status === 202) resolve(sending.response as Job);
      else reject(new RequestError(errorIn(sending.response, sending.status), sending.status));
    });
    sending.addEventListener('error', () =>
      reject(new RequestError({ code: 'no-answer', message: texts.generators.broken, fix: texts.generators.brokenFix }, 0)),
    );
    sending.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
    signal.addEventListener('abort', () => sending.abort(), { once: true });
    sending.send(file);
  });
}

function errorIn(answer: unknown, status: number): Answer<'Error'>['error'] {
  const { error } = (answer ?? {}) as Partial<Answer<'Error'>>;
  return error ?? { code: 'internal', message: texts.generators.answered(status) };
}
