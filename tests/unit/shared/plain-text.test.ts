/** Text from outside: what is shown looks like what it is. */
import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setAccountSchema } from '../../../src/shared/sharing/access-schemas';
import { toPlainName } from '../../../src/shared/sharing/auth-policy';
import { newEventSchema } from '../../../src/shared/timeline/event-schemas';
import { isReservedEventType, OWN_EVENT_TYPES } from '../../../src/shared/timeline/event-types';
import { createNotices } from '../../../src/main/timeline/notices';
import { toPlainLine } from '../../../src/shared/plain-text';

const HIDDEN = /[\p{Cf}\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u2800\u3164\uFFA0\u115F\u1160]/u;

describe('text from outside', () => {
  it.each([
    ['a\u202Egnp.exe', 'agnp.exe'],
    ['ad\u200Bmi\u200Dn\uFEFF', 'admin'],
    ['two\r\nlines\u2028three\u0000', 'two lines three'],
    ['\u2066x\u2069 \u00ADy', 'x y'],
    [`z${'\u0301'.repeat(40)}`, `z${'\u0301'.repeat(6)}`],
    ['\u{E0041}tag \uD800', 'tag \uFFFD'],
    ['schön, 日本語, Ελλάδα, עברית 🚀', 'schön, 日本語, Ελλάδα, עברית 🚀'],
  ])('%j is %j', (text, shown) => expect(toPlainLine(text)).toBe(shown));

  it('nothing hidden survives in names, messages, users, details and notices', () => {
    assert(
      property(string({ unit: 'binary', maxLength: 40 }), (text) => {
        expect(toPlainLine(text)).not.toMatch(HIDDEN);
        expect(toPlainLine(toPlainLine(text))).toBe(toPlainLine(text));
        expect(toPlainName(text)).not.toMatch(/[\p{C}]/u);
        const event = newEventSchema.safeParse({ type: 'note', message: `x${text}`, user: `x${text}`, details: { text } });
        if (event.success) expect(JSON.stringify(event.data).replace(/\p{Cc}/gu, '')).not.toMatch(/[\p{Cf}\p{Cs}\u3164\uFFA0]/u);
        const notices = createNotices(() => 0, () => undefined);
        notices.put({ id: 'x', severity: 'info', title: text, body: text, dismissible: true });
        expect(JSON.stringify(notices.list())).not.toMatch(/\p{Cf}/u);
      }),
    );
  });

  it('an account cannot have a name of invisible letters', () => {
    expect(setAccountSchema.safeParse({ name: '\u3164', role: 'viewer' }).success).toBe(false);
    expect(setAccountSchema.safeParse({ name: 'anna\u115Fb', role: 'viewer' }).success).toBe(false);
    expect(setAccountSchema.safeParse({ name: 'Ändrea-1', role: 'viewer' }).success).toBe(true);
  });

  it('types of the app, and those that look like them, are reserved', () => {
    for (const type of [...OWN_EVENT_TYPES, 'lan_anything', 'power_x', 'control_started', 'app_started', 'monitoring_ended']) expect(isReservedEventType(type)).toBe(true);
    for (const type of ['backup_done', 'stream_started', 'note', 'lanterns_on', 'powered_off']) expect(isReservedEventType(type)).toBe(false);
  });
});
