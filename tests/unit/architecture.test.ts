/** What neither the compiler, the linter nor the rules of imports can see: words in the sources. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return { path: relative(root, path), text: readFileSync(path, 'utf8') };
  });

/** Paths of sources that match, so that a failure names them. */
const containing = (pattern: RegExp): string[] => sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

describe('walls', () => {
  it('there are sources to look at', () => {
    expect(sources.length).toBeGreaterThan(50);
  });

  it('the platform is read in leaf files and one platform file only', () => {
    const allowed = /(\.(linux|darwin|win32)\.ts|platform\.ts)$/;
    expect(containing(/process\.platform/).filter((path) => !allowed.test(path))).toEqual([]);
    expect(containing(/process\.platform/).filter((path) => path.endsWith('platform.ts')).length).toBeLessThanOrEqual(1);
  });

  it('only the store knows SQL, and the probe of databases what it asks them', () => {
    expect(containing(/\b(SELECT|INSERT INTO|DELETE FROM|PRAGMA)\b/).filter((path) => !path.startsWith('src/main/engine/store/'))).toEqual(['src/main/engine/probes/postgresql-answer.ts']);
  });

  it('ipcMain has one user, and only the preload sees ipcRenderer', () => {
    expect(containing(/ipcMain\s*\.\s*(handle|on)\b|\{ ipcMain \}/).filter((path) => path.startsWith('src/main/transports/'))).toEqual(['src/main/transports/ipc.ts']);
    expect(containing(/ipcRenderer/)).toEqual(['src/preload/index.ts']);
  });

  it('the product never asks to run without its sandbox', () => {
    expect(containing(/appendSwitch\(['"]no-sandbox|sandbox: false|nodeIntegration: true|contextIsolation: false/)).toEqual([]);
  });

  it('nothing is switched off: types, lint, catches', () => {
    expect(containing(/@ts-(ignore|expect-error|nocheck)|(oxlint|eslint)-disable|: any\b|as any\b/)).toEqual([]);
    expect(containing(/catch\s*(\([^)]*\))?\s*\{\s*\}/)).toEqual([]);
  });

  it('store, alerts, transports, preload and generic views name no metric family', () => {
    const generic = /^src\/(main\/(engine\/(store|alerts|sampler)|lan|transports)\/|shared\/sharing\/|preload\/|renderer\/(charts|ui|data|app|features\/(?!(containers|services)\/))\/?)/;
    // A rule is drafted from some metric, the table of processes has columns of these names, and so have those of containers and services, pages of one family each. Three values sum a machine up.
    const allowed = new Set(['src/renderer/features/alerts/rule-draft.ts', 'src/renderer/features/machines/usage-rows.tsx', 'src/renderer/features/processes/process-rows.ts']);
    const named = /['"](cpu|memory|diskio|network|temperature|frequency|connections)(\.[a-z]\w*)?['"]/;
    expect(sources.filter(({ path, text }) => generic.test(path) && !allowed.has(path) && named.test(text)).map(({ path }) => path)).toEqual([]);
  });
});
