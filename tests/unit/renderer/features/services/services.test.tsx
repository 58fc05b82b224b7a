/** The page of services, the editor and the results of probes, as they are read; and what a viewer on the network sees of them. */
import { describe, expect, it } from 'vitest';
import type { Session } from '../../../../../src/renderer/app/app-types';
import { cronLine, curlLine, HeartbeatUrls } from '../../../../../src/renderer/features/services/heartbeat-urls';
import { phasesOf, ProbeResultView } from '../../../../../src/renderer/features/services/probe-result';
import { ServiceEditor } from '../../../../../src/renderer/features/services/service-editor';
import { ServiceRow } from '../../../../../src/renderer/features/services/service-row';
import { countsText, inOrder, nextText, stateText } from '../../../../../src/renderer/features/services/service-state';
import { ServicesPage } from '../../../../../src/renderer/features/services/services-page';
import { TestPanel } from '../../../../../src/renderer/features/services/test-probe';
import { importedText } from '../../../../../src/renderer/features/services/use-services';
import type { ServiceActions } from '../../../../../src/renderer/features/services/use-services';
import { parseRoute, formatRoute, NEW_DEVICE } from '../../../../../src/renderer/lib/route';
import { PROBE_FAULTS, serviceSchema } from '../../../../../src/shared/services/service-schemas';
import type { ProbeResult, ServiceConfig, ServiceInput, ServiceStatus } from '../../../../../src/shared/services/service-schemas';
import { FAULT_TEXTS } from '../../../../../src/shared/services/service-text';
import { DEFAULT_SETTINGS } from '../../../../../src/shared/settings/settings-schema';
import { renderedHtml, renderedText } from '../../../../support/rendered';

const NOW = new Date(2026, 10, 30, 12, 0).getTime();
const HOUR = 3_600_000;

const RESULT: ProbeResult = {
  time: NOW, ok: true, fault: null, text: 'HTTP 200 from 192.0.2.10', latency: 34.2, dns: 2, connect: 8, tls: 15, firstByte: 9, certificateDays: 63.4,
  connections: null, connectionsMax: null, connectionsActive: null, connectionsIdleInTransaction: null, replicationLagSeconds: null, details: ['shop.example.org → 192.0.2.10'],
};
const FAILED: ProbeResult = { ...RESULT, ok: false, fault: 'refused', latency: null, text: 'connection refused by 192.0.2.10:443', certificateDays: null };

const status = (changes: Partial<ServiceStatus> = {}): ServiceStatus => ({
  id: 'shop', name: 'Shop', kind: 'http', target: 'https://shop.example.org/', intervalSeconds: 60, isUp: true, notMeasured: null, since: NOW - 3 * HOUR, result: RESULT, nextAt: NOW + 12_000, ...changes,
});
/** What a viewer on the network is sent of it. */
const TOLD: ProbeResult = { ...FAILED, text: FAULT_TEXTS.refused, details: [] };
const live = { time: NOW, known: true, connection: 'live' } as const;
const actions: ServiceActions = { save: () => Promise.resolve(null), remove: () => Promise.resolve(null), export: () => Promise.resolve(null), import: () => Promise.resolve(null) };
const viewer: Session = { name: 'Phone', role: 'viewer', capabilities: ['snapshot', 'services', 'series', 'stats', 'incidents'], account: null, signOut: () => Promise.resolve(), changePassword: () => Promise.resolve(null) };

const row = (service: ServiceStatus, canEdit: boolean) => (
  <ServiceRow service={service} open={[]} uptimes={[{ percent: 100, measured: 1 }, { percent: 99.987, measured: 0.4 }, { percent: null, measured: 0 }, { percent: null, measured: 0 }]} days={undefined} latency={undefined} latencyEnd={NOW} canEdit={canEdit} />
);

describe('a row', () => {
  it('says state, target, latency, uptime with how much was measured, certificate and the next probe', () => {
    const text = renderedText(row(status(), true), { live });
    expect(text).toContain('Shop Web address · https://shop.example.org/ Up for 3 h');
    expect(text).toContain('34.2 ms');
    expect(text).toMatch(/24 h 100.% 7 d 99\.98.% , measured 40.% of the time 30 d – , not measured/);
    expect(text).toContain('Certificate 63 d Next probe in 12 s');
    expect(text).toContain('Edit');
  });

  it('says what came back of one that is down, and has no latency', () => {
    const text = renderedText(row(status({ isUp: false, result: FAILED }), true), { live });
    expect(text).toContain('Down for 3 h connection refused by 192.0.2.10:443');
    expect(text).toMatch(/Latency –/);
  });

  it('has connections of a database', () => {
    expect(renderedText(row(status({ kind: 'postgresql', result: { ...RESULT, connections: 87, connectionsMax: 97 } }), true), { live })).toContain('Connections 87 / 97');
  });

  it('has no button, no target and no address for a viewer', () => {
    const shown = { live, session: viewer };
    const text = renderedText(row(status({ target: null, isUp: false, result: TOLD }), false), shown);
    expect(text).toContain('connection refused');
    expect(text).not.toMatch(/Edit|192\.0\.2|example\.org/);
    expect(renderedText(<ServicesPage edit={undefined} />, shown)).not.toMatch(/Add service|Import|Export/);
    expect(renderedText(<ServicesPage edit={undefined} />, { live })).toContain('Import');
  });

  it('a viewer who opens the address of the editor sees the list', () => {
    expect(renderedHtml(<ServicesPage edit={NEW_DEVICE} />, { live, session: viewer })).not.toContain('<form');
    expect(renderedHtml(<ServicesPage edit={NEW_DEVICE} />, { live })).toContain('<form');
  });
});

