/** What every carrier of the contract must do; run over each of them. */
import { describe, expect, it } from 'vitest';
import type { Incident } from '../../src/shared/alerts/incident';
import { CALLS, EVENTS } from '../../src/shared/api/contract';
import type { CallName } from '../../src/shared/api/contract';
import type { Transport } from '../../src/shared/api/client';
import { createClient } from '../../src/shared/api/client';
import type { SampleBatch } from '../../src/shared/metrics/reading';
import type { TopProcesses } from '../../src/shared/processes/process-schemas';

/** A running app behind a carrier, with what a test needs to make things happen on the other side. */
export interface Rig {
  readonly transport: Transport;
  /** Publishes a batch as the sampler would. */
  publish(batch: SampleBatch): void;
  /** Keeps an incident and a look, as the alerts do. */
  keep(incident: Incident, look: TopProcesses): void;
  /** Makes the next question to the store fail. */
  breakStore(): void;
  close(): Promise<void>;
}

const batchOf = (seq: number, time: number): SampleBatch => ({
  seq,
  time,
  readings: { memory: { values: { usage: 41.5, total: null }, devices: {}, note: 'used = total − available' } },
  faults: { disk: { kind: 'Timeout', message: 'no answer' } },
});

const TIME = 1_700_000_000_000;
const INCIDENT: Incident = {
  id: `cpu-usage cpu.usage ${TIME}`,
  ruleId: 'cpu-usage',
  label: 'CPU usage',
  device: null,
  deviceLabel: null,
  series: 'cpu.usage',
  severity: 'critical',
  worst: 'critical',
  since: TIME - 60_000,
  firedAt: TIME,
  clearedAt: null,
  endedBy: null,
  threshold: 90,
  valueAtFire: 97,
  value: null,
  peak: 100,
  peakAt: TIME,
  acknowledgedAt: null,
  culprits: [{ name: 'stress-ng', pid: 4711, value: 310, unit: 'percent' }],
};
const SNAPSHOT: TopProcesses = { time: TIME, incident: INCIDENT.id, processes: [{ name: 'stress-ng', pid: 4711, cpu: 310.5, memory: 65_536 }, { name: 'kthreadd', pid: 2, cpu: null, memory: null }] };

/** Inputs that every call must accept. */
const GOOD: { readonly [N in CallName]: unknown } = {
  snapshot: {},
  series: { series: ['memory.usage'], from: 0, to: 1e13, points: 100 },
  stats: { series: ['memory.usage'], from: 0, to: 1e13 },
  gaps: { from: 0, to: 1e13 },
  backtestRule: { rule: { id: 'mine', label: 'Memory', family: 'memory', metric: 'usage', warning: { threshold: 40, forSeconds: 0 } }, from: 1_699_999_999_000, to: 1_700_000_001_000 },
  events: { types: ['note'], severities: ['warning'], text: '100 %', from: 0, to: 1e13, limit: 5 },
  incidents: { from: 0, to: 1e13, openOnly: true },
  processSnapshots: { from: 0, to: 1e13 },
  addEvent: { type: 'stream_started', message: 'Stream started', severity: 'warning', user: 'ada', details: { stream: 7 } },
  host: {},
  processes: { search: 'e', sort: 'memory', limit: 5 },
  status: {},
  lanState: {},
  lanConnections: {},
  lanInterfaces: {},
  appState: {},
  setViewedFamilies: { families: ['cpu'] },
  updateSettings: { theme: 'dark' },
  setPaused: { paused: false },
  dismissNotice: { id: 'greeting' },
  showDataFolder: {},
  estimateHistory: { keepDays: 30, maxBytes: null },
  saveFile: { name: 'chart.png', encoding: 'base64', data: 'iVBORw0KGgo=' },
  exportHistory: { format: 'csv', series: ['memory.usage'], from: 1_699_999_000_000, to: 1_700_000_001_000 },
  backupHistory: {},
  restoreHistory: {},
  cancelTask: { id: 1 },
  openAlerts: {},
  acknowledge: { incident: 'cpu cpu.usage 0' },
  snooze: { target: { kind: 'all' }, length: '1h' },
  unsnooze: { target: null },
  webhooks: {},
  setWebhook: { label: 'Team', kind: 'slack', severities: ['critical'], enabled: true, url: 'http://127.0.0.1:1/services/T0/B0/secret' },
  testWebhook: { id: 'team' },
  removeWebhook: { id: 'team' },
  exportAlerts: {},
  importAlerts: {},
  lanAccess: {},
  lanPairingStart: {},
  lanPairingCancel: {},
  lanApprove: { id: 'r0', role: 'viewer' },
  lanDeny: { id: 'r0' },
  lanRenameDevice: { id: 'd0', name: 'Phone' },
  lanSetRole: { id: 'd0', role: 'admin' },
  lanRevoke: { id: 'd0' },
  lanSetAccount: { name: 'anna', role: 'viewer', password: 'correct horse battery' },
  lanRemoveAccount: { name: 'nobody' },
  lanCreateToken: { label: 'prometheus', scopes: ['metrics:read'], days: 30 },
  lanRemoveToken: { id: 't0' },
  powerState: {},
  powerRequest: { action: 'reboot' },
  powerConfirm: { id: 'c0' },
  powerCancel: { id: 'c0' },
};

