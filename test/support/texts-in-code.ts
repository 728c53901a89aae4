import { parseAst } from 'vitest/node';

/** A text in a program: what a user may read. */
export interface TextInCode {
  readonly line: number;
  /** What is put into it is `X`. */
  readonly text: string;
}

interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly value?: unknown;
  readonly operator?: string;
  readonly left?: SyntaxNode;
  readonly right?: SyntaxNode;
  readonly quasis?: readonly { readonly value: { readonly cooked: string } }[];
}

/** Texts for machines: SQL, style sheets, a content security policy. */
const MACHINE = /^\s*(select|set|create|update) |^body\{|^default-src /;

/** The string and template literals of a TypeScript source that have words for people in them. Imports and tagged templates (SQL) have none. */
export function textsInCode(source: string): TextInCode[] {
  const found: TextInCode[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isNode(value) || value.type === 'ImportDeclaration' || value.type === 'TaggedTemplateExpression') return;
    const text = textOf(value);
    if (text !== undefined && /\p{L}{2,} \S*\p{L}{2,}/u.test(text) && !MACHINE.test(text))
      found.push({ line: source.slice(0, value.start).split('\n').length, text });
    // The parts of a sum are in it; what is put into a template may have texts of its own.
    if (text === undefined || value.type === 'TemplateLiteral') Object.values(value).forEach(visit);
  };
  visit(parseAst(source, { lang: 'ts' }).body);
  return found;
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** The text of a literal or of a sum of literals. */
function textOf({ type, value, operator, left, right, quasis }: SyntaxNode): string | undefined {
  if (type === 'Literal') return typeof value === 'string' ? value : undefined;
  if (type === 'TemplateLiteral') return quasis?.map((part) => part.value.cooked).join('X');
  if (type !== 'BinaryExpression' || operator !== '+' || left === undefined || right === undefined) return undefined;
  const [before, after] = [textOf(left), textOf(right)];
  return before === undefined || after === undefined ? undefined : before + after;
}
