import { ADAM, type TrainingSettings } from '../recipe.ts';

/** The rate falls to this share of itself over the last third. */
const LAST_RATE = 0.1;
/** The mean loss of this many steps is compared with that of as many before. */
const WINDOW = 100;
/** Training goes on while the loss falls by more than this share from window to window … */
const STILL_FALLING = 0.02;
/** … and is above this, in nats: a loss near 0 always falls by some per cent, and a user waits for every step. */
const LEARNED = 0.2;

/** Steps are counted in these. */
const ROUND = 50;

/**
 * The schedule of a training on `images` pictures: settings.steps, and stepsPerDoubling more for each doubling. One picture is learnt by 150 to 200
 * steps and gets worse by 600; sixteen still gain from 400 to 500 (.766, .769).
 */
export function stepsFor(images: number, settings: TrainingSettings): TrainingSettings {
  const more = (settings.stepsPerDoubling ?? 0) * Math.log2(images);
  const steps = settings.steps + ROUND * Math.round(more / ROUND);
  return { ...settings, steps, maxSteps: Math.max(steps, settings.maxSteps) };
}

/**
 * Learning rate of step t (from 0): constant for two thirds of `steps`, then down a half cosine to a tenth; an extended training goes on at that.
 */
export function learningRate(t: number, { steps, learningRate: rate }: TrainingSettings): number {
  const start = (2 / 3) * steps;
  if (t <= start) return rate;
  const along = Math.min(1, (t - start) / (steps - start));
  return rate * (LAST_RATE + (1 - LAST_RATE) * 0.5 * (1 + Math.cos(Math.PI * along)));
}

/**
 * Adam's numbers of step t (from 0) for averages kept as stateShapes says, multiplied by c = β2^(-t/2) (4.5 at c² of step 1,500): with
 * k = √((1 - β2)/(1 - β2^(t+1))), p ← p - rate·m/(√s + ε) where rate = lr·(1 - β1)/((1 - β1^(t+1))·k) and ε = c·epsilon/k. Equal to Adam as
 * published, with its bias corrections.
 */
export function adamRates(t: number, settings: TrainingSettings): [rate: number, epsilon: number, growth: number] {
  const k = Math.sqrt((1 - ADAM.beta2) / (1 - ADAM.beta2 ** (t + 1)));
  const growth = ADAM.beta2 ** (-t / 2);
  const rate = (learningRate(t, settings) * (1 - ADAM.beta1)) / ((1 - ADAM.beta1 ** (t + 1)) * k);
  return [rate, (growth * ADAM.epsilon) / k, growth];
}

/**
 * Whether a training that has run `losses.length` steps is done: at `steps`, or later once the loss is small or has stopped falling, or at
 * `maxSteps`.
 */
export function isDone(losses: ArrayLike<number>, { steps, maxSteps }: TrainingSettings): boolean {
  const t = losses.length;
  if (t < steps) return false;
  if (t >= maxSteps) return true;
  if ((t - steps) % WINDOW !== 0 || t < 2 * WINDOW) return false;
  const last = mean(losses, t - WINDOW, t);
  return last < LEARNED || last >= (1 - STILL_FALLING) * mean(losses, t - 2 * WINDOW, t - WINDOW);
}

function mean(values: ArrayLike<number>, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += values[i]!;
  return sum / (end - start);
}
