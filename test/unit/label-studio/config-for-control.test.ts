import { describe, expect, it } from 'vitest';
import { configForControl } from '../../../src/label-studio/label-config/config-for-control.ts';
import { configInLabels } from '../../../src/label-studio/label-config/config-in-labels.ts';
import { missingForMasks } from '../../../src/label-studio/label-config/missing-for-masks.ts';
import { parseLabelConfig } from '../../../src/label-studio/label-config/parse-label-config.ts';

const brushes = (labels: string, beside = '') =>
  `<View><Header value="Paint"/>${beside}<Image name="img" value="$photo" zoom="true"/><BrushLabels name="parts" toName="img">${labels}</BrushLabels></View>`;
const labels =
  '<Label value="Haar &quot;&amp;&quot; Bart" alias="hair" background="#ff8800"/><Label value="eye" background="blue" hotkey="e"/>';

describe('configForControl', () => {
  it('is the config itself for the control that it has', () => {
    const xml = brushes(labels);
    expect(configForControl(xml, 'brushlabels')).toBe(xml);
  });

  it('keeps the picture, the labels, their aliases and colours for another control', () => {
    expect(configForControl(brushes(labels), 'polygonlabels')).toBe(
      [
        '<View>',
        '  <Image name="img" value="$photo" zoom="true"/>',
        '  <PolygonLabels name="parts" toName="img">',
        '    <Label value="Haar &quot;&amp;&quot; Bart" alias="hair" background="#ff8800"/>',
        '    <Label value="eye" background="blue" hotkey="e"/>',
        '  </PolygonLabels>',
        '</View>',
      ].join('\n'),
    );
  });

  it('reads as the same labels, in all three forms, whatever they are called', () => {
    const odd = brushes(
      '<Label value="a&#10;b &lt;c&gt;"/><Label value="Background"/><Label value="&amp;amp;"/><Label value="目"/>',
    );
    const source = parseLabelConfig(odd);
    for (const control of ['brushlabels', 'polygonlabels', 'bitmasklabels'] as const) {
      const controls = source.controls.map(({ name }) => ({ name, type: control }));
      expect(parseLabelConfig(configForControl(odd, control))).toEqual({ ...source, controls });
    }
  });

  it('adds labels that are needed and were taken out of the config', () => {
    const xml = brushes(labels);
    expect(configForControl(xml, 'brushlabels', { labels: ['eye', 'hair'] })).toBe(xml);
    const more = parseLabelConfig(configForControl(xml, 'brushlabels', { labels: ['eye', 'old & "gone"'] }));
    expect(more).toMatchObject({
      labels: ['Background', 'hair', 'eye', 'old & "gone"'],
      controls: Array(4).fill({ name: 'parts', type: 'brushlabels' }),
    });
  });

  it('keeps several controls, whatever draws them', () => {
    const several =
      '<View><Image name="img" value="$photo"/><BrushLabels name="parts" toName="img"><Label value="hair"/><Label value="eye"/></BrushLabels>' +
      '<PolygonLabels name="outlines" toName="img"><Label value="car"/><Label value="hair"/></PolygonLabels></View>';
    expect(configForControl(several)).toBe(several);
    const more = configForControl(several, undefined, { labels: ['old'] });
    expect(parseLabelConfig(more)).toMatchObject({
      labels: ['Background', 'hair', 'eye', 'car', 'old'],
      controls: ['parts', 'parts', 'parts', 'outlines', 'outlines'].map((name) => ({
        name,
        type: name === 'parts' ? 'brushlabels' : 'polygonlabels',
      })),
    });
    // Each label once where one kind draws all.
    for (const type of ['brushlabels', 'polygonlabels', 'bitmasklabels'] as const) {
      const one = configForControl(several, type);
      expect(parseLabelConfig(one, { wanted: type })).toMatchObject({
        labels: ['Background', 'hair', 'eye', 'car'],
        controls: ['parts', 'parts', 'parts', 'outlines'].map((name) => ({ name, type })),
      });
      expect(one.match(/"hair"/g)).toHaveLength(1);
    }
    const both = several.replace('<Label value="eye"/>', '');
    expect(configForControl(both, 'polygonlabels')).toBe(both);
  });

  it('asks for bitmasks to be drawn pixel by pixel', () => {
    expect(configForControl(brushes(labels), 'bitmasklabels')).toContain(
      '<Image name="img" value="$photo" zoom="true" smoothing="false"/>',
    );
  });
});

