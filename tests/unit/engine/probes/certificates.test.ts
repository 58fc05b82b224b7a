/** Certificates of real TLS servers: which are believed, why others are not, and how long they are valid. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { distrustReason, firstToEnd } from '../../../../src/main/engine/probes/certificate';
import type { CertificateFacts } from '../../../../src/main/engine/probes/certificate';
import { probeHttp } from '../../../../src/main/engine/probes/http';
import { probeTcp } from '../../../../src/main/engine/probes/tcp';
import { createCertificate } from '../../../../src/main/lan/certificate';
import type { ProbeResult } from '../../../../src/shared/services/service-schemas';
import { issue } from '../../../support/certificates';
import type { CertificateWish, Issued } from '../../../support/certificates';
import { createServers, httpService, namesOnly, probeParts, tcpService } from '../../../support/probing';

const servers = createServers();
afterEach(() => servers.closeAll());

let root: Issued;
beforeAll(async () => {
  root = await issue({ name: 'Test root', isAuthority: true, toDays: 900 });
});

const HOST = 'shop.test';
const lookup = namesOnly({ [HOST]: ['127.0.0.1'] });
type Fields = Parameters<typeof httpService>[1];

/** Asks a server with this certificate, and how many requests it got. */
async function ask(cert: string, key: string, fields: Fields = {}, host = HOST): Promise<{ readonly result: ProbeResult; readonly requests: number }> {
  let requests = 0;
  const server = await servers.https({ cert, key }, (_request, response) => {
    requests += 1;
    response.end('fine');
  });
  const result = await probeHttp(httpService(`https://${host}:${server.port}/`, fields), probeParts({ lookup }));
  return { result, requests };
}

const ours = (): Fields => ({ certificate: 'ownCa', ca: root.cert });
const leaf = (wish: Partial<CertificateWish> = {}, issuer: Issued | null = root): Promise<Issued> => issue({ name: HOST, hosts: [HOST, '127.0.0.1'], ...wish }, issuer);

describe('a certificate of one’s own authority', () => {
  it('is believed, and tells how long it is valid', async () => {
    const { cert, key } = await leaf({ toDays: 34.5 });
    const { result } = await ask(cert, key, ours());
    expect(result).toMatchObject({ ok: true, text: 'HTTP 200' });
    expect(result.certificateDays).toBeCloseTo(34.5, 2);
    expect(result.tls).toBeGreaterThan(0);
    const until = new Date(Date.now() + 34.5 * 86_400_000).toISOString().slice(0, 10);
    expect(result.details).toEqual(expect.arrayContaining([`Certificate: CN=${HOST}; issued by CN=Test root; valid until ${until}`]));
  });

  it('is believed for an address as well', async () => {
    const { cert, key } = await leaf();
    expect((await ask(cert, key, ours(), '127.0.0.1')).result).toMatchObject({ ok: true });
  });

  it('is believed where it is its own authority, as that of Traywatch is', async () => {
    const { cert, key } = await leaf({}, null);
    expect((await ask(cert, key, { certificate: 'ownCa', ca: cert })).result).toMatchObject({ ok: true });
    const ownServer = await createCertificate({ names: [HOST], addresses: ['127.0.0.1'] }, Date.now());
    expect((await ask(ownServer.cert, ownServer.key, { certificate: 'ownCa', ca: ownServer.cert })).result).toMatchObject({ ok: true });
  });

  it('whose authority is not the one given is not', async () => {
    const other = await issue({ name: 'Other root', isAuthority: true });
    const { cert, key } = await leaf();
    const { result, requests } = await ask(cert, key, { certificate: 'ownCa', ca: other.cert });
    expect(result).toMatchObject({ fault: 'certificate', text: `the certificate of ${HOST} is not valid: its authority is not known. If it is yours, give its certificate to this service, or let the server send all certificates` });
    expect(requests).toBe(0);
  });

  it('without an authority given says so', async () => {
    const { cert, key } = await leaf();
    expect((await ask(cert, key, { certificate: 'ownCa' })).result).toMatchObject({ fault: 'certificate', text: 'no certificate of an authority was given; add one, or choose another check' });
  });
});

