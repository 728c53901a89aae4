import type { Project } from '../store/schema.ts';
import type { Product } from './product.ts';

/** Whether an address that Label Studio stores (of an ML backend row or a webhook) is this server's. */
export function isOurBackend(
  { settings }: Product,
  { callback_url: callback }: Pick<Project, 'callback_url'>,
  url: string,
): boolean {
  const origins = [callback, settings.callbackUrl, settings.publicUrl].flatMap((own) => (own === null ? [] : [originOf(own)]));
  return origins.includes(originOf(url));
}

function originOf(url: string): string | undefined {
  return URL.parse(url)?.origin;
}
