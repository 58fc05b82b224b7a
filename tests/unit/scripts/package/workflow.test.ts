/** The release workflow calls scripts that exist, with arguments that they take. What the forge makes of it is not tested here. */
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parsePackageOptions } from '../../../../scripts/lib/package/options.mjs';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const workflow = fs.readFileSync(`${root}.github/workflows/release.yml`, 'utf8');
const { scripts } = JSON.parse(fs.readFileSync(`${root}package.json`, 'utf8')) as { scripts: Readonly<Record<string, string>> };
const calls = [...workflow.matchAll(/npm run ([\w:]+)(?: -- (.*))?$/gm)].map(([, script = '', args = '']) => ({ script, args: args.replace('${{ matrix.also }}', 'sbom').split(' ') }));

describe('the release workflow', () => {
  it('makes every format, those of Linux by our own scripts, all others by electron-builder', () => {
    expect(calls.every(({ script }) => Object.hasOwn(scripts, script))).toBe(true);
    const parsed = calls.map(({ args }) => parsePackageOptions(args)?.formats ?? args.filter((one) => !one.startsWith('--')));
    expect(parsed.flat().toSorted()).toEqual(['AppImage', 'deb', 'dmg', 'nsis', 'rpm', 'sbom', 'tar.gz', 'zip', 'zip']);
  });

  it('may write in the last job alone, which builds nothing and gets no signing keys', () => {
    const [before = '', publish = ''] = workflow.split(/^ {2}publish:$/m);
    expect(publish).toContain('contents: write');
    expect(before).not.toContain('write');
    expect(publish).not.toContain('secrets.');
    expect(publish).not.toContain('npm');
  });
});
