import { assert, constantFrom, property, stringMatching, webUrl } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isElsewhere } from '../../../src/shared/services/service-place';
import { serviceSchema } from '../../../src/shared/services/service-schemas';
import type { Service, ServiceInput } from '../../../src/shared/services/service-schemas';

const http = (url: string, more: object = {}): Service => serviceSchema.parse({ kind: 'http', id: 'w', name: 'w', url, ...more } satisfies Partial<ServiceInput>);
const database = (more: object = {}): Service => serviceSchema.parse({ kind: 'postgresql', id: 'd', name: 'd', host: 'db', user: 'u', ...more });

describe('where the secrets of a service may go', () => {
  it('is the origin of its URL: never less than what a request would go to', () => {
    const urls = webUrl({ validSchemes: ['http', 'https'], withFragments: true, withQueryParameters: true }).filter((url) => serviceSchema.safeParse({ kind: 'http', id: 'w', name: 'w', url }).success);
    assert(
      property(urls, urls, (one, other) => {
        // Equal places have equal origins.
        if (!isElsewhere(http(one), http(other))) expect(new URL(one).origin).toBe(new URL(other).origin);
        else expect(one).not.toBe(other);
      }),
    );
    assert(
      property(urls, stringMatching(/^\/[a-z/]{0,8}(\?[a-z]{1,4}=1)?$/), constantFrom('GET', 'HEAD'), (url, path, method) => {
        expect(isElsewhere(http(url), http(new URL(url).origin + path, { method, keyword: 'x', expectedCodes: '200', followRedirects: false, name: 'other' }))).toBe(false);
      }),
    );
  });

  it.each([
    ['https://a.example/', 'https://a.example:443/x', false],
    ['HTTPS://A.example', 'https://a.example/', false],
    ['http://a.example:80/', 'http://a.example/', false],
    ['http://a.example:8080/', 'http://a.example/', true],
    ['http://a.example:443/', 'https://a.example/', true],
    ['https://a.example/', 'http://a.example/', true],
    ['https://a.example.evil/', 'https://a.example/', true],
    ['https://[::1]:443/', 'https://[::1]/', false],
  ])('%s and %s: elsewhere is %s', (one, other, isOther) => {
    expect(isElsewhere(http(one), http(other))).toBe(isOther);
  });

  it('is also how it is made sure that the right one answers, where that is checked', () => {
    expect(isElsewhere(http('https://a/'), http('https://a/', { certificate: 'unverified' }))).toBe(true);
    expect(isElsewhere(http('https://a/', { certificate: 'ownCa', ca: 'one' }), http('https://a/', { certificate: 'ownCa', ca: 'two' }))).toBe(true);
    expect(isElsewhere(http('http://a/'), http('http://a/', { certificate: 'unverified' }))).toBe(false);
  });

  it('is host, port, database and TLS of a database', () => {
    for (const change of [{ host: 'other' }, { port: 1 }, { database: 'other' }, { tls: 'off' }, { certificate: 'unverified' }]) expect(isElsewhere(database(), database(change))).toBe(true);
    for (const change of [{ user: 'other' }, { name: 'other' }, { intervalSeconds: 90 }]) expect(isElsewhere(database(), database(change))).toBe(false);
  });
});
