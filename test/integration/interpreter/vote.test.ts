import { Tensor } from 'onnxruntime-node';
import { afterAll, expect, test } from 'vitest';
import { vote } from '../../../src/interpreter/ensemble/head-graph.ts';
import { encodeModel } from '../../../src/onnx/encode.ts';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import { normals } from './support/synthetic.ts';
import { testContext } from './support/test-context.ts';

const context = testContext();
afterAll(() => context.close());

/** logits [E][P][K] → what the graph answers. */
async function voteOn(logits: Float32Array, members: number, pixels: number, classes: number) {
  const session = await context.session(`vote ${members} ${classes}`, 0, () => {
    const g = new GraphBuilder('vote');
    const input = g.input('logits', 'float32', [members, 'P', classes]);
    const byClass = g.op('Transpose', [input], { perm: { ints: [0, 2, 1] } });
    const { labels, divergence } = vote(g, byClass, { members, classes });
    g.output(labels, 'uint8', ['P'], 'labels');
    g.output(divergence, 'float32', ['P'], 'divergence');
    return encodeModel(g.model());
  });
  const outputs = await session.run({ logits: new Tensor('float32', logits, [members, pixels, classes]) });
  return { labels: outputs.labels!.data as Uint8Array, divergence: outputs.divergence!.data as Float32Array };
}

/** The formulas of the paper in double precision: p = softmax, JS = H(Σ p/N) - Σ H(p)/N, H(p) = -Σ p ln p, 0·ln 0 = 0. */
function reference(logits: Float32Array, members: number, pixels: number, classes: number) {
  const entropy = (p: readonly number[]) => p.reduce((sum, value) => sum - (value === 0 ? 0 : value * Math.log(value)), 0);
  return Array.from({ length: pixels }, (_, pixel) => {
    const softmaxes = Array.from({ length: members }, (_, e) => {
      const own = Array.from(logits.subarray((e * pixels + pixel) * classes, (e * pixels + pixel + 1) * classes));
      const most = Math.max(...own);
      const powers = own.map((z) => Math.exp(z - most));
      const total = powers.reduce((a, b) => a + b, 0);
      return powers.map((power) => power / total);
    });
    const mean = softmaxes[0]!.map((_, c) => softmaxes.reduce((sum, p) => sum + p[c]! / members, 0));
    const js = entropy(mean) - softmaxes.reduce((sum, p) => sum + entropy(p) / members, 0);
    const votes = mean.map((_, c) => softmaxes.filter((p) => p.indexOf(Math.max(...p)) === c).length);
    const winners = votes.flatMap((count, c) => (count === Math.max(...votes) ? [c] : []));
    const label = winners.reduce((best, c) => (mean[c]! > mean[best]! ? c : best), winners[0]!);
    // How clear the choice is: two probabilities that single precision cannot tell apart are a tie to the graph.
    const others = winners.filter((c) => c !== label).map((c) => mean[label]! - mean[c]!);
    return { js: Math.max(0, js), label, margin: Math.min(1, ...others) };
  });
}

test.each([
  [1, 2],
  [2, 2],
  [10, 12],
  [10, 40],
])('%i members over %i classes vote and differ as the formulas say', async (members, classes) => {
  const pixels = 300;
  // From near agreement to near certainty and everything between.
  const logits = normals(members * pixels * classes, 17).map((z, i) => z * [0.01, 1, 5, 40][i % 4]!);
  const { labels, divergence } = await voteOn(logits, members, pixels, classes);
  const expected = reference(logits, members, pixels, classes);
  for (const [pixel, { js, label, margin }] of expected.entries()) {
    expect(Math.abs(divergence[pixel]! - js), `pixel ${pixel}`).toBeLessThan(1e-5);
    if (margin > 1e-6) expect(labels[pixel], `pixel ${pixel}`).toBe(label);
  }
  expect(expected.filter(({ margin }) => margin > 1e-6).length).toBeGreaterThan(0.8 * pixels);
});

test('the divergence is that of the mean softmax, not of the mean logits', async () => {
  // Two members, certain of different classes: JS = ln 2. The mean of the logits is undecided whatever the members say.
  const { divergence } = await voteOn(Float32Array.of(50, 0, 0, 50), 2, 1, 2);
  expect(divergence[0]).toBeCloseTo(Math.log(2), 5);
});

test('ties go to the greatest mean probability, then to the lowest index', async () => {
  const certain = (c: number, z: number) => [0, 1, 2].map((other) => (other === c ? z : 0));
  // Pixel 0: one vote each for 1 and 2, 2 more certain. Pixel 1: for 2 and 1, alike. Pixel 2: both undecided between all.
  const logits = Float32Array.from([
    ...certain(1, 2),
    ...certain(2, 3),
    ...certain(0, 0),
    ...certain(2, 6),
    ...certain(1, 3),
    ...certain(0, 0),
  ]);
  expect([...(await voteOn(logits, 2, 3, 3)).labels]).toEqual([2, 1, 0]);
});

test('a class that was never annotated has no part in it', async () => {
  const logits = Float32Array.from([1, -1e30, 3, 2, -1e30, 2.5]);
  const { labels, divergence } = await voteOn(logits, 2, 1, 3);
  const without = reference(Float32Array.of(1, 3, 2, 2.5), 2, 1, 2);
  expect(labels[0]).toBe(2);
  expect(divergence[0]).toBeCloseTo(without[0]!.js, 6);
});
