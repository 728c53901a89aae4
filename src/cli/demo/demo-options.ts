import { DatasetGanError } from '../../errors.ts';
import { parseOptions } from '../parse-options.ts';

export interface DemoOptions {
  /** Without Label Studio, into a folder. */
  readonly headless: boolean;
  /** End when everything is done instead of staying up. */
  readonly exit: boolean;
  /** Pictures that the demo annotates. */
  readonly annotations: number;
  /** Pairs of the dataset it orders. */
  readonly pairs: number;
}

/** Tasks that the demo's project gets. */
export const DEMO_TASKS = 16;
const MOST_PAIRS = 100_000;

/** @throws DatasetGanError `bad-request` for an unknown option, or a number out of its range */
export function parseDemoOptions(args: readonly string[]): DemoOptions {
  const { headless = false, exit = false, annotations = '4', pairs = '50' } = parse(args);
  return {
    headless,
    exit,
    annotations: wholeNumber('annotations', annotations, DEMO_TASKS),
    pairs: wholeNumber('pairs', pairs, MOST_PAIRS),
  };
}

const FIX =
  'Its options are --headless, --exit, --annotations N and --pairs N; npm wants -- before them: npm run demo -- --headless';

function parse(args: readonly string[]) {
  const options = {
    headless: { type: 'boolean' },
    exit: { type: 'boolean' },
    annotations: { type: 'string' },
    pairs: { type: 'string' },
  } as const;
  const { values, positionals } = parseOptions(args, options, FIX);
  if (positionals.length > 0)
    throw new DatasetGanError('bad-request', `The demo takes options only, not '${positionals[0]}'.`, { fix: FIX });
  return values;
}

function wholeNumber(name: string, text: string, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= most) return value;
  throw new DatasetGanError('bad-request', `--${name} ${text} is no whole number from 1 to ${most}.`, {
    fix: `For example: --${name} 4`,
  });
}
