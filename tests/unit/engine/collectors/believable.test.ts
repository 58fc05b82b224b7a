/** What a failed source answers with is no value: no zero, and no rate of everything since the start of the machine. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { believableDiskIo, believableNetwork } from '../../../../src/main/engine/collectors/believable';
import { diskIoReading } from '../../../../src/main/engine/collectors/diskio';
import type { DiskCounters } from '../../../../src/main/engine/collectors/diskio';
import { networkReading } from '../../../../src/main/engine/collectors/network';
import type { InterfaceCounters } from '../../../../src/main/engine/collectors/network';
import type { Value } from '../../../../src/shared/metrics/reading';
import { failureOf } from '../../../support/recorded-machine';

const card = (rxBytes: Value, txBytes: Value = rxBytes, summed = true): InterfaceCounters => ({ detail: null, summed, rxBytes, txBytes, rxPackets: null, txPackets: null, errors: rxBytes === null ? null : 0, drops: null });
const drive = (bytes: Value): DiskCounters => ({ label: 'disk0', detail: null, summed: true, reads: bytes, writes: bytes, readBytes: bytes, writeBytes: bytes, busyMs: null });

/** One read: counters by device, or an error. */
type Answer<C> = Readonly<Record<string, C>> | Error;

/** Received bytes per second and in total, as the sampler would show them: rates need two good reads. */
async function networkOver(answers: readonly Answer<InterfaceCounters>[], seconds = 1): Promise<{ rx: Value; total: Value }[]> {
  let next: Answer<InterfaceCounters> = {};
  const read = async (): Promise<Map<string, InterfaceCounters>> => {
    if (next instanceof Error) throw next;
    return Promise.resolve(new Map(Object.entries(next)));
  };
  let now = 0;
  const collector = believableNetwork({ family: 'network', read, toReading: networkReading }, { now: () => now });
  let before: Awaited<ReturnType<typeof collector.read>> | null = null;
  const shown: { rx: Value; total: Value }[] = [];
  for (const answer of answers) {
    next = answer;
    now += 1000 * seconds;
    try {
      const raw = await collector.read();
      const { values } = collector.toReading(raw, before === null ? null : { raw: before, seconds });
      shown.push({ rx: values.rx, total: values.rxTotal });
      before = raw;
    } catch {
      shown.push({ rx: null, total: null });
      before = null;
    }
  }
  return shown;
}

const ratesOf = async (answers: readonly Answer<InterfaceCounters>[]): Promise<Value[]> => (await networkOver(answers)).map(({ rx }) => rx);
const totalsOf = async (answers: readonly Answer<InterfaceCounters>[]): Promise<Value[]> => (await networkOver(answers)).map(({ total }) => total);
const en0 = (...counters: readonly Value[]): { en0: InterfaceCounters }[] => counters.map((bytes) => ({ en0: card(bytes) }));

