/** Who may import whom: the tree keeps to the rules, and each rule is tried on a wrong import beside its right twin. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise } from 'dependency-cruiser';
import type { ICruiseOptions, ICruiseResult } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const TOPS = ['src', 'tests', 'scripts'];

/** An import: how, by whom, of what. What is no path of the tree is a package or a module of Node. */
type Arrow = readonly [how: keyof typeof WRITTEN, from: string, to: string];

const WRITTEN = {
  value: (to: string) => `import { a } from '${to}';`,
  bare: (to: string) => `import '${to}';`,
  type: (to: string) => `import type { A } from '${to}';`,
  'type inside': (to: string) => `import { type A } from '${to}';`,
  late: (to: string) => `export const late = () => import('${to}');`,
  again: (to: string) => `export { a } from '${to}';`,
};

interface Wall {
  /** The rules that report the wrong import; all of them, and no other. */
  rules: readonly string[];
  wrong: readonly Arrow[];
  right: readonly Arrow[];
}

const wall = (rules: string | readonly string[], wrong: readonly Arrow[], right: readonly Arrow[]): Wall => ({ rules: typeof rules === 'string' ? [rules] : rules, wrong, right });

/** Each row has files of its own, so that no import is wrong because of another row. */
const WALLS: readonly Wall[] = [
  // Circles: of values, of types, over a late import.
  wall('no-circle', [['value', 'src/shared/c1.ts', 'src/shared/c2.ts'], ['value', 'src/shared/c2.ts', 'src/shared/c1.ts']], [['value', 'src/shared/c1.ts', 'src/shared/c2.ts'], ['value', 'src/shared/c2.ts', 'src/shared/c3.ts']]),
  wall('no-circle', [['type', 'src/shared/t1.ts', 'src/shared/t2.ts'], ['type inside', 'src/shared/t2.ts', 'src/shared/t1.ts']], [['type', 'src/shared/t1.ts', 'src/shared/t2.ts']]),
  wall('no-circle', [['late', 'src/main/core/d1.ts', 'src/main/core/d2.ts'], ['type', 'src/main/core/d2.ts', 'src/main/core/d1.ts']], [['late', 'src/main/core/d1.ts', 'src/main/core/d2.ts']]),

  wall('no-unresolvable', [['value', 'src/main/core/gone.ts', './nowhere']], [['value', 'src/main/core/gone.ts', 'src/main/lib/there.ts']]),
  wall('no-undeclared-package', [['value', 'scripts/undeclared.mjs', 'undeclared']], [['value', 'scripts/undeclared.mjs', 'vite']]),
  wall('src-alone', [['value', 'src/main/history/a1.ts', 'tests/support/fakes.ts']], [['value', 'tests/unit/a1.test.ts', 'src/main/history/a1.ts']]),
  wall('src-alone', [['value', 'src/main/history/a2.ts', 'scripts/lib/paths.mjs']], [['value', 'tests/unit/a2.test.ts', 'scripts/lib/paths.mjs']]),
  wall('no-import-of-an-entry', [['type', 'src/main/desktop/start.ts', 'src/main/app.ts']], [['late', 'src/main/index.ts', 'src/main/app.ts']]),
  wall('no-import-of-an-entry', [['value', 'src/renderer/data/shell-plan.ts', 'src/renderer/worker/sw.ts']], [['value', 'src/renderer/worker/sw.ts', 'src/renderer/worker/cache-strategy.ts']]),

  // Layers.
  wall('shared-alone', [['value', 'src/shared/s1.ts', 'src/main/lib/paths.ts']], [['value', 'src/main/core/s1.ts', 'src/shared/s1.ts']]),
  wall('shared-alone', [['type', 'src/shared/s2.ts', 'src/renderer/lib/words.ts']], [['type', 'src/renderer/lib/words.ts', 'src/shared/s2.ts']]),
  wall('shared-alone', [['value', 'src/shared/s3.ts', 'node:path']], [['value', 'src/shared/s3.ts', 'zod']]),
  wall('shared-alone', [['value', 'src/shared/s4.ts', 'react']], [['again', 'src/shared/s4.ts', 'src/shared/units.ts']]),
  wall('engine-alone', [['type', 'src/main/engine/e1.ts', 'src/main/history/e1.ts']], [['value', 'src/main/history/e1.ts', 'src/main/engine/e1.ts']]),
  wall(['engine-alone', 'main-needs-no-dev-package'], [['value', 'src/main/engine/e2.ts', 'fast-check']], [['value', 'src/main/engine/e2.ts', 'node:fs'], ['value', 'src/main/engine/e2.ts', 'zod'], ['value', 'src/main/engine/e2.ts', 'src/shared/units.ts']]),
  wall(['engine-alone', 'electron-in-the-desktop'], [['type', 'src/main/engine/e3.ts', 'electron']], [['type', 'src/main/desktop/e3.ts', 'electron']]),
  wall('engine-starts-programs-in-one-place', [['value', 'src/main/engine/e4.ts', 'node:child_process']], [['value', 'src/main/engine/programs/e4.ts', 'node:child_process'], ['value', 'src/main/power/e4.ts', 'node:child_process']]),
  wall('linux-starts-no-program', [['type', 'src/main/engine/collectors/e5.linux.ts', 'src/main/engine/programs/programs.ts'], ['value', 'src/main/engine/collectors/linux.ts', 'src/main/engine/programs/programs.ts']], [['type', 'src/main/engine/collectors/e5.darwin.ts', 'src/main/engine/programs/programs.ts']]),
  wall('main-knows-no-page', [['type', 'src/main/lan/p1.ts', 'src/renderer/data/p1.ts']], [['type', 'src/main/lan/p1.ts', 'src/shared/p1.ts']]),
  wall('preload-alone', [['value', 'src/preload/p2.ts', 'node:fs']], [['value', 'src/preload/p2.ts', 'electron']]),
  wall('preload-alone', [['value', 'src/preload/p3.ts', 'src/main/lib/paths.ts']], [['value', 'src/preload/p3.ts', 'src/shared/p1.ts']]),
  wall('renderer-alone', [['value', 'src/renderer/app/r1.ts', 'node:path']], [['value', 'src/renderer/app/r1.tsx', 'react']]),
  wall('renderer-alone', [['type', 'src/renderer/app/r2.tsx', 'src/main/core/core.ts']], [['type', 'src/renderer/app/r2.tsx', 'src/shared/p1.ts']]),
  wall('renderer-alone', [['value', 'src/renderer/features/alerts/r3.tsx', 'src/preload/bridge.ts']], [['value', 'src/renderer/features/alerts/r3.tsx', 'zustand']]),
  wall(['renderer-alone', 'electron-in-the-desktop'], [['value', 'src/renderer/data/r4.ts', 'electron']], [['value', 'src/preload/r4.ts', 'electron']]),
  wall(['renderer-alone', 'sqlite-in-the-store'], [['type', 'src/renderer/data/r5.ts', 'better-sqlite3']], [['type', 'src/main/engine/store/r5.ts', 'better-sqlite3']]),
  wall(['renderer-alone', 'systeminformation-on-demand'], [['type', 'src/renderer/data/r6.ts', 'systeminformation']], [['late', 'src/main/engine/collectors/platform.ts', 'systeminformation']]),

  // Rooms of main.
  wall('rooms-know-no-core', [['type', 'src/main/access/m1.ts', 'src/main/core/core.ts']], [['value', 'src/main/core/core.ts', 'src/main/access/m1.ts']]),
  wall('rooms-know-no-core', [['value', 'src/main/power/m2.ts', 'src/main/desktop/tray.ts']], [['value', 'src/main/desktop/tray.ts', 'src/main/power/m2.ts']]),
  wall('rooms-know-no-core', [['value', 'src/main/alerts/m3.ts', 'src/main/transports/ipc.ts']], [['value', 'src/main/alerts/m3.ts', 'src/main/history/m3.ts']]),
  wall(['rooms-know-no-core', 'lan-has-one-user'], [['type', 'src/main/timeline/m4.ts', 'src/main/lan/stream.ts']], [['value', 'src/main/lan/stream.ts', 'src/main/timeline/m4.ts']]),
  wall('rooms-know-no-core', [['late', 'src/main/settings/m5.ts', 'src/main/core/core.ts']], [['value', 'src/main/settings/m5.ts', 'src/main/lib/paths.ts']]),
  wall('rooms-know-no-core', [['again', 'src/main/history/m6.ts', 'src/main/desktop/tray.ts']], [['again', 'src/main/history/m6.ts', 'src/main/engine/e1.ts']]),
  wall('rooms-know-no-core', [['type', 'src/main/diagnostics/m14.ts', 'src/main/core/core.ts']], [['value', 'src/main/core/core.ts', 'src/main/diagnostics/m14.ts']]),
  wall('no-import-of-an-entry', [['value', 'src/main/desktop/m15.ts', 'src/main/commands.ts']], [['late', 'src/main/index.ts', 'src/main/commands.ts']]),
  wall('core-knows-no-desktop', [['type', 'src/main/core/m7.ts', 'src/main/desktop/tray.ts']], [['type', 'src/main/desktop/m7.ts', 'src/main/core/m7.ts']]),
  wall('lan-knows-no-core', [['type', 'src/main/lan/m8.ts', 'src/main/core/app-events.ts']], [['type', 'src/main/lan/m8.ts', 'src/main/access/m1.ts']]),
  wall('lib-alone', [['type', 'src/main/lib/m9.ts', 'src/main/settings/m9.ts']], [['value', 'src/main/settings/m9.ts', 'src/main/lib/m9.ts']]),
  wall(['lib-alone', 'rooms-know-no-core'], [['value', 'src/main/lib/m10.ts', 'src/main/core/core.ts']], [['value', 'src/main/lib/m10.ts', 'node:fs']]),
  wall('lib-types-of-the-engine', [['value', 'src/main/lib/m11.ts', 'src/main/engine/hub.ts']], [['type', 'src/main/lib/m11.ts', 'src/main/engine/hub.ts'], ['value', 'src/main/lib/m11.ts', 'src/main/engine/log.ts']]),

  // The server, which is loaded late and by one.
  wall('lan-has-one-user', [['late', 'src/main/core/l1.ts', 'src/main/lan/index.ts']], [['late', 'src/main/core/lan-controller.ts', 'src/main/lan/index.ts']]),
  wall('lan-has-one-user', [['type', 'src/main/headless.ts', 'src/main/lan/index.ts']], [['value', 'tests/unit/l2.test.ts', 'src/main/lan/index.ts']]),
  wall('lan-is-loaded-late', [['value', 'src/main/core/lan-controller.ts', 'src/main/lan/index.ts']], [['type', 'src/main/core/lan-controller.ts', 'src/main/lan/index.ts']]),
  wall('lan-is-loaded-late', [['bare', 'src/main/core/lan-controller.ts', 'src/main/lan/index.ts'], ['late', 'src/main/core/lan-controller.ts', 'src/main/lan/index.ts']], [['late', 'src/main/core/lan-controller.ts', 'src/main/lan/index.ts'], ['type inside', 'src/main/core/lan-controller.ts', 'src/main/lan/index.ts']]),
  wall(['lan-is-loaded-late', 'lan-has-one-door'], [['value', 'src/main/core/lan-controller.ts', 'src/main/lan/server.ts']], [['type', 'src/main/core/lan-controller.ts', 'src/main/lan/server.ts']]),
  wall('lan-has-one-door', [['late', 'src/main/core/lan-controller.ts', 'src/main/lan/auth/auth-plugin.ts']], [['value', 'src/main/lan/index.ts', 'src/main/lan/auth/auth-plugin.ts']]),
  wall('docs-are-loaded-late', [['value', 'src/main/lan/routes/l3.ts', 'src/main/lan/routes/docs.ts']], [['late', 'src/main/lan/routes/l3.ts', 'src/main/lan/routes/docs.ts'], ['type', 'src/main/lan/routes/l3.ts', 'src/main/lan/routes/docs.ts']]),
  wall('swagger-in-docs', [['late', 'src/main/lan/http/l4.ts', '@fastify/swagger']], [['value', 'src/main/lan/routes/docs.ts', '@fastify/swagger']]),

  // Updates, which are loaded late.
  wall('updates-are-loaded-late', [['value', 'src/main/core/u1.ts', 'src/main/updates/index.ts']], [['late', 'src/main/core/u1.ts', 'src/main/updates/index.ts'], ['type', 'src/main/core/u1.ts', 'src/main/updates/index.ts']]),
  wall('updates-are-loaded-late', [['value', 'src/main/app.ts', 'src/main/desktop/updates/index.ts']], [['late', 'src/main/app.ts', 'src/main/desktop/updates/index.ts']]),
  wall('rooms-know-no-core', [['type', 'src/main/updates/u2.ts', 'src/main/core/core.ts']], [['value', 'src/main/desktop/updates/u2.ts', 'src/main/updates/version.ts']]),
  wall('updater-in-updates', [['late', 'src/main/desktop/u3.ts', 'electron-updater']], [['value', 'src/main/desktop/updates/u3.ts', 'electron-updater']]),

  // Containers, which are loaded late.
  wall('containers-are-loaded-late', [['value', 'src/main/core/v1.ts', 'src/main/engine/containers/index.ts']], [['late', 'src/main/core/v1.ts', 'src/main/engine/containers/index.ts'], ['type', 'src/main/core/v1.ts', 'src/main/engine/containers/index.ts'], ['value', 'src/main/core/v1.ts', 'src/main/engine/containers/discovery.ts']]),
  wall('containers-are-loaded-late', [['again', 'src/main/engine/collectors/v2.ts', 'src/main/engine/containers/numbers/counters.ts']], [['type', 'src/main/engine/collectors/v2.ts', 'src/main/engine/containers/types.ts']]),
  wall('a-look-loads-little', [['value', 'src/main/engine/containers/discovery.ts', 'src/main/engine/containers/client.ts']], [['type', 'src/main/engine/containers/discovery.ts', 'src/main/engine/containers/client.ts'], ['value', 'src/main/engine/containers/discovery.ts', 'src/main/engine/containers/endpoint.ts']]),

  // Probes, which are loaded late, and each kind of them later.
  wall('probes-are-loaded-late', [['value', 'src/main/core/u4.ts', 'src/main/engine/probes/index.ts']], [['late', 'src/main/core/u4.ts', 'src/main/engine/probes/index.ts'], ['type', 'src/main/engine/collectors/deps.ts', 'src/main/engine/probes/types.ts'], ['value', 'src/main/services/u4.ts', 'src/main/engine/probes/index.ts']]),
  wall('probers-are-loaded-late', [['value', 'src/main/engine/probes/u5.ts', 'src/main/engine/probes/http.ts']], [['late', 'src/main/engine/probes/u5.ts', 'src/main/engine/probes/http.ts'], ['value', 'src/main/engine/probes/u5.ts', 'src/main/engine/probes/connect.ts']]),

  // Packages.
  wall('electron-in-the-desktop', [['type', 'src/main/lan/k1.ts', 'electron']], [['value', 'src/main/app.ts', 'electron']]),
  wall('electron-in-the-desktop', [['value', 'src/main/core/k2.ts', 'electron/main']], [['value', 'src/main/desktop/k2.ts', 'electron/main']]),
  wall(['electron-in-the-desktop', 'shared-alone'], [['type', 'src/shared/sharing/k3.ts', 'electron']], [['type', 'src/main/headless-electron.ts', 'electron']]),
  wall(['headless-reaches-no-electron', 'electron-in-the-desktop'], [['type', 'src/main/headless.ts', 'electron'], ['late', 'src/main/headless-node.ts', 'electron']], [['value', 'src/main/headless-node.ts', 'src/main/headless.ts'], ['value', 'src/main/headless-electron.ts', 'src/main/headless.ts'], ['value', 'src/main/headless-electron.ts', 'electron']]),
  wall('no-import-of-an-entry', [['value', 'src/main/core/k17.ts', 'src/main/headless-node.ts']], [['late', 'src/main/traywatch.ts', 'src/main/headless-node.ts']]),
  wall('transports-are-given-electron', [['value', 'src/main/transports/k4.ts', 'electron']], [['type', 'src/main/transports/k4.ts', 'electron']]),
  wall('server-packages-in-lan', [['type', 'src/main/access/k5.ts', 'fastify']], [['value', 'src/main/lan/k5.ts', 'fastify']]),
  wall('server-packages-in-lan', [['late', 'src/main/core/k6.ts', '@fastify/static']], [['value', 'src/main/lan/k6.ts', '@fastify/static']]),
  wall('server-packages-in-lan', [['late', 'src/main/core/k7.ts', '@peculiar/x509']], [['late', 'src/main/lan/k7.ts', '@peculiar/x509']]),
  wall('server-packages-in-lan', [['type', 'src/main/desktop/k8.ts', 'dns-packet']], [['late', 'src/main/lan/k8.ts', 'dns-packet']]),
  wall('qr-codes-in-sharing', [['value', 'src/renderer/ui/k9.tsx', 'uqr']], [['value', 'src/renderer/features/sharing/k9.tsx', 'uqr']]),
  wall('charts-in-charts', [['value', 'src/renderer/features/metrics/k10.tsx', 'echarts/core']], [['value', 'src/renderer/charts/k10.ts', 'echarts/core']]),
  wall('sqlite-in-the-store', [['type', 'src/main/engine/sampler/k11.ts', 'better-sqlite3']], [['value', 'src/main/engine/store/k11.ts', 'better-sqlite3']]),
  wall('systeminformation-on-demand', [['late', 'src/main/engine/host/k12.ts', 'systeminformation']], [['late', 'src/main/engine/collectors/platform.ts', 'systeminformation']]),
  wall('systeminformation-on-demand', [['type', 'src/main/engine/collectors/k14.portable.ts', 'systeminformation']], [['late', 'src/main/engine/collectors/platform.ts', 'systeminformation']]),
  wall('no-loop-asks-systeminformation', [['type', 'src/main/engine/collectors/k15.darwin.ts', 'src/main/engine/collectors/systeminformation.ts']], [['type', 'src/main/engine/host/k15.ts', 'src/main/engine/collectors/systeminformation.ts']]),
  wall('no-loop-asks-systeminformation', [['value', 'src/main/engine/processes/k16.ts', 'src/main/engine/collectors/systeminformation.ts']], [['type', 'src/main/engine/collectors/deps.ts', 'src/main/engine/collectors/systeminformation.ts']]),
  wall('koffi-in-one-file', [['type', 'src/main/engine/windows/native.ts', 'koffi']], [['type', 'src/main/engine/windows/bind.win32.ts', 'koffi'], ['late', 'src/main/engine/windows/bind.win32.ts', 'koffi']]),
  wall('koffi-is-loaded-late', [['value', 'src/main/engine/windows/bind.win32.ts', 'koffi']], [['late', 'src/main/engine/windows/bind.win32.ts', 'koffi']]),
  wall('koffi-is-loaded-late', [['value', 'src/main/engine/collectors/k14.win32.ts', 'src/main/engine/windows/bind.win32.ts']], [['late', 'src/main/engine/collectors/k14.win32.ts', 'src/main/engine/windows/bind.win32.ts']]),
  wall('pg-in-one-file', [['type', 'src/main/services/k17.ts', 'pg']], [['type', 'src/main/engine/probes/postgresql.ts', 'pg'], ['late', 'src/main/engine/probes/postgresql.ts', 'pg']]),
  wall('main-needs-no-dev-package', [['value', 'src/main/core/k13.ts', 'fast-check']], [['type', 'src/main/core/k13.ts', 'fast-check']]),

  // Rooms of the page.
  wall('features-know-no-feature', [['value', 'src/renderer/features/alerts/f1.tsx', 'src/renderer/features/settings/fields.tsx']], [['value', 'src/renderer/features/alerts/f1.tsx', 'src/renderer/features/alerts/fields.tsx']]),
  wall('features-know-no-feature', [['type', 'src/renderer/features/alerts/f2.tsx', 'src/renderer/features/alerts-past/page.tsx']], [['value', 'src/renderer/features/alerts/f2.tsx', 'src/renderer/app/app-context.ts']]),
  wall('parts-know-no-feature', [['value', 'src/renderer/ui/f3.tsx', 'src/renderer/app/app-context.ts']], [['value', 'src/renderer/app/f3.tsx', 'src/renderer/ui/f3.tsx']]),
  wall('parts-know-no-feature', [['type', 'src/renderer/charts/f4.tsx', 'src/renderer/features/metrics/store.ts']], [['value', 'src/renderer/features/metrics/f4.tsx', 'src/renderer/charts/index.ts']]),
  wall('parts-know-no-feature', [['type', 'src/renderer/lib/f5.ts', 'src/renderer/mount.tsx']], [['type', 'src/renderer/data/f5.ts', 'src/renderer/lib/words.ts']]),

  // Metric families.
  wall('families-come-by-index', [['value', 'src/main/engine/store/y1.ts', 'src/shared/metrics/cpu.ts']], [['value', 'src/main/engine/store/y1.ts', 'src/shared/metrics/index.ts']]),
  wall('families-come-by-index', [['type', 'src/main/engine/sampler/y2.ts', 'src/main/engine/collectors/disk.linux.ts']], [['type', 'src/main/engine/sampler/y2.ts', 'src/main/engine/collectors/collector.ts']]),
  wall('families-come-by-index', [['value', 'src/renderer/features/overview/y3.tsx', 'src/shared/metrics/memory.ts']], [['value', 'src/main/core/y3.ts', 'src/shared/metrics/memory.ts']]),
  wall('families-come-by-index', [['value', 'src/preload/y4.ts', 'src/shared/metrics/network.ts']], [['value', 'src/shared/metrics/index.ts', 'src/shared/metrics/network.ts']]),
  wall('families-come-by-index', [['value', 'src/main/transports/y5.ts', 'src/shared/metrics/a-new-family.ts']], [['value', 'src/main/transports/y5.ts', 'src/shared/metrics/define.ts']]),
];

