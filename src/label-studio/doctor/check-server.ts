import { type DatasetGanError, fixOf } from '../../errors.ts';
import type { KeyKind } from '../connection/key-kind.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

export interface ServerFacts {
  readonly base: string;
  /** null: it was never asked, or it refused. */
  readonly user: string | null;
  readonly version: string | null;
  readonly kind: KeyKind | null;
  readonly error: DatasetGanError | null;
}

const OLDEST = [1, 20];

/** Does it run, does it accept the token, and is it new enough? */
export function checkServer({ base, user, version, kind, error }: ServerFacts): Finding[] {
  if (error !== null) return [fail(error.message, fixOf(error))];
  const findings = [ok(`Label Studio ${version ?? ''} at ${base} accepts the ${kind ?? 'token'} (user ${user ?? 'unknown'})`)];
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  const old = version !== null && (major < OLDEST[0]! || (major === OLDEST[0] && minor < OLDEST[1]!));
  if (old)
    findings.push(warn(`Label Studio ${version} is older than ${OLDEST.join('.')}`, 'Update it: pip install -U label-studio'));
  return findings;
}
