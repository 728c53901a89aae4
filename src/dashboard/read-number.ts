/**
 * A number as a reader types it: with or without the thousands of the locale, and with its decimal sign or a point.
 * @returns undefined for an empty text, NaN for what is not a number
 */
export function readNumber(text: string, locale?: string): number | undefined {
  const typed = text.trim().replaceAll(/\s/g, '');
  if (typed === '') return undefined;
  const group =
    new Intl.NumberFormat(locale)
      .formatToParts(12_345)
      .find(({ type }) => type === 'group')
      ?.value.trim() ?? '';
  const thousands = group === '' ? undefined : new RegExp(`^-?[1-9]\\d{0,2}(\\${group}\\d{3})+(?!\\d)`);
  const plain = thousands?.test(typed) === true ? typed.replaceAll(group, '') : typed;
  return /^-?(\d+([.,]\d*)?|[.,]\d+)$/.test(plain) ? Number(plain.replace(',', '.')) : Number.NaN;
}
