import { number } from '../../format.ts';
import { fieldSchema, type NumberLimits, numberLimits, type Schema } from '../../limits.ts';
import { readNumber } from '../../read-number.ts';
import { texts } from '../../texts.ts';
import type { OrderDraft, RuleRow } from './order-draft.ts';

const t = texts.order.errors;

/** What is wrong, by field; that of a row as `areas 3` or `pieces 3`. */
export type DraftErrors = Readonly<Record<string, string>>;

/** The body of an order, as the API takes it; its server checks it once more. */
export type OrderBody = Readonly<Record<string, unknown>>;

/**
 * What was typed, as the body of an order, and what of it is wrong.
 * @param schema of the body, from /openapi.json: its limits are those of the server
 */
export function readDraft(draft: OrderDraft, schema: Schema): { readonly body: OrderBody; readonly errors: DraftErrors } {
  const errors: Record<string, string> = {};
  const read = (field: string, text: string, limits: NumberLimits, scale = 1): number | undefined => {
    const value = readNumber(text);
    if (value === undefined) return undefined;
    const { whole, from, to } = limits;
    const right = value >= from * scale && value <= to * scale && (!whole || Number.isInteger(value));
    if (!right) errors[field] = (whole ? t.whole : t.number)(number(from * scale, 3), number(to * scale, 3));
    return Number((value / scale).toPrecision(12));
  };
  const limits = (...path: readonly (string | number)[]) => numberLimits(fieldSchema(schema, path));
  const plain = (field: 'count' | 'psi' | 'seedStart' | 'ignoreAbove') => read(field, draft[field], limits(field));

  const count = plain('count');
  if (count === undefined) errors.count = t.missing;
  const title = draft.title.trim();
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = fieldSchema(schema, ['title']);
  if (title !== '' && (title.length < minLength || title.length > maxLength))
    errors.title = t.length(number(minLength), number(maxLength));
  const named = draft.destination === 'named' ? read('named', draft.named, limits('destination')) : undefined;
  if (draft.destination === 'named' && named === undefined) errors.named = t.missing;
  const cutoff = draft.cutoff.trim().toLowerCase() === 'none' ? 'none' : read('cutoff', draft.cutoff, limits('cutoff'));
  const classes = readClasses(draft.classes, (text) => read('classes', text, limits('classes')));
  const rules = readRules(draft, read, limits, errors);

  const body = defined({
    count,
    title: title === '' ? undefined : title,
    version: draft.version === '' ? undefined : draft.version,
    filter: read('filter', draft.filter, limits('filter'), 100),
    psi: plain('psi'),
    cutoff,
    classes,
    seedStart: plain('seedStart'),
    rules: Object.keys(rules).length === 0 ? undefined : rules,
    ignoreAbove: plain('ignoreAbove'),
    formats: draft.formats,
    destination: draft.destination === 'named' ? named : draft.destination,
    push: draft.destination === 'files' ? undefined : draft.push,
    regions: draft.destination === 'files' || draft.regions === '' ? undefined : draft.regions,
  });
  return { body, errors };
}

/** `all`, one number, or several with commas between them. */
function readClasses(text: string, one: (text: string) => number | undefined): unknown {
  const typed = text.trim().toLowerCase();
  if (typed === '' || typed === 'all') return typed || undefined;
  const numbers = typed.split(/[\s,;]+/).flatMap((part) => one(part) ?? []);
  return numbers.length === 1 ? numbers[0] : numbers;
}

type Read = (field: string, text: string, limits: NumberLimits, scale?: number) => number | undefined;
type Limits = (...path: readonly (string | number)[]) => NumberLimits;

function readRules(draft: OrderDraft, read: Read, limits: Limits, errors: Record<string, string>): object {
  const { rows } = draft;
  const labels = rows.filter(({ keypoint }) => !keypoint);
  const present = [...new Set(rows.filter(({ shown }) => shown).map(({ text }) => text))];
  const ofLabel = <T>(of: (row: RuleRow, index: number) => T | undefined) =>
    labels.flatMap((row, index) => {
      const value = of(row, index);
      return value === undefined ? [] : [[row.text, value] as const];
    });
  const areas = ofLabel(({ least, most }, index) => {
    const [from, to] = [limits('rules', 'areas', '*', 0), limits('rules', 'areas', '*', 1)];
    const range = [read(`areas ${index}`, least, from, 100), read(`areas ${index}`, most, to, 100)] as const;
    if (range[0] === undefined && range[1] === undefined) return undefined;
    const whole = [range[0] ?? from.from, range[1] ?? to.to] as const;
    if (whole[0] > whole[1]) errors[`areas ${index}`] = t.order;
    return whole;
  });
  const every = read('pieces', draft.pieces, limits('rules', 'pieces'));
  const each = ofLabel((row, index) => read(`pieces ${index}`, row.pieces, limits('rules', 'pieces', '*')));
  // The background is what the other labels leave over: it may lie in any number of pieces.
  const others = labels.slice(1).map(({ text }) => [text, every] as const);
  const pieces = each.length === 0 ? every : Object.fromEntries([...(every === undefined ? [] : others), ...each]);
  return defined({
    present: present.length === 0 ? undefined : present,
    areas: areas.length === 0 ? undefined : Object.fromEntries(areas),
    areaFactor: read('areaFactor', draft.areaFactor, limits('rules', 'areaFactor')),
    pieces,
    nearest: read('nearest', draft.nearest, limits('rules', 'nearest')),
  });
}

function defined<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
