import { isOurs } from '../label-studio/doctor/same-server.ts';
import type { BackendRecord, Project } from '../store/schema.ts';
import type { Product } from './product.ts';

type Addresses = Pick<Project, 'callback_url' | 'backends'>;

/** Whether a webhook that Label Studio stores leads to this server: below the address of an ML backend of ours, or one that our settings name. */
export function isOurWebhook({ settings }: Product, { callback_url: callback, backends }: Addresses, url: string): boolean {
  const own = [callback, settings.callbackUrl, settings.publicUrl].filter((address) => address !== null);
  return isOurs(url, [...own, ...backends.filter(({ ours }) => ours).map((backend) => backend.url)]);
}

/** Where Label Studio reaches us: CALLBACK_URL, or the address that it has stored of the ML backend. Without a slash at the end. */
export function callbackUrl({ settings }: Product, backend: Pick<BackendRecord, 'url'>): string {
  return settings.callbackUrl ?? backend.url.replace(/\/+$/, '');
}

/** The names, without ports, by which Label Studio reaches us, and those that a proxy makes of them. */
export function callbackHosts({ backends }: Pick<Project, 'backends'>): string[] {
  const own = backends.filter(({ ours }) => ours);
  const urls = own.flatMap(({ url, host }) => [url, ...(host === null ? [] : [`http://${host}`])]);
  return urls.flatMap((url) => URL.parse(url)?.hostname ?? []);
}
