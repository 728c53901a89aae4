/** Softmax of each member at a pixel, [E][K]. logits: [E, P, K] */
export function memberSoftmax(logits: Float32Array, members: number, classes: number, pixel: number): Float64Array[] {
  const pixels = logits.length / members / classes;
  return Array.from({ length: members }, (_, e) => {
    const own = Float64Array.from(logits.subarray((e * pixels + pixel) * classes, (e * pixels + pixel + 1) * classes));
    const most = Math.max(...own);
    const powers = own.map((z) => Math.exp(z - most));
    const total = powers.reduce((sum, power) => sum + power, 0);
    return powers.map((power) => power / total);
  });
}

/** Mean of the members' probabilities, [K]. */
export function meanProbability(softmax: readonly Float64Array[]): Float64Array {
  return softmax[0]!.map((_, c) => softmax.reduce((sum, own) => sum + own[c]!, 0) / softmax.length);
}