describe('a certificate that is not believed gets no request, and still tells its date', () => {
  it.each<[string, Partial<CertificateWish>, boolean, string, number]>([
    ['expired', { toDays: -3 }, true, 'it expired on', -3],
    ['not valid yet', { fromDays: 2 }, true, 'it is not valid before', 90],
    ['for another name', { hosts: ['other.test'] }, true, `it is not valid for ${HOST}`, 90],
    ['self-signed', {}, false, 'it is self-signed', 90],
  ])('%s', async (_what, wish, byRoot, reason, days) => {
    const { cert, key } = await leaf(wish, byRoot ? root : null);
    const { result, requests } = await ask(cert, key, byRoot ? ours() : {});
    expect(result.fault).toBe('certificate');
    expect(result.text).toContain(`the certificate of ${HOST} is not valid: ${reason}`);
    expect(result.certificateDays).toBeCloseTo(days, 2);
    expect(result.firstByte).toBeNull();
    expect(requests).toBe(0);
    const unchecked = await ask(cert, key, { certificate: 'unverified' });
    expect(unchecked.result).toMatchObject({ ok: true, text: 'HTTP 200' });
    expect(unchecked.result.certificateDays).toBeCloseTo(days, 2);
    expect(unchecked.result.details).toEqual(expect.arrayContaining([expect.stringContaining('The certificate is not checked: ')]));
  });

  it('of an authority that this machine does not know', async () => {
    const { cert, key } = await leaf();
    expect((await ask(cert, key)).result).toMatchObject({ fault: 'certificate' });
    expect((await ask(cert + root.cert, key)).result).toMatchObject({ fault: 'certificate', text: `the certificate of ${HOST} is not valid: its authority is not known. If it is yours, give its certificate to this service` });
  });
});

describe('a chain', () => {
  it('is valid until the first of it ends', async () => {
    const between = await issue({ name: 'Between', isAuthority: true, toDays: 5 }, root);
    const { cert, key } = await leaf({ toDays: 80 }, between);
    const { result } = await ask(cert + between.cert, key, ours());
    expect(result).toMatchObject({ ok: true });
    expect(result.certificateDays).toBeCloseTo(5, 2);
    expect(result.details.filter((line) => line.startsWith('Certificate above it: CN=Between'))).toHaveLength(1);
  });

  it('of which one in the middle has expired names that', async () => {
    const between = await issue({ name: 'Between', isAuthority: true, toDays: -1 }, root);
    const { cert, key } = await leaf({}, between);
    const { result } = await ask(cert + between.cert, key, ours());
    expect(result.fault).toBe('certificate');
    expect(result.text).toContain('CN=Between above it expired on');
  });

  it('that lacks its middle is not believed', async () => {
    const between = await issue({ name: 'Between', isAuthority: true }, root);
    const { cert, key } = await leaf({}, between);
    expect((await ask(cert, key, ours())).result).toMatchObject({ fault: 'certificate' });
  });

  const one = (validTo: number, isPublicRoot = false): CertificateFacts => ({ subject: `CN=${validTo}`, issuer: '', validFrom: 0, validTo, isPublicRoot: () => isPublicRoot });

  it('is not ended by a copy of a root that every machine has', () => {
    expect(firstToEnd([one(50), one(90), one(10, true)])?.validTo).toBe(50);
    expect(firstToEnd([one(50), one(20), one(10, true)])?.validTo).toBe(20);
    expect(firstToEnd([one(50), one(10)])?.validTo).toBe(10);
    expect(firstToEnd([])).toBeNull();
  });

  it('has words for reasons without a date, and passes others on', () => {
    expect(distrustReason('CERT_HAS_EXPIRED', [one(5)], HOST, 1)).toBe('CERT_HAS_EXPIRED');
    expect(distrustReason('CERT_REVOKED', [], HOST, 1)).toBe('it was revoked');
  });
});

describe('a port with TLS', () => {
  it('tells the same, and leaves no connection open', async () => {
    const { cert, key } = await leaf({ toDays: 12 });
    const server = await servers.https({ cert, key });
    const service = (fields: Parameters<typeof tcpService>[2]) => tcpService(HOST, server.port, { tls: true, ...fields });
    const result = await probeTcp(service({ certificate: 'ownCa', ca: root.cert }), probeParts({ lookup }));
    expect(result).toMatchObject({ ok: true, text: `TLS with ${HOST}:${server.port}`, firstByte: null });
    expect(result.certificateDays).toBeCloseTo(12, 2);
    expect(result.latency).toBeGreaterThanOrEqual((result.connect ?? 0) + (result.tls ?? 0));
    expect(await probeTcp(service({}), probeParts({ lookup }))).toMatchObject({ fault: 'certificate', latency: null });
    await expect.poll(() => server.open()).toBe(0);
  });

  it('that speaks another protocol is no TLS', async () => {
    const server = await servers.tcp((socket) => void socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    const result = await probeTcp(tcpService('127.0.0.1', server.port, { tls: true }), probeParts());
    expect(result).toMatchObject({ fault: 'tls', text: `no TLS with 127.0.0.1:${server.port}: it answers in another protocol` });
  });

  it('that is not asked for is not begun', async () => {
    let got = '';
    const server = await servers.tcp((socket) => void socket.on('data', (data) => (got += String(data))).on('end', () => socket.end()));
    expect(await probeTcp(tcpService('127.0.0.1', server.port), probeParts())).toMatchObject({ ok: true, text: `connected to 127.0.0.1:${server.port}`, tls: null, certificateDays: null });
    await expect.poll(() => server.open()).toBe(0);
    expect(got).toBe('');
    await server.close();
    expect(await probeTcp(tcpService('127.0.0.1', server.port), probeParts())).toMatchObject({ fault: 'refused', latency: null });
  });
});
