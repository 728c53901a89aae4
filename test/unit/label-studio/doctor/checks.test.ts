import { describe, expect, it } from 'vitest';
import { DatasetGanError } from '../../../../src/errors.ts';
import type { MlBackend } from '../../../../src/label-studio/client/model-versions.ts';
import type { Webhook } from '../../../../src/label-studio/client/webhooks.ts';
import { checkAddress } from '../../../../src/label-studio/doctor/check-address.ts';
import { checkBackends } from '../../../../src/label-studio/doctor/check-backends.ts';
import { checkLabels } from '../../../../src/label-studio/doctor/check-labels.ts';
import { checkServer } from '../../../../src/label-studio/doctor/check-server.ts';
import { checkShownVersion } from '../../../../src/label-studio/doctor/check-shown-version.ts';
import { checkWebhooks } from '../../../../src/label-studio/doctor/check-webhooks.ts';
import type { Finding } from '../../../../src/label-studio/doctor/finding.ts';
import { isOurs } from '../../../../src/label-studio/doctor/same-server.ts';

const OURS = ['http://datasetgan.local:9090', 'http://localhost:9090'];
const CONFIG = `<View><Image name="image" value="$image"/><BrushLabels name="label" toName="image">
  <Label value="Hair"/><Label value="Face"/></BrushLabels></View>`;

const levels = (findings: readonly Finding[]) => findings.map(({ level }) => level);
/** Every finding that is not fine must say what fixes it. */
const bad = (findings: readonly Finding[]) => {
  const found = findings.filter(({ level }) => level !== 'ok');
  for (const { what, fix } of found) expect(fix, what).toBeTruthy();
  return found.map(({ what, fix }) => `${what} ${fix}`).join('\n');
};

describe('same server', () => {
  it.each([
    ['http://localhost:9090', true],
    ['http://localhost:9090/', true],
    ['http://localhost:9090/webhook', true],
    ['http://user:pw@localhost:9090', true],
    ['http://localhost:9091', false],
    ['https://localhost:9090', false],
    ['http://localhost.evil:9090', false],
    ['nonsense', false],
  ])('%s: %s', (url, expected) => expect(isOurs(url, OURS)).toBe(expected));

  it('minds the path prefix', () => {
    expect(isOurs('http://h/a/webhook', ['http://h/a'])).toBe(true);
    expect(isOurs('http://h/ab/webhook', ['http://h/a'])).toBe(false);
  });
});

describe('server', () => {
  const facts = { base: 'http://ls', user: 'a@b.c', version: '1.23.2', kind: 'personal access token', error: null } as const;

  it('is fine', () => expect(levels(checkServer(facts))).toEqual(['ok']));
  it('is old', () => {
    expect(bad(checkServer({ ...facts, version: '1.9.2' }))).toContain('older');
    expect(levels(checkServer({ ...facts, version: '2.0.0' }))).toEqual(['ok']);
  });
  it("says the client's error with its fix", () => {
    const error = new DatasetGanError('label-studio-unauthorized', 'legacy tokens turned off', { fix: 'Create one' });
    expect(checkServer({ ...facts, error })).toEqual([{ level: 'fail', what: 'legacy tokens turned off', fix: 'Create one' }]);
  });
});

describe('address', () => {
  const fine = { backend: 'fine', webhook: 'fine', detail: '' } as const;
  const url = 'http://backend:9090';

  it('is fine', () => expect(levels(checkAddress(url, fine))).toEqual(['ok', 'ok']));
  it('is blocked', () => {
    const text = bad(checkAddress(url, { backend: 'blocked', webhook: 'blocked', detail: 'reserved' }));
    expect(text).toContain('ML_BLOCK_LOCAL_IP=false');
    expect(text).toContain('SSRF_PROTECTION_ENABLED=false');
  });
  it('has no dot', () => {
    const findings = checkAddress(url, { ...fine, webhook: 'invalid' });
    expect(levels(findings)).toEqual(['ok', 'warn']);
    expect(bad(findings)).toContain('without a dot (backend)');
  });
  it('is not found', () => expect(bad(checkAddress(url, { ...fine, backend: 'unresolvable' }))).toContain('CALLBACK_URL'));
});

describe('backends', () => {
  const row = (id: number, more: Partial<MlBackend> = {}): MlBackend => {
    return { id, url: 'http://localhost:9090', title: `DatasetGAN ${id}`, state: 'CO', project: 1, ...more };
  };

  it('are fine', () => expect(levels(checkBackends([row(1)], OURS))).toEqual(['ok']));
  it('are not there', () =>
    expect(bad(checkBackends([row(1, { url: 'http://other:9090' })], OURS))).toContain('http://datasetgan.local:9090'));
  it('are there twice', () => expect(bad(checkBackends([row(1), row(2)], OURS))).toContain('delete all but "DatasetGAN 1"'));
  it('are behind another', () =>
    expect(bad(checkBackends([row(1, { url: 'http://sam:9090', title: 'SAM' }), row(2)], OURS))).toContain('"SAM"'));
  it('are interactive', () =>
    expect(bad(checkBackends([row(1, { is_interactive: true })], OURS))).toContain('Interactive preannotations off'));
  it('are disconnected', () => expect(levels(checkBackends([row(1, { state: 'DI' })], OURS))).toEqual(['fail']));
  it('have an error', () =>
    expect(bad(checkBackends([row(1, { state: 'ER', error_message: '422 No masks' })], OURS))).toContain('422 No masks'));
});

