/** How many programs of the system Traywatch starts on a Mac: counted over ten minutes with everything running. */
import { describe, expect, it } from 'vitest';
import { createSampler } from '../../../../../src/main/engine/sampler/sampler';
import type { SampleBatch } from '../../../../../src/shared/metrics/reading';
import { FAMILY_IDS } from '../../../../../src/shared/metrics/index';
import type { FamilyId } from '../../../../../src/shared/metrics/index';
import { RecordedMac } from '../../../../support/recorded-mac';
import type { MachineMemory } from '../../../../../src/main/engine/collectors/deps';

const ELECTRON: MachineMemory = { free: 12_345 * 16, fileBacked: 201_234 * 16, purgeable: 9876 * 16 };
const MINUTES = 10;

interface Run {
  readonly perMinute: number;
  readonly byProgram: Readonly<Record<string, number>>;
  readonly batches: readonly SampleBatch[];
  readonly faults: readonly string[];
}

async function run(memory: MachineMemory | null, viewed: readonly FamilyId[], powerSaving = false): Promise<Run> {
  const mac = new RecordedMac('macbook-m3-26', memory);
  const batches: SampleBatch[] = [];
  const faults: string[] = [];
  const sampler = createSampler({ collectors: mac.collectors(), clock: mac.time, timers: mac.time, onBatch: (batch) => batches.push(batch), onHealth: (family, fault) => faults.push(`${family}: ${fault?.message}`) });
  sampler.setViewed(new Set(viewed));
  sampler.setPowerSaving(powerSaving);
  sampler.start();
  await mac.time.pass(MINUTES * 60_000 - 500);
  sampler.close();
  const byProgram: Record<string, number> = {};
  for (const command of mac.started) byProgram[command] = (byProgram[command] ?? 0) + 1;
  return { perMinute: mac.started.length / MINUTES, byProgram, batches, faults };
}

/** Starts by the name of the program. */
function counts({ byProgram }: Run): Record<string, number> {
  const all: Record<string, number> = {};
  for (const [command, count] of Object.entries(byProgram)) {
    const [path = ''] = command.split(' ');
    const name = path.slice(path.lastIndexOf('/') + 1);
    all[name] = (all[name] ?? 0) + count;
  }
  return all;
}

describe('programs that are started on a Mac', () => {
  it('with the window closed, in Electron', async () => {
    const result = await run(ELECTRON, []);
    expect(counts(result)).toEqual({ netstat: 340, ioreg: 380, mount: 10, vm_stat: 60, sysctl: 10, pmset: 1 });
    expect(result.perMinute).toBe(80.1);
    expect(result.faults).toEqual([]);
  });

  it('with the window closed, without Electron’s memory', async () => {
    const result = await run(null, []);
    expect(counts(result)).toEqual({ netstat: 340, ioreg: 380, mount: 10, vm_stat: 300, sysctl: 10, pmset: 1 });
    expect(result.perMinute).toBeLessThanOrEqual(150);
    expect(result.faults).toEqual([]);
  });

  it('are no more with every page open, and fewer when power is saved', async () => {
    expect((await run(null, FAMILY_IDS)).perMinute).toBeLessThanOrEqual(150);
    expect((await run(ELECTRON, [], true)).perMinute).toBeLessThan(80);
  });

  it('are no shell, and are named by their whole paths', async () => {
    const { byProgram } = await run(null, FAMILY_IDS);
    for (const command of Object.keys(byProgram)) {
      expect(command).toMatch(/^\/(?:usr\/)?s?bin\/[a-z_]+(?: |$)/);
      expect(command).not.toMatch(/\/(?:sh|bash|zsh|env)(?: |$)|[;|&<>$`]/);
    }
  });

  it('are told in Traywatch’s own cost', async () => {
    const { batches } = await run(ELECTRON, []);
    const notes = batches.flatMap(({ readings }) => readings.self?.note ?? []);
    expect(notes.at(-1)).toMatch(/^(?:7[89]|8[0-2]) programs of the system started a minute, which run 0\.0 s together and are not included$/);
  });

  it('give every family at the pace that its rules count on', async () => {
    const { batches } = await run(ELECTRON, []);
    const read = (family: FamilyId): number => batches.filter(({ readings }) => readings[family] !== undefined).length;
    expect(Object.fromEntries(FAMILY_IDS.map((family) => [family, read(family)]))).toMatchObject({ cpu: 600, network: 300, diskio: 300, disk: 20, connections: 120, gpu: 60, temperature: 120, fans: 60, frequency: 20, battery: 20, power: 120, self: 20 });
    // Two of its answers came so late that the next one was there as well.
    expect(read('memory')).toBeGreaterThanOrEqual(595);
  });
});
