/** The form of a service: what is typed becomes a service and back, errors stand at their fields, secrets go in only. */
import { describe, expect, it } from 'vitest';
import { checkDraft, NEW_SERVICE, newServiceId, secretsOf, toDraft, usualName, withHeader, withKind } from '../../../../../src/renderer/features/services/service-draft';
import type { ServiceDraft } from '../../../../../src/renderer/features/services/service-draft';
import { serviceSchema } from '../../../../../src/shared/services/service-schemas';
import type { Service, ServiceInput } from '../../../../../src/shared/services/service-schemas';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';

const INPUTS: readonly ServiceInput[] = [
  { kind: 'http', id: 'web', name: 'Web', url: 'https://example.org/health', headers: ['Authorization'], keyword: 'ok', keywordAbsent: true, certificate: 'ownCa', ca: PEM, method: 'HEAD', expectedCodes: '200, 204', followRedirects: false },
  { kind: 'http', id: 'plain', name: 'Plain', url: 'http://127.0.0.1:8080/', maintenance: [{ days: ['sun'], from: '02:00', to: '04:00' }] },
  { kind: 'tcp', id: 'mail', name: 'Mail', host: 'mail.example.org', port: 993, tls: true, certificate: 'unverified', allowLinkLocal: true },
  { kind: 'ping', id: 'nas', name: 'NAS', host: 'nas.local', enabled: false, intervalSeconds: 30, timeoutSeconds: 3 },
  { kind: 'postgresql', id: 'db', name: 'Orders', host: 'db', user: 'monitor', tls: 'require', port: 5433, database: 'orders' },
  { kind: 'heartbeat', id: 'backup', name: 'Backup', intervalSeconds: 86_400, graceSeconds: 5400 },
];
const SERVICES: readonly Service[] = INPUTS.map((input) => serviceSchema.parse(input));

const draftOf = (changes: Partial<ServiceDraft>): ServiceDraft => ({ ...NEW_SERVICE, ...changes });
const problemsOf = (changes: Partial<ServiceDraft>) => checkDraft(draftOf(changes), 'new').problems;

describe('the form', () => {
  it.each(SERVICES.map((service) => [service.id, service] as const))('gives back the service it was filled from (%s)', (_, service) => {
    const secrets = service.kind === 'http' ? service.headers.map((name) => `header:${name}`) : [];
    expect(checkDraft(toDraft({ service, storedSecrets: secrets }), service.id, service)).toEqual({ service, problems: null, isMoved: false });
  });

  it.each([
    ['http', { url: 'https://example.org/' }],
    ['tcp', { host: 'example.org', port: '25' }],
    ['ping', { host: 'example.org' }],
    ['postgresql', { host: 'example.org', user: 'monitor' }],
    ['heartbeat', { name: 'Backup' }],
  ] as const)('of a new %s needs no more than its target', (kind, typed) => {
    const { service } = checkDraft({ ...withKind(NEW_SERVICE, kind), ...typed }, 'new-1234');
    expect(service).toMatchObject({ kind, id: 'new-1234', enabled: true });
    expect(service?.name).not.toBe('');
  });

  it('names a service by its target until it has a name', () => {
    expect(usualName(draftOf({ url: 'https://example.org:8443/health?x=1' }))).toBe('example.org:8443');
    expect(usualName(draftOf({ kind: 'tcp', host: ' db ', port: '5432' }))).toBe('db:5432');
    expect(usualName(draftOf({ kind: 'postgresql', host: 'db' }))).toBe('PostgreSQL db');
    expect(usualName(draftOf({ kind: 'heartbeat' }))).toBe('');
  });

  it('takes what is usual for another kind, and keeps what was typed', () => {
    expect(withKind(NEW_SERVICE, 'heartbeat')).toMatchObject({ intervalText: '1 d' });
    expect(withKind(draftOf({ intervalText: '5 min' }), 'heartbeat')).toMatchObject({ intervalText: '5 min' });
    const database = withKind(draftOf({ host: 'db' }), 'postgresql');
    expect(database).toMatchObject({ port: '5432', host: 'db' });
    expect(withKind(database, 'tcp')).toMatchObject({ port: '', host: 'db' });
  });

  it('has ids that a later service of the same name does not have', () => {
    expect(newServiceId('Shop (EU)', 'a1b2')).toBe('shop-eu-a1b2');
    expect(newServiceId('Магазин', 'a1b2')).toBe('service-a1b2');
    expect(serviceSchema.safeParse({ kind: 'ping', id: newServiceId('x'.repeat(80), 'a1b2'), name: 'x', host: 'h' }).success).toBe(true);
  });
});

