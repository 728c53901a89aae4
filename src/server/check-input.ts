import { z } from 'zod';
import { DatasetGanError } from '../errors.ts';
import { unknownName } from '../nearest-name.ts';

/** A list may have thousands of wrong entries. */
const MOST_NAMED = 10;

/**
 * Checks what a client sent.
 * @throws DatasetGanError `bad-request` that names every wrong field, what it must be and what it is; of an unknown one, which known one is nearest.
 */
export function checkInput<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = [...new Set(parsed.error.issues.flatMap((issue) => describeIssue(issue, value, schema)))];
  const message = fields.slice(0, MOST_NAMED).join('; ');
  throw new DatasetGanError('bad-request', message.endsWith('?') ? message : `${message}.`, {
    fix: 'Correct this and send the request again. GET /openapi.json describes every request.',
  });
}

function describeIssue(issue: z.core.$ZodIssue, value: unknown, schema: z.ZodType): string | string[] {
  if (issue.code === 'unrecognized_keys') {
    const place = schemaAt(schema, issue.path);
    const known = place instanceof z.ZodObject ? Object.keys(place.shape) : [];
    const where = issue.path.length === 0 ? '' : `${shorten(issue.path.join('.'))}: `;
    return issue.keys.map((key) => `${where}${unknownName('key', key, known)}`);
  }
  if (issue.path.length === 0) return 'The body must be a JSON object';
  const name = shorten(issue.path.join('.'));
  const found = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
  if (found === undefined) return `${name} is missing: it ${mustBe(issue)}`;
  return `${name} ${mustBe(issue)}; it is ${shorten(JSON.stringify(found))}`;
}

/** The schema of a field; path holds only keys of objects, as unknown keys are found nowhere else. */
function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  // Of a body that is prepared first (z.preprocess), the schema behind.
  let at: z.core.$ZodType | undefined = schema instanceof z.ZodPipe ? schema.out : schema;
  for (const key of path) {
    at = at instanceof z.ZodObject ? (at.shape as Record<PropertyKey, z.core.$ZodType>)[key] : undefined;
    while (at instanceof z.ZodOptional || at instanceof z.ZodExactOptional) at = at.unwrap();
  }
  return at as z.ZodType | undefined;
}

/** Our own messages begin with "must"; zod's own are put behind it. */
function mustBe(issue: z.core.$ZodIssue): string {
  return issue.message.startsWith('must') ? issue.message : `must be valid (${issue.message})`;
}

function shorten(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}

/**
 * Path and query parameters arrive as text. Those that the schema wants as a number, and that are one, become numbers;
 * the rest stays text for `checkInput` to judge.
 */
export function decodeParameters(schema: z.ZodObject, raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const properties = z.toJSONSchema(schema, { io: 'input' }).properties ?? {};
  return Object.fromEntries(
    Object.entries(raw).map(([name, value]) => {
      const property = properties[name];
      const numeric = typeof value === 'string' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value);
      return [name, numeric && wantsNumber(property) ? Number(value) : value];
    }),
  );
}

function wantsNumber(property: z.core.JSONSchema._JSONSchema | undefined): boolean {
  if (property === undefined || typeof property === 'boolean') return false;
  return property.type === 'integer' || property.type === 'number' || (property.anyOf ?? []).some(wantsNumber);
}
