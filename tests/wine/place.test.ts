/** Where the tests under Wine run: what they are to show there depends on it. */
import { cpus, platform, tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { currentPlatform } from '../../src/main/engine/collectors/platform';
import { heldCodes } from '../../src/main/engine/held-file.win32';

describe('a run under Wine', () => {
  it('is on Windows, for Node and for the product', () => {
    expect([platform(), currentPlatform(), process.versions.napi]).toEqual(['win32', 'win32', '10']);
    expect(heldCodes().size).toBe(3);
    expect(cpus().length).toBeGreaterThan(0);
  });

  it('keeps temporary files under a name with blanks and letters of three scripts', () => {
    expect(tmpdir()).toMatch(/^C:\\Traywatch Übung 日本\\тест\\/);
  });

  it('speaks German, with decimal commas', () => {
    expect((1234.5).toLocaleString()).toBe('1.234,5');
  });
});
