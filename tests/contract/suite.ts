/** What every carrier of the contract must do; run over each of them. */
import { describe, expect, it } from 'vitest';
import { CALLS } from '../../src/shared/api/contract';
import type { CallName } from '../../src/shared/api/contract';
import type { Wire } from '../../src/shared/api/client';
import { createClient } from '../../src/shared/api/client';
import type { SampleBatch } from '../../src/shared/metrics/reading';

/** A running app behind a carrier, with what a test needs to make things happen on the other side. */
export interface Rig {
  readonly wire: Wire;
  /** Publishes a batch as the sampler would. */
  publish(batch: SampleBatch): void;
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

/** Inputs that every call must accept. */
const GOOD: { readonly [N in CallName]: unknown } = {
  snapshot: {},
  series: { series: ['memory.usage'], from: 0, to: 1e13, points: 100 },
  stats: { series: ['memory.usage'], from: 0, to: 1e13 },
  spans: { from: 0, to: 1e13 },
  host: {},
  appState: {},
  watch: { families: ['cpu'] },
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
  lanState: {},
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
  controlState: {},
  controlRequest: { action: 'reboot' },
  controlConfirm: { id: 'c0' },
  controlCancel: { id: 'c0' },
};

/** Calls that have nothing to do here: the refusal they must give. */
const REFUSED: Partial<Record<CallName, string>> = {
  cancelTask: 'NotFound',
  lanApprove: 'NotFound',
  lanDeny: 'NotFound',
  lanRenameDevice: 'NotFound',
  lanSetRole: 'NotFound',
  lanRevoke: 'NotFound',
  lanRemoveAccount: 'NotFound',
  lanRemoveToken: 'NotFound',
  controlRequest: 'Forbidden',
  controlConfirm: 'Forbidden',
  controlCancel: 'NotFound',
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
  ['watch', { families: ['nonsense'] }, /families/],
  ['updateSettings', { theme: 'pink' }, /theme/],
  ['updateSettings', { keepDays: 0 }, /keepDays/],
  ['updateSettings', { unknown: true }, /unknown/],
  ['setPaused', { paused: 'yes' }, /paused/],
  ['spans', { from: 5, to: 5 }, /to/],
  ['estimateHistory', { keepDays: 0, maxBytes: null }, /keepDays/],
  ['estimateHistory', { keepDays: 1, maxBytes: 0 }, /maxBytes/],
  ['updateSettings', { maxHistoryMb: 3 }, /maxHistoryMb/],
  ['saveFile', { name: '', encoding: 'utf8', data: '' }, /name/],
  ['saveFile', { name: 'x', encoding: 'latin1', data: '' }, /encoding/],
  ['exportHistory', { format: 'xml' }, /format/],
  ['exportHistory', { format: 'csv', from: 9, to: 3 }, /to/],
  ['cancelTask', { id: 'all' }, /id/],
  ['dismissNotice', {}, /id/],
  ['lanApprove', { id: 'r0', role: 'root' }, /role/],
  ['lanRenameDevice', { id: 'd0', name: '\u200B' }, /name/],
  ['lanSetAccount', { name: '../etc', role: 'viewer', password: 'correct horse battery' }, /name/],
  ['lanSetAccount', { name: 'anna', role: 'viewer', password: 'short' }, /password/],
  ['lanCreateToken', { label: 'x', scopes: [], days: 1 }, /scopes/],
  ['lanCreateToken', { label: 'x', scopes: ['everything'], days: 1 }, /scopes/],
  ['lanCreateToken', { label: 'x', scopes: ['read'], days: 4000 }, /days/],
  ['updateSettings', { control: { countdown: 1 } }, /countdown/],
  ['updateSettings', { lan: { port: 0 } }, /port/],
  ['controlRequest', { action: 'rm -rf /' }, /action/],
];

/** The suite. */
export function contractSuite(carrier: string, open: () => Promise<Rig>): void {
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
        const result = await rig.wire.call(name, GOOD[name]);
        const refused = REFUSED[name];
        expect(result).toMatchObject(refused === undefined ? { ok: true } : { ok: false, code: refused });
        if (result.ok) expect(CALLS[name].output.safeParse(result.value).error).toBeUndefined();
      }),
    );

    it.each(BAD)('%s refuses %j', (name, input, field) =>
      withRig(async (rig) => {
        const result = await rig.wire.call(name, input);
        expect(result).toMatchObject({ ok: false, code: 'BadInput' });
        if (!result.ok) expect(result.message).toMatch(field);
      }),
    );

    it.each(['nothing', '__proto__', 'constructor', ''])('there is no call %j', (name) =>
      withRig(async (rig) => {
        expect(await rig.wire.call(name, {})).toMatchObject({ ok: false, code: 'NotFound' });
      }),
    );

    it('an error on the other side is a value, not an exception', () =>
      withRig(async (rig) => {
        rig.breakStore();
        const result = await createClient(rig.wire).call('stats', { series: ['cpu.usage'], from: 0, to: 1 });
        expect(result).toMatchObject({ ok: false, code: 'Internal' });
      }));

    it('pushes batches in order, null as null, to every listener until it leaves', () =>
      withRig(async (rig) => {
        const client = createClient(rig.wire);
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
