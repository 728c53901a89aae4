import { json } from '../../store/rows.ts';
import type { NewPrediction } from '../../store/schema.ts';
import type { PredictedTask } from './predict-regions.ts';

/** What the store keeps of a prediction. */
export function predictionRow({
  maskSha256,
  score,
  js,
  areas,
}: PredictedTask): Pick<NewPrediction, 'mask_sha256' | 'score' | 'js' | 'areas'> {
  return { mask_sha256: maskSha256, score, js, areas: json(areas) };
}