describe('zeros after other numbers', () => {
  it('are missing, and the read after them is no spike', async () => {
    const reads = en0(7e9, 0, 7.000_01e9, 7.000_02e9);
    expect(await ratesOf(reads)).toEqual([null, null, null, 10_000]);
    expect(await totalsOf(reads)).toEqual([7e9, null, 7.000_01e9, 7.000_02e9]);
  });

  it('that last are a reset: they are believed from the third read on, and what is counted then is growth', async () => {
    const reads = en0(7e9, 0, 0, 0, 500, 900);
    expect(await totalsOf(reads)).toEqual([7e9, null, null, 0, 500, 900]);
    expect(await ratesOf(reads)).toEqual([null, null, null, null, 500, 400]);
  });

  it('that lasted and were none after all are no growth', async () => {
    const reads = en0(7e9, 0, 0, 0, 0, 7.000_01e9, 7.000_02e9);
    expect(await ratesOf(reads)).toEqual([null, null, null, null, 0, null, 10_000]);
    expect((await totalsOf(reads)).at(5)).toBe(7.000_01e9);
  });

  it('of every device from the first read on are not believed at once', async () => {
    expect(await totalsOf(en0(0, 7e9))).toEqual([null, 7e9]);
    expect(await ratesOf(en0(0, 0, 0, 7e9, 7.001e9))).toEqual([null, null, null, null, 1e6]);
    // An adapter that carried nothing yet is believed beside one that did, and its first bytes have no rate.
    const idle = [0, 0, 100, 250].map((bytes, at) => ({ en0: card(7e9 + at), en1: card(bytes) }));
    expect(await totalsOf(idle)).toEqual([7e9, 7e9 + 1, 7e9 + 102, 7e9 + 253]);
    expect(await ratesOf(idle)).toEqual([null, 1, null, 151]);
  });

  it('of one device leave the others alone', async () => {
    const reads = [[5000, 100], [6000, 0], [7000, 120], [8000, 130]].map(([a = 0, b = 0]) => ({ en0: card(a), en1: card(b) }));
    const read = async (): Promise<Map<string, InterfaceCounters>> => Promise.resolve(new Map(Object.entries(reads.shift() ?? {})));
    const collector = believableNetwork({ family: 'network', read, toReading: networkReading }, { now: () => 0 });
    const first = await collector.read();
    const { devices } = collector.toReading(await collector.read(), { raw: first, seconds: 1 });
    expect(devices['en0']?.values).toMatchObject({ rx: 1000, rxTotal: 6000 });
    expect(devices['en1']?.values).toMatchObject({ rx: null, rxTotal: null, errors: null });
    expect(devices['en1']?.since).toBeUndefined();
  });

  it('of one direction only are counters like others', async () => {
    expect(await totalsOf([{ en0: card(0, 5) }, { en0: card(0, 9) }])).toEqual([0, 0]);
  });

  it('do not outlive the device', async () => {
    // Another adapter under the same name begins at zero.
    expect(await totalsOf([{ en0: card(7e9), en9: card(100) }, { en0: card(7e9) }, { en0: card(7e9), en9: card(0) }])).toEqual([7e9 + 100, 7e9, 7e9]);
  });

  it('are not made of what is unknown', async () => {
    expect(await totalsOf(en0(7e9, null, 7.1e9))).toEqual([7e9, null, 7.1e9]);
  });
});

it('an error stays one, and what is remembered stays', async () => {
  const reads = [...en0(7e9), new Error('netstat is not there'), ...en0(0, 7.1e9)];
  expect(await totalsOf(reads)).toEqual([7e9, null, null, 7.1e9]);
  const failing = believableDiskIo({ family: 'diskio', read: () => Promise.reject(new Error('gone')), toReading: diskIoReading });
  expect(await failureOf(() => failing.read())).toMatchObject({ message: 'gone' });
});

it('disks are treated alike', async () => {
  const answers = [900e9, 0, 900.001e9, 900.002e9].map((bytes) => new Map([['disk0', drive(bytes)]]));
  const collector = believableDiskIo({ family: 'diskio', leastInterval: 2000, read: () => answers.shift() ?? new Map<string, DiskCounters>(), toReading: diskIoReading });
  expect(collector.leastInterval).toBe(2000);
  const raws = [await collector.read(), await collector.read(), await collector.read(), await collector.read()];
  const rates = raws.slice(1).map((raw, at) => collector.toReading(raw, { raw: raws[at] ?? raw, seconds: 1 }).values.read);
  expect(rates).toEqual([null, null, 1e6]);
});

describe('for any counters with failed reads put in', () => {
  const kinds = fc.array(fc.constantFrom('good', 'good', 'zero', 'error'), { minLength: 2, maxLength: 30 });
  const growths = fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 30, maxLength: 30 });
  const start = fc.integer({ min: 1, max: 1e12 });

  it('no rate is more than what two good neighbours differ by, and no total is zero by a failure', async () => {
    await fc.assert(
      fc.asyncProperty(kinds, growths, start, fc.integer({ min: 1, max: 5 }), async (reads, steps, begin, seconds) => {
        let counter = begin;
        const truth = reads.map((kind, at) => {
          counter += steps[at] ?? 0;
          return { kind, counter };
        });
        const answers = truth.map(({ kind, counter: bytes }) => (kind === 'error' ? new Error('failed') : { en0: card(kind === 'zero' ? 0 : bytes) }));
        const shown = await networkOver(answers, seconds);
        let zeros = 0;
        for (const [at, { rx, total }] of shown.entries()) {
          const [now, before] = [truth[at], truth[at - 1]];
          zeros = now?.kind === 'zero' ? zeros + 1 : now?.kind === 'good' ? 0 : zeros;
          if (zeros < 3) expect(total).not.toBe(0);
          if (rx === null || rx === 0) continue;
          expect([now?.kind, before?.kind]).toEqual(['good', 'good']);
          // Rates are whole bytes.
          expect(Math.abs(rx - ((now?.counter ?? 0) - (before?.counter ?? 0)) / seconds)).toBeLessThanOrEqual(0.5);
        }
      }),
      { numRuns: 500 },
    );
  });
});
