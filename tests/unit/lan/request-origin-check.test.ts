/** Checks of Host and Origin, authorization of routes, and addresses in canonical form. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mdnsName, networkOf, ownNames, plainAddress, urlsOf } from '../../../src/main/access/addresses';
import type { LocalAddress } from '../../../src/main/access/addresses';
import { DEFAULT_PERMISSION, authorize } from '../../../src/main/lan/route-permissions';
import { renamed } from '../../../src/main/lan/mdns/conflict';
import { checkRequest } from '../../../src/main/lan/request-origin-check';
import type { ServerEndpoint, RequestFacts } from '../../../src/main/lan/request-origin-check';

const endpoint: ServerEndpoint = { scheme: 'https', port: 8543, names: ['localhost', 'box', 'box.local', '*.home.example'], address: '192.168.1.5' };
const get: RequestFacts = { method: 'GET', target: '/api/metrics?x=1', host: 'box.local:8543', origin: undefined, fetchSite: undefined, fetchMode: undefined, contentType: undefined, hasCookie: false, kind: 'data' };
const post: RequestFacts = { ...get, method: 'POST', contentType: 'application/json' };
const statusOf = (facts: Partial<RequestFacts>, at: Partial<ServerEndpoint> = {}): number | null => checkRequest({ ...get, ...facts }, { ...endpoint, ...at })?.status ?? null;

describe('the Host header', () => {
  it.each(['box.local:8543', 'BOX:8543', 'localhost:8543', '192.168.1.5:8543', 'nas.home.example:8543', 'box.local.:8543'])('accepts %s', (host) => {
    expect(statusOf({ host })).toBeNull();
  });

  it.each(['evil.example:8543', 'box.local', 'box.local:80', '192.168.1.6:8543', 'a.b.home.example:8543', 'home.example:8543', 'box.local.evil.example:8543', '192.168.1.5.evil.example:8543', '0.0.0.0:8543'])(
    'refuses %s',
    (host) => {
      expect(statusOf({ host })).toBe(421);
    },
  );

  it.each([undefined, '', 'box.local:8543@evil.example', 'box local', 'box.local:8543:1', 'bo\u0000x', '[::1'])('treats %j as missing or malformed', (host) => {
    expect(statusOf({ host })).toBe(400);
  });

  it.each(['box-(2).local:8543', 'box%20x:8543', "o'box:8543", 'a+b;c=d:8543', 'box-(2).local'])('takes %s for a name, and an unknown one', (host) => {
    expect(statusOf({ host })).toBe(421);
  });

  it('takes a port as a number, and an empty one for none', () => {
    for (const host of ['box:08543', 'box:0000008543']) expect(statusOf({ host })).toBeNull();
    expect(statusOf({ host: 'box:' }, { port: 443 })).toBeNull();
    for (const host of ['box:', 'box:18543', 'box:74079']) expect(statusOf({ host })).toBe(421);
    for (const host of ['box:-1', 'box:0x215f', 'box:8543 ', 'box:%38543']) expect(statusOf({ host })).toBe(400);
  });

  it('is refused as unknown, never as malformed, for every name that URLs may have, and accepted for none that is not the server’s', () => {
    const character = fc.oneof(fc.constantFrom('%2e', '%62', '%C3'), fc.stringMatching(/^[abz019._~!$&'()*+,;=-]$/));
    fc.assert(
      fc.property(fc.array(character, { minLength: 1, maxLength: 30 }), (parts) => {
        const name = parts.join('');
        fc.pre(!/^[\d.]+$/.test(name));
        const known = endpoint.names.includes(name.replace(/\.$/, ''));
        expect(statusOf({ host: `${name}:8543` }, { names: ['localhost', 'box', 'box.local'] })).toBe(known ? null : 421);
      }),
    );
  });

  it('is accepted with every name that is announced, however often another machine had it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9_-]{1,63}$/), fc.nat(12), (hostname, times) => {
        const base = { host: hostname, instance: 'Traywatch' };
        let names = base;
        for (let count = 0; count < times; count += 1) names = { ...base, ...renamed(base, names, 'host') };
        expect(statusOf({ host: `${names.host}.local:8543` }, { names: ownNames({ hostname, announced: names.host }) })).toBeNull();
      }),
    );
  });

  it('refuses an absolute URL, which would take precedence', () => {
    for (const target of ['http://evil.example/api/metrics', 'https://box.local:8543/', '*', '']) expect(statusOf({ target })).toBe(400);
  });

  it('accepts IPv6 addresses in brackets, and IPv4-mapped ones', () => {
    expect(statusOf({ host: '[fd00::5]:8543' }, { address: 'fd00::5' })).toBeNull();
    expect(statusOf({ host: '[fd00::6]:8543' }, { address: 'fd00::5' })).toBe(421);
    expect(statusOf({ host: '192.168.1.5:8543' }, { address: '::ffff:192.168.1.5' })).toBeNull();
  });

  it('drops the zone of an IPv6 address, and accepts every spelling of it', () => {
    const at = { address: 'fe80::1%eth0' };
    for (const host of ['[fe80::1%25eth0]:8543', '[FE80::1%25eth0]:8543', '[fe80::1%eth0]:8543', '[fe80::1%25en-0_1.5~x]:8543', '[fe80:0:0::1]:8543', '[fe80::1]:8543']) expect(statusOf({ host }, at)).toBeNull();
    expect(statusOf({ host: '[fe80::2%25eth0]:8543' }, at)).toBe(421);
    for (const host of ['[fe80::1%]:8543', '[fe80::1%25a b]:8543', '[%25eth0]:8543', '[fe80::1%25eth0', 'fe80::1%25eth0', '[::::]:8543', '[1.2.3.4]:8543']) expect(statusOf({ host }, at)).toBe(400);
    expect(statusOf({ host: '[0:0:0:0:0:0:0:1]:8543' }, { address: '::1' })).toBeNull();
    expect(statusOf({ host: '[::ffff:127.0.0.1]:8543' }, { address: '127.0.0.1' })).toBeNull();
  });

  it('may omit the port only where it is the default of the scheme', () => {
    expect(statusOf({ host: 'box' }, { port: 443 })).toBeNull();
    expect(statusOf({ host: 'box' }, { port: 80, scheme: 'http' })).toBeNull();
    expect(statusOf({ host: 'box' }, { port: 80 })).toBe(421);
  });
});

describe('the origin of a request', () => {
  it.each(['https://box.local:8543', 'HTTPS://BOX.LOCAL:8543'])('accepts the origin %s', (origin) => {
    expect(statusOf({ ...post, origin })).toBeNull();
  });

  it.each(['https://evil.example', 'http://box.local:8543', 'https://box.local', 'https://box:8543', 'null', 'https://box.local:8543.evil.example', ''])('refuses the origin %j', (origin) => {
    expect(statusOf({ ...post, origin })).toBe(403);
    expect(statusOf({ origin })).toBe(403);
  });

  it('refuses requests that Fetch Metadata marks as cross-site', () => {
    for (const fetchSite of ['cross-site', 'same-site']) {
      expect(statusOf({ fetchSite })).toBe(403);
      expect(statusOf({ ...post, fetchSite, origin: 'https://box.local:8543' })).toBe(403);
    }
    expect(statusOf({ fetchSite: 'same-origin' })).toBeNull();
    expect(statusOf({ fetchSite: 'none' })).toBeNull();
  });

  it('allows a link from another site to open a page, and nothing else', () => {
    const link: Partial<RequestFacts> = { fetchSite: 'cross-site', fetchMode: 'navigate' };
    expect(statusOf({ ...link, kind: 'page' })).toBeNull();
    expect(statusOf(link)).toBe(403);
    expect(statusOf({ fetchSite: 'cross-site', fetchMode: 'no-cors', kind: 'page' })).toBe(403);
  });

  it('refuses a change with a cookie and without an origin, and accepts one without a cookie', () => {
    expect(statusOf({ ...post, hasCookie: true })).toBe(403);
    expect(statusOf({ ...post, hasCookie: true, fetchSite: 'same-origin' })).toBeNull();
    expect(statusOf(post)).toBeNull();
    expect(statusOf({ hasCookie: true })).toBeNull();
  });

  it.each([undefined, 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonp', 'text/plain; application/json'])('refuses a change of type %j', (contentType) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) expect(statusOf({ ...post, method, contentType })).toBe(415);
  });

  it('accepts JSON with a charset', () => {
    expect(statusOf({ ...post, contentType: 'application/json; charset=utf-8' })).toBeNull();
  });
});

describe('authorization', () => {
  const viewer = { id: 'a', name: 'A', role: 'viewer', scopes: null } as const;
  it('no route is public by omission', () => {
    expect(authorize(DEFAULT_PERMISSION, null)).toBe('unauthenticated');
    expect(authorize({ access: 'public', scopes: [] }, null)).toBe('allowed');
  });

  it('both the role and a scope must suffice', () => {
    const admin = { access: 'admin', scopes: ['write'] } as const;
    expect(authorize(admin, viewer)).toBe('forbidden');
    expect(authorize(admin, { ...viewer, role: 'admin' })).toBe('allowed');
    expect(authorize(admin, { ...viewer, role: 'admin', scopes: ['read'] })).toBe('forbidden');
    expect(authorize(admin, { ...viewer, scopes: ['write'] })).toBe('forbidden');
    expect(authorize({ access: 'viewer', scopes: ['metrics:read', 'read'] }, { ...viewer, scopes: ['metrics:read'] })).toBe('allowed');
    expect(authorize(DEFAULT_PERMISSION, { ...viewer, scopes: [] })).toBe('forbidden');
  });
});

describe('addresses', () => {
  const at = (address: string, more: Partial<LocalAddress> = {}): LocalAddress => ({ address, interface: 'eth0', family: address.includes(':') ? 6 : 4, loopback: false, linkLocal: false, ...more });
  const localHost = {
    hostname: 'box.home.example',
    addresses: [at('127.0.0.1', { loopback: true }), at('::1', { loopback: true }), at('172.17.0.1'), at('2001:db8::5'), at('fe80::1', { linkLocal: true }), at('192.168.1.5')],
  };

  it('are compared in canonical form', () => {
    expect(plainAddress('::ffff:10.0.0.1')).toBe('10.0.0.1');
    expect(plainAddress('FE80::1%eth0')).toBe('fe80::1');
  });

  it('are counted by network', () => {
    expect(networkOf('10.0.0.1')).toBe('10.0.0.1');
    expect(networkOf('::ffff:10.0.0.1')).toBe('10.0.0.1');
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
    expect(networkOf('2001:db8:1:2::ffff')).toBe('2001:db8:1:2::/64');
    expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0::/64');
    expect(networkOf('::1')).toBe('0:0:0:0::/64');
  });

  it('are listed as URLs, the likeliest first', () => {
    expect(urlsOf('https', 8543, ['::'], localHost)).toEqual(['https://192.168.1.5:8543/', 'https://172.17.0.1:8543/', 'https://[2001:db8::5]:8543/']);
    expect(urlsOf('https', 443, ['0.0.0.0'], localHost)).toEqual(['https://192.168.1.5/', 'https://172.17.0.1/']);
    expect(urlsOf('http', 8543, ['127.0.0.1'], localHost)).toEqual(['http://127.0.0.1:8543/']);
    expect(urlsOf('http', 8543, ['10.9.9.9'], localHost)).toEqual([]);
  });

  it('host names are those a browser can use', () => {
    expect(ownNames(localHost)).toEqual(['localhost', 'box.home.example', 'box', 'box.local']);
    expect(ownNames({ hostname: '' })).toEqual(['localhost']);
    expect(ownNames({ hostname: 'my box"><script>' })).toEqual(['localhost']);
    expect(mdnsName(localHost)).toBe('box.local');
    expect(mdnsName({ hostname: '' })).toBeNull();
  });
});