/** Calls that have nothing to do here: the refusal they must give. */
const REFUSED: Partial<Record<CallName, string>> = {
  cancelTask: 'NotFound',
  acknowledge: 'NotFound',
  unsnooze: 'NotFound',
  testWebhook: 'NotFound',
  removeWebhook: 'NotFound',
  lanApprove: 'NotFound',
  lanDeny: 'NotFound',
  lanRenameDevice: 'NotFound',
  lanSetRole: 'NotFound',
  lanRevoke: 'NotFound',
  lanRemoveAccount: 'NotFound',
  lanRemoveToken: 'NotFound',
  powerRequest: 'Forbidden',
  powerConfirm: 'Forbidden',
  powerCancel: 'NotFound',
};

/** Inputs each of which must be refused with BadInput, naming the field. */
const BAD: readonly [CallName, unknown, RegExp][] = [
  ['series', { series: [], from: 0, to: 1, points: 5 }, /series/],
  ['series', { series: ['cpu.usage'], from: 5, to: 5, points: 5 }, /to/],
  ['series', { series: ['cpu.usage'], from: 0, to: 9, points: 0 }, /points/],
  ['series', { series: ['cpu.usage'], from: 0, to: 9, points: 1e9 }, /points/],
  ['series', { series: ['cpu.usage'], from: Number.NaN, to: 9, points: 10 }, /from/],
  ['series', { series: ['cpu.usage'], from: 0, to: 9, points: 10, extra: 1 }, /extra/],
  ['series', 'DROP TABLE', /input/],
  ['stats', { series: [7], from: 0, to: 1 }, /series/],
  ['setViewedFamilies', { families: ['nonsense'] }, /families/],
  ['updateSettings', { theme: 'pink' }, /theme/],
  ['updateSettings', { keepDays: 0 }, /keepDays/],
  ['updateSettings', { unknown: true }, /unknown/],
  ['setPaused', { paused: 'yes' }, /paused/],
  ['processes', { sort: 'nice' }, /sort/],
  ['processes', { limit: 1e6 }, /limit/],
  ['processes', { search: 7 }, /search/],
  ['gaps', { from: 5, to: 5 }, /to/],
  ['backtestRule', { rule: { id: 'mine', label: 'No', family: 'memory', metric: 'colour', warning: { threshold: 4, forSeconds: 0 } }, from: 0, to: 9 }, /rule\.metric: .*colour/],
  ['backtestRule', { rule: { id: 'mine', label: 'No', family: 'memory', metric: 'usage', warning: { threshold: 4, recoverAt: 5, forSeconds: 0 } }, from: 0, to: 9 }, /rule\.warning\.recoverAt/],
  ['backtestRule', { rule: { id: 'mine', label: 'No', family: 'memory', metric: 'usage' }, from: 0, to: 9 }, /rule\.warning/],
  ['backtestRule', { rule: { id: 'mine', label: 'No', family: 'memory', metric: 'usage', warning: { threshold: 4, forSeconds: 0 } }, from: 9, to: 9 }, /to/],
  ['estimateHistory', { keepDays: 0, maxBytes: null }, /keepDays/],
  ['estimateHistory', { keepDays: 1, maxBytes: 0 }, /maxBytes/],
  ['updateSettings', { maxHistoryMb: 3 }, /maxHistoryMb/],
  ['saveFile', { name: '', encoding: 'utf8', data: '' }, /name/],
  ['saveFile', { name: 'x', encoding: 'latin1', data: '' }, /encoding/],
  ['exportHistory', { format: 'xml' }, /format/],
  ['exportHistory', { format: 'csv', from: 9, to: 3 }, /to/],
  ['cancelTask', { id: 'all' }, /id/],
  ['dismissNotice', {}, /id/],
  ['events', { limit: 0 }, /limit/],
  ['events', { severities: ['dreadful'] }, /severities/],
  ['events', { text: 'x'.repeat(201) }, /text/],
  ['incidents', { from: 5, to: 5 }, /to/],
  ['processSnapshots', { from: 6, to: 5 }, /to/],
  ['addEvent', { type: 'Stream', message: 'x' }, /type/],
  ['addEvent', { type: 'alert_fired', message: 'not by Traywatch' }, /type/],
  ['addEvent', { type: 'x', message: ' ' }, /message/],
  ['addEvent', { type: 'x', message: 'x', id: 5 }, /id/],
  ['addEvent', { type: 'x', message: 'x', details: [1] }, /details/],
  ['snooze', { target: { kind: 'some' }, length: '1h' }, /target/],
  ['snooze', { target: { kind: 'all' }, length: '3h' }, /length/],
  ['acknowledge', { incident: '' }, /incident/],
  ['setWebhook', { label: '', kind: 'slack', severities: [], enabled: true }, /label/],
  ['setWebhook', { label: 'Team', kind: 'slack', severities: [], enabled: true }, /url/],
  ['setWebhook', { label: 'Team', kind: 'slack', severities: [], enabled: true, url: 'ftp://example.org' }, /url/],
  ['updateSettings', { alerts: { keepEvents: 1 } }, /alerts\.keepEvents/],
  ['updateSettings', { alerts: { rules: [{ id: 'x', label: 'X', family: 'cpu', metric: 'nonsense' }] } }, /alerts\.rules\.0\.metric/],
  ['lanApprove', { id: 'r0', role: 'root' }, /role/],
  ['lanRenameDevice', { id: 'd0', name: '\u200B' }, /name/],
  ['lanSetAccount', { name: '../etc', role: 'viewer', password: 'correct horse battery' }, /name/],
  ['lanSetAccount', { name: 'anna', role: 'viewer', password: 'short' }, /password/],
  ['lanCreateToken', { label: 'x', scopes: [], days: 1 }, /scopes/],
  ['lanCreateToken', { label: 'x', scopes: ['everything'], days: 1 }, /scopes/],
  ['lanCreateToken', { label: 'x', scopes: ['read'], days: 4000 }, /days/],
  ['updateSettings', { powerControl: { countdown: 1 } }, /countdown/],
  ['updateSettings', { lan: { port: 0 } }, /port/],
  ['updateSettings', { lan: { addresses: ['box.local'] } }, /lan\.addresses\.0: must be an IP address/],
  ['updateSettings', { lan: { addresses: ['interface:eth0\n'] } }, /lan\.addresses\.0/],
  ['powerRequest', { action: 'rm -rf /' }, /action/],
];

