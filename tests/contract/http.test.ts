import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contractSuite } from './suite';
import { openCore } from '../support/core';
import type { Rig } from './suite';
import { openLan } from '../support/lan-server';
import { httpTransport } from '../support/http-transport';

async function openRig(): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-contract-'));
  const pages = mkdtempSync(join(tmpdir(), 'traywatch-pages-'));
  writeFileSync(join(pages, 'index.html'), '<!doctype html>');
  const core = openCore(folder);
  let broken = false;
  const handlers = {
    ...core.handlers,
    stats: (...args: Parameters<typeof core.handlers.stats>) => {
      if (broken) throw new Error('the disk is on fire');
      return core.handlers.stats(...args);
    },
  };
  const lan = await openLan({ folder, pages, handlers, viewedFamilies: core.viewedFamilies, snapshot: () => core.hub.snapshot(), subscribe: core.hub.subscribe, since: (time, limit) => core.store.since(time, limit) });
  core.onActivity((event) => lan.lan.push('event', event), (incident) => lan.lan.push('incident', incident));
  return {
    transport: await httpTransport(lan.origin, 'admin'),
    publish: (batch) => core.hub.publish(batch),
    keep: (incident, look) => {
      core.store.activity.putIncident(incident);
      core.store.activity.putProcessSnapshot(look);
    },
    breakStore: () => {
      broken = true;
    },
    close: async () => {
      await lan.close();
      core.close();
      rmSync(folder, { recursive: true });
      rmSync(pages, { recursive: true });
    },
  };
}

contractSuite('HTTP', openRig, { remote: true });
