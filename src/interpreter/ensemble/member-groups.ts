import { elements, type NetworkShape, progressShapes, type TrainingState } from '../network-shape.ts';

/**
 * Members trained together, in one thread: their steps' arrays then stay in a core's cache, and no thread waits for another. Ten members in two such
 * groups took 4.7 ms a step on two cores, in one session of two threads 9.7. The number is fixed, so that the bits do not depend on the threads.
 */
const AT_ONCE = 5;

/** Members from … from + shape.members - 1 of an ensemble. */
export interface MemberGroup {
  readonly from: number;
  readonly shape: NetworkShape;
}

export function memberGroups(shape: NetworkShape): MemberGroup[] {
  return Array.from({ length: Math.ceil(shape.members / AT_ONCE) }, (_, group) => {
    const from = group * AT_ONCE;
    return { from, shape: { ...shape, members: Math.min(AT_ONCE, shape.members - from) } };
  });
}

/** The group's part of each array of `progressShapes`. */
export function stateOfGroup(state: TrainingState, shape: NetworkShape, group: MemberGroup): Map<string, Float32Array> {
  const parts = progressShapes(group.shape).map(({ name, dims }) => {
    const part = new Float32Array(elements(dims));
    copyMembers(state.get(name)!, shape.members, part, group.shape.members, dims, group.shape.members, group.from, 0);
    return [name, part] as const;
  });
  return new Map(parts);
}

/** The whole ensemble's arrays of its groups'. */
export function stateOfAll(shape: NetworkShape, groups: readonly MemberGroup[], states: readonly TrainingState[]): TrainingState {
  const whole = progressShapes(shape).map(({ name, dims }) => {
    const out = new Float32Array(elements(dims));
    for (const [i, group] of groups.entries()) {
      const { members } = group.shape;
      copyMembers(states[i]!.get(name)!, members, out, shape.members, dims, members, 0, group.from);
    }
    return [name, out] as const;
  });
  return new Map(whole);
}

/** Two dims are [rows, members · units], the members side by side; more are [members, …]. Copies `count` members from one array into another. */
function copyMembers(
  source: Float32Array,
  sourceMembers: number,
  target: Float32Array,
  targetMembers: number,
  dims: readonly number[],
  count: number,
  from: number,
  to: number,
): void {
  const rows = dims.length === 2 ? dims[0]! : 1;
  const unit = source.length / rows / sourceMembers;
  for (let row = 0; row < rows; row++) {
    const start = (row * sourceMembers + from) * unit;
    target.set(source.subarray(start, start + count * unit), (row * targetMembers + to) * unit);
  }
}
