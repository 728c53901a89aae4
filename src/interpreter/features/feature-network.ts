import type { Tensor } from 'onnxruntime-node';
import type { EngineContext } from '../../engine/task.ts';
import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { FeatureLayout } from './feature-layout.ts';
import type { TapSource } from './sample-graph.ts';

/**
 * A frozen network whose feature maps of a picture are classified: a StyleGAN, which also makes the picture, or a backbone, which looks at a photograph.
 * `I` is what names one picture, as plain JSON. It is opened in a worker thread.
 */
export interface FeatureNetwork<I> {
  /** Names what it computes: part of the keys of sessions. */
  readonly id: string;
  readonly layout: FeatureLayout;
  /** Peak bytes of one picture, about. */
  readonly memory: number;
  /** What a graph on its features begins with. */
  source(): Promise<(graph: GraphBuilder) => TapSource>;
  /** Of one picture, the inputs that `source` declares. */
  feeds(context: EngineContext, image: I): Promise<Record<string, Tensor>>;
  /** Label pixels from the top left that show the picture; those beyond are padding. */
  extent(image: I): Promise<{ readonly width: number; readonly height: number }>;
  /** One text for each picture, by which pictures are put in order. */
  keyOf(image: I): string;
  /** What people call the picture, as a sentence begins: `Seed 7`. */
  nameOf(image: I): string;
}