describe('what is said of a service', () => {
  it.each([
    [status(), { word: 'Up', severity: 'healthy', reason: null }],
    [status({ result: TOLD }), { word: 'Up', severity: 'healthy', reason: 'last probe: connection refused' }],
    [status({ isUp: false, result: FAILED }), { word: 'Down', severity: 'critical', reason: 'connection refused by 192.0.2.10:443' }],
    [status({ isUp: false, result: { ...TOLD, text: '' } }), { word: 'Down', severity: 'critical', reason: 'connection refused' }],
    [status({ isUp: null, notMeasured: 'maintenance', result: null }), { word: 'Not measured', severity: 'unknown', reason: 'in its maintenance window' }],
    [status({ isUp: null, notMeasured: 'pending', result: null }), { word: 'Not measured', severity: 'unknown', reason: 'not known yet' }],
    [status({ isUp: null, notMeasured: 'unable', result: { ...FAILED, fault: 'programMissing', text: FAULT_TEXTS.programMissing } }), { word: 'Not measured', severity: 'unknown', reason: 'a program is missing on this machine' }],
    [status({ isUp: null, notMeasured: 'unable', result: { ...FAILED, fault: 'other', text: FAULT_TEXTS.other } }), { word: 'Not measured', severity: 'unknown', reason: 'it cannot be probed' }],
  ])('is a word and why', (service, said) => {
    expect(stateText(service)).toEqual(said);
  });

  it('has words for every fault, without addresses', () => {
    for (const fault of PROBE_FAULTS) expect(FAULT_TEXTS[fault]).toMatch(/^[a-zT][\w ,-]+$/);
  });

  it('those that are down come first, then those whose last probe failed', () => {
    const services = [status({ id: 'a', name: 'Alpha' }), status({ id: 'n', name: 'Null', isUp: null }), status({ id: 'f', name: 'Failing', result: FAILED }), status({ id: 'd', name: 'Zeta', isUp: false })];
    expect(inOrder(services).map(({ id }) => id)).toEqual(['d', 'f', 'a', 'n']);
    expect(countsText(services)).toBe('1 down, 2 up, 1 not measured');
  });

  it('the next probe counts down', () => {
    expect([nextText(NOW + 90_000, NOW), nextText(NOW + 500, NOW), nextText(NOW - 5000, NOW), nextText(null, NOW)]).toEqual(['in 1 min', 'now', 'now', null]);
  });

  it('an import is told in numbers', () => {
    expect(importedText(1, 2)).toBe('1 service added, 2 replaced. Secrets are not in the file: enter those that are missing.');
    expect(importedText(0, 1)).toContain('1 service replaced.');
    expect(importedText(0, 0)).toBe('Nothing was imported.');
  });
});

