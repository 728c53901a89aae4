import { describe, expect, it } from 'vitest';
import { configForControl } from '../../../src/label-studio/label-config/config-for-control.ts';
import { configInLabels } from '../../../src/label-studio/label-config/config-in-labels.ts';
import { masklessControls } from '../../../src/label-studio/label-config/maskless-controls.ts';
import { missingForMasks } from '../../../src/label-studio/label-config/missing-for-masks.ts';
import { parseLabelConfig } from '../../../src/label-studio/label-config/parse-label-config.ts';
import { withModelIndex } from '../../../src/label-studio/label-config/with-model-index.ts';

const image = '<Image name="img" value="$photo"/>';
const view = (...tags: string[]) => `<View>${tags.join('')}</View>`;
const control = (tag: string, name: string, labels: readonly string[], more = '') =>
  `<${tag} name="${name}" toName="img"${more}>${labels.map((label) => `<Label value="${label}"/>`).join('')}</${tag}>`;
const points = (...labels: string[]) => control('KeyPointLabels', 'points', labels);
const brush = control('BrushLabels', 'parts', ['hair', 'face']);

describe('parseLabelConfig', () => {
  it('takes keypoints alone', () => {
    expect(parseLabelConfig(view(image, points('eye', 'nose')))).toEqual({
      imageName: 'img',
      imageKey: 'photo',
      otherObjects: [],
      labels: ['Background'],
      controls: [],
      boxControls: [],
      sparse: false,
      labelTexts: [],
      keypoints: ['eye', 'nose'],
      keypointControls: ['points', 'points'],
      keypointTexts: [
        ['eye', 0],
        ['nose', 1],
      ],
    });
  });

  it('takes keypoints beside masks: of each the own labels, and of the Image with masks only', () => {
    const other =
      '<Image name="side" value="$b"/><KeyPointLabels name="there" toName="side"><Label value="ear"/></KeyPointLabels>';
    expect(parseLabelConfig(view(other, image, points('eye'), brush))).toMatchObject({
      imageName: 'img',
      labels: ['Background', 'hair', 'face'],
      keypoints: ['eye'],
    });
    expect(parseLabelConfig(view(other, image, brush)).keypoints).toEqual([]);
  });

  it('knows alias and value, and draws a keypoint of several controls with the first', () => {
    const first =
      '<KeyPointLabels name="a" toName="img"><Label value="Auge" alias="eye"/><Label value="eye" alias="lid"/></KeyPointLabels>';
    const config = parseLabelConfig(view(image, first, control('KeyPointLabels', 'b', ['nose', 'lid'])));
    expect(config).toMatchObject({ keypoints: ['eye', 'lid', 'nose'], keypointControls: ['a', 'a', 'b'] });
    expect(Object.fromEntries(config.keypointTexts)).toEqual({ eye: 0, Auge: 0, lid: 1, nose: 2 });
  });

  it('leaves out the clicks of smart tools: labels of masks, unless smart is off', () => {
    expect(parseLabelConfig(view(image, brush, points('hair', 'face', 'eye'))).keypoints).toEqual(['eye']);
    expect(parseLabelConfig(view(image, brush, points('hair'))).keypoints).toEqual([]);
    const keypoints = (more: string) =>
      parseLabelConfig(view(image, brush, control('KeyPointLabels', 'points', ['hair', 'eye'], more))).keypoints;
    expect(keypoints(' smart="false"')).toEqual(['hair', 'eye']);
    expect(keypoints(' smartOnly="true"')).toEqual([]);
  });

  it('joins a KeyPoint and its Labels where annotations of any project are read', () => {
    const apart = view(image, '<KeyPoint name="point" toName="img"/>', control('Labels', 'names', ['eye']));
    expect(parseLabelConfig(apart, { joinApart: true })).toMatchObject({ keypoints: ['eye'], keypointControls: ['names'] });
    expect(() => parseLabelConfig(apart)).toThrow('use one KeyPointLabels with the same Label tags instead');
    expect(masklessControls(view(image, brush, '<KeyPoint name="point" toName="img"/>'))).toHaveLength(1);
  });

  it('takes 254 keypoints, and no more', () => {
    const many = (count: number) => view(image, points(...Array.from({ length: count }, (_, i) => `p${i}`)));
    expect(parseLabelConfig(many(254)).keypoints).toHaveLength(254);
    expect(() => parseLabelConfig(many(255))).toThrow('The label config has 255 keypoints: the maximum is 254.');
  });

  it('refuses masks of another kind than the wanted one, whatever the keypoints', () => {
    expect(() => parseLabelConfig(view(image, brush, points('eye')), { wanted: 'polygonlabels' })).toThrow('no PolygonLabels');
    expect(parseLabelConfig(view(image, points('eye')), { wanted: 'polygonlabels' })).toMatchObject({ keypoints: ['eye'] });
  });
});

