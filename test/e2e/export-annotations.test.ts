import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from '@thi.ng/rle-pack';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { runCommandLine } from '../../src/cli/run-command-line.ts';
import { createAnnotation } from '../../src/label-studio/client/annotations.ts';
import { createProject, getProject } from '../../src/label-studio/client/projects.ts';
import { createTask } from '../../src/label-studio/client/tasks.ts';
import { uploadFiles } from '../../src/label-studio/client/uploads.ts';
import { Connection } from '../../src/label-studio/connection/connection.ts';
import { encodeBitmaskUrl } from '../../src/masks/png/bitmask-png.ts';
import { READERS } from '../support/export-readers.ts';
import { KEYPOINT_READERS, type ReadPoint } from '../support/keypoint-readers.ts';
import { describeWithLabelStudio, type RealLabelStudio, startRealLabelStudio } from '../support/real-label-studio.ts';

const TASK_DATA = z.looseObject({ data: z.record(z.string(), z.unknown()) });

const IMPORTED = z.looseObject({ task_ids: z.array(z.number()) });
const COCO = z.looseObject({
  images: z.array(z.looseObject({ id: z.number(), task: z.number() })),
  annotations: z.array(z.looseObject({ image_id: z.number(), area: z.number() })),
});

const POSES = z.looseObject({
  annotations: z.array(z.looseObject({ bbox: z.array(z.number()), num_keypoints: z.number() })),
});

/** Not square: masks whose rows and columns are confused do not fit. */
const WIDTH = 60;
const HEIGHT = 40;
const PIXELS = WIDTH * HEIGHT;

/** 1 in the ellipse, 0 elsewhere. */
function ellipse(cx: number, cy: number, rx: number, ry: number): Uint8Array {
  return Uint8Array.from({ length: PIXELS }, (_, i) =>
    (((i % WIDTH) + 0.5 - cx) / rx) ** 2 + ((Math.floor(i / WIDTH) + 0.5 - cy) / ry) ** 2 <= 1 ? 1 : 0,
  );
}

/** 1 in the rectangle, 0 elsewhere. */
function rectangleMask(x0: number, y0: number, x1: number, y1: number): Uint8Array {
  return Uint8Array.from({ length: PIXELS }, (_, i) => {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    return x >= x0 && x < x1 && y >= y0 && y < y1 ? 1 : 0;
  });
}

/** A picture with a gradient, so that turning it shows. */
const rgb = Buffer.from(Array.from({ length: PIXELS }, (_, i) => [(i % WIDTH) * 4, Math.floor(i / WIDTH) * 6, 90]).flat());
const picture = () => sharp(rgb, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });

/** The picture as a BMP of 24 bits: blue, green, red, the lowest row first. */
function bmp(): Buffer {
  const file = Buffer.alloc(54 + 3 * PIXELS);
  file.write('BM');
  for (const [at, value] of [
    [10, 54],
    [14, 40],
    [18, WIDTH],
    [22, HEIGHT],
    [26, (24 << 16) | 1],
  ] as const)
    file.writeUInt32LE(value, at);
  for (let pixel = 0; pixel < PIXELS; pixel++) {
    const row = HEIGHT - 1 - Math.floor(pixel / WIDTH);
    file.set(rgb.subarray(3 * pixel, 3 * pixel + 3).toReversed(), 54 + 3 * (row * WIDTH + (pixel % WIDTH)));
  }
  return file;
}

const base = (type: string, from: string, value: object) => ({
  id: Math.floor(1e9 * (0.1 + type.length / 100)).toString(36),
  type,
  from_name: from,
  to_name: 'image',
  original_width: WIDTH,
  original_height: HEIGHT,
  image_rotation: 0,
  value,
});
/** As the editor saves strokes: alpha is partial at the edge, so the RLE has literal blocks. */
function brush(label: string, mask: Uint8Array, from = 'tag') {
  const rgba = new Uint8Array(4 * PIXELS);
  for (const [i, set] of mask.entries()) rgba.fill(set === 1 ? 255 - (i % 100) : (i * 7) % 100, 4 * i, 4 * i + 4);
  return base('brushlabels', from, { format: 'rle', rle: [...encode(rgba, rgba.length)], brushlabels: [label] });
}
const bitmask = (label: string, mask: Uint8Array) =>
  base('bitmasklabels', 'bits', {
    imageDataURL: encodeBitmaskUrl({ width: WIDTH, height: HEIGHT, data: mask }, 1),
    bitmasklabels: [label],
  });
