import { describe, expect, it } from 'vitest';
import type { PredictedKeypoint } from '../../../src/keypoints/keypoint.ts';
import { parseLabelConfig } from '../../../src/label-studio/label-config/parse-label-config.ts';
import { keypointsOfRegions } from '../../../src/label-studio/regions/keypoints-of-regions.ts';
import { labelMapOfRegions } from '../../../src/label-studio/regions/label-map-of-regions.ts';
import { versionOfRegions } from '../../../src/label-studio/regions/region.ts';
import { regionsOfPrediction } from '../../../src/label-studio/regions/regions-of-prediction.ts';
import { drawn } from '../masks/shapes.ts';

const config = parseLabelConfig(
  `<View><Image name="image" value="$image"/><Image name="side" value="$side"/>
    <BrushLabels name="parts" toName="image"><Label value="face"/></BrushLabels>
    <KeyPointLabels name="eyes" toName="image"><Label value="Links" alias="left"/><Label value="right"/></KeyPointLabels>
    <KeyPointLabels name="others" toName="image"><Label value="nose"/></KeyPointLabels></View>`,
);
const masksOnly = parseLabelConfig(
  '<View><Image name="image" value="$image"/><BrushLabels name="parts" toName="image"><Label value="face"/></BrushLabels></View>',
);

/** As the editor of Label Studio 1.23 submits a point that somebody drew. */
const point = (label: string, x: number, y: number, more: object = {}) => ({
  id: `id-${label}-${x}-${y}`,
  from_name: 'eyes',
  to_name: 'image',
  type: 'keypointlabels',
  origin: 'manual',
  original_width: 40,
  original_height: 20,
  image_rotation: 0,
  value: { x, y, width: 0.2680965147453083, keypointlabels: [label] },
  ...more,
});
const read = (...result: unknown[]) => keypointsOfRegions(result, config, 40, 20);

describe('keypointsOfRegions', () => {
  it('reads per cent as pixels of the picture, by alias or value; what is not there is absent', () => {
    expect(read(point('left', 50, 50), point('nose', 2.5, 100))).toEqual({
      marked: [{ x: 20, y: 10 }, null, { x: 1, y: 20 }],
      lost: false,
      notes: [],
    });
    expect(read(point('Links', 25, 5)).marked).toEqual([{ x: 10, y: 1 }, null, null]);
  });

  it('takes a click of a smart tool for none of the keypoints; reading the masks tells that its region was not accepted', async () => {
    const click = point('face', 50, 50, { is_positive: true });
    expect(read(point('left', 50, 50), click)).toEqual({ marked: [{ x: 20, y: 10 }, null, null], lost: false, notes: [] });
    for (const own of [config, masksOnly]) {
      const { notes, lost } = await labelMapOfRegions([click], own, 40, 20);
      expect({ notes, lost }).toEqual({ notes: [expect.stringMatching(/click for 'face'.*not accepted/)], lost: false });
    }
  });

  it('says nothing where there is no point, or the config has no keypoints', () => {
    const nothing = { marked: null, lost: false, notes: [] };
    expect(read()).toEqual(nothing);
    for (const result of [null, undefined]) expect(keypointsOfRegions(result, config, 40, 20)).toEqual(nothing);
    expect(keypointsOfRegions([point('left', 50, 50)], masksOnly, 40, 20)).toEqual(nothing);
    expect(() => keypointsOfRegions({}, config, 40, 20)).toThrow('not a list of regions');
  });

  it('counts the last of several points with one label, and says so', () => {
    expect(read(point('left', 10, 10), point('right', 20, 20), point('Links', 50, 50))).toEqual({
      marked: [{ x: 20, y: 10 }, { x: 8, y: 4 }, null],
      lost: false,
      notes: ["'left' has 2 points; the last one counts"],
    });
  });

  it('reads from a Choices of the region which points are occluded', () => {
    const of = (region: { id: string; value: object }, choices: readonly string[], from = 'visibility') => ({
      ...region,
      from_name: from,
      type: 'choices',
      value: { x: 1, y: 1, width: 0.5, choices },
    });
    const [left, right, nose] = [point('left', 50, 50), point('right', 10, 10), point('nose', 20, 20)];
    const result = [left, of(left, ['Occluded']), right, of(right, ['visible']), nose, of(nose, ['occluded'], 'quality')];
    expect(read(...result).marked).toEqual([
      { x: 20, y: 10, occluded: true },
      { x: 4, y: 2 },
      { x: 8, y: 4 },
    ]);
  });

  it('ignores points of another picture, without label, or with an unknown one', () => {
    const decoded = read(
      point('left', 50, 50),
      point('right', 50, 50, { to_name: 'side' }),
      point('tail', 1, 1),
      point('', 1, 1, { id: 'bare', value: { x: 1, y: 1, width: 1 } }),
    );
    expect(decoded).toMatchObject({ marked: [{ x: 20, y: 10 }, null, null], lost: false });
    expect(decoded.notes).toEqual([
      "a region on 'side' is not on 'image'",
      "the keypoint 'tail' is not in the label config",
      'region bare has no label and is ignored',
    ]);
  });

  it('takes a point just over the edge as on it', () => {
    expect(read(point('left', 100.5, -0.4)).marked![0]).toEqual({ x: 40, y: 0 });
  });

  it.each([
    [
      'was drawn on a picture of another size',
      point('left', 1, 1, { original_width: 512 }),
      '512x20 pixels, but this one has 40x20',
    ],
    ['has no place', point('left', 1, 1, { id: 'odd', value: { x: 'far', keypointlabels: ['left'] } }), 'region odd is ignored'],
    ['is far outside', point('left', 150, 1), 'outside the picture'],
    ['is no region', 17, 'not a region'],
  ])('tells nothing about any keypoint where one %s', (_, broken, note) => {
    const decoded = read(point('right', 50, 50), broken);
    expect(decoded).toMatchObject({ marked: null, lost: true, notes: [expect.stringContaining(note)] });
  });

  it('reads a KeyPoint whose label Labels beside it gives', () => {
    const apart = parseLabelConfig(
      '<View><Image name="image" value="$image"/><KeyPoint name="point" toName="image"/><Labels name="names" toName="image"><Label value="left"/></Labels></View>',
      { joinApart: true },
    );
    const shape = { ...point('left', 50, 50), type: 'keypoint', from_name: 'point', value: { x: 50, y: 50, width: 1 } };
    const named = { ...shape, type: 'labels', from_name: 'names', value: { ...shape.value, labels: ['left'] } };
    expect(keypointsOfRegions([shape, named], apart, 40, 20).marked).toEqual([{ x: 20, y: 10 }]);
  });
});

