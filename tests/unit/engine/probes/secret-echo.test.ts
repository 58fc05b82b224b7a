import { array, assert, base64String, constantFrom, integer, property, string, stringMatching, tuple, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { previewWithout, withoutSecrets } from '../../../../src/main/engine/probes/secret-echo';

const SECRET = 'p4ss/w+rd "ä" & more';

/** Ways in which a server may write what it was sent. */
const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
const everyByte = (text: string): string => [...Buffer.from(text)].map((byte) => `%${hex(byte).toUpperCase()}`).join('');
const asHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
const asJsonAscii = (text: string): string => JSON.stringify(text).slice(1, -1).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
const WRITINGS: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'base64': (text) => Buffer.from(text).toString('base64'),
  'base64 for URLs': (text) => Buffer.from(text).toString('base64url'),
  'base64 in a URL': (text) => encodeURIComponent(Buffer.from(text).toString('base64')),
  'a URL': encodeURIComponent,
  'a URL in lower case': (text) => encodeURIComponent(text).replace(/%../g, (found) => found.toLowerCase()),
  'every byte in a URL': everyByte,
  'a form': (text) => new URLSearchParams({ v: text }).toString().slice(2),
  'JSON': (text) => JSON.stringify(text).slice(1, -1),
  'JSON in ASCII': asJsonAscii,
  'HTML': asHtml,
};

describe('a secret that comes back', () => {
  it.each(Object.entries(WRITINGS))('is hidden: %s', (_name, write) => {
    const shown = withoutSecrets(`You sent ${write(SECRET)}, which is wrong.`, [SECRET]);
    expect(shown).toMatch(/^You sent •••=*, which is wrong\.$/);
  });

  it('is hidden whatever it is, whatever stands around it', () => {
    const secrets = string({ minLength: 6, maxLength: 40, unit: 'grapheme-ascii' });
    // Nothing around it that a writing would take for a part of it, and that could be the secret itself.
    const around = stringMatching(/^[a-z ]{0,12} \| $/);
    assert(
      property(secrets, constantFrom(...Object.values(WRITINGS)), around, (secret, write, before) => {
        const shown = withoutSecrets(`${before}${write(secret)} |`, [secret]);
        expect(shown).not.toContain(write(secret));
        expect(shown.includes('•••')).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('is hidden in base64 among other bytes, as with the name of a user before it', () => {
    assert(
      property(string({ minLength: 6, maxLength: 30, unit: 'binary-ascii' }), uint8Array({ maxLength: 8 }), uint8Array({ maxLength: 8 }), (secret, before, after) => {
        const sent = Buffer.concat([before, Buffer.from(secret), after]);
        for (const encoding of ['base64', 'base64url'] as const) {
          const shown = withoutSecrets(sent.toString(encoding), [secret]);
          expect(shown).toContain('•••');
          // What is left on either side tells at most a byte of each end.
          for (const rest of shown.split('•••')) expect(rest.length).toBeLessThan(16);
        }
      }),
    );
  });

  it('is hidden where only its credentials come back, or what they say', () => {
    const basic = `Basic ${Buffer.from('watcher:pa55word').toString('base64')}`;
    const text = `${basic.slice(6)} watcher:pa55word pa55word ${Buffer.from('pa55word').toString('base64')}`;
    expect(withoutSecrets(text, [basic])).not.toMatch(/pa55|d2F0|cGE1/);
    expect(withoutSecrets('{"token":"abcdef-123"}', ['Bearer abcdef-123'])).toBe('{"token":"•••"}');
    // A word of a phrase is none by itself, and the name of a user is none.
    expect(withoutSecrets('the password is wrong', ['my password'])).toBe('the password is wrong');
    expect(withoutSecrets('hello watcher', [basic])).toBe('hello watcher');
  });

  it('takes nothing else away', () => {
    const texts = tuple(string({ maxLength: 200 }), array(stringMatching(/^S3cr-[a-z]{8}$/), { maxLength: 3 }));
    assert(
      property(texts, ([text, secrets]) => {
        expect(withoutSecrets(text, secrets)).toBe(text);
      }),
    );
    expect(withoutSecrets('100%25 &amp; \\u0041+b', ['S3cr-abcdefgh'])).toBe('100%25 &amp; \\u0041+b');
    expect(withoutSecrets('&#x110000; &#xffffff; %zz %ff \\ud800', ['S3cr-abcdefgh'])).toBe('&#x110000; &#xffffff; %zz %ff \\ud800');
    // A short one would be found everywhere.
    expect(withoutSecrets('abc', ['abc', ''])).toBe('abc');
  });

  it('is not cut in two by the end of a preview', () => {
    assert(
      property(base64String({ minLength: 8, maxLength: 64 }), integer({ min: 0, max: 120 }), constantFrom(...Object.values(WRITINGS)), (secret, before, write) => {
        const shown = previewWithout(`${'.'.repeat(before)}${write(secret)}${'.'.repeat(600)}`, [secret], 100);
        expect(shown.length).toBeLessThanOrEqual(100);
        // The last character of base64 may tell some bits of the last byte.
        expect(shown.replaceAll(/[.•=]|%3D/g, '').length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
