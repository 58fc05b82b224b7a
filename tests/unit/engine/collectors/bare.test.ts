/** A machine that shows nothing of itself: a container without /sys, a /proc that only its owner may see. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linuxCollectors } from '../../../../src/main/engine/collectors/linux';
import { CollectorError } from '../../../../src/main/engine/collectors/collector';
import type { AnyCollector } from '../../../../src/main/engine/collectors/collector';
import { linuxFacts } from '../../../../src/main/engine/host/host.linux';
import type { Reading } from '../../../../src/shared/metrics/reading';
import { FAMILY_IDS } from '../../../../src/shared/metrics/index';
import type { FamilyId } from '../../../../src/shared/metrics/index';
import { machineDeps } from '../../../support/recorded-machine';

/** Files that collectors read, as folders: there, but nothing that can be read. */
const FILES = ['stat', 'loadavg', 'meminfo', 'diskstats', 'uptime', 'cpuinfo', 'net/dev', 'net/snmp', 'net/sockstat', 'self/mountinfo', 'self/cgroup'];

/** Families that say by nulls that the machine has, or tells, none. */
const MAY_LACK: ReadonlySet<FamilyId> = new Set(['temperature', 'frequency', 'self']);

let empty = '';
let unreadable = '';
beforeAll(() => {
  empty = mkdtempSync(join(tmpdir(), 'bare-'));
  unreadable = mkdtempSync(join(tmpdir(), 'bare-'));
  for (const file of FILES) mkdirSync(join(unreadable, 'proc', file), { recursive: true });
});
afterAll(() => {
  for (const folder of [empty, unreadable]) rmSync(folder, { recursive: true, force: true });
});

/** What a family says three times over: the kind of its fault, or the values. */
async function said(root: string, id: FamilyId): Promise<unknown[]> {
  const collector: AnyCollector = linuxCollectors({ ...machineDeps('laptop'), root, self: { ...machineDeps('laptop').self, pids: () => [4242] } })[id];
  const toReading = collector.toReading as (raw: unknown, previous: null) => Reading;
  const once = async (): Promise<unknown> => {
    try {
      return toReading(await collector.read(), null).values;
    } catch (error) {
      return error instanceof CollectorError ? error.kind : error;
    }
  };
  const answers = [await once(), await once(), await once()];
  collector.close?.();
  return answers;
}

describe.each(['without /proc and /sys', 'whose files cannot be read'])('a machine %s', (kind) => {
  it.each(FAMILY_IDS)('%s fails with its kind, or tells nulls', async (id) => {
    const answers = await said(kind.startsWith('without') ? empty : unreadable, id);
    for (const answer of answers) {
      if (!MAY_LACK.has(id)) expect(answer).toBe('SystemUnavailable');
      else expect(new Set(Object.values(answer as Reading['values']))).toEqual(new Set([null]));
    }
  });

  it('has facts that are unknown', async () => {
    const facts = await linuxFacts(kind.startsWith('without') ? empty : unreadable);
    expect(facts).toEqual({ os: 'Linux', kernel: 'unknown', cpuModel: null, cores: 0, memoryTotal: null, bootTime: null });
  });
});
