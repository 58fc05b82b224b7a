/** The binaries that better-sqlite3 brings, by what is in its package: README says on which systems the program without a desktop runs. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const fileOf = (name: string): Buffer => readFileSync(fileURLToPath(new URL(`../../../node_modules/better-sqlite3/prebuilds/${name}.node`, import.meta.url)));

/** e_machine (elf(5)). */
const MACHINES = { x64: 62, arm64: 183 } as const;

/** The libraries of C by the names that a binary needs them by. */
const LIBRARIES = { linux: /\0libc\.so\.6\0/, linuxmusl: /\0libc\.musl-\w+\.so\.1\0/ } as const;

describe.each(['linux', 'linuxmusl'] as const)('%s', (system) => {
  it.each(['x64', 'arm64'] as const)('%s', (arch) => {
    const binary = fileOf(`${system}-${arch}`);
    expect(binary.subarray(0, 5).toString('latin1')).toBe('\u007FELF\u0002');
    expect(binary.readUInt16LE(18)).toBe(MACHINES[arch]);
    const other = system === 'linux' ? 'linuxmusl' : 'linux';
    const text = binary.toString('latin1');
    expect([LIBRARIES[system].test(text), LIBRARIES[other].test(text)]).toEqual([true, false]);
    // One binary for every Node with this version of its interface, and for Electron.
    expect(text).toContain('napi_register_module_v1');
  });
});
