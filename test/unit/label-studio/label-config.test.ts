import { describe, expect, it } from 'vitest';
import { parseLabelConfig } from '../../../src/label-studio/label-config/parse-label-config.ts';

const image = '<Image name="image" value="$image"/>';
const brush = (labels: string) => `<View>${image}<BrushLabels name="parts" toName="image">${labels}</BrushLabels></View>`;

const brushOf = (name: string) => ({ name, type: 'brushlabels' });
const polygonOf = (name: string) => ({ name, type: 'polygonlabels' });
const bitmaskOf = (name: string) => ({ name, type: 'bitmasklabels' });

describe('parseLabelConfig', () => {
  it('finds the image, the brush control and its labels; background is implicit', () => {
    expect(parseLabelConfig(brush('<Label value="face"/><Label value="hair" background="#ff0000"/>'))).toEqual({
      imageName: 'image',
      boxControls: [],
      imageKey: 'image',
      otherObjects: [],
      labels: ['Background', 'face', 'hair'],
      controls: Array(3).fill({ name: 'parts', type: 'brushlabels' }),
      sparse: false,
      labelTexts: [
        ['face', 1],
        ['hair', 2],
      ],
      keypoints: [],
      keypointControls: [],
      keypointTexts: [],
    });
  });

  it.each(['Background', 'background', 'BACKGROUND', ' background '])(
    "takes a label named '%s' as index 0, wherever it stands",
    (name) => {
      const config = parseLabelConfig(brush(`<Label value="face"/><Label value="${name}"/><Label value="hair"/>`));
      expect(config.labels).toEqual([name, 'face', 'hair']);
      expect(config.sparse).toBe(true);
      expect(config.labelTexts).toContainEqual([name, 0]);
    },
  );

  it('names labels by their alias and knows their value too', () => {
    const config = parseLabelConfig(
      brush('<Label value="Gesicht" alias="face"/><Label value="Hintergrund" alias="background"/>'),
    );
    expect(config.labels).toEqual(['background', 'face']);
    expect(Object.fromEntries(config.labelTexts)).toEqual({ face: 1, Gesicht: 1, background: 0, Hintergrund: 0 });
  });

  it('decodes entities in names once, and keeps letters of any script', () => {
    const { labels } = parseLabelConfig(
      brush('<Label value="Tom &amp; &quot;Jerry&quot;"/><Label value="t&#234;te &amp;lt;"/><Label value="目"/>'),
    );
    expect(labels).toEqual(['Background', 'Tom & "Jerry"', 'tête &lt;', '目']);
  });

  it('skips styles, headers, comments and nested views', () => {
    const config = parseLabelConfig(`<?xml version="1.0" encoding="utf-8"?>
      <View style="display:flex">
        <Style>.lsf-main { color: red > blue }</Style>
        <!-- <BrushLabels name="old" toName="picture"><Label value="no"/></BrushLabels> -->
        <Header value="Paint the parts"/>
        <View><View><Image name="picture" value="$photo" zoom="true"/></View></View>
        <View className="side">
          <Choices name="quality" toName="picture"><Choice value="good"/><Choice value="bad"/></Choices>
          <BrushLabels name="brush" toName="picture"><View><Label value="eye"/></View></BrushLabels>
          <RectangleLabels name="box" toName="picture"><Label value="head"/></RectangleLabels>
        </View>
      </View>`);
    expect(config).toMatchObject({
      imageName: 'picture',
      imageKey: 'photo',
      labels: ['Background', 'eye'],
      controls: [brushOf('brush'), brushOf('brush')],
    });
  });

  it('among several images takes the one with a mask control', () => {
    const config = parseLabelConfig(`<View><Image name="reference" value="$other"/><Image name="main" value="$main"/>
      <BrushLabels name="b" toName="main"><Label value="eye"/></BrushLabels></View>`);
    expect(config).toMatchObject({ imageName: 'main', imageKey: 'main', otherObjects: ['reference'] });
  });

  it('prefers brushes to polygons, wherever they stand, and takes polygons where there are none', () => {
    const polygons = '<PolygonLabels name="p" toName="image"><Label value="eye"/></PolygonLabels>';
    const brushes = '<BrushLabels name="b" toName="image"><Label value="eye"/></BrushLabels>';
    expect(parseLabelConfig(`<View>${image}${polygons}${brushes}</View>`)).toMatchObject({
      labels: ['Background', 'eye'],
      controls: [brushOf('b'), brushOf('b')],
    });
    expect(parseLabelConfig(`<View>${image}${polygons}</View>`)).toMatchObject({
      controls: [polygonOf('p'), polygonOf('p')],
    });
    expect(parseLabelConfig(`<View>${image}<BrushLabels name="b" toName="image"/>${polygons}</View>`)).toMatchObject({
      controls: [polygonOf('p'), polygonOf('p')],
    });
  });

  it('takes bitmasks where there is nothing else, and only the control that is wanted', () => {
    const bitmasks = '<BitmaskLabels name="m" toName="image"><Label value="ear"/></BitmaskLabels>';
    expect(parseLabelConfig(`<View>${image}${bitmasks}</View>`)).toMatchObject({
      controls: [bitmaskOf('m'), bitmaskOf('m')],
      labels: ['Background', 'ear'],
    });
    const both = `<View>${image}${bitmasks}<BrushLabels name="b" toName="image"><Label value="eye"/></BrushLabels></View>`;
    expect(parseLabelConfig(both, { wanted: 'bitmasklabels' })).toMatchObject({
      controls: [bitmaskOf('m'), bitmaskOf('m')],
      labels: ['Background', 'ear'],
    });
    expect(() => parseLabelConfig(both, { wanted: 'polygonlabels' })).toThrow(
      'The label config has no PolygonLabels for its Image: add <PolygonLabels name="parts" toName="image"> with a Label for each part.',
    );
  });

  it('takes every mask control of the image, labels in config order, each drawn by the first of the preferred kind that has it', () => {
    const controls = [
      '<PolygonLabels name="p" toName="image"><Label value="car"/><Label value="hair"/></PolygonLabels>',
      '<BrushLabels name="parts" toName="image"><Label value="hair"/></BrushLabels>',
      '<BrushLabels name="defects" toName="image"><Label value="scratch"/><Label value="hair"/><Label value="background"/></BrushLabels>',
      '<BitmaskLabels name="elsewhere" toName="other"><Label value="sky"/></BitmaskLabels>',
      '<BrushLabels name="empty" toName="image"/>',
    ];
    const xml = `<View><Image name="other" value="$b"/>${image}${controls.join('')}</View>`;
    expect(parseLabelConfig(xml)).toMatchObject({
      imageName: 'image',
      otherObjects: ['other'],
      labels: ['background', 'car', 'hair', 'scratch'],
      sparse: true,
      controls: [brushOf('defects'), polygonOf('p'), brushOf('parts'), brushOf('defects')],
    });
    expect(parseLabelConfig(xml, { wanted: 'polygonlabels' })).toMatchObject({
      labels: ['Background', 'car', 'hair'],
      sparse: false,
      controls: Array(3).fill(polygonOf('p')),
    });
  });

  it('takes an alias before a value, whichever label stands first', () => {
    const texts = (labels: string) => Object.fromEntries(parseLabelConfig(brush(labels)).labelTexts);
    const left = '<Label value="Left" alias="Right"/>';
    const right = '<Label value="Right" alias="Left"/>';
    expect(texts(left + right)).toEqual({ Right: 1, Left: 2 });
    expect(texts(right + left)).toEqual({ Left: 1, Right: 2 });
    // Results carry 'a' for the first label and 'b' for the second one.
    expect(texts('<Label value="b" alias="a"/><Label value="b"/>')).toEqual({ a: 1, b: 2 });
    expect(texts('<Label value="b"/><Label value="c" alias="b"/>')).toEqual({ b: 1, c: 1 });
    const split = `<View>${image}<BrushLabels name="x" toName="image">${left}</BrushLabels><PolygonLabels name="y" toName="image">${right}</PolygonLabels></View>`;
    expect(Object.fromEntries(parseLabelConfig(split).labelTexts)).toEqual({ Right: 1, Left: 2 });
  });

  it('counts a label that is there twice once', () => {
    expect(
      parseLabelConfig(brush('<Label value="eye"/><Label value="Background"/><Label value="eye"/><Label value="background"/>')),
    ).toMatchObject({
      labels: ['Background', 'eye'],
      labelTexts: [
        ['eye', 1],
        ['Background', 0],
        ['background', 0],
      ],
    });
  });

  it('takes 254 labels beside the background, and no more', () => {
    const labels = (n: number) => Array.from({ length: n }, (_, i) => `<Label value="part ${i}"/>`).join('');
    expect(parseLabelConfig(brush(labels(254))).labels).toHaveLength(255);
    expect(() => parseLabelConfig(brush(labels(255)))).toThrow('The label config has 255 labels: the maximum is 254.');
  });

  it.each([
    ['nothing', '', /well-formed/],
    ['no XML', 'hello', /well-formed/],
    ['an open tag', '<View><Image name="image" value="$image">', /well-formed/],
    ['an empty view, the default of a new project', '<View></View>', /no Image: add <Image/],
    ['no image', '<View><Text name="t" value="$t"/><Labels name="l" toName="t"><Label value="x"/></Labels></View>', /no Image/],
    [
      'an image without a mask control',
      `<View>${image}<RectangleLabels name="r" toName="image"><Label value="x"/></RectangleLabels></View>`,
      /no BrushLabels, PolygonLabels, BitmaskLabels or KeyPointLabels for its Image: add <BrushLabels/,
    ],
    [
      'a brush on something else',
      `<View>${image}<BrushLabels name="b" toName="other"><Label value="x"/></BrushLabels></View>`,
      /no BrushLabels/,
    ],
    [
      'labels from the task',
      `<View>${image}<BrushLabels name="b" toName="image" value="$labels"/></View>`,
      /come from the task data/,
    ],
    ['no labels', brush(''), /BrushLabels has no Label: add/],
    [
      'shapes and labels in controls apart',
      `<View>${image}<Labels name="l" toName="image"><Label value="x"/></Labels><Brush name="b" toName="image"/></View>`,
      /has Brush and Labels as separate tags: use one BrushLabels with the same Label tags instead/,
    ],
    [
      'points and labels in controls apart',
      `<View>${image}<Labels name="l" toName="image"><Label value="x"/></Labels><KeyPoint name="k" toName="image"/></View>`,
      /has KeyPoint and Labels as separate tags: use one KeyPointLabels with the same Label tags instead/,
    ],
    [
      'keypoints without labels',
      `<View>${image}<KeyPointLabels name="k" toName="image"/></View>`,
      /KeyPointLabels has no Label: add one for each keypoint/,
    ],
    ['only background', brush('<Label value="Background"/>'), /only the label Background/],
    [
      'several pages',
      '<View><Image name="i" valueList="$pages"/><BrushLabels name="b" toName="i"><Label value="x"/></BrushLabels></View>',
      /one picture per task/,
    ],
    [
      'a fixed picture',
      '<View><Image name="i" value="http://x/y.png"/><BrushLabels name="b" toName="i"><Label value="x"/></BrushLabels></View>',
      /one picture per task/,
    ],
    ['a document type', `<!DOCTYPE v [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${brush('<Label value="&b;"/>')}`, /DOCTYPE/],
    ['a megabyte', brush(`<Label value="${'x'.repeat(1_000_000)}"/>`), /larger than 1 MB/],
    ['two hundred nested views', `${'<View>'.repeat(200)}${'</View>'.repeat(200)}`, /cannot|not valid XML/],
    ['a name that is no name', `<View __proto__="x">${image}</View>`, /not valid XML/],
    ['a label with foreign letters in a config without image', '<View><Header value="目"/></View>', /no Image/],
  ])('refuses %s in one line fit for an HTTP reason phrase', (_, xml, message) => {
    let thrown: unknown;
    try {
      parseLabelConfig(xml);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'bad-label-config', message: expect.stringMatching(message) });
    expect((thrown as Error).message).toMatch(/^[\x20-\x7e]{10,200}\.$/);
  });
});
