import type { MlBackend } from '../client/model-versions.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { isOurs } from './same-server.ts';

/** Is the project connected to us, once, and first? `backends` in the order Label Studio uses them. */
export function checkBackends(backends: readonly MlBackend[], ours: readonly string[]): Finding[] {
  const rows = backends.filter(({ url }) => isOurs(url, ours));
  const [row] = rows;
  const where = 'In the project: Settings, Model';
  if (row === undefined)
    return [
      fail(`not connected to ${ours.join(' or ')}`, `${where}, Connect Model, Backend URL ${ours[0] ?? 'of this server'}.`),
    ];
  const name = row.title ?? row.url;
  const findings: Finding[] = [];
  if (row.state === 'DI')
    findings.push(fail(`Label Studio could not reach ${row.url} when it last tried`, `Start this server, then open ${where}.`));
  else if (row.state === 'ER')
    findings.push(
      fail(`Label Studio had an error from ${row.url}: ${row.error_message ?? 'unknown'}`, `Fix it, then open ${where}.`),
    );
  else findings.push(ok(`connected to ${row.url} as "${name}"`));
  if (rows.length > 1)
    findings.push(
      warn(
        `connected ${rows.length} times to this server (${rows.map(({ title }) => title).join(', ')})`,
        `${where}, delete all but "${name}".`,
      ),
    );
  const first = backends[0];
  if (first !== undefined && first.id !== row.id)
    findings.push(
      warn(
        `Label Studio asks only the first model, "${first.title ?? first.url}", for predictions`,
        `${where}, delete it, or connect this one in a project of its own.`,
      ),
    );
  if (row.is_interactive === true)
    findings.push(
      warn(
        'interactive preannotations are on: clicks are answered, but annotators do not start from the predictions',
        `Once the predictions save more work than clicks: ${where}, edit "${name}", turn Interactive preannotations off.`,
      ),
    );
  return findings;
}
