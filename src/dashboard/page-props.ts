/** What a page is shown for. */
export interface PageProps {
  /** The parts of the address in braces, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** What stands behind `?` in the address. */
  readonly query: URLSearchParams;
}
