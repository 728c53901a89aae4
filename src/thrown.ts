/** Causes further down than this are not looked at: a chain may be a cycle, or made by somebody who wants it endless. */
const DEEPEST = 8;

/** A field of anything at all; undefined where there is none or asking for it throws. */
export function fieldOf(value: unknown, name: string): unknown {
  try {
    return (value as Readonly<Record<string, unknown>>)[name];
  } catch {
    return undefined;
  }
}

/** What was thrown, then its cause, the cause of that, and so on: each once, at most 8. Anything can be thrown, and anything be a cause. */
export function causesOf(thrown: unknown): [unknown, ...unknown[]] {
  const chain: [unknown, ...unknown[]] = [thrown];
  for (let cause = fieldOf(thrown, 'cause'); cause !== undefined && cause !== null; cause = fieldOf(cause, 'cause')) {
    if (chain.length === DEEPEST || chain.includes(cause)) break;
    chain.push(cause);
  }
  return chain;
}

/** What was thrown, in words that are never empty: its message, or else its code, or the value itself. Throws nothing, whatever it is given. */
export function messageOf(thrown: unknown): string {
  for (const name of ['message', 'code', 'name']) {
    const text = typeof thrown === 'string' ? thrown : fieldOf(thrown, name);
    if (typeof text === 'string' && text !== '') return text;
  }
  try {
    return String(thrown) || 'an empty text was thrown';
  } catch {
    return 'a value without words was thrown';
  }
}
