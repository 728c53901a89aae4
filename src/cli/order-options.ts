import { DatasetGanError } from '../errors.ts';
import { optionalNumber, requiredNumber, type Values } from './arguments.ts';

/** Options of `datasetgan synthesize`. */
export const ORDER_OPTIONS = [
  'count',
  'title',
  'version',
  'filter',
  'psi',
  'cutoff',
  'classes',
  'start',
  'rules',
  'ignore-above',
  'formats',
  'destination',
  'push',
  'regions',
] as const;

/**
 * The options as the body of an order; the server checks what they may be.
 * @throws DatasetGanError `bad-request` for what cannot be read at all
 */
export function orderBody(values: Values): object {
  const { title, version, push, regions, formats, rules } = values;
  return {
    count: requiredNumber(values, 'count'),
    ...optionalNumber(values, 'filter'),
    ...optionalNumber(values, 'psi'),
    ...optionalNumber(values, 'start', 'seedStart'),
    ...optionalNumber(values, 'ignore-above', 'ignoreAbove'),
    ...(values.cutoff === 'none' ? { cutoff: 'none' } : optionalNumber(values, 'cutoff')),
    ...(/^\d+$/.test(values.destination ?? '')
      ? optionalNumber(values, 'destination')
      : given({ destination: values.destination })),
    ...given({ title, version, push, regions, formats: formats?.split(',').filter((name) => name !== '') }),
    ...(rules === undefined ? {} : { rules: jsonOf(rules) }),
    ...classesOf(values.classes),
  };
}

const given = (fields: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DatasetGanError('bad-request', `--rules is no JSON: ${(cause as Error).message}`, {
      fix: `For example: --rules '{"present": ["Hair"], "pieces": 3}'.`,
      cause,
    });
  }
}

/** `3`, `0,4,7` or `all` */
export function classesOf(text: string | undefined): { classes?: number | number[] | 'all' } {
  if (text === undefined) return {};
  if (text === 'all') return { classes: text };
  if (!/^\d{1,7}(?:,\d{1,7})*$/.test(text))
    throw new DatasetGanError('bad-request', `--classes ${text} is no class.`, {
      fix: 'Use a number, numbers with commas between them, or all.',
    });
  const numbers = text.split(',').map(Number);
  return { classes: numbers.length === 1 ? numbers[0]! : numbers };
}