describe('regionsOfPrediction', () => {
  const version = 'dg-0123456789ab';
  const map = drawn('.1.1', '....');
  const keypoints: readonly PredictedKeypoint[] = [
    { keypoint: 0, x: 1, y: 0.5, score: 0.98765, spread: 0.1 },
    { keypoint: 2, x: 4, y: 2, score: 0.5, spread: 2 },
  ];
  const regions = regionsOfPrediction(config, map, keypoints, { version, width: 40, height: 20 });

  it('gives masks, then points with all that the editor needs to draw them', () => {
    expect(regions.map(({ type }) => type)).toEqual(['brushlabels', 'keypointlabels', 'keypointlabels']);
    expect(regions[1]).toEqual({
      id: `${version}.k0`,
      from_name: 'eyes',
      to_name: 'image',
      type: 'keypointlabels',
      origin: 'prediction',
      score: 0.988,
      original_width: 40,
      original_height: 20,
      image_rotation: 0,
      value: { x: 25, y: 25, width: expect.any(Number), keypointlabels: ['left'] },
    });
    expect(regions[2]).toMatchObject({ from_name: 'others', value: { x: 100, y: 100, keypointlabels: ['nose'] } });
    const radius = (width: number, height: number) => {
      const value = regionsOfPrediction(config, map, [keypoints[0]!], { version, width, height }).at(-1)!.value;
      return 'width' in value ? (value.width / 100) * width : 0;
    };
    // Of the longer side, whichever that is: the editor makes both fit the screen.
    expect(radius(500, 100)).toBeCloseTo(3);
    expect(radius(100, 500)).toBeCloseTo(3);
  });

  it('names the version in the ids, and no two regions the same', () => {
    for (const one of regions) expect(versionOfRegions([one])).toBe(version);
    expect(new Set(regions.map(({ id }) => id)).size).toBe(3);
  });

  it('is read back as it was, in pixels of the picture', async () => {
    expect(keypointsOfRegions(regions, config, 40, 20)).toEqual({
      marked: [{ x: 10, y: 5 }, null, { x: 40, y: 20 }],
      lost: false,
      notes: [],
    });
    expect((await labelMapOfRegions(regions, config, 40, 20)).notes).toEqual([]);
    expect((await labelMapOfRegions(regions, masksOnly, 40, 20)).notes).toEqual([
      "a region of type 'keypointlabels' is not a mask",
    ]);
  });

  it('has no point of a keypoint that the project does not draw', () => {
    expect(regionsOfPrediction(masksOnly, map, keypoints, { version }).map(({ type }) => type)).toEqual(['brushlabels']);
  });
});