/** The suite. To a `remote` carrier, calls for the desktop alone do not exist. */
export function contractSuite(carrier: string, open: () => Promise<Rig>, { remote = false }: { readonly remote?: boolean } = {}): void {
  const isThere = (name: CallName): boolean => !remote || CALLS[name].access !== 'local';
  const withRig = async (test: (rig: Rig) => Promise<void>): Promise<void> => {
    const rig = await open();
    try {
      await test(rig);
    } finally {
      await rig.close();
    }
  };

  describe(`the contract over ${carrier}`, () => {
    it.each(Object.keys(CALLS) as CallName[])('%s answers what its schema says', (name) =>
      withRig(async (rig) => {
        rig.publish(batchOf(1, 1_700_000_000_000));
        const result = await rig.transport.call(name, GOOD[name]);
        const refused = isThere(name) ? REFUSED[name] : 'NotFound';
        expect(result).toMatchObject(refused === undefined ? { ok: true } : { ok: false, code: refused });
        if (result.ok) expect(CALLS[name].output.safeParse(result.value).error).toBeUndefined();
      }),
    );

    it.each(BAD.filter(([name]) => isThere(name)))('%s refuses %j', (name, input, field) =>
      withRig(async (rig) => {
        const result = await rig.transport.call(name, input);
        expect(result).toMatchObject({ ok: false, code: 'BadInput' });
        if (!result.ok) expect(result.message).toMatch(field);
      }),
    );

    it.each(['nothing', '__proto__', 'constructor', ''])('there is no call %j', (name) =>
      withRig(async (rig) => {
        expect(await rig.transport.call(name, {})).toMatchObject({ ok: false, code: 'NotFound' });
      }),
    );

    it('what is written to the timeline is pushed, found at once, and paged without a hole', () =>
      withRig(async (rig) => {
        const client = createClient(rig.transport);
        const pushed: number[] = [];
        let tell: () => void = () => undefined;
        const all = new Promise<void>((resolve) => (tell = resolve));
        client.subscribe((event) => {
          if (event.name !== 'event') return;
          expect(EVENTS.event.payload.safeParse(event.payload).error).toBeUndefined();
          if (pushed.push(event.payload.id) === 30) tell();
        });
        for (let n = 0; n < 30; n += 1) expect(await client.call('addEvent', { type: 'note', message: `Word ${n} of 100%`, details: { n: [n] } })).toMatchObject({ ok: true });
        await all;
        const found: number[] = [];
        for (let before: number | undefined; ; ) {
          const answer = await client.call('events', { types: ['note'], text: 'WORD 100%', limit: 7, ...(before === undefined ? {} : { before }) });
          if (!answer.ok) throw new Error(answer.message);
          expect(answer.value.total).toBe(30);
          expect(answer.value.types).toContain('note');
          if (answer.value.events.length === 0) break;
          found.push(...answer.value.events.map(({ id }) => id));
          before = found.at(-1);
        }
        expect(found).toEqual(pushed.toReversed());
      }));

    it('incidents and looks come as they were kept', () =>
      withRig(async (rig) => {
        const client = createClient(rig.transport);
        const pushed = new Promise((resolve) => {
          client.subscribe((event) => {
            if (event.name === 'incident') resolve(event.payload);
          });
        });
        rig.keep(INCIDENT, SNAPSHOT);
        expect(await client.call('incidents', { from: 0, to: 2e12, openOnly: true })).toEqual({ ok: true, value: [INCIDENT] });
        expect(await client.call('processSnapshots', { from: SNAPSHOT.time, to: SNAPSHOT.time })).toEqual({ ok: true, value: [SNAPSHOT] });
        expect(await pushed).toEqual(INCIDENT);
      }));

    it('an error on the other side is a value, not an exception', () =>
      withRig(async (rig) => {
        rig.breakStore();
        const result = await createClient(rig.transport).call('stats', { series: ['cpu.usage'], from: 0, to: 1 });
        expect(result).toMatchObject({ ok: false, code: 'Internal' });
      }));

    it('pushes batches in order, null as null, to every listener until it leaves', () =>
      withRig(async (rig) => {
        const client = createClient(rig.transport);
        const seen: number[] = [];
        let off: () => void = () => undefined;
        const third = new Promise<void>((resolve) => {
          off = client.subscribe((event) => {
            if (event.name !== 'batch') return;
            expect(event.payload).toEqual(batchOf(event.payload.seq, event.payload.time));
            seen.push(event.payload.seq);
            if (event.payload.seq === 3) resolve();
          });
        });
        for (const seq of [1, 2, 3]) rig.publish(batchOf(seq, seq * 1000));
        await third;
        off();
        rig.publish(batchOf(4, 4000));
        expect((await client.call('snapshot', {})).ok).toBe(true);
        expect(seen).toEqual([1, 2, 3]);
      }));
  });
}
