import { describe, expect, it } from 'vitest';
import { orderStatusHtml } from '../../../src/label-studio/orders-form/order-status.ts';
import { FORM_DATA, ordersLabelConfig, orderTaskData } from '../../../src/label-studio/orders-form/orders-form.ts';
import { parseOrder } from '../../../src/label-studio/orders-form/parse-order.ts';

const chosen = (name: string, ...choices: unknown[]) => ({
  from_name: name,
  to_name: 'status',
  type: 'choices',
  value: { choices },
});
const choice = (...choices: unknown[]) => chosen('source', ...choices);
const number = (name: string, value: unknown) => ({
  from_name: name,
  to_name: 'status',
  type: 'number',
  value: { number: value },
});
const title = (...text: unknown[]) => ({ from_name: 'title', to_name: 'status', type: 'textarea', value: { text } });

describe('orderTaskData', () => {
  const nothing = { projects: [], versions: [], destinations: [], labels: [] };

  it('lists the projects under their ids, and chooses an only one', () => {
    const project = { id: 7, title: 'Faces' };
    const status = { state: 'running', title: '<b>', delivered: 3, asked: 9 } as const;
    expect(
      orderTaskData(
        {
          projects: [{ ...project, trained: true }],
          versions: [
            { id: 'dg-2', project, annotated: 2, mIoU: 0.6789 },
            { id: 'dg-1', project, annotated: 1, mIoU: null },
          ],
          destinations: [{ id: 9, title: 'Many faces' }],
          labels: ['Hair', 'Face & <neck>'],
        },
        status,
      ),
    ).toEqual({
      order: 'running, <b>, 3 of 9 pairs',
      status: orderStatusHtml(status),
      projects: [{ value: 'Faces (project 7)', alias: '7', selected: true }],
      versions: [
        { value: 'The newest', alias: 'newest', selected: true },
        { value: 'dg-2 of Faces (project 7): 2 annotated, mIoU 0.68', alias: 'dg-2', selected: false },
        { value: 'dg-1 of Faces (project 7): 1 annotated', alias: 'dg-1', selected: false },
      ],
      destinations: [
        { value: 'A new project', alias: 'new', selected: true },
        { value: 'Only files', alias: 'files', selected: false },
        { value: 'Many faces (project 9)', alias: '9', selected: false },
      ],
      labels: [
        { value: 'Hair', alias: 'Hair', selected: false },
        { value: 'Face & <neck>', alias: 'Face & <neck>', selected: false },
      ],
    });
    const two = { ...nothing, projects: [7, 8].map((id) => ({ id, title: 'Faces', trained: id === 7 })) };
    const { projects, order } = orderTaskData(two, { state: 'blank' });
    expect(order).toBe('blank');
    expect(projects.map(({ value }) => value)).toEqual([
      'Faces (project 7)',
      'Faces (project 8): no version yet, annotate one of its pictures first',
    ]);
    expect(projects.some(({ selected }) => selected)).toBe(false);
  });

  it('gives every value that the label config asks for, and only the order itself in the list of tasks', () => {
    const config = ordersLabelConfig([
      { name: 'a', title: 'A & <B>' },
      { name: 'b', title: 'B' },
    ]);
    expect(config).toContain('<Choice value="A &amp; &lt;B&gt;" alias="a" selected="true"/><Choice value="B" alias="b"/>');
    const asked = [...config.matchAll(/value="\$(\w+)"/g)].map((match) => match[1]);
    expect(asked.sort()).toEqual([...FORM_DATA].sort());
    expect(Object.keys(orderTaskData(nothing, { state: 'blank' })).sort()).toEqual([...asked, 'order'].sort());
  });
});

