/** A machine whose files are missing or unreadable: a container without /sys, a /proc restricted to its owner. */
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

/** Files that collectors read; created as folders, they exist but cannot be read. */
const FILES = ['stat', 'loadavg', 'meminfo', 'diskstats', 'uptime', 'cpuinfo', 'net/dev', 'net/snmp', 'net/sockstat', 'self/mountinfo', 'self/cgroup'];

/** Families that report nulls instead of a fault when the machine has no such values. */
const OPTIONAL: ReadonlySet<FamilyId> = new Set(['gpu', 'temperature', 'fans', 'frequency', 'battery', 'power', 'health', 'container', 'service', 'self']);

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

/** Three reads of a family: the kind of its fault, or its values. */
async function readThrice(root: string, id: FamilyId): Promise<unknown[]> {
  const collector: AnyCollector = linuxCollectors({ ...machineDeps('laptop'), root, self: { ...machineDeps('laptop').self, pids: () => [4242] } })[id];
  const toReading = collector.toReading as (raw: unknown, previous: null) => Reading;
  const once = async (): Promise<unknown> => {
    try {
      return toReading(await collector.read(), null).values;
    } catch (error) {
      return error instanceof CollectorError ? error.kind : error;
    }
  };
  const results = [await once(), await once(), await once()];
  collector.close?.();
  return results;
}

describe.each(['without /proc and /sys', 'whose files cannot be read'])('a machine %s', (kind) => {
  it.each(FAMILY_IDS)('%s fails with its fault kind, or reports nulls', async (id) => {
    const results = await readThrice(kind.startsWith('without') ? empty : unreadable, id);
    for (const result of results) {
      if (!OPTIONAL.has(id)) expect(result).toBe('SystemUnavailable');
      else expect(new Set(Object.values(result as Reading['values']))).toEqual(new Set([null]));
    }
  });

  it('has unknown system information', async () => {
    const facts = await linuxFacts(kind.startsWith('without') ? empty : unreadable);
    expect(facts).toEqual({ os: 'Linux', kernel: 'unknown', cpuModel: null, cores: 0, memoryTotal: null, bootTime: null });
  });
});
