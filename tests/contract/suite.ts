/** The contract suite: what every transport must do. It runs over each of them. */
import { describe, expect, it } from 'vitest';
import type { Incident } from '../../src/shared/alerts/incident';
import { CALLS, EVENTS } from '../../src/shared/api/contract';
import type { CallName } from '../../src/shared/api/contract';
import { createClient } from '../../src/shared/api/client';
import type { SampleBatch } from '../../src/shared/metrics/reading';
import type { TopProcesses } from '../../src/shared/processes/process-schemas';
import { ACCESS_REFUSALS, VALID_INPUTS } from '../support/call-inputs';
import type { ContractHarness } from '../support/contract-harness';

const batchOf = (seq: number, time: number): SampleBatch => ({
  seq,
  time,
  readings: { memory: { values: { usage: 41.5, total: null }, devices: {}, note: 'used = total − available' } },
  faults: { disk: { kind: 'Timeout', message: 'no answer', since: 1, nextAt: null } },
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

/** Calls that must fail here, since there is nothing they could act on. */
const REFUSED: Partial<Record<CallName, string>> = {
  cancelTask: 'NotFound',
  acknowledge: 'NotFound',
  unsnooze: 'NotFound',
  testWebhook: 'NotFound',
  removeWebhook: 'NotFound',
  containerDetails: 'NotFound',
  containerAction: 'Forbidden',
  measureContainerDisk: 'NotFound',
  removeService: 'NotFound',
  newHeartbeat: 'NotFound',
  saveMachine: 'NotFound',
  removeMachine: 'NotFound',
  joinHub: 'Unavailable',
  setAutostart: 'Unavailable',
  checkForUpdates: 'Unavailable',
  downloadUpdate: 'Unavailable',
  cancelUpdate: 'Unavailable',
  installUpdate: 'Unavailable',
  openUpdatePage: 'Unavailable',
  lanRemoveAccount: 'NotFound',
  ...ACCESS_REFUSALS,
};

/** Inputs that must be refused with BadInput and a message that names the field. */
const INVALID_INPUTS: readonly [CallName, unknown, RegExp][] = [
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

/** Defines the suite. Over a `remote` transport, local calls do not exist. */
export function contractSuite(transportName: string, open: () => Promise<ContractHarness>, { remote = false }: { readonly remote?: boolean } = {}): void {
  const exists = (name: CallName): boolean => !remote || CALLS[name].access !== 'local';
  const withHarness = async (test: (harness: ContractHarness) => Promise<void>): Promise<void> => {
    const harness = await open();
    try {
      await test(harness);
    } finally {
      await harness.close();
    }
  };

  describe(`the contract over ${transportName}`, () => {
    it.each(Object.keys(CALLS) as CallName[])('%s returns what its schema says', (name) =>
      withHarness(async (harness) => {
        harness.publish(batchOf(1, 1_700_000_000_000));
        const result = await harness.transport.call(name, VALID_INPUTS[name]);
        const refused = exists(name) ? REFUSED[name] : 'NotFound';
        expect(result).toMatchObject(refused === undefined ? { ok: true } : { ok: false, code: refused });
        if (result.ok) expect(CALLS[name].output.safeParse(result.value).error).toBeUndefined();
      }),
    );

    it.each(INVALID_INPUTS.filter(([name]) => exists(name)))('%s refuses %j', (name, input, field) =>
      withHarness(async (harness) => {
        const result = await harness.transport.call(name, input);
        expect(result).toMatchObject({ ok: false, code: 'BadInput' });
        if (!result.ok) expect(result.message).toMatch(field);
      }),
    );

    it.each(['nothing', '__proto__', 'constructor', ''])('there is no call %j', (name) =>
      withHarness(async (harness) => {
        expect(await harness.transport.call(name, {})).toMatchObject({ ok: false, code: 'NotFound' });
      }),
    );

    it('an event written to the timeline is pushed, found at once, and paged without a gap', () =>
      withHarness(async (harness) => {
        const client = createClient(harness.transport);
        const pushed: number[] = [];
        let resolveAll: () => void = () => undefined;
        const all = new Promise<void>((resolve) => (resolveAll = resolve));
        client.subscribe((event) => {
          if (event.name !== 'event') return;
          expect(EVENTS.event.payload.safeParse(event.payload).error).toBeUndefined();
          if (pushed.push(event.payload.id) === 30) resolveAll();
        });
        for (let n = 0; n < 30; n += 1) expect(await client.call('addEvent', { type: 'note', message: `Word ${n} of 100%`, details: { n: [n] } })).toMatchObject({ ok: true });
        await all;
        const found: number[] = [];
        for (let before: number | undefined; ; ) {
          const response = await client.call('events', { types: ['note'], text: 'WORD 100%', limit: 7, ...(before === undefined ? {} : { before }) });
          if (!response.ok) throw new Error(response.message);
          expect(response.value.total).toBe(30);
          expect(response.value.types).toContain('note');
          if (response.value.events.length === 0) break;
          found.push(...response.value.events.map(({ id }) => id));
          before = found.at(-1);
        }
        expect(found).toEqual(pushed.toReversed());
      }));

    it('incidents and process snapshots are returned as stored', () =>
      withHarness(async (harness) => {
        const client = createClient(harness.transport);
        const pushed = new Promise((resolve) => {
          client.subscribe((event) => {
            if (event.name === 'incident') resolve(event.payload);
          });
        });
        harness.store(INCIDENT, SNAPSHOT);
        expect(await client.call('incidents', { from: 0, to: 2e12, openOnly: true })).toEqual({ ok: true, value: [INCIDENT] });
        expect(await client.call('processSnapshots', { from: SNAPSHOT.time, to: SNAPSHOT.time })).toEqual({ ok: true, value: [SNAPSHOT] });
        expect(await pushed).toEqual(INCIDENT);
      }));

    it('an error of the handler is returned as a value, not thrown', () =>
      withHarness(async (harness) => {
        harness.breakStore();
        const result = await createClient(harness.transport).call('stats', { series: ['cpu.usage'], from: 0, to: 1 });
        expect(result).toMatchObject({ ok: false, code: 'Internal' });
      }));

    it('pushes batches in order, null as null, to every listener until it unsubscribes', () =>
      withHarness(async (harness) => {
        const client = createClient(harness.transport);
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
        for (const seq of [1, 2, 3]) harness.publish(batchOf(seq, seq * 1000));
        await third;
        off();
        harness.publish(batchOf(4, 4000));
        expect((await client.call('snapshot', {})).ok).toBe(true);
        expect(seen).toEqual([1, 2, 3]);
      }));
  });
}
