import { XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { histogramSvg } from '../../../../../src/jobs/datasets/report/histogram-svg.ts';
import { Histogram } from '../../../../../src/synthesis/histogram.ts';

test('bars are as high as what they count, over one axis', () => {
  const [before, after] = [new Histogram(1), new Histogram(1)];
  for (let i = 0; i < 4; i++) before.add(0);
  before.add(0.5);
  for (let i = 0; i < 2; i++) after.add(0);
  const svg = histogramSvg({
    title: 'Hair & <more>',
    axis: 'share',
    before,
    after,
    show: (value) => value.toFixed(2),
    width: 320,
    height: 162,
  });
  expect(XMLValidator.validate(svg)).toBe(true);
  const bars = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="[\d.]+" height="([\d.]+)" fill="(#\w+)"/g)];
  const drawn = bars.map(([, x, y, height, colour]) => ({ x: Number(x), y: Number(y), height: Number(height), colour }));
  expect(drawn).toEqual([
    { x: drawn[0]!.x, y: 12, height: 112, colour: '#c4c4c4' },
    { x: expect.any(Number), y: 96, height: 28, colour: '#c4c4c4' },
    { x: drawn[0]!.x, y: 68, height: 56, colour: '#2f6fb2' },
  ]);
  expect(drawn[1]!.x).toBeGreaterThan(270);
  expect(svg).toContain('Hair &amp; &lt;more&gt;');
  // Round values, each at its place: the bars' axis goes from 0 to just beyond 0.5.
  const ticks = [...svg.matchAll(/<text x="([\d.]+)" y="[\d.]+" text-anchor="(middle|end)">([\d.]+)<\/text>/g)];
  expect(ticks.filter(([, , anchor]) => anchor === 'end').map(([, , , text]) => text)).toEqual(['0', '2', '4']);
  const along = ticks.filter(([, , anchor]) => anchor === 'middle').map(([, x, , text]) => [Number(x), Number(text)] as const);
  expect(along.map(([, value]) => value)).toEqual([0, 0.2, 0.4]);
  const [[zero], [one], [two]] = along as [[number, number], [number, number], [number, number]];
  expect(zero).toBeCloseTo(drawn[0]!.x, 1);
  expect(two - one).toBeCloseTo(one - zero, 0);
});

test('no text of an axis leaves the picture, however great its values are', () => {
  const histogram = new Histogram(1);
  for (let i = 0; i < 1200; i++) for (let times = 0; times < 1500; times++) histogram.add(i / 1200);
  for (const width of [320, 720]) {
    const picture = { title: 'All', axis: 'share', before: histogram, after: histogram, width, height: 170 };
    const svg = histogramSvg({ ...picture, show: (value) => `${100 * value} %` });
    const texts = [...svg.matchAll(/<text x="([\d.]+)" y="[\d.]+" text-anchor="(middle|end)">([^<]*)<\/text>/g)];
    expect(texts.map(([, , , text]) => text)).toContain('40,000');
    expect(texts.map(([, , , text]) => text)).toContain('100 %');
    for (const [, x, anchor, text] of texts) {
      const wide = 7 * text!.length;
      const left = Number(x) - (anchor === 'end' ? wide : wide / 2);
      expect([left >= 0, left + wide <= width]).toEqual([true, true]);
    }
  }
});
