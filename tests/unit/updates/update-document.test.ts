import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeKey } from '../../../scripts/lib/update-document.mjs';
import { MAX_DOCUMENT_BYTES, parseDocument, UpdateError } from '../../../src/main/updates/update-document';
import { parseUpdateSource } from '../../../src/main/updates/update-source';
import type { UpdateSource } from '../../../src/main/updates/update-source';
import { documentOf, fileOf, PUBLIC_KEY } from '../../support/update-server';

const URL_OF = 'https://example.test/stable.json';
const sourceOf = (url = URL_OF): UpdateSource => {
  const source = parseUpdateSource({ url, key: PUBLIC_KEY, channel: 'stable' });
  if (source === null) throw new Error('no source');
  return source;
};
const SOURCE = sourceOf();

const FILE = fileOf(Buffer.from('deb'), { name: 'traywatch_1.2.3_amd64.deb', url: 'https://example.test/traywatch_1.2.3_amd64.deb', kind: 'deb', arch: 'x64' });
const RELEASE = { version: '1.2.3', channel: 'stable', released: 1_700_000_000_000, page: 'https://example.test/v1.2.3', files: [FILE] };

/** The code of the refusal; "none" where the document is taken. */
function refusalOf(text: string, source = SOURCE): string {
  try {
    parseDocument(text, source);
    return 'none';
  } catch (error) {
    if (!(error instanceof UpdateError)) throw error;
    return error.problem.code;
  }
}

describe('the update document', () => {
  it('is what the release script has signed', () => {
    expect(parseDocument(documentOf(RELEASE), SOURCE)).toEqual({ app: 'io.traywatch.app', ...RELEASE });
  });

  it('is refused with another signature, for another channel or another application', () => {
    expect(refusalOf(documentOf(RELEASE, makeKey()))).toBe('badSignature');
    expect(refusalOf(documentOf({ ...RELEASE, channel: 'nightly' }))).toBe('otherChannel');
    expect(refusalOf(documentOf({ ...RELEASE, app: 'io.other' } as typeof RELEASE))).toBe('otherChannel');
  });

  it('is refused with one character of what is signed changed', () => {
    const document = JSON.parse(documentOf(RELEASE)) as { payload: string };
    fc.assert(
      fc.property(fc.nat(document.payload.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
        fc.pre(document.payload[at] !== character);
        const payload = document.payload.slice(0, at) + character + document.payload.slice(at + 1);
        expect(refusalOf(JSON.stringify({ ...document, payload }))).toBe('badSignature');
      }),
    );
  });

  it.each([
    ['a version of two numbers', { version: '1.2' }],
    ['a version with a word', { version: '1.2.3-rc.1' }],
    ['a version that is a path', { version: '../1' }],
    ['a page that is a program', { page: 'javascript:alert(1)' }],
    ['a page without encryption', { page: 'http://example.test/' }],
    ['a file without encryption', { files: [{ ...FILE, url: 'http://example.test/x.deb' }] }],
    ['a file of this machine', { files: [{ ...FILE, url: 'file:///etc/passwd' }] }],
    ['a name with a folder', { files: [{ ...FILE, name: '../x.deb' }] }],
    ['a name that ends a command', { files: [{ ...FILE, name: 'x.deb;reboot' }] }],
    ['a name that is an option', { files: [{ ...FILE, name: '-o.deb' }] }],
    ['a hash that is too short', { files: [{ ...FILE, sha512: 'AAAA' }] }],
    ['a size of nothing', { files: [{ ...FILE, size: 0 }] }],
    ['a field that nobody knows', { command: 'reboot' }],
    ['no files field', { files: undefined }],
  ])('is refused with %s, although it is signed', (_name, change) => {
    expect(refusalOf(documentOf({ ...RELEASE, ...change } as typeof RELEASE))).toBe('malformed');
  });

  it('may come from this machine without encryption, and then its files, too', () => {
    const local = sourceOf('http://127.0.0.1:4000/stable.json');
    expect(refusalOf(documentOf({ ...RELEASE, files: [{ ...FILE, url: 'http://127.0.0.1:4000/x.deb' }] }), local)).toBe('none');
    expect(refusalOf(documentOf({ ...RELEASE, files: [{ ...FILE, url: 'http://10.0.0.1/x.deb' }] }), local)).toBe('malformed');
  });

  it('is refused where it is larger than any can be', () => {
    expect(refusalOf('x'.repeat(MAX_DOCUMENT_BYTES + 1))).toBe('tooLarge');
  });

  it('is refused in words, whatever it is', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.record({ format: fc.constant(1), payload: fc.oneof(fc.string(), fc.json()), signature: fc.base64String() }, { requiredKeys: [] }).map((value) => JSON.stringify(value)));
    fc.assert(
      fc.property(text, (any) => {
        expect(['malformed', 'badSignature']).toContain(refusalOf(any));
      }),
      { numRuns: 500 },
    );
  });
});

describe('the place to ask', () => {
  it('is none where the package names none', () => {
    expect([parseUpdateSource(undefined), parseUpdateSource(null)]).toEqual([null, null]);
  });

  it.each([
    ['an address without encryption', { url: 'http://example.test/a.json' }],
    ['an address that looks like this machine', { url: 'http://127.0.0.1.example.test/a.json' }],
    ['a query', { url: `${URL_OF}?id=1` }],
    ['a user', { url: 'https://me@example.test/a.json' }],
    ['no address', { url: 'stable.json' }],
    ['a key that is too short', { key: 'AAAA' }],
    ['a key with spaces', { key: ` ${PUBLIC_KEY}` }],
    ['a channel that is a path', { channel: '../x' }],
    ['no channel', { channel: undefined }],
  ])('is an error with %s', (_name, change) => {
    expect(() => parseUpdateSource({ url: URL_OF, key: PUBLIC_KEY, channel: 'stable', ...change })).toThrow(/^updates: /);
  });
});
