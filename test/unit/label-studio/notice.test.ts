import { describe, expect, test } from 'vitest';
import { type Instructions, withNotice } from '../../../src/label-studio/instructions/notice.ts';

const REFUSED = { what: "Nothing to tell apart: only 'Hair' is annotated.", fix: 'Annotate at least two labels.' };
const NOTE = { what: 'task 69: 3 % painted, the rest counts as unknown' };
const USER = '<p>Paint the <b>hair</b> first &amp; take your time.</p>\n<p class="ours">Thank you</p>';

const told = (now: Instructions, lines: Parameters<typeof withNotice>[1], urgent = true) => withNotice(now, lines, urgent) ?? now;
const plain = (html: string) => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

describe('the notice in the labelling instructions', () => {
  test('stands before the text of the user, and goes without a trace', () => {
    for (const text of ['', USER, '\n\nfirst line\nsecond', 'no markup at all']) {
      const with1 = told({ text, shown: false }, [REFUSED]);
      expect(with1.text.endsWith(text)).toBe(true);
      expect(plain(with1.text)).toContain('DatasetGAN: Nothing to tell apart');
      expect(plain(with1.text)).toContain('→ Annotate at least two labels.');
      const with2 = told(with1, [NOTE], false);
      expect(with2.text.endsWith(text)).toBe(true);
      expect(with2.text).not.toContain('Nothing to tell apart');
      expect(told(with2, [])).toEqual({ text, shown: false });
    }
  });

  test('is written once: the same again is no change, nor is nothing where nothing is', () => {
    expect(withNotice({ text: USER, shown: false }, [], false)).toBeUndefined();
    const now = told({ text: USER, shown: false }, [REFUSED, NOTE]);
    expect(withNotice(now, [REFUSED, NOTE], true)).toBeUndefined();
    // As another HTML serializer would keep it.
    const rewritten = { ...now, text: now.text.replaceAll('&#39;', "'").replace('<br>', '<br/>') };
    expect(withNotice(rewritten, [REFUSED, NOTE], true)).toBeUndefined();
  });

  test('keeps what the user wrote around it in the meantime; what is written within goes with it', () => {
    const now = told({ text: USER, shown: false }, [REFUSED]);
    const edited = `Before.\n${now.text.replace('Nothing', '<u>Really</u> nothing')}\nAfter.`;
    const text = told({ ...now, text: edited }, [NOTE], false).text;
    expect(text).toContain('Before.\n');
    expect(text).toContain(`${USER}\nAfter.`);
    expect(text).not.toContain('Really');
    expect(text.match(/class="datasetgan/g)).toHaveLength(1);
    // Pasted twice by somebody, it is there once.
    expect(told({ ...now, text: now.text + now.text }, [REFUSED]).text.match(/class="datasetgan/g)).toHaveLength(1);
  });

  test('opens the label stream only while somebody must do something, and leaves the choice of the user alone', () => {
    const urgent = told({ text: USER, shown: false }, [REFUSED]);
    expect(urgent.shown).toBe(true);
    expect(told(urgent, [NOTE], false).shown).toBe(false);
    expect(told(urgent, []).shown).toBe(false);
    expect(told({ text: USER, shown: false }, [NOTE], false).shown).toBe(false);
    // Turned off by the user while it is there: it stays off, also when the lines change.
    const off = told({ ...urgent, shown: false }, [REFUSED, NOTE]);
    expect(off.shown).toBe(false);
    expect(told(off, []).shown).toBe(false);
    // Turned on by the user before: it stays on.
    const on = told({ text: USER, shown: true }, [REFUSED]);
    expect(on.shown).toBe(true);
    expect(told(on, [NOTE], false).shown).toBe(true);
    expect(told(on, []).shown).toBe(true);
  });

  test('shows text of others as text', () => {
    const hostile = `</p><script>alert("1")</script><img src=x onerror='alert(1)'> & \u0000 class="datasetgan`;
    const now = told({ text: USER, shown: false }, [{ what: hostile, fix: hostile }]);
    expect(now.text).not.toMatch(/<script|<img|onerror=['"]/);
    expect(now.text).toContain('&lt;script&gt;');
    expect(now.text).not.toContain('\0');
    expect(told(now, [])).toEqual({ text: USER, shown: false });
  });

  test('shows the first six lines and the number of the others', () => {
    const lines = Array.from({ length: 40 }, (_, task) => ({ what: `task ${task}: a region is left out` }));
    const text = plain(told({ text: '', shown: false }, lines).text);
    expect(text).toContain('task 5:');
    expect(text).not.toContain('task 6:');
    expect(text).toContain('and 34 more');
  });
});
