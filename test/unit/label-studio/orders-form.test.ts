import { describe, expect, it } from 'vitest';
import { escapeHtml, orderStatusHtml } from '../../../src/label-studio/orders-form/order-status.ts';
import { ORDERS_LABEL_CONFIG, orderTaskData } from '../../../src/label-studio/orders-form/orders-form.ts';
import { parseOrder } from '../../../src/label-studio/orders-form/parse-order.ts';

const choice = (...choices: unknown[]) => ({ from_name: 'source', to_name: 'status', type: 'choices', value: { choices } });
const number = (name: string, value: unknown) => ({
  from_name: name,
  to_name: 'status',
  type: 'number',
  value: { number: value },
});
const title = (...text: unknown[]) => ({ from_name: 'title', to_name: 'status', type: 'textarea', value: { text } });

describe('orderTaskData', () => {
  it('lists the projects under their ids, and chooses an only one', () => {
    expect(orderTaskData([{ id: 7, title: 'Faces' }], { state: 'running', title: '<b>', delivered: 3, asked: 9 })).toEqual({
      order: 'running, <b>, 3 of 9 pairs',
      status: orderStatusHtml({ state: 'running', title: '<b>', delivered: 3, asked: 9 }),
      projects: [{ value: 'Faces (project 7)', alias: '7', selected: true }],
    });
    const two = [7, 8].map((id) => ({ id, title: 'Faces' }));
    const { projects, order } = orderTaskData(two, { state: 'blank' });
    expect(order).toBe('blank');
    expect(projects.map(({ value }) => value)).toEqual(['Faces (project 7)', 'Faces (project 8)']);
    expect(projects.some(({ selected }) => selected)).toBe(false);
  });

  it('gives every value that the label config asks for', () => {
    const asked = [...ORDERS_LABEL_CONFIG.matchAll(/value="\$(\w+)"/g)].map((match) => match[1]);
    expect(asked).toHaveLength(2);
    expect(Object.keys(orderTaskData([], { state: 'blank' }))).toEqual(expect.arrayContaining(asked));
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

  it('names everything that is wrong, in the order of the form', () => {
    const wrong = ['Choose the source project.', 'Say how many pairs you want.'];
    for (const nothing of [[], null, 'x', {}]) expect(parseOrder(nothing)).toEqual({ problems: wrong });
    expect(parseOrder([choice('Faces'), number('count', 0), number('filter', 51), title('ab')])).toEqual({
      problems: [
        'The source project must be one of the list.',
        'The number of pairs must be a whole number from 1.',
        'The share to leave out must be from 0 to 50 per cent.',
        'The title must have 3 to 50 letters, or be empty.',
      ],
    });
  });

  it.each([-1, 1.5, '50', Number.NaN, Number.POSITIVE_INFINITY, 1e300])('refuses a count of %s', (count) => {
    expect(parseOrder([choice('7'), number('count', count)])).toHaveProperty('problems', [
      'The number of pairs must be a whole number from 1.',
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

  it('shows what users write as text, never as HTML', () => {
    const evil = `<img src=x onerror="alert('1')">&lt;`;
    const html = orderStatusHtml({ state: 'failed', title: evil, lines: [evil] });
    expect(html.match(/<(?!\/?(p|b)>)/g)).toBeNull();
    expect(html).not.toMatch(/["']/);
    expect(escapeHtml(evil)).toBe('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;lt;');
  });
});