describe('the editor', () => {
  const editor = (input: ServiceInput | null, storedSecrets: readonly string[] = [], last?: ServiceStatus) => {
    const config: ServiceConfig | null = input === null ? null : { service: serviceSchema.parse(input), storedSecrets };
    return <ServiceEditor config={config} status={last} actions={actions} onClose={() => undefined} />;
  };
  const fields = (html: string): string[] => [...html.matchAll(/<label for="[^"]*">([^<]*)</g)].map(([, label = '']) => label);

  it('of a new one explains each kind', () => {
    const text = renderedText(editor(null));
    for (const kind of ['Web address', 'TCP port', 'Ping', 'PostgreSQL', 'Heartbeat']) expect(text).toContain(kind);
    expect(text).toContain('counts its connections');
    expect(renderedHtml(editor(null))).not.toContain('field-error');
  });

  it.each<[ServiceInput, readonly string[]]>([
    [{ kind: 'http', id: 'a', name: 'a', url: 'https://a/' }, ['Name', 'URL', 'Method', 'Status codes that are all right', 'Text of the answer', 'Certificate', 'Probe every', 'No answer after']],
    [{ kind: 'http', id: 'a', name: 'a', url: 'http://a/', keyword: 'x' }, ['Name', 'URL', 'Method', 'Status codes that are all right', 'Text of the answer', 'The answer', 'Probe every', 'No answer after']],
    [{ kind: 'tcp', id: 'a', name: 'a', host: 'h', port: 1, tls: true, certificate: 'ownCa', ca: 'x' }, ['Name', 'Host', 'Port', 'Certificate', 'Certificate of the authority', 'Probe every', 'No answer after']],
    [{ kind: 'ping', id: 'a', name: 'a', host: 'h' }, ['Name', 'Host', 'Probe every', 'No answer after']],
    [{ kind: 'postgresql', id: 'a', name: 'a', host: 'h', user: 'u' }, ['Name', 'Host', 'Port', 'Database', 'User', 'Password', 'TLS', 'Probe every', 'No answer after']],
    [{ kind: 'heartbeat', id: 'a', name: 'a' }, ['Name', 'Expected every', 'May be late by']],
  ])('has the fields of its kind', (input, labels) => {
    expect(fields(renderedHtml(editor(input)))).toEqual(labels);
  });

  it('never shows a secret: that it is stored, and how to replace or remove it', () => {
    const html = renderedHtml(editor({ kind: 'postgresql', id: 'db', name: 'db', host: 'h', user: 'u' }, ['password']));
    expect(html).toContain('Stored');
    expect(html).toContain('aria-label="Replace the password"');
    expect(html).toContain('aria-label="Remove the password"');
    expect(html).not.toContain('type="password"');
    expect(renderedHtml(editor({ kind: 'postgresql', id: 'db', name: 'db', host: 'h', user: 'u' }))).toMatch(/type="password"[^>]*value=""/);
    const headers = renderedText(editor({ kind: 'http', id: 'a', name: 'a', url: 'https://a/', headers: ['Authorization'] }, ['header:Authorization']));
    expect(headers).toContain('Replace the value of Authorization');
  });

  it('offers link-local addresses only where one was refused', () => {
    const input: ServiceInput = { kind: 'http', id: 'a', name: 'a', url: 'http://169.254.169.254/' };
    expect(renderedText(editor(input))).not.toContain('Allow link-local');
    expect(renderedText(editor(input, [], status({ result: { ...FAILED, fault: 'addressRefused' } })))).toContain('Allow link-local addresses');
    expect(renderedText(editor({ ...input, allowLinkLocal: true }))).toContain('Allow link-local addresses');
  });

  it('says of a heartbeat that nothing can call in while Sharing is off', () => {
    const heartbeat = editor({ kind: 'heartbeat', id: 'b', name: 'Backup' });
    expect(renderedText(heartbeat)).toContain('Sharing is off: nothing can call in');
    expect(renderedText(heartbeat, { settings: { lan: { ...DEFAULT_SETTINGS.lan, enabled: true } } })).not.toContain('Sharing is off');
    expect(renderedText(heartbeat)).toContain('New URL');
    expect(renderedText(heartbeat)).not.toMatch(/\bTest\b/);
  });

  it('shows where a job calls in, with lines that are ready to be used', () => {
    const url = 'http://192.168.1.2:8787/api/heartbeat/TOKEN';
    const text = renderedText(<HeartbeatUrls urls={[url]} />);
    expect(text).toContain(curlLine(url));
    expect(text).toContain(cronLine(url));
    expect(renderedText(<HeartbeatUrls urls={[]} />)).toContain('There is no URL while Sharing is off');
  });
});

describe('a test', () => {
  it('shows exactly what came back: words, phases on one scale, numbers, lines', () => {
    const text = renderedText(<ProbeResultView result={RESULT} />);
    expect(text).toMatch(/Answered in 34\.2.ms HTTP 200 from 192\.0\.2\.10/);
    expect(text).toMatch(/DNS 2\.00.ms Connect 8\.00.ms TLS 15\.0.ms First byte 9\.00.ms/);
    expect(text).toContain('shop.example.org → 192.0.2.10');
    expect(phasesOf(RESULT).map(({ start, length }) => [start, length])).toEqual([[0, 2], [2, 8], [10, 15], [25, 9]]);
  });

  it('leaves out phases that a probe did not reach', () => {
    expect(phasesOf({ dns: 1, connect: null, tls: null, firstByte: null })).toEqual([{ label: 'DNS', start: 0, length: 1 }]);
    expect(renderedText(<ProbeResultView result={FAILED} />)).toContain('Connection refused by 192.0.2.10:443');
    expect(renderedText(<ProbeResultView result={TOLD} />)).toBe('Connection refused DNS 2.00\u202fms Connect 8.00\u202fms TLS 15.0\u202fms First byte 9.00\u202fms'.replaceAll('\u202f', ' '));
  });

  it('can be closed while it runs', () => {
    expect(renderedText(<TestPanel state={{ step: 'running' }} onClose={() => undefined} />)).toContain('Cancel');
    expect(renderedText(<TestPanel state={{ step: 'failed', message: 'Services cannot be probed yet.' }} onClose={() => undefined} />)).toContain('Services cannot be probed yet.');
    expect(renderedHtml(<TestPanel state={{ step: 'none' }} onClose={() => undefined} />)).toBe('');
  });
});

describe('the address of the editor', () => {
  it('is kept', () => {
    const route = parseRoute('#/service?range=5m&edit=shop-a1b2');
    expect(route).toMatchObject({ page: 'family', family: 'service', edit: 'shop-a1b2' });
    expect(formatRoute(route)).toBe('#/service?range=5m&edit=shop-a1b2');
    expect(parseRoute(`#/service?edit=${encodeURIComponent(NEW_DEVICE)}`)).toMatchObject({ edit: NEW_DEVICE });
    expect(parseRoute('#/service?edit=')).not.toHaveProperty('edit');
  });
});
