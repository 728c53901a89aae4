/**
 * A label as VOC's files name it. `labelmap.txt` has a line for each, cut at colons and stripped of white space, in which `#` begins a comment, and its
 * readers want the same names in the XML, which cannot hold control characters. Those, and other line breaks, are written as in addresses (`%3A`), and
 * so is `%` where it would be read as one of them: percent-decoding gives every label back.
 */
export function vocName(label: string): string {
  return label
    .replace(/%(?=[0-9a-f]{2})/gi, percent)
    .replace(/[:\p{Cc}\u2028\u2029\ufeff\ufffe\uffff]/gu, percent)
    .replace(/^#|^\s+|\s+$/g, percent);
}

const percent = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
