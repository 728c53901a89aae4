import { expect, test } from 'vitest';
import { editorColours } from '../../../src/label-studio/label-config/editor-colours.ts';
import { parseLabelConfig } from '../../../src/label-studio/label-config/parse-label-config.ts';

const colours = (xml: string) => editorColours(xml, parseLabelConfig(xml));

test('labels and keypoints have the colours of the label config', () => {
  const xml = `<View><Image name="image" value="$image"/>
    <BrushLabels name="parts" toName="image"><Label value="Hair" background=" #C08040 "/><Label value="Face" alias="f" background="tomato"/></BrushLabels>
    <PolygonLabels name="more" toName="image"><Label value="Hair" background="red"/></PolygonLabels>
    <KeyPointLabels name="points" toName="image"><Label value="nose" background="rgb(1, 2, 3)"/></KeyPointLabels></View>`;
  expect(colours(xml)).toEqual({ labels: [null, '#C08040', 'tomato'], keypoints: ['rgb(1, 2, 3)'] });
});

// Computed with PleaseJS 0.4.2, which Label Studio 1.23 uses.
test.each([
  ['Hair', '#72bf88'],
  ['Face', '#bf7972'],
  ['Left eye', '#9872bf'],
  ['Ähre', '#bf7772'],
  ['hair', '#72b2bf'],
])('without one, %s has the colour that the editor chooses', (value, colour) => {
  const xml = `<View><Image name="image" value="$image"/><BrushLabels name="parts" toName="image">
    <Label value="Background"/><Label value="${value}" alias="other"/></BrushLabels></View>`;
  expect(colours(xml)).toEqual({ labels: ['#96bf72', colour], keypoints: [] });
});
