import { XMLParser } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { escapeHtml, escapeMarkdown, escapeXml } from '../../src/escape-text.ts';

test('HTML: the five characters that could end a text or an attribute', () => {
  expect(escapeHtml(`<img src=x onerror="alert('1')">&lt;`)).toBe(
    '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;lt;',
  );
});

test('XML: a reader finds the same text and attribute', () => {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    trimValues: false,
    htmlEntities: true,
    parseTagValue: false,
  });
  const text = ' a<b>&amp;"c"\t\r\n]]> é 目 \u{1f600} \u0085';
  const { tag } = parser.parse(`<tag name="${escapeXml(text)}"><x>${escapeXml(text)}</x></tag>`) as {
    tag: { '@name': string; x: string };
  };
  expect(tag).toEqual({ '@name': text, x: text });
});

test('XML: what it cannot hold is replaced', () => {
  expect(escapeXml('a\0b\u001fc\uffffd\ud800e')).toBe('a\ufffdb\ufffdc\ufffdd\ufffde');
});

test.each([
  ['plain text (1.5 %): "yes", it\'s - a test!', 'plain text (1.5 %): "yes", it\'s - a test!'],
  ['  two\nlines\t ', 'two lines'],
  ['\u0001a\u0085b\u2028c', 'a b c'],
  ['a|b', 'a\\|b'],
  ['\\|', '\\\\\\|'],
  ['# heading', '\\# heading'],
  ['- item', '\\- item'],
  ['12. item', '12\\. item'],
  ['version 1.5', 'version 1.5'],
  ['---', '\\---'],
  ['*a* _b_ `c` ~~d~~ $e$', '\\*a\\* \\_b\\_ \\`c\\` \\~\\~d\\~\\~ \\$e\\$'],
  ['[a](javascript:b) ![c](d)', '\\[a\\](javascript:b) !\\[c\\](d)'],
  ['<script>&lt;', '&lt;script&gt;&amp;lt;'],
  ['http://a.b www.c.d e@f.g', 'http\\://a.b www\\.c.d e\\@f.g'],
])('Markdown: %j', (text, escaped) => {
  expect(escapeMarkdown(text)).toBe(escaped);
});
