import { mkdtempSync } from 'node:fs';
import { test } from 'vitest';
import { createCollectors } from '../../../src/main/engine/collectors/index';
import { machineDeps } from '../../support/recorded-machine';
import { MACHINES } from '../../demo/machines';
import { createMachine, fixedFiles, fastFiles, slowFiles, momentOf } from '../../demo/tree';
import { processFiles } from '../../demo/tree-processes';
import { TreeWriter } from '../../demo/tree-writer';
test('try', async () => {
  for (const spec of Object.values(MACHINES)) {
    const now = Date.UTC(2026, 10, 30, 12, 30, 0);
    const machine = createMachine({ spec, seed: 1, boot: now - spec.uptimeDays * 86400_000, anchor: now, zone: 0 });
    const w = new TreeWriter(mkdtempSync('/dev/shm/demo-'));
    w.create(fixedFiles(machine));
    let t = now;
    const put = () => { const m = momentOf(machine, t); w.update(fastFiles(m)); w.update(slowFiles(m)); };
    put(); w.updateProcesses(processFiles(momentOf(machine, t)));
    const deps = machineDeps('x', { root: w.root, clock: { mono: () => t, boot: () => t } });
    const c = createCollectors({ ...deps, statfs: async () => ({ bsize: 4096, blocks: 1000, bfree: 600, bavail: 500, files: 100, ffree: 25 }) });
    const raws: Record<string, unknown> = {};
    for (const [f, one] of Object.entries(c)) raws[f] = await one.read();
    t += 1000; put();
    for (const [f, one] of Object.entries(c)) { const raw = await one.read(); const r = (one as any).toReading(raw, { raw: raws[f], seconds: 1 }); console.log(spec.name, f, JSON.stringify(r.values), Object.keys(r.devices).length, JSON.stringify(Object.entries(r.devices).slice(0, 2))); }
    const began = performance.now();
    for (let i = 0; i < 500; i++) { t += 1000; const m = momentOf(machine, t); w.update(fastFiles(m)); }
    console.log('write fast', (performance.now() - began) / 500);
    const b2 = performance.now();
    for (let i = 0; i < 100; i++) { t += 1000; w.update(slowFiles(momentOf(machine, t))); }
    console.log('write slow', (performance.now() - b2) / 100);
    const b3 = performance.now();
    for (let i = 0; i < 200; i++) for (const f of ['cpu', 'memory', 'diskio', 'network', 'connections', 'uptime'] as const) (c[f] as any).read();
    console.log('read fast', (performance.now() - b3) / 200);
    const b4 = performance.now();
    for (let i = 0; i < 50; i++) for (const f of ['temperature', 'frequency', 'disk'] as const) await (c[f] as any).read();
    console.log('read slow', (performance.now() - b4) / 50);
  }
}, 100000);
