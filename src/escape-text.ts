/** Inside HTML, also in a quoted attribute: text is shown unchanged. Line breaks stay. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/**
 * Inside XML 1.0, also in an attribute in double quotes: a reader finds the same text, with its tabs and line breaks. Characters that XML cannot hold,
 * such as U+0000, become U+FFFD.
 */
export function escapeXml(text: string): string {
  const held = text.toWellFormed().replace(/[\p{Cc}\ufffe\uffff]/gu, (character) => {
    const code = character.charCodeAt(0);
    return (code < 0x20 && !'\t\n\r'.includes(character)) || code > 0xfffd ? '\ufffd' : character;
  });
  return held.replace(/[&<>"\t\n\r]/g, (character) => ENTITIES[character] ?? `&#${character.charCodeAt(0)};`);
}

/**
 * Inside one line of Markdown, also at its beginning: text is shown unchanged under CommonMark's rules and GitHub's (tables, strikethrough, bare links,
 * formulas). White space and control characters become one space, since a line break would end a heading or the row of a table.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replace(/[\\`*_[\]|~$#]/g, '\\$&')
    .replace(/:(?=\/\/)|@|(?<=www)\./gi, '\\$&')
    .replace(/^[-+=]|(?<=^\d{1,9})[.)]/, '\\$&')
    .replace(/[&<>]/g, (character) => ENTITIES[character]!);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