describe('parseOrder', () => {
  it('reads a filled-in form', () => {
    expect(parseOrder([choice('7'), number('count', 50), number('filter', 12.5), title(' My faces ')])).toEqual({
      order: { source: 7, count: 50, filter: 0.125, title: 'My faces' },
    });
    expect(parseOrder([choice('7'), number('count', 1), number('filter', 0)])).toEqual({
      order: { source: 7, count: 1, filter: 0 },
    });
    expect(parseOrder([number('count', 3), title(''), choice('12'), { type: 'relation' }, null])).toEqual({
      order: { source: 12, count: 3 },
    });
  });

  it('reads what may be left out', () => {
    const base = [choice('7'), number('count', 5)];
    expect(
      parseOrder([
        ...base,
        number('psi', 0.7),
        chosen('version', 'dg-1'),
        chosen('destination', '12'),
        chosen('formats', 'coco', 'voc'),
      ]),
    ).toEqual({ order: { source: 7, count: 5, psi: 0.7, version: 'dg-1', destination: 12, formats: ['coco', 'voc'] } });
    expect(parseOrder([...base, number('seedStart', 0)])).toEqual({ order: { source: 7, count: 5, seedStart: 0 } });
    for (const wrong of [-1, 1.5, 2 ** 32, '7'])
      expect(parseOrder([...base, number('seedStart', wrong)])).toEqual({
        problems: ['The first seed must be a whole number from 0 to 4294967295, or be empty.'],
      });
    // Every format was taken away.
    expect(parseOrder([...base, chosen('version', 'newest'), chosen('destination', 'new')])).toEqual({
      order: { source: 7, count: 5, destination: 'new', formats: [] },
    });
    expect(parseOrder([...base, chosen('destination', 'files')])).toEqual({
      problems: ['Choose at least one file format, or a project that receives the pairs.'],
    });
    expect(parseOrder([...base, number('psi', 2.5), chosen('destination', 'there')])).toEqual({
      problems: ['The truncation psi must be from 0 to 2, or be empty.', 'The destination must be one of the listed ones.'],
    });
  });

  it('reads rules and what becomes of pixels', () => {
    const base = [choice('7'), number('count', 5)];
    const rules = (...entries: unknown[]) => parseOrder([...base, ...entries]);
    expect(
      rules(chosen('rules', 'nearest', 'areas', 'pieces'), chosen('present', 'Hair', 'Face & <neck>'), chosen('ignore', 'much')),
    ).toEqual({
      order: {
        source: 7,
        count: 5,
        rules: { present: ['Hair', 'Face & <neck>'], areaFactor: 1.5, pieces: 3, nearest: 1 },
        ignoreAbove: 0.5,
      },
    });
    expect(rules(chosen('rules', 'pieces'), chosen('ignore', 'some'))).toEqual({
      order: { source: 7, count: 5, rules: { pieces: 3 }, ignoreAbove: 0.3 },
    });
    expect(rules(chosen('present', 'Hair'))).toEqual({ order: { source: 7, count: 5, rules: { present: ['Hair'] } } });
    expect(rules(chosen('rules'), chosen('present'), chosen('ignore', 'keep'))).toEqual({ order: { source: 7, count: 5 } });
    expect(rules(chosen('rules', 'toString'), chosen('ignore', 'all'))).toEqual({
      problems: ['The rules must be among the listed ones.', 'The choice for uncertain pixels must be one of the listed ones.'],
    });
  });

  it('offers no rule that it cannot read', () => {
    const config = ordersLabelConfig([]);
    for (const field of ['rules', 'ignore']) {
      const own = new RegExp(`<Choices name="${field}".*?</Choices>`).exec(config)![0];
      const aliases = [...own.matchAll(/alias="(\w+)"/g)].map((match) => match[1]);
      expect(aliases.length).toBe(3);
      for (const alias of aliases)
        expect(parseOrder([choice('7'), number('count', 5), chosen(field, alias)])).toHaveProperty('order');
    }
  });

  it('names everything that is wrong, in the order of the form', () => {
    const wrong = ['Choose the source project.', 'Enter the number of pairs.'];
    for (const nothing of [[], null, 'x', {}]) expect(parseOrder(nothing)).toEqual({ problems: wrong });
    expect(parseOrder([choice('Faces'), number('count', 0), number('filter', 51), title('ab')])).toEqual({
      problems: [
        'The source project must be one of the listed projects.',
        'The number of pairs must be a whole number from 1 to 10 million.',
        'The share of dropped candidates must be from 0 to 50 per cent.',
        'The title must have 3 to 50 characters, or be empty.',
      ],
    });
  });

  it.each([-1, 1.5, 10_000_001, '50', Number.NaN, Number.POSITIVE_INFINITY, 1e300])('refuses a count of %s', (count) => {
    expect(parseOrder([choice('7'), number('count', count)])).toHaveProperty('problems', [
      'The number of pairs must be a whole number from 1 to 10 million.',
    ]);
  });

  it.each([-0.5, 50.5, '10', Number.NaN])('refuses a filter of %s per cent', (filter) => {
    expect(parseOrder([choice('7'), number('count', 5), number('filter', filter)])).toHaveProperty('problems');
  });
});

