import { describe, expect, it } from 'vitest';
import { keyKind } from '../../../../src/label-studio/connection/key-kind.ts';
import { unsignedJwt } from '../../../support/fake-label-studio.ts';

const PAT = unsignedJwt({ token_type: 'refresh', exp: 8_102_718_815, iat: 1_795_518_815, user_id: '1' });

describe('kinds of keys', () => {
  it('tells a personal access token from a legacy token', () => {
    expect(keyKind(PAT, 'KEY')).toBe('personal access token');
    expect(keyKind('0123456789abcdef0123456789abcdef01234567', 'KEY')).toBe('legacy token');
    // LABEL_STUDIO_USER_TOKEN may be any word of 6 to 40 characters.
    expect(keyKind('my-own-token', 'KEY')).toBe('legacy token');
  });

  it.each([
    [`Bearer ${PAT}`, 'without the word before it'],
    ['Token 0123456789abcdef0123456789abcdef01234567', 'without the word before it'],
    [`${PAT.slice(0, 20)}\n${PAT.slice(20)}`, 'line break'],
    [PAT.split('.').slice(0, 2).join('.'), 'without its last part'],
    [unsignedJwt({ token_type: 'access', exp: 1, iat: 0 }), 'short-lived'],
    ['', 'neither'],
    ['a.b.c', 'neither'],
    ['x'.repeat(41), 'neither'],
  ])('refuses %s', (key, why) => {
    expect(() => keyKind(key, 'LABEL_STUDIO_API_KEY')).toThrowError(
      expect.objectContaining({
        code: 'bad-token',
        message: expect.stringMatching(new RegExp(`^LABEL_STUDIO_API_KEY .*${why}`)),
      }),
    );
  });

  it('never repeats the key', () => {
    const secret = 'verysecret.verysecret';
    expect(() => keyKind(secret, 'KEY')).toThrowError(
      expect.objectContaining({ message: expect.not.stringContaining('verysecret') }),
    );
  });
});
