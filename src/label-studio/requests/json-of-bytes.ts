import { DatasetGanError } from '../../errors.ts';

/** Objects and arrays within each other. Nobody's requests need more than a dozen; whatever walks a value by recursion ends at some thousands. */
const DEEPEST = 64;
/** Escapes for U+0000 and for halves of surrogate pairs: nothing else can bring them in, and most bodies have none. */
const SUSPICIOUS = /\\u(?:0000|d[89a-f])/i;

/**
 * The JSON of a body.
 * @param fix U+0000, which PostgreSQL refuses, and half a surrogate pair, which UTF-8 has no bytes for, become U+FFFD in every text, as in browsers.
 *   For what is not ours to refuse; otherwise they stay, for a schema to judge.
 * @throws DatasetGanError `bad-request` for what is not JSON in UTF-8, or is nested deeper than 64
 */
export function jsonOfBytes(bytes: Uint8Array, mend = false): unknown {
  if (isDeep(bytes))
    throw new DatasetGanError('bad-request', `The body is nested more than ${DEEPEST} levels deep.`, {
      fix: 'Send a flatter JSON object.',
    });
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return mend && SUSPICIOUS.test(text) ? JSON.parse(text, writable) : JSON.parse(text);
  } catch (cause) {
    throw new DatasetGanError('bad-request', 'The body is not valid JSON.', { fix: 'Send a JSON object in UTF-8.', cause });
  }
}

/** A reviver. Keys are names of fields; one with such a character is none that is known. */
function writable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\ufffd') : value;
}

const [QUOTE, BACKSLASH, OPEN, CLOSE, OPEN_OBJECT, CLOSE_OBJECT] = Buffer.from('"\\[]{}');

/** Looks at the brackets outside of texts, before anything is made of them. */
function isDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inText) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === OPEN || byte === OPEN_OBJECT) {
      if (++depth > DEEPEST) return true;
    } else if (byte === CLOSE || byte === CLOSE_OBJECT) depth--;
  }
  return false;
}
