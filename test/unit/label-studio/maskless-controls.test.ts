import { expect, test } from 'vitest';
import { masklessControls } from '../../../src/label-studio/label-config/maskless-controls.ts';

const config = (others: string) =>
  `<View><Image name="image" value="$image"/><BrushLabels name="parts" toName="image"><Label value="Hair"/></BrushLabels>${others}</View>`;

test('controls whose regions teach nothing are named', () => {
  expect(masklessControls(config(''))).toEqual([]);
  expect(
    masklessControls(
      config(
        `<KeyPointLabels name="eyes" toName="image"><Label value="Eye"/></KeyPointLabels><KeyPoint name="points" toName="image"/><Rectangle name="box" toName="x, image"/>
         <PolygonLabels name="p" toName="image"><Label value="Hair"/></PolygonLabels><Choices name="c" toName="image"/>
         <RectangleLabels name="elsewhere" toName="other"><Label value="A"/></RectangleLabels>`,
      ),
    ),
  ).toEqual([
    "KeyPoint 'points' has no effect on training: its regions are not masks",
    "Rectangle 'box' has no effect on training: its regions are not masks",
  ]);
});