describe('missingForMasks', () => {
  const missing = (xml: string, sparse = false) =>
    missingForMasks(xml, parseLabelConfig(xml), { labels: ['hair', 'eye'], keypoints: [], sparse });

  it('takes the same labels in any order, by alias or value, with others beside them', () => {
    expect(missing(brushes('<Label value="nose"/><Label value="eye"/><Label value="Haar" alias="hair"/>'))).toEqual([]);
  });

  it('names the labels that are not there', () => {
    expect(missing(brushes('<Label value="Hair"/><Label value="eye"/>'))).toEqual(["it has no label 'hair'"]);
  });

  it('needs the background to mean the same', () => {
    const sparse = brushes('<Label value="hair"/><Label value="eye"/><Label value="Background"/>');
    expect(missing(sparse)).toEqual([expect.stringContaining("it has a label 'Background'")]);
    expect(missing(brushes('<Label value="hair"/><Label value="eye"/>'), true)).toEqual(["it has no label 'Background'"]);
    expect(missing(sparse, true)).toEqual([]);
  });

  it('names what its tasks need beside the picture', () => {
    const beside = '<Text name="caption" value="$caption"/><Choices name="c" toName="img" value="$choices"/>';
    expect(missing(brushes('<Label value="hair"/><Label value="eye"/>', beside))).toEqual(["its tasks also need 'caption'"]);
  });
});

describe('configInLabels', () => {
  const source = parseLabelConfig(brushes('<Label value="Haar" alias="hair"/><Label value="eye"/><Label value="nose"/>'));
  const other = parseLabelConfig(
    '<View><Image name="i" value="$i"/><BitmaskLabels name="m" toName="i"><Label value="ear"/><Label value="Auge" alias="eye"/><Label value="hair"/></BitmaskLabels></View>',
  );

  it('draws with the own control and texts in the indices of the source, and reads both', () => {
    const config = configInLabels(other, source);
    expect(config).toMatchObject({
      imageName: 'i',
      imageKey: 'i',
      controls: Array(4).fill({ name: 'm', type: 'bitmasklabels' }),
      sparse: false,
    });
    expect(config.labels).toEqual(['Background', 'hair', 'eye', 'nose']);
    expect(Object.fromEntries(config.labelTexts)).toEqual({ hair: 1, Haar: 1, eye: 2, Auge: 2, nose: 3 });
  });

  it('is the config itself for its own labels', () => {
    expect(configInLabels(source, source)).toEqual(source);
  });

  it('writes the texts of the project, where a label has another name there', () => {
    const german = parseLabelConfig(brushes('<Label value="hair" alias="H"/><Label value="eye"/><Label value="nose"/>'));
    const config = configInLabels(german, source);
    expect(config.labels).toEqual(['Background', 'H', 'eye', 'nose']);
    expect(Object.fromEntries(config.labelTexts).H).toBe(1);
  });

  it('draws each label with the control that has it there', () => {
    const apart = parseLabelConfig(
      '<View><Image name="i" value="$i"/><BrushLabels name="b" toName="i"><Label value="nose"/></BrushLabels><PolygonLabels name="p" toName="i"><Label value="eye"/><Label value="Haar"/></PolygonLabels></View>',
    );
    expect(configInLabels(apart, source).controls.map(({ name }) => name)).toEqual(['b', 'p', 'p', 'b']);
  });
});
