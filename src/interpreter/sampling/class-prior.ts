/**
 * What the sampled pixels' balance has to be put right by, per member and class: ln(π_c/ρ_c), π_c the share of class c in the annotated
 * maps, ρ_c its share among the pixels that the member was trained on, by weight. Added to the output bias (Bayes: the network learns
 * p(c|x) ∝ p(x|c)·ρ_c and is asked for p(x|c)·π_c).
 * @param labels class of each row in use
 * @param represents annotated pixels that each row stands for
 * @param weights [rows, members]
 * @returns [members, classes]; 0 for a class without a row
 */
export function classPriors(
  labels: Uint8Array,
  rows: Int32Array,
  represents: Float32Array,
  weights: Float32Array,
  members: number,
  classes: number,
): Float64Array {
  const annotated = new Float64Array(classes);
  const trained = new Float64Array(members * classes);
  for (const row of rows) {
    const label = labels[row]!;
    annotated[label]! += represents[row]!;
    for (let member = 0; member < members; member++) trained[member * classes + label]! += weights[row * members + member]!;
  }
  const total = annotated.reduce((sum, value) => sum + value, 0);
  return trained.map((weight, i) => {
    const member = Math.floor(i / classes);
    const all = trained.subarray(member * classes, (member + 1) * classes).reduce((sum, value) => sum + value, 0);
    const share = annotated[i % classes]! / total;
    return share === 0 || weight === 0 ? 0 : Math.log(share / (weight / all));
  });
}
