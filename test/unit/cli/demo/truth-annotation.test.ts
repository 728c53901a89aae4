import { expect, test } from 'vitest';
import { PORTRAIT_LABEL_CONFIG } from '../../../../src/cli/demo/portrait-parts.ts';
import { truthAnnotation } from '../../../../src/cli/demo/truth-annotation.ts';
import { parseLabelConfig } from '../../../../src/label-studio/label-config/parse-label-config.ts';
import { versionOfRegions } from '../../../../src/label-studio/regions/region.ts';

test('one region a label, as a person would have made them: no trace of a version', () => {
  const config = parseLabelConfig(PORTRAIT_LABEL_CONFIG);
  const result = truthAnnotation(config, { width: 3, height: 2, data: Uint8Array.of(0, 1, 1, 0, 2, 2) });
  expect(result).toMatchObject([
    { type: 'brushlabels', origin: 'manual', original_width: 3, original_height: 2, value: { brushlabels: ['hair'] } },
    { type: 'brushlabels', origin: 'manual', value: { brushlabels: ['face'] } },
  ]);
  const ids = result.map((region) => (region as { id: string }).id);
  expect(new Set(ids).size).toBe(2);
  expect(ids.every((id) => /^[\w-]{10}$/.test(id))).toBe(true);
  expect(versionOfRegions(result)).toBe(null);
});
