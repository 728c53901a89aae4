import { describe, expect, it } from 'vitest';
import { AccessToken } from '../../../../src/label-studio/connection/access-token.ts';
import { stillClock, unsignedJwt } from '../../../support/fake-label-studio.ts';

describe('access tokens', () => {
  /** `skew`: how far Label Studio's clock is ahead of ours, in seconds. */
  function tokens(skew = 0) {
    const clock = stillClock();
    let count = 0;
    const access = new AccessToken(async () => {
      count++;
      const iat = Math.floor(clock.time / 1000) + skew;
      return unsignedJwt({ token_type: 'access', iat, exp: iat + 300, jti: count });
    }, clock);
    return { clock, access, count: () => count };
  }

  it('is fetched once for all who wait', async () => {
    const { access, count } = tokens();
    const all = await Promise.all(Array.from({ length: 10 }, () => access.get()));
    expect(new Set(all).size).toBe(1);
    expect(count()).toBe(1);
  });

  it.each([0, 3600, -3600])('is used for 270 of its 300 s when the clocks differ by %i s', async (skew) => {
    const { clock, access, count } = tokens(skew);
    await access.get();
    clock.time += 269_999;
    await access.get();
    expect(count()).toBe(1);
    clock.time += 1;
    await access.get();
    expect(count()).toBe(2);
  });

  it('is forgotten when refused, but not for the refusal of an older one', async () => {
    const { access, count } = tokens();
    const first = await access.get();
    access.refuse(first);
    const second = await access.get();
    expect(second).not.toBe(first);
    access.refuse(first);
    expect(await access.get()).toBe(second);
    expect(count()).toBe(2);
  });

  it('is fetched again after a failure', async () => {
    let fail = true;
    const access = new AccessToken(async () => {
      if (fail) throw new Error('down');
      return unsignedJwt({ iat: 0, exp: 300 });
    }, stillClock());
    await expect(access.get()).rejects.toThrow('down');
    fail = false;
    await expect(access.get()).resolves.toContain('.');
  });
});
