/** The bridge that the preload gives the page, in a test's hands. */
import type { Page } from '@playwright/test';
import type { Bridge } from '../../../src/shared/api/bridge';
import { createClient } from '../../../src/shared/api/client';
import type { Client } from '../../../src/shared/api/client';
import type { CallInput, CallName, CallOutput } from '../../../src/shared/api/contract';
import type { SampleBatch } from '../../../src/shared/metrics/reading';
import type { Result } from '../../../src/shared/result';

/** A page's world with the bridge in it. */
export interface PageWorld {
  traywatch: Bridge;
  /** Kept by `collectBatches`. */
  batches: SampleBatch[];
}

/** Calls by name, unchecked, through the page's own bridge. */
export function callBridge(page: Page, name: unknown, input: unknown): Promise<Result<unknown>> {
  const question = [name, input] as const;
  return page.evaluate(([given, asked]) => (globalThis as unknown as PageWorld).traywatch.call(given as string, asked), question);
}

/** The typed client over a page's bridge. Events: see `collectBatches`. */
function clientOf(page: Page): Pick<Client, 'call'> {
  return createClient({ call: (name, input) => callBridge(page, name, input), subscribe: () => () => undefined });
}

/** The value of a call that must succeed. */
export async function ask<N extends CallName>(page: Page, name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const result = await clientOf(page).call(name, input);
  if (!result.ok) throw new Error(`${name}: ${result.code}: ${result.message}`);
  return result.value;
}

/** Keeps every batch the page is sent from now on. Returns what reads them. */
export async function collectBatches(page: Page): Promise<() => Promise<SampleBatch[]>> {
  await page.evaluate(() => {
    const world = globalThis as unknown as PageWorld;
    world.batches = [];
    world.traywatch.subscribe((name, payload) => {
      if (name === 'batch') world.batches.push(payload as SampleBatch);
    });
  });
  return () => page.evaluate(() => (globalThis as unknown as PageWorld).batches);
}
