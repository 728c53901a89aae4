import { z } from 'zod';
import { type FormRules, IGNORE_CHOICES, RULE_CHOICES } from './rule-choices.ts';

export interface OrderForm {
  /** Project id. */
  readonly source: number;
  readonly count: number;
  /** Share of the most uncertain pictures to leave out, 0 … 0.5. */
  readonly filter?: number;
  readonly title?: string;
  /** Left out: the newest. */
  readonly version?: string;
  readonly psi?: number;
  /** Names of formats; [] means no files. Left out where the form does not say. */
  readonly formats?: readonly string[];
  readonly destination?: 'new' | 'files' | number;
  /** First seed. Left out: the first from which no other dataset of the project has tried any. */
  readonly seedStart?: number;
  readonly rules?: FormRules;
  /** Pixels of greater JS divergence (nats) are to be ignored. */
  readonly ignoreAbove?: number;
}

const entrySchema = z.object({ from_name: z.string(), value: z.record(z.string(), z.unknown()) });

/** What Label Studio accepts as a project's title. */
const TITLE_LENGTH = { least: 3, most: 50 };
const MOST_PAIRS = 10_000_000;
const LARGEST_SEED = 2 ** 32 - 1;

/**
 * Reads the `result` of a submitted order form (ordersLabelConfig).
 * @returns the order, or what is wrong with it: one sentence each, for the person who filled it in
 */
export function parseOrder(result: unknown): { readonly order: OrderForm } | { readonly problems: readonly string[] } {
  const values = new Map<string, Record<string, unknown>>();
  for (const entry of Array.isArray(result) ? (result as unknown[]) : []) {
    const { data } = entrySchema.safeParse(entry);
    if (data !== undefined) values.set(data.from_name, data.value);
  }
  const problems: string[] = [];

  const source = firstText(values.get('source')?.choices);
  if (source === undefined) problems.push('Choose the source project.');
  else if (!/^\d{1,15}$/.test(source)) problems.push('The source project must be one of the listed projects.');

  const count = values.get('count')?.number;
  if (count === undefined) problems.push('Enter the number of pairs.');
  else if (!Number.isSafeInteger(count) || (count as number) < 1 || (count as number) > MOST_PAIRS)
    problems.push('The number of pairs must be a whole number from 1 to 10 million.');

  const percent = values.get('filter')?.number;
  if (percent !== undefined && !isWithin(percent, 50))
    problems.push('The share of dropped candidates must be from 0 to 50 per cent.');

  const title = firstText(values.get('title')?.text)?.trim() ?? '';
  if (title !== '' && (title.length < TITLE_LENGTH.least || title.length > TITLE_LENGTH.most)) {
    problems.push(`The title must have ${TITLE_LENGTH.least} to ${TITLE_LENGTH.most} characters, or be empty.`);
  }

  const psi = values.get('psi')?.number;
  if (psi !== undefined && !isWithin(psi, 2)) problems.push('The truncation psi must be from 0 to 2, or be empty.');

  const seedStart = values.get('seedStart')?.number;
  if (seedStart !== undefined && !(Number.isInteger(seedStart) && isWithin(seedStart, LARGEST_SEED)))
    problems.push('The first seed must be a whole number from 0 to 4294967295, or be empty.');

  const destination = firstText(values.get('destination')?.choices);
  if (destination !== undefined && !/^(?:new|files|\d{1,9})$/.test(destination))
    problems.push('The destination must be one of the listed ones.');

  const version = firstText(values.get('version')?.choices);
  const formats = formatsOf(values);
  if (destination === 'files' && formats?.length === 0)
    problems.push('Choose at least one file format, or a project that receives the pairs.');

  const asked = texts(values.get('rules')?.choices);
  if (asked.some((name) => !Object.hasOwn(RULE_CHOICES, name))) problems.push('The rules must be among the listed ones.');
  const present = texts(values.get('present')?.choices);
  const rules: FormRules = Object.assign(
    present.length === 0 ? {} : { present },
    ...asked.map((name) => RULE_CHOICES[name]?.rule),
  );

  const ignore = firstText(values.get('ignore')?.choices) ?? 'keep';
  if (!Object.hasOwn(IGNORE_CHOICES, ignore)) problems.push('The choice for uncertain pixels must be one of the listed ones.');
  const ignoreAbove = IGNORE_CHOICES[ignore]?.above;

  if (problems.length > 0) return { problems };
  return {
    order: {
      source: Number(source),
      count: count as number,
      ...(percent === undefined ? {} : { filter: (percent as number) / 100 }),
      ...(title === '' ? {} : { title }),
      ...(psi === undefined ? {} : { psi: psi as number }),
      ...(seedStart === undefined ? {} : { seedStart: seedStart as number }),
      ...(version === undefined || version === 'newest' ? {} : { version }),
      ...(destination === undefined
        ? {}
        : { destination: destination === 'new' || destination === 'files' ? destination : Number(destination) }),
      ...(formats === undefined ? {} : { formats }),
      ...(Object.keys(rules).length === 0 ? {} : { rules }),
      ...(ignoreAbove === undefined ? {} : { ignoreAbove }),
    },
  };
}

/**
 * A form from which every format was taken away has no entry for them, as one of an earlier release without the question: `destination` tells them
 * apart, which is always there. undefined: the form does not say.
 */
function formatsOf(values: ReadonlyMap<string, Record<string, unknown>>): readonly string[] | undefined {
  const formats = values.get('formats')?.choices;
  if (Array.isArray(formats)) return texts(formats);
  return values.has('destination') ? [] : undefined;
}

const isWithin = (value: unknown, most: number): boolean => typeof value === 'number' && value >= 0 && value <= most;

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((text) => typeof text === 'string') : []);

/** Choices and texts come as lists; a text of a single line may also come bare. */
function firstText(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : undefined;
}