describe('webhooks', () => {
  const hook = (more: Partial<Webhook> = {}): Webhook => {
    return {
      id: 1,
      url: 'http://localhost:9090/webhook',
      is_active: true,
      send_payload: true,
      send_for_all_actions: true,
      ...more,
    };
  };
  const some = { send_for_all_actions: false, actions: ['ANNOTATION_CREATED', 'ANNOTATION_UPDATED', 'ANNOTATIONS_DELETED'] };

  it('are fine', () => {
    expect(levels(checkWebhooks([hook()], OURS))).toEqual(['ok']);
    expect(levels(checkWebhooks([hook(some)], OURS))).toEqual(['ok']);
    expect(levels(checkWebhooks([hook({ is_active: false }), hook({ id: 2 })], OURS))).toEqual(['ok']);
  });
  it('are missing', () => {
    const findings = checkWebhooks([hook({ url: 'http://other/webhook' })], OURS);
    expect(levels(findings)).toEqual(['warn']);
    expect(bad(findings)).toContain('http://datasetgan.local:9090/webhook');
  });
  it('are turned off', () => expect(levels(checkWebhooks([hook({ is_active: false })], OURS))).toEqual(['fail']));
  it.each([{ send_payload: false }, { ...some, actions: ['ANNOTATION_CREATED'] }, { send_for_all_actions: false, actions: [] }])(
    'leave out %o',
    (more) => expect(bad(checkWebhooks([hook(more)], OURS))).toContain('Send for all actions'),
  );
});

describe('shown version', () => {
  const current = 'dg-aaaaaaaaaaaa';
  const check = (shown: string | null, more: object = {}, version: string | null = current) =>
    checkShownVersion({ project: { model_version: shown, ...more }, title: 'DatasetGAN', currentVersion: version });

  it('is right', () => {
    expect(levels(check(current))).toEqual(['ok']);
    expect(levels(check('DatasetGAN'))).toEqual(['ok']);
    expect(levels(check('', {}, null))).toEqual(['ok']);
  });
  it('was chosen by the user', () => expect(bad(check('my-model'))).toContain('choose "DatasetGAN"'));
  it('is none', () => {
    expect(bad(check(''))).toContain('no model is chosen');
    expect(bad(check(null))).toContain('no model is chosen');
  });
  it('is an older one of ours', () => expect(bad(check('dg-bbbbbbbbbbbb'))).toContain('next refresh'));
  it('is hidden', () => expect(bad(check(current, { show_collab_predictions: false }))).toContain('prelabel'));
  it('is asked for by every list', () =>
    expect(bad(check(current, { evaluate_predictions_automatically: true }))).toContain('deprecated'));
});

describe('labels', () => {
  const trained = { labels: ['Background', 'Hair', 'Face'], keypoints: [] };
  const points = '<KeyPointLabels name="eyes" toName="image"><Label value="Eye"/></KeyPointLabels></View>';
  it('are as trained', () => {
    expect(levels(checkLabels(CONFIG, trained))).toEqual(['ok']);
    expect(levels(checkLabels(CONFIG, null))).toEqual(['ok']);
  });
  it('has a control that teaches nothing', () => {
    const boxes = '<RectangleLabels name="eyes" toName="image"><Label value="Eye"/></RectangleLabels></View>';
    for (const known of [null, trained]) {
      const findings = checkLabels(CONFIG.replace('</View>', boxes), known);
      expect(levels(findings)).toEqual(['warn', 'ok']);
      expect(bad(findings)).toMatch(/RectangleLabels 'eyes' has no effect on training.*brush, polygon or bitmask/);
    }
  });
  it('were renamed', () => {
    const text = bad(checkLabels(CONFIG.replace('Face', 'Skin'), trained));
    expect(text).toContain('no longer has: Face');
    expect(text).toContain('does not know yet: Skin');
  });
  it('are keypoints, beside masks or alone', () => {
    const both = CONFIG.replace('</View>', points);
    expect(levels(checkLabels(both, null))).toEqual(['ok', 'ok']);
    expect(levels(checkLabels(both, { ...trained, keypoints: ['Eye'] }))).toEqual(['ok', 'ok']);
    expect(bad(checkLabels(both, trained))).toMatch(/^keypoints of the project that .* does not know yet: Eye/);
    expect(bad(checkLabels(CONFIG, { ...trained, keypoints: ['Eye'] }))).toContain('keypoints of the current version that');
    const alone = `<View><Image name="image" value="$image"/>${points}`;
    expect(checkLabels(alone, { labels: ['Background'], keypoints: ['Eye'] })).toMatchObject([
      { level: 'ok', what: 'keypoints match the current version: Eye' },
    ]);
    expect(bad(checkLabels(alone, trained))).toContain(
      'labels of the current version that the project no longer has: Hair, Face',
    );
  });
  it('have no mask control', () => {
    const findings = checkLabels('<View><Image name="image" value="$image"/></View>', null);
    expect(levels(findings)).toEqual(['fail']);
    expect(bad(findings)).toMatch(/BrushLabels.* or KeyPointLabels/);
  });
});
