import { expect, test } from 'vitest';
import { harness } from './harness.ts';

const TOKEN = 'a-long-token-of-this-server';

test('a browser that gave the token once is let in by its cookie, which does not hold the token', async () => {
  const { http } = harness({ apiToken: TOKEN });
  await http.get('/api/projects').expect(401);
  expect((await http.get('/api/session').expect(200)).body).toEqual({ token: 'needed', open: false });

  const { headers, body } = await http.post('/api/session').send({ token: TOKEN }).expect(200);
  expect(body).toEqual({ token: 'needed', open: true });
  const cookie = String(headers['set-cookie']);
  expect(cookie).toMatch(/HttpOnly/);
  expect(cookie).toMatch(/SameSite=Strict/);
  expect(cookie).not.toContain(TOKEN);

  const sent = cookie.split(';')[0]!;
  await http.get('/api/projects').set('Cookie', `other=1; ${sent}`).expect(200);
  expect((await http.get('/api/session').set('Cookie', sent)).body).toEqual({ token: 'needed', open: true });
  await http
    .get('/api/projects')
    .set(
      'Cookie',
      sent.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
    )
    .expect(401);
});

test('another token ends the session', async () => {
  const { headers } = await harness({ apiToken: TOKEN }).http.post('/api/session').send({ token: TOKEN });
  const [cookie] = String(headers['set-cookie']).split(';');
  await harness({ apiToken: 'another' }).http.get('/api/projects').set('Cookie', cookie!).expect(401);
});

test('a wrong token is refused, and no cookie is set', async () => {
  const { http } = harness({ apiToken: TOKEN });
  const { headers, body } = await http.post('/api/session').send({ token: 'wrong' }).expect(401);
  expect(body.error.code).toBe('unauthorized');
  expect(headers['set-cookie']).toBeUndefined();
});

test('a page of another origin cannot open a session, nor use one to change anything', async () => {
  const { http } = harness({ apiToken: TOKEN });
  await http.post('/api/session').set('Origin', 'http://evil.example').send({ token: TOKEN }).expect(403);
  const { headers } = await http.post('/api/session').send({ token: TOKEN });
  const [cookie] = String(headers['set-cookie']).split(';');
  await http.post('/api/projects/7/train').set('Cookie', cookie!).set('Origin', 'http://evil.example').expect(403);
});

test('the session ends on request; without a token there is none', async () => {
  const { http } = harness({ apiToken: TOKEN });
  expect(String((await http.delete('/api/session').expect(200)).headers['set-cookie'])).toMatch(/Expires=Thu, 01 Jan 1970/);
  expect((await harness().http.get('/api/session')).body).toEqual({ token: 'not-needed', open: true });
});