describe('configForControl', () => {
  const mixed = view(image, brush, points('eye', 'nose'));

  it('keeps the config that has all, and writes keypoints with an index when it writes', () => {
    const indexed = mixed.replace('"eye"', '"eye" model_index="0"').replace('"nose"', '"nose" model_index="1"');
    expect(configForControl(mixed, 'brushlabels', { labels: ['hair'], keypoints: ['eye'] })).toBe(indexed);
    expect(configForControl(indexed, 'brushlabels')).toBe(indexed);
    expect(configForControl(mixed, 'polygonlabels', { keypoints: ['nose', 'gone'] })).toBe(
      [
        '<View>',
        '  <Image name="img" value="$photo"/>',
        '  <PolygonLabels name="parts" toName="img">',
        '    <Label value="hair"/>',
        '    <Label value="face"/>',
        '  </PolygonLabels>',
        '  <KeyPointLabels name="points" toName="img">',
        '    <Label value="eye" model_index="0"/>',
        '    <Label value="nose" model_index="1"/>',
        '    <Label value="gone" model_index="2"/>',
        '  </KeyPointLabels>',
        '</View>',
      ].join('\n'),
    );
  });

  it('adds a control for keypoints or masks that the config no longer draws', () => {
    expect(parseLabelConfig(configForControl(view(image, brush), undefined, { keypoints: ['eye'] }))).toMatchObject({
      labels: ['Background', 'hair', 'face'],
      keypoints: ['eye'],
      keypointControls: ['keypoints'],
    });
    expect(parseLabelConfig(configForControl(view(image, points('eye')), undefined, { labels: ['hair'] }))).toMatchObject({
      labels: ['Background', 'hair'],
      keypoints: ['eye'],
    });
  });

  it('keeps indices that are there, the choices of visibility, and labels that masks have too', () => {
    const labels = '<Label value="eye" model_index="1"/><Label value="hair"/><Label value="nose"/>';
    const visibility =
      '<Choices name="visibility" toName="img" perRegion="true"><Choice value="visible"/><Choice value="occluded"/></Choices>';
    const xml = view(
      image,
      brush,
      `<KeyPointLabels name="points" toName="img" smart="false">${labels}</KeyPointLabels>`,
      visibility,
    );
    const written = configForControl(xml, 'bitmasklabels');
    expect([...written.matchAll(/model_index="(\d+)"/g)].map(([, index]) => index)).toEqual(['1', '0', '2']);
    expect(parseLabelConfig(written).keypoints).toEqual(['eye', 'hair', 'nose']);
    expect(written).toContain('<Choices name="visibility" toName="img" perRegion="true">\n    <Choice value="visible"/>');
  });
});

describe('withModelIndex', () => {
  it('changes nothing but what is lacking: comments, styles, entities and texts of any script stay', () => {
    const xml = [
      '<?xml version="1.0"?><View style="a:b">',
      '  <Style>.lsf-main > b { content: "&amp;" }</Style><!-- <KeyPointLabels><Label value="no"/></KeyPointLabels> -->',
      '  <Header value="a&#10;b &lt;c&gt; &quot;x&quot;"/><HyperText name="h"><![CDATA[<b>&x</b>]]></HyperText>',
      '  <BrushLabels name="b" toName="img"><Label value="hair"/></BrushLabels>',
      '  <keypointlabels name="p" toName="img"><View><Label value="目 &amp;amp;" model_index="0"/></View><Label value="x"/></keypointlabels>',
      '</View>',
    ].join('\n');
    expect(withModelIndex(xml)).toBe(xml.replace('value="x"/></key', 'value="x" model_index="1"/></key'));
    expect(withModelIndex(view(image, brush))).toBe(view(image, brush));
  });
});

describe('missingForMasks', () => {
  it('names keypoints that are not there', () => {
    const xml = view(image, points('eye'));
    const missing = (keypoints: readonly string[], labels: readonly string[] = []) =>
      missingForMasks(xml, parseLabelConfig(xml), { labels, keypoints, sparse: false });
    expect(missing(['eye'])).toEqual([]);
    expect(missing(['eye', 'nose'], ['hair'])).toEqual(["it has no label 'hair'", "it has no keypoint 'nose'"]);
  });
});

describe('configInLabels', () => {
  it('reads and draws keypoints in the indices of the source, in the words of the project', () => {
    const source = parseLabelConfig(view(image, points('eye', 'nose', 'chin')));
    const own = parseLabelConfig(
      view(
        image,
        control('KeyPointLabels', 'b', ['chin']),
        '<KeyPointLabels name="a" toName="img"><Label value="nose" alias="Nase"/></KeyPointLabels>',
      ),
    );
    const config = configInLabels(own, source);
    expect(config).toMatchObject({ keypoints: ['eye', 'Nase', 'chin'], keypointControls: ['b', 'a', 'b'], controls: [] });
    expect(Object.fromEntries(config.keypointTexts)).toEqual({ eye: 0, nose: 1, Nase: 1, chin: 2 });
    expect(configInLabels(source, source)).toEqual(source);
    expect(configInLabels(parseLabelConfig(view(image, brush)), source)).toMatchObject({
      keypoints: ['eye', 'nose', 'chin'],
      keypointControls: [],
    });
  });
});
