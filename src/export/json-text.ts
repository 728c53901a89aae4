/**
 * JSON that other readers take as it is meant too: those that cut text at every kind of line break (Python's splitlines), and YAML 1.1, which has JSON's
 * texts and objects but no control characters beyond ASCII. The value is the same.
 */
export function jsonText(value: unknown, space?: number): string {
  return JSON.stringify(value, null, space).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, escaped);
}

/** As jsonText, also within a web page: Croissant's files are put there in a script. */
export function embeddableJson(value: unknown, space?: number): string {
  return jsonText(value, space).replace(/[<>&]/g, escaped);
}

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
