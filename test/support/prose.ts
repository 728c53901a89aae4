/** Longest line of prose, in characters. */
export const MAX_LINE = 160;
/** Longest sentence, in words; a piece of inline code, a formula in it or not, is one word. */
export const MAX_WORDS = 25;

export interface Prose {
  /** Numbered lines outside fenced code. */
  readonly lines: readonly { readonly number: number; readonly text: string }[];
  /** Sentences outside code, tables, headings and HTML. */
  readonly sentences: readonly string[];
}

export function proseOf(markdown: string): Prose {
  let inCode = false;
  const lines: { number: number; text: string }[] = [];
  for (const [index, text] of markdown.split('\n').entries()) {
    if (/^\s*```/.test(text)) {
      inCode = !inCode;
      lines.push({ number: index + 1, text: '' });
    } else if (!inCode) lines.push({ number: index + 1, text });
  }
  const blocks: string[] = [''];
  for (const { text } of lines) {
    if (text.trim() === '' || isTable(text) || /^\s*(#|<|!\[)/.test(text)) blocks.push('');
    else if (/^\s*([-*]|\d+\.) /.test(text)) blocks.push(text.replace(/^\s*([-*]|\d+\.) /, ''));
    else blocks.push(`${blocks.pop()} ${text.trim()}`);
  }
  return { lines, sentences: blocks.flatMap(sentencesOf) };
}

export function isTable(line: string): boolean {
  return /^\s*\|/.test(line);
}

export function longSentences(prose: Prose): string[] {
  return prose.sentences
    .filter((sentence) => wordsOf(sentence) > MAX_WORDS)
    .map((sentence) => `${wordsOf(sentence)} words: ${sentence}`);
}

/** The sentences of a paragraph: inline code is one word, a link its text, and emphasis nothing. */
function sentencesOf(paragraph: string): string[] {
  return paragraph
    .replace(/`[^`]*`/g, 'code')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\*/g, '')
    .split(/(?<=[.!?][)"]?)\s+(?=["(]?\S)/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

export function wordsOf(sentence: string): number {
  return sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