const DEPENDENCIES = ['zod', 'better-sqlite3', 'koffi', 'pg', 'systeminformation', 'fastify', '@fastify/static', '@fastify/swagger', '@peculiar/x509', 'dns-packet', 'uqr', 'electron-updater'];
const DEV_DEPENDENCIES = ['electron', 'react', 'zustand', 'echarts', 'vite', 'fast-check'];
const INSIDE_PACKAGES = ['electron/main', 'echarts/core'];

const isSource = (to: string): boolean => /^(src|tests|scripts)\//.test(to);

/** What is written between the quotes: no ending of TypeScript, and a folder for its index. */
function specifier(from: string, to: string): string {
  if (!isSource(to)) return to;
  const path = posix.relative(posix.dirname(from), to).replace(/(\/index)?\.tsx?$/, '');
  return path.startsWith('.') ? path : `./${path}`;
}

/** What the tool calls it once it has found it. */
function found(to: string): string {
  if (isSource(to) || to.startsWith('./')) return to;
  if (to.startsWith('node:')) return to.slice('node:'.length);
  return INSIDE_PACKAGES.includes(to) ? `node_modules/${to}.js` : `node_modules/${to}/index.js`;
}

let options: ICruiseOptions = {};
let folder = '';

beforeAll(async () => {
  options = await extractOptions(join(root, '.dependency-cruiser.mjs'));
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'traywatch-walls-')));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function look(baseDir: string, where: string[]): Promise<ICruiseResult> {
  const { output } = await cruise(where, { ...options, baseDir });
  if (typeof output === 'string') throw new TypeError('The result is a text.');
  return output;
}

