import { Tensor } from 'onnxruntime-node';
import type { EngineContext } from '../../../../src/engine/task.ts';
import type { FeatureLayout } from '../../../../src/interpreter/features/feature-layout.ts';
import { bilinearTaps, sampleGraph } from '../../../../src/interpreter/features/sample-graph.ts';
import { encodeModel } from '../../../../src/onnx/encode.ts';
import { tapFeeds, tapInputs } from './synthetic.ts';

/** The training path's features [pixels, D] of given maps. */
export async function sampleMaps(
  context: EngineContext,
  layout: FeatureLayout,
  maps: ReadonlyMap<string, Float32Array>,
  pixels: Int32Array,
): Promise<Float32Array> {
  const session = await context.session(`sample ${JSON.stringify(layout)}`, 0, () =>
    encodeModel(sampleGraph(layout, tapInputs(layout))),
  );
  const feeds = tapFeeds(maps, layout);
  for (const { resolution } of layout.levels) {
    const { at, weight } = bilinearTaps(layout, resolution, pixels);
    feeds[`at.${resolution}`] = new Tensor('int32', at, [at.length]);
    feeds[`weight.${resolution}`] = new Tensor('float32', weight, [4, pixels.length]);
  }
  return (await session.run(feeds)).features!.data as Float32Array;
}