describe('an error', () => {
  it.each<[string, Partial<ServiceDraft>, Record<string, string>]>([
    ['no URL', {}, { url: 'Must be a URL such as https://example.org/health, without a user name and a password.' }],
    ['a password in the URL', { url: 'https://me:secret@example.org/' }, { url: 'Must be a URL such as https://example.org/health, without a user name and a password.' }],
    ['codes', { url: 'http://a/', expectedCodes: 'ok' }, { expectedCodes: 'Must be status codes such as 200-399 or 200, 204.' }],
    ['an interval that is too short', { url: 'http://a/', intervalText: '5 s' }, { intervalSeconds: 'Enter a duration from 10 s to 1 d.' }],
    ['a timeout that is none', { url: 'http://a/', timeoutText: 'soon' }, { timeoutSeconds: 'Enter a duration from 1 s to 1 min.' }],
    ['no host and no port', { kind: 'tcp' }, { host: 'Enter a host name or an address.', port: 'Enter a number from 1 to 65535.' }],
    ['a host like an option', { kind: 'ping', host: '-f' }, { host: 'Must be a host name or an address.' }],
    ['a port', { kind: 'tcp', host: 'a', port: '70000' }, { port: 'Enter a number from 1 to 65535.' }],
    ['no user', { kind: 'postgresql', host: 'a', port: '5432' }, { user: 'Enter a user name.' }],
    ['no name of a job', { kind: 'heartbeat' }, { name: 'Enter a name.' }],
    ['grace', { kind: 'heartbeat', name: 'x', graceText: '8 d' }, { graceSeconds: 'Enter a duration from 0 s to 7 d.' }],
    ['no authority', { url: 'https://a/', certificate: 'ownCa', ca: 'hello' }, { ca: 'Paste a certificate in PEM format. It begins with -----BEGIN CERTIFICATE-----.' }],
  ])('%s stands at its field', (_, changes, problems) => {
    expect(problemsOf(changes)).toEqual(problems);
  });

  it('of a header stands at its row: no name, no value, twice', () => {
    const value = { isStored: false, text: 'x' };
    const headers = [{ key: 0, name: 'Accept', value }, { key: 1, name: 'accept', value }, { key: 2, name: 'bad name', value }, { key: 3, name: 'X-Empty', value: { isStored: false, text: null } }];
    expect(problemsOf({ url: 'http://a/', headers })).toEqual({ 'headers.1': 'This header is there twice.', 'headers.2': 'Enter the name of a header, such as Authorization.', 'headers.3.value': 'Enter a value.' });
  });

  it('of an authority is none where no certificate is looked at', () => {
    expect(problemsOf({ url: 'http://a/', certificate: 'ownCa' })).toBeNull();
  });
});

describe('secrets', () => {
  const stored = toDraft({ service: serviceSchema.parse({ kind: 'postgresql', id: 'db', name: 'db', host: 'h', user: 'u' }), storedSecrets: ['password'] });

  it('that are not touched are not sent', () => {
    expect(stored.password).toEqual({ isStored: true, text: null });
    expect(secretsOf(stored)).toEqual({});
    expect(secretsOf(NEW_SERVICE)).toEqual({});
  });

  it('that were typed or taken out are', () => {
    expect(secretsOf({ ...stored, password: { isStored: true, text: 'new' } })).toEqual({ password: 'new' });
    expect(secretsOf({ ...stored, password: { isStored: false, text: '' } })).toEqual({ password: '' });
    const [header] = withHeader(NEW_SERVICE).headers;
    expect(header).toEqual({ key: 0, name: '', value: { isStored: false, text: null } });
    expect(secretsOf(draftOf({ headers: [{ key: 0, name: ' Authorization ', value: { isStored: false, text: 'Bearer x' } }] }))).toEqual({ 'header:Authorization': 'Bearer x' });
  });

  it('that were given for another place count as not there; back at it they do again', () => {
    const web = serviceSchema.parse({ kind: 'http', id: 'w', name: 'w', url: 'https://a.example/health', headers: ['X-Key'] });
    const draft = toDraft({ service: web, storedSecrets: ['header:X-Key'] });
    expect(checkDraft({ ...draft, url: 'https://A.example:443/other?x=1', keyword: 'well' }, 'w', web)).toMatchObject({ problems: null, isMoved: false });
    expect(checkDraft({ ...draft, url: 'https://b.example/health' }, 'w', web)).toEqual({ service: null, isMoved: true, problems: { 'headers.0.value': 'Enter a value.' } });
    expect(checkDraft({ ...draft, certificate: 'unverified' }, 'w', web).isMoved).toBe(true);
    expect(checkDraft({ ...draft, url: 'https://b.example/', headers: [{ key: 0, name: 'X-Key', value: { isStored: true, text: 'new' } }] }, 'w', web)).toMatchObject({ problems: null, isMoved: true });
    // What is typed halfway says nothing yet, and a new service was nowhere.
    expect(checkDraft({ ...draft, url: 'https:/' }, 'w', web).isMoved).toBe(false);
    expect(checkDraft({ ...draft, url: 'https://b.example/' }, 'w').isMoved).toBe(false);
  });

  it('of another kind are not sent', () => {
    expect(secretsOf({ ...stored, kind: 'ping', password: { isStored: false, text: 'typed' } })).toEqual({});
  });
});