/** A made-up tree: a file per source and per target, and packages that are declared, all but one. */
function plant(baseDir: string, arrows: readonly Arrow[]): void {
  const files = new Map<string, string>();
  const declare = (names: readonly string[]): Record<string, string> => Object.fromEntries(names.map((name) => [name, '1.0.0']));
  files.set('package.json', JSON.stringify({ name: 'tried', version: '1.0.0', dependencies: declare(DEPENDENCIES), devDependencies: declare(DEV_DEPENDENCIES) }));
  for (const name of [...DEPENDENCIES, ...DEV_DEPENDENCIES, 'undeclared']) {
    files.set(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    files.set(`node_modules/${name}/index.js`, '');
  }
  for (const name of INSIDE_PACKAGES) files.set(`node_modules/${name}.js`, '');
  for (const top of TOPS) files.set(`${top}/any.ts`, '');
  for (const [, , to] of arrows) if (isSource(to)) files.set(to, '');
  for (const [how, from, to] of arrows) files.set(from, `${files.get(from) ?? ''}${WRITTEN[how](specifier(from, to))}\n`);
  for (const [path, text] of files) {
    mkdirSync(join(baseDir, dirname(path)), { recursive: true });
    writeFileSync(join(baseDir, path), text);
  }
}

const each = (lines: readonly string[]): string[] => [...new Set(lines)].toSorted();

/** Who broke what; of a circle, all who are in it. */
const broken = ({ summary }: ICruiseResult): string[] =>
  each(summary.violations.flatMap(({ rule, from, to, cycle }) => cycle?.map(({ name }) => `${rule.name}: ${name}`) ?? [`${rule.name}: ${from} -> ${to}`]));

const expected = ({ rules, wrong }: Wall): string[] =>
  each(rules.flatMap((rule) => wrong.map(([, from, to]) => (rule === 'no-circle' ? `${rule}: ${from}` : `${rule}: ${from} -> ${found(to)}`))));

describe('the tree', () => {
  it('keeps to every rule, and was seen whole', { timeout: 60_000 }, async () => {
    const result = await look(root, TOPS);
    const { modules, summary } = result;
    // Without its parser the tool sees no TypeScript, warns and is content.
    expect(summary.environment?.issues ?? []).toEqual([]);
    expect(modules.filter(({ source, dependencies }) => /^src\/.*\.tsx?$/.test(source) && dependencies.length > 0).length).toBeGreaterThan(300);
    expect(modules.filter(({ source, dependencies }) => source.endsWith('.tsx') && dependencies.some(({ dependencyTypes }) => dependencyTypes.includes('type-only'))).length).toBeGreaterThan(30);
    expect(broken(result)).toEqual([]);
  });
});

describe('the rules', () => {
  it('are all tried', () => {
    const named = (options.ruleSet?.forbidden ?? []).map(({ name }) => name ?? '');
    expect(named.length).toBeGreaterThan(20);
    expect([...new Set(WALLS.flatMap(({ rules }) => rules))].toSorted()).toEqual(named.toSorted());
  });

  it.each(WALLS.map((one, at) => [one.rules.join(' and '), `${one.wrong[0]?.[0]}: ${one.wrong[0]?.[1]} -> ${one.wrong[0]?.[2]}`, one, at] as const))('%s: not %s', async (_rules, _arrow, one, at) => {
    const wrong = join(folder, `${at}-wrong`);
    const right = join(folder, `${at}-right`);
    plant(wrong, one.wrong);
    plant(right, one.right);
    expect(broken(await look(wrong, TOPS))).toEqual(expected(one));
    expect(broken(await look(right, TOPS))).toEqual([]);
  });

  it('the program without a desktop does not reach Electron over other modules either', async () => {
    const path: readonly Arrow[] = [['late', 'src/main/traywatch.ts', 'src/main/headless-node.ts'], ['value', 'src/main/headless-node.ts', 'src/main/desktop/z1.ts'], ['type', 'src/main/desktop/z1.ts', 'electron']];
    const reaching = join(folder, 'reaching');
    plant(reaching, path);
    const rule = 'headless-reaches-no-electron';
    expect(broken(await look(reaching, TOPS))).toEqual(['headless-node', 'traywatch'].map((name) => `${rule}: src/main/${name}.ts -> ${found('electron')}`));
    const short = join(folder, 'short');
    plant(short, path.slice(0, 2));
    expect(broken(await look(short, TOPS))).toEqual([]);
  });
});
