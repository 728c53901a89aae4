import type { AddressVerdict } from '../client/server.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const ALLOW = 'Start Label Studio with ML_BLOCK_LOCAL_IP=false and SSRF_PROTECTION_ENABLED=false.';

/** May Label Studio call us at this address, as a backend and with its events? */
export function checkAddress(url: string, { backend, webhook, detail }: AddressVerdict): Finding[] {
  const host = URL.parse(url)?.hostname ?? url;
  if (backend === 'unresolvable')
    return [
      fail(
        `Label Studio cannot find the host ${host}`,
        'Set CALLBACK_URL to an address at which Label Studio reaches this server.',
      ),
    ];
  const findings = [
    backend === 'blocked'
      ? fail(`Label Studio rejects backends at ${url}: ${detail}`, ALLOW)
      : ok(`Label Studio accepts ${url} as a backend`),
  ];
  if (webhook === 'blocked') findings.push(fail(`Label Studio does not send events to ${url}: ${detail}`, ALLOW));
  if (webhook === 'unresolvable')
    findings.push(fail(`Label Studio cannot find the host ${host} for its events`, 'Set CALLBACK_URL.'));
  if (webhook === 'invalid')
    findings.push(
      warn(
        `Label Studio sends no events to a host without a dot (${host}), so this server notices annotations up to a minute late`,
        'Give this server a name with a dot, such as datasetgan.local (a network alias in compose). Connect the backend under that name.',
      ),
    );
  if (webhook === 'fine') findings.push(ok(`Label Studio accepts ${url} for events`));
  return findings;
}