/** A rectangle along pixel edges. */
function polygon(label: string, [x0, y0, x1, y1]: readonly [number, number, number, number]) {
  const corners = [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ] as const;
  const points = corners.map(([x, y]) => [(100 * x) / WIDTH, (100 * y) / HEIGHT]);
  return base('polygonlabels', 'poly', { points, closed: true, polygonlabels: [label] });
}
const keypoint = (label: string) => base('keypointlabels', 'points', { x: 50, y: 50, width: 1, keypointlabels: [label] });
const rectangle = (label: string) =>
  base('rectanglelabels', 'boxes', { x: 1, y: 2, width: 30, height: 40, rotation: 0, rectanglelabels: [label] });

describeWithLabelStudio('annotations of projects that are not ours, as files', () => {
  let labelStudio: RealLabelStudio;
  let connection: Connection;
  let elsewhere: Server;
  let folder: string;
  const headers: (string | undefined)[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'datasetgan-annotations-'));
    labelStudio = await startRealLabelStudio();
    connection = new Connection({ base: labelStudio.url, key: labelStudio.personalAccessToken });
    vi.stubEnv('LABEL_STUDIO_URL', labelStudio.url);
    vi.stubEnv('LABEL_STUDIO_API_KEY', labelStudio.personalAccessToken);
    const png = await picture().png().toBuffer();
    elsewhere = createServer((request, response) => {
      headers.push(request.headers.authorization);
      if (request.url?.startsWith('/there') === true) response.end(png);
      else response.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    await new Promise((go) => elsewhere.once('listening', go));
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(async () => {
    vi.unstubAllEnvs();
    elsewhere?.close();
    await labelStudio?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const annotate = (task: number, result: readonly object[]) => createAnnotation(connection, task, { result, lead_time: 5 });
  async function uploaded(project: number, name: string, bytes: Uint8Array, type: string): Promise<number> {
    const [upload] = await uploadFiles(connection, project, [{ name, bytes, type }]);
    return (await createTask(connection, project, { data: { image: upload!.path } })).id;
  }
  /** The name under which Label Studio stores the picture of a task. */
  async function stored(task: number): Promise<string> {
    const { data } = await connection.json(TASK_DATA, { method: 'GET', path: `/api/tasks/${task}/` });
    return String(data.image)
      .split('/')
      .at(-1)!
      .replace(/\.\w+$/, '');
  }
  /** Runs the command; gives the folder and what it said on the side. */
  async function run(project: number, formats: string, objects?: string): Promise<{ out: string; said: string }> {
    const out = join(folder, `project-${project}${objects ?? ''}`);
    const asked = objects === undefined ? [] : ['--objects', objects];
    const said: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
    await runCommandLine([
      'export',
      String(project),
      '--from-annotations',
      '--format',
      formats,
      '--out',
      out,
      '--licence',
      'CC BY 4.0',
      ...asked,
    ]);
    vi.restoreAllMocks();
    return { out, said: said.join('') };
  }

  it('masks of SAM and the brush, with keypoints and boxes among them, in COCO, YOLO and VOC', async () => {
    const labels = ['bicycles', 'boats'].map((label) => `<Label value="${label}" background="#FF0000"/>`).join('');
    const project = await createProject(connection, {
      title: 'SAM',
      label_config: `<View><Image name="image" value="$image" zoom="true"/><BrushLabels name="tag" toName="image">${labels}</BrushLabels>
        <KeyPointLabels name="points" toName="image" smart="true">${labels}</KeyPointLabels>
        <RectangleLabels name="boxes" toName="image" smart="true">${labels}</RectangleLabels></View>`,
    });
    const [bicycle, boat] = [ellipse(15, 12, 10, 8), ellipse(42, 25, 14, 11)];
    const hole = ellipse(42, 25, 5, 4);
    const boatWithHole = boat.map((set, i) => set & (1 - hole[i]!));
    const expected = bicycle.map((set, i) => (boatWithHole[i] === 1 ? 2 : set));

    // Stored turned by a quarter, as phones do; the browser, and so the annotator, sees it upright.
    const turned = await sharp(await picture().rotate(270).png().toBuffer())
      .jpeg({ quality: 100 })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const [one, there, inline, gone, skipped, old] = [
      await uploaded(project.id, 'turned.jpg', turned, 'image/jpeg'),
      (
        await createTask(connection, project.id, {
          data: { image: `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/there/a%20b.png?key=1` },
        })
      ).id,
      (
        await createTask(connection, project.id, {
          data: { image: `data:image/png;base64,${(await picture().png().toBuffer()).toString('base64')}` },
        })
      ).id,
      (
        await createTask(connection, project.id, {
          data: { image: `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/gone.png` },
        })
      ).id,
      await uploaded(project.id, 'skipped.png', await picture().png().toBuffer(), 'image/png'),
      await uploaded(project.id, 'old.png', await picture().png().toBuffer(), 'image/png'),
    ];
    const result = [keypoint('boats'), brush('bicycles', bicycle), rectangle('boats'), brush('boats', boatWithHole)];
    for (const task of [one, there, inline, gone]) await annotate(task!, result);
    await createAnnotation(connection, skipped!, { result, lead_time: 5, was_cancelled: true });
    await annotate(old!, [brush('boats', bicycle)]);
    await annotate(old!, result);

    const { out, said } = await run(project.id, 'coco,yolo-seg,voc,coco-panoptic,parquet,label-studio');
    expect(said).toContain(`task ${gone} is skipped: http://127.0.0.1`);
    expect(headers.every((header) => header === undefined)).toBe(true);
    for (const format of await readdir(out)) {
      const pairs = await READERS[format]!(join(out, format));
      expect([...pairs.keys()].sort()).toEqual(
        [`${await stored(one!)}-${one}`, `a_b-${there}`, `task-${inline}`, `${await stored(old!)}-${old}`].sort(),
      );
      for (const { map, image } of pairs.values()) {
        expect([map.width, map.height]).toEqual([WIDTH, HEIGHT]);
        expect(Buffer.compare(map.data, expected)).toBe(0);
        const { data } = await sharp(image).removeAlpha().raw().toBuffer({ resolveWithObject: true });
        expect(data.reduce((sum, value, i) => sum + Math.abs(value - rgb[i]!), 0) / data.length).toBeLessThan(4);
      }
    }
    const card = await readFile(join(out, 'coco', 'README.md'), 'utf8');
    expect(card).toContain('license: cc-by-4.0');
  });

  it('one class, drawn by a brush alone, is in every format', async () => {
    const project = await createProject(connection, {
      title: 'One class',
      label_config:
        '<View><Image name="image" value="$image"/><BrushLabels name="tag" toName="image"><Label value="road"/></BrushLabels></View>',
    });
    const road = ellipse(30, 20, 25, 6);
    await annotate(await uploaded(project.id, 'road.png', await picture().png().toBuffer(), 'image/png'), [brush('road', road)]);
    const { out } = await run(project.id, 'all');
    const formats = await readdir(out);
    expect(formats.length).toBe(10);
    for (const format of formats) {
      const [pair] = [...(await READERS[format]!(join(out, format))).values()];
      expect(Buffer.compare(pair!.map.data, road)).toBe(0);
    }
  });

  it('polygons and bitmasks beside each other, with labels of their own; unlabelled is to be ignored where there is a Background', async () => {
    const project = await createProject(connection, {
      title: 'Mixed',
      label_config: `<View><Image name="image" value="$image"/>
        <PolygonLabels name="poly" toName="image"><Label value="Background"/><Label value="car"/></PolygonLabels>
        <BitmaskLabels name="bits" toName="image"><Label value="tree"/></BitmaskLabels></View>`,
    });
    const tree = ellipse(45, 20, 9, 14);
    const task = await uploaded(project.id, 'street.png', await picture().png().toBuffer(), 'image/png');
    await annotate(task, [polygon('Background', [0, 0, 20, 10]), polygon('car', [10, 5, 30, 20]), bitmask('tree', tree)]);
    const { out } = await run(project.id, 'index-png,coco-panoptic,label-studio');
    const inside = (i: number, x0: number, y0: number, x1: number, y1: number) => {
      const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
      return x >= x0 && x < x1 && y >= y0 && y < y1;
    };
    const expected = tree.map((set, i) => {
      if (set === 1) return 2;
      return inside(i, 10, 5, 30, 20) ? 1 : inside(i, 0, 0, 20, 10) ? 0 : 255;
    });
    for (const format of ['index-png', 'coco-panoptic', 'label-studio']) {
      const [pair] = [...(await READERS[format]!(join(out, format))).values()];
      expect(Buffer.compare(pair!.map.data, expected)).toBe(0);
    }
  });

  it('what Label Studio stores unchecked: each task by itself, each region by itself, and every loss named', async () => {
    const project = await createProject(connection, {
      title: 'Odd',
      label_config: `<View><Image name="image" value="$image"/>
        <BrushLabels name="sides" toName="image"><Label value="Left" alias="Right"/><Label value="Right" alias="Left"/></BrushLabels>
        <BrushLabels name="defects" toName="image"><Label value="Scratch"/></BrushLabels></View>`,
    });
    const [one, two] = [ellipse(15, 20, 10, 15), ellipse(40, 20, 10, 15)];
    const touching = [rectangleMask(5, 5, 20, 30), rectangleMask(20, 5, 35, 30)] as const;
    const png = `data:image/png;base64,${(await picture().png().toBuffer()).toString('base64')}`;
    const { id: _, ...withoutId } = brush('Scratch', two, 'defects');
    const { type: __, ...withoutType } = brush('Left', two, 'sides');
    const faint = new Uint8Array(4 * PIXELS).map((___, i) => (one[i >> 2] === 1 ? 100 : 0));
    const stored = {
      ids: [{ ...brush('Right', one, 'sides'), id: 55, original_width: String(WIDTH) }, withoutId],
      types: [null, withoutType],
      objects: [rectangleMask(10, 10, 30, 25), ...touching].map((mask, i) => ({
        ...brush('Left', mask, 'sides'),
        id: `cell ${i}`,
      })),
      faint: [
        { ...brush('Right', one, 'sides'), id: 'f', value: { rle: [...encode(faint, faint.length)], brushlabels: ['Right'] } },
      ],
      lost: [{ ...brush('Left', one, 'sides'), id: 'gone', original_width: 512 }, brush('Scratch', two, 'defects')],
    };
    const names = Object.keys(stored);
    const tasks = Object.entries(stored).map(([name, result]) => ({
      data: { image: name === 'objects' ? `data:image/bmp;base64,${bmp().toString('base64')}` : png },
      annotations: [{ result, lead_time: 3 }],
    }));
    const path = `/api/projects/${project.id}/import?return_task_ids=true`;
    const { task_ids: ids } = await connection.json(IMPORTED, { method: 'POST', path, body: tasks });
    const { out, said } = await run(project.id, 'index-png,coco,coco-panoptic,voc,yolo-seg');
    const task = (name: string) => ids[names.indexOf(name)]!;
    expect(said).toContain(`task ${task('types')}: region number 1 cannot be read`);
    expect(said).toContain(`task ${task('objects')}: region cell 0 has no pixel of its own`);
    expect(said).toContain(`task ${task('faint')}: region f is faint: pixels with an alpha of 50 or more count`);
    expect(said).toContain(`task ${task('lost')}: region gone is ignored: It was drawn on a picture of 512x40 pixels`);

    const [RIGHT, LEFT, SCRATCH, UNKNOWN] = [1, 2, 3, 255];
    const expected: Record<string, Uint8Array> = {
      ids: one.map((set, i) => (two[i] === 1 ? SCRATCH : set * RIGHT)),
      types: two.map((set) => (set === 1 ? LEFT : UNKNOWN)),
      objects: touching[0].map((set, i) => (set | touching[1][i]!) * LEFT),
      faint: one.map((set) => set * RIGHT),
      lost: two.map((set) => (set === 1 ? SCRATCH : UNKNOWN)),
    };
    const pairs = await READERS['index-png']!(join(out, 'index-png'));
    expect(pairs.size).toBe(5);
    for (const [name, map] of Object.entries(expected)) {
      const [pair] = [...pairs].filter(([file]) => file.endsWith(`-${task(name)}`)).map(([, found]) => found);
      expect([name, Buffer.compare(pair!.map.data, map)]).toEqual([name, 0]);
      const { data } = await sharp(pair!.image).removeAlpha().raw().toBuffer({ resolveWithObject: true });
      expect([name, Buffer.compare(data, rgb)]).toEqual([name, 0]);
    }
    const areas = async (): Promise<number[]> => {
      const all: number[] = [];
      for (const split of ['train', 'val']) {
        const file = await readFile(join(out, 'coco', 'annotations', `instances_${split}.json`), 'utf8');
        const { images, annotations } = COCO.parse(JSON.parse(file));
        const own = images.find(({ task: from }) => from === task('objects'));
        all.push(...annotations.filter(({ image_id: image }) => image === own?.id).map(({ area }) => area));
      }
      return all;
    };
    expect(await areas()).toEqual([375, 375]);
  });

  it('shapes and labels of controls apart; an object is a region, or a piece where that is asked for', async () => {
    const project = await createProject(connection, {
      title: 'Apart',
      label_config:
        '<View><Image name="image" value="$image"/><Labels name="parts" toName="image"><Label value="Hair"/></Labels><Brush name="b" toName="image"/></View>',
    });
    const [one, two] = [ellipse(15, 20, 10, 15), ellipse(45, 20, 10, 15)];
    const both = one.map((set, i) => set | two[i]!);
    const { value, ...shape } = brush('Hair', both, 'b');
    const { brushlabels: labels, ...mask } = value as { brushlabels: string[] };
    const task = await uploaded(project.id, 'hair.png', await picture().png().toBuffer(), 'image/png');
    await annotate(task, [
      { ...shape, type: 'brush', value: mask },
      { ...shape, type: 'labels', from_name: 'parts', value: { ...mask, labels } },
    ]);
    for (const [objects, count] of [
      [undefined, 1],
      ['pieces', 2],
    ] as const) {
      const { out, said } = await run(project.id, 'coco,label-studio', objects);
      expect(said).not.toContain('task');
      const [pair] = [...(await READERS['label-studio']!(join(out, 'label-studio'))).values()];
      expect(Buffer.compare(pair!.map.data, both)).toBe(0);
      const splits = await Promise.all(
        ['train', 'val'].map((split) => readFile(join(out, 'coco', 'annotations', `instances_${split}.json`), 'utf8')),
      );
      expect(splits.flatMap((file) => COCO.parse(JSON.parse(file)).annotations)).toHaveLength(count);
    }
  });

  const VISIBILITY =
    '<Choices name="visibility" toName="image" perRegion="true"><Choice value="visible"/><Choice value="occluded"/></Choices>';
  const point = (id: string, label: string, x: number, y: number) => ({
    ...base('keypointlabels', 'points', { x, y, width: 0.6, keypointlabels: [label] }),
    id,
  });

  it('keypoints alone: the last of a label counts, others are absent, and Label Studio keeps the skeleton', async () => {
    const project = await createProject(connection, {
      title: 'Points',
      label_config: `<View><Image name="image" value="$image"/><KeyPointLabels name="points" toName="image"><Label value="nose" skeleton="left eye, tail"/>
        <Label value="left eye"/><Label value="right eye"/></KeyPointLabels>${VISIBILITY}</View>`,
    });
    expect((await getProject(connection, project.id)).label_config).toContain('skeleton="left eye, tail"');
    const [task, empty] = [
      await uploaded(project.id, 'one.png', await picture().png().toBuffer(), 'image/png'),
      await uploaded(project.id, 'two.png', await picture().png().toBuffer(), 'image/png'),
    ];
    const eye = point('c', 'left eye', 50, 25);
    await annotate(task, [
      point('a', 'nose', 25, 50),
      point('b', 'left eye', 10, 10),
      eye,
      { ...eye, from_name: 'visibility', type: 'choices', value: { ...eye.value, choices: ['occluded'] } },
    ]);
    await annotate(empty, []);

    const { out, said } = await run(project.id, 'all');
    expect((await readdir(out)).sort()).toEqual(
      ['coco-keypoints', 'deeplabcut', 'imagefolder', 'label-studio', 'parquet', 'webdataset', 'yolo-pose'].sort(),
    );
    expect(said).toContain("the skeleton names 'tail', which is not a keypoint");
    expect(said).toContain(`task ${task}: 'left eye' has 2 points; the last one counts`);
    expect(said).toContain(`task ${empty} is skipped: its annotation has no keypoint`);
    for (const format of await readdir(out)) {
      const { names, points } = await KEYPOINT_READERS[format]!(join(out, format));
      expect(names).toEqual(['nose', 'left eye', 'right eye']);
      expect([...points.keys()]).toEqual([`${await stored(task)}-${task}`]);
      const [[nose, left, right]] = [...points.values()] as [[ReadPoint, ReadPoint, ReadPoint]];
      expect(right).toBeNull();
      const seen = (visibility: number) => (format === 'deeplabcut' ? null : visibility);
      for (const [read, x, y, visibility] of [
        [nose, 15, 20, seen(2)],
        [left, 30, 10, seen(1)],
      ] as const) {
        expect(Math.hypot(read!.x - x, read!.y - y)).toBeLessThan(0.01);
        expect(read!.visibility).toBe(visibility);
      }
    }
    const splits = ['train', 'val'].map((split) => join(out, 'coco-keypoints', `annotations/person_keypoints_${split}.json`));
    expect(await readFile(splits[0]!, 'utf8')).toContain('"skeleton":[[1,2]]');
    await rm(out, { recursive: true });
    await expect(run(project.id, 'coco')).rejects.toMatchObject({
      message: "The format 'coco' is for masks, and there are none.",
    });
  });

  it('keypoints beside masks: what an annotation does not say is not known, and the box is that of the mask', async () => {
    const project = await createProject(connection, {
      title: 'Both',
      label_config: `<View><Image name="image" value="$image"/><BrushLabels name="tag" toName="image"><Label value="head"/></BrushLabels>
        <KeyPointLabels name="points" toName="image"><Label value="nose"/></KeyPointLabels></View>`,
    });
    const upload = async (name: string) => uploaded(project.id, name, await picture().png().toBuffer(), 'image/png');
    const [both, pointed, painted] = [await upload('both.png'), await upload('pointed.png'), await upload('painted.png')];
    const head = rectangleMask(10, 5, 30, 25);
    await annotate(both, [brush('head', head), point('a', 'nose', 25, 50)]);
    await annotate(pointed, [point('a', 'nose', 75, 50)]);
    await annotate(painted, [brush('head', head)]);

    const { out } = await run(project.id, 'coco-keypoints,index-png,yolo-pose');
    const masks = await READERS['index-png']!(join(out, 'index-png'));
    const name = async (task: number) => `${await stored(task)}-${task}`;
    expect(Buffer.compare(masks.get(await name(both))!.map.data, head)).toBe(0);
    expect(masks.get(await name(pointed))!.map.data.every((label) => label === 255)).toBe(true);
    const { points } = await KEYPOINT_READERS['index-png']!(join(out, 'index-png'));
    expect(points.get(await name(painted))).toBeNull();
    expect((await KEYPOINT_READERS['yolo-pose']!(join(out, 'yolo-pose'))).points.size).toBe(2);
    const files = ['train', 'val'].map((split) => join(out, 'coco-keypoints', `annotations/person_keypoints_${split}.json`));
    const annotations = (await Promise.all(files.map((file) => readFile(file, 'utf8')))).flatMap(
      (text) => POSES.parse(JSON.parse(text)).annotations,
    );
    expect(annotations.map(({ bbox, num_keypoints: shown }) => [...bbox, shown]).sort()).toEqual(
      [
        [10, 5, 20, 20, 0],
        [10, 5, 20, 20, 1],
        [43.8, 18.8, 2.4, 2.4, 1],
      ].sort(),
    );
  });

  it('says what is wrong, and leaves nothing', async () => {
    const out = join(folder, 'never');
    const asked = (project: string) =>
      runCommandLine(['export', project, '--from-annotations', '--format', 'coco', '--out', out]);
    await expect(asked('99999')).rejects.toMatchObject({ code: 'unknown-project' });
    await expect(asked('abc')).rejects.toMatchObject({ message: 'abc is not a project.' });
    const empty = await createProject(connection, {
      title: 'Empty',
      label_config:
        '<View><Image name="image" value="$image"/><BrushLabels name="tag" toName="image"><Label value="a"/></BrushLabels></View>',
    });
    await expect(asked(String(empty.id))).rejects.toThrow(
      "There is nothing to export in the project 'Empty': none of its tasks is annotated",
    );
    const boxes = await createProject(connection, {
      title: 'Boxes',
      label_config:
        '<View><Image name="image" value="$image"/><RectangleLabels name="b" toName="image"><Label value="a"/></RectangleLabels></View>',
    });
    await expect(asked(String(boxes.id))).rejects.toMatchObject({ code: 'bad-label-config' });
    expect((await readdir(folder)).filter((name) => name.startsWith('never'))).toEqual([]);
  });
});
