/** The contract suite over HTTP. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contractSuite } from './suite';
import { openContractCore } from '../support/contract-harness';
import type { ContractHarness } from '../support/contract-harness';
import { openLan } from '../support/lan-server';
import { httpTransport } from '../support/http-transport';

async function openHarness(): Promise<ContractHarness> {
  const { core, folder, handlers, close, ...parts } = openContractCore();
  const pages = mkdtempSync(join(tmpdir(), 'traywatch-pages-'));
  writeFileSync(join(pages, 'index.html'), '<!doctype html>');
  const lan = await openLan({ folder, pages, handlers, viewedFamilies: core.viewedFamilies, snapshot: () => core.hub.snapshot(), subscribe: core.hub.subscribe, since: (time, limit) => core.store.since(time, limit) });
  core.onActivity((event) => lan.lan.push('event', event), (incident) => lan.lan.push('incident', incident));
  return {
    ...parts,
    transport: await httpTransport(lan.origin, 'admin'),
    close: async () => {
      await lan.close();
      close();
      rmSync(pages, { recursive: true });
    },
  };
}

contractSuite('HTTP', openHarness, { remote: true });
