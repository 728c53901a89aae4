/** Whether an address that Label Studio stores (of a backend or a webhook) is one of ours: same scheme, host and port, and path below ours. */
export function isOurs(url: string, ours: readonly string[]): boolean {
  const stored = URL.parse(url);
  return ours.some((own) => {
    const base = URL.parse(own);
    if (stored === null || base === null || stored.origin !== base.origin) return false;
    return `${stored.pathname}/`.startsWith(`${base.pathname.replace(/\/+$/, '')}/`);
  });
}