describe('orderStatusHtml', () => {
  it('links to the dataset by an address without a host', () => {
    expect(
      orderStatusHtml({ state: 'completed', title: 'Faces', delivered: 48, asked: 50, projectId: 12, lines: ['Seeds ran out.'] }),
    ).toBe(
      '<p><b>Complete.</b></p><p>Faces</p><p>48 of 50 pairs</p><p><a href="/projects/12/data" target="_blank">Open the dataset</a></p><p>Seeds ran out.</p>',
    );
    expect(orderStatusHtml({ state: 'blank' })).toMatch(/^<p><b>Fill in the form and press Submit\..*<\/b><\/p>$/);
    expect(orderStatusHtml({ state: 'queued', asked: 5, projectId: null })).toContain('<p>0 of 5 pairs</p>');
  });

  it('shows preview, report and files', () => {
    const html = orderStatusHtml({
      state: 'completed',
      report: '/data/upload/1/report.html',
      preview: '/data/upload/1/preview.png',
      colours: [['Hair <1>', '#102030']],
      files: {
        formats: ['coco', 'voc'],
        place: '/data/<d1>',
        links: { zip: 'https://here/x?format=coco&b=2', tar: 'https://here/tar' },
      },
    });
    expect(html).toContain('<a href="/data/upload/1/report.html" target="_blank">Open the report</a>');
    expect(html).toContain('<img src="/data/upload/1/preview.png"');
    expect(html).toContain('<span style="color:#102030">&#9632;</span> Hair &lt;1&gt;');
    expect(html).toContain(
      '<p><a href="https://here/x?format=coco&amp;b=2" target="_blank">Download the files</a> (coco, voc; zip), or <a href="https://here/tar" target="_blank">as tar</a></p><p>Files on the server, coco, voc: /data/&lt;d1&gt;</p>',
    );
    const inFolder = { formats: ['coco'], place: '/data/d1', links: null };
    expect(orderStatusHtml({ state: 'completed', files: inFolder })).toBe(
      '<p><b>Complete.</b></p><p>Files on the server, coco: /data/d1</p>',
    );
    const unsure = { ...inFolder, links: { zip: 'http://a/z', tar: 'http://a/t' }, unsure: 'http://<a>' };
    expect(orderStatusHtml({ state: 'completed', files: unsure })).toContain(
      '<p>The download is at http://&lt;a&gt;. If your browser does not reach it, set PUBLIC_URL for the server.</p>',
    );
  });

  it('shows what users write as text, never as HTML', () => {
    const evil = `<img src=x onerror="alert('1')">&lt;`;
    const html = orderStatusHtml({ state: 'failed', title: evil, lines: [evil] });
    expect(html.match(/<(?!\/?(p|b)>)/g)).toBeNull();
    expect(html).not.toMatch(/["']/);
  });
});
