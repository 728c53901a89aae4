import type { Settings } from '../../settings.ts';

/**
 * Addresses by which Label Studio may know this server, the one that it should use first.
 * @param own where the server listens
 */
export function ownAddresses(own: string, { callbackUrl, publicUrl }: Pick<Settings, 'callbackUrl' | 'publicUrl'>): string[] {
  // Whichever of these was typed into its form; localhost and 127.0.0.1 are typed for one another.
  const loopback = own.includes('//127.0.0.1:') ? [own.replace('127.0.0.1', 'localhost')] : [];
  return [...new Set([callbackUrl, own, ...loopback, publicUrl].filter((url) => url !== null))];
}
