import { XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { histogramSvg } from '../../../../src/jobs/report/histogram-svg.ts';
import { Histogram } from '../../../../src/synthesis/histogram.ts';

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
    { x: 46, y: 26, height: 100, colour: '#c4c4c4' },
    { x: expect.any(Number), y: 101, height: 25, colour: '#c4c4c4' },
    { x: 46, y: 76, height: 50, colour: '#2f6fb2' },
  ]);
  expect(drawn[1]!.x).toBeGreaterThan(290);
  expect(svg).toContain('Hair &amp; &lt;more&gt;');
  expect(svg).toMatch(/>0\.5\d<\/text>/);
});
