import { isIP } from 'node:net';
import type { Settings } from '../settings.ts';

export type OwnAddresses = Pick<Settings, 'host' | 'publicUrl' | 'callbackUrl'>;

/** Whether only programs of this machine reach an address. */
export function isLoopback(host: string): boolean {
  const name = bare(host);
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

function isWildcard(host: string): boolean {
  return ['0.0.0.0', '::', '::0'].includes(bare(host));
}

function bare(host: string): string {
  return host.toLowerCase().replace(/^\[|\]$/g, '');
}

/**
 * Whether a host name (no port) is one of ours: HOST, those of PUBLIC_URL and CALLBACK_URL, and loopback names. Listening on all
 * addresses, any IP address is: a page that lures a browser here by DNS rebinding has a name of its own in `Host`, never a number.
 */
export function isOwnName(name: string, own: OwnAddresses): boolean {
  const asked = bare(name);
  if (isLoopback(asked) || asked === bare(own.host)) return true;
  if (isWildcard(own.host) && isIP(asked) !== 0) return true;
  return [own.publicUrl, own.callbackUrl].some((url) => url !== null && bare(new URL(url).hostname) === asked);
}

/** The name in a `Host` header, without its port; undefined when the header is not a host. */
export function hostName(header: string | undefined): string | undefined {
  if (header === undefined || /[\s/@?#]/.test(header)) return undefined;
  const name = URL.parse(`http://${header}`)?.hostname;
  return name === '' ? undefined : name;
}

/** Whether an `Origin` header is one of our own pages: the address asked, PUBLIC_URL or CALLBACK_URL. */
export function isOwnOrigin(origin: string, host: string | undefined, own: OwnAddresses): boolean {
  const url = URL.parse(origin);
  if (url === null || !isOwnName(url.hostname, own)) return false;
  return (
    url.host === host?.toLowerCase() ||
    [own.publicUrl, own.callbackUrl].some((ours) => ours !== null && new URL(ours).origin === url.origin)
  );
}
