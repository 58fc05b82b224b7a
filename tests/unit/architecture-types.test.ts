/** What must not compile does not: each rule is tried on the compiler itself, beside a twin that does compile. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const FLAGS = ['--ignoreConfig', '--noEmit', '--strict', '--exactOptionalPropertyTypes', '--module', 'ESNext', '--moduleResolution', 'bundler', '--target', 'ES2023', '--types', 'node', '--skipLibCheck'];
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(root, 'node_modules', '.walls-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the compiler says of a source; empty when it is content. */
function complaintsOf(source: string): string {
  const file = join(folder, 'tried.ts');
  writeFileSync(file, source.replaceAll('#src', '../../src'));
  return spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...FLAGS, file], { encoding: 'utf8' }).stdout;
}

const COLLECTORS = "import type { CollectorSet } from '#src/main/engine/collectors/collector';\ndeclare const all: CollectorSet;\n";
const HANDLERS = "import type { Handlers } from '#src/shared/api/dispatch';\ndeclare const all: Handlers;\n";
const CONTRACT = "import * as z from 'zod';\nimport type { CallSpec } from '#src/shared/api/contract';\n";
const FAMILY = "import { defineFamily, NO_DEVICES } from '#src/shared/metrics/define';\n";
const family = (headline: string, place = "page: 'cpu', order: 1,"): string =>
  `${FAMILY}export const f = defineFamily({ id: 'f', label: 'F', ${place} description: '', samplingInterval: { background: 1, viewed: 1 }, deadline: 1,
   metrics: { a: { label: 'A', unit: 'count', kind: 'gauge', resolution: 1 } }, device: NO_DEVICES, headline: '${headline}', spark: [], charts: [] });`;

it.each([
  ['a family without a collector', `${COLLECTORS}const { cpu, ...rest } = all;\nexport const set: CollectorSet = rest;`, /'cpu' is missing/, `${COLLECTORS}export const set: CollectorSet = { ...all };`],
  ['a call without a handler', `${HANDLERS}const { snapshot, ...rest } = all;\nexport const set: Handlers = rest;`, /'snapshot' is missing/, `${HANDLERS}export const set: Handlers = { ...all };`],
  [
    'a call without a schema',
    `${CONTRACT}export const call: CallSpec = { kind: 'query', access: 'viewer', input: z.object({}) };`,
    /'output' is missing/,
    `${CONTRACT}export const call: CallSpec = { kind: 'query', access: 'viewer', input: z.object({}), output: z.null() };`,
  ],
  ['a card that shows a metric its family lacks', family('b'), /"b"/, family('a')],
  ['a family without a page', family('a', 'order: 1,'), /'page' is missing/, family('a')],
  ['a family on a page that there is not', family('a', "page: 'cellar', order: 1,"), /"cellar"/, family('a')],
])('%s does not compile', { timeout: 60_000 }, (_rule, wrong, complaint, right) => {
  expect(complaintsOf(wrong)).toMatch(complaint);
  expect(complaintsOf(right)).toBe('');
});
