import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { toIdentity } from '../../../../scripts/lib/package/identity.mjs';
import { toSbom } from '../../../../scripts/lib/package/sbom.mjs';

const lock = JSON.parse(fs.readFileSync(fileURLToPath(new URL('../../../../package-lock.json', import.meta.url)), 'utf8')) as { packages: Record<string, unknown> };
const identity = toIdentity({ version: '1.2.0', license: 'MIT' }, { version: null, trialOf: null, date: new Date('2026-11-30T12:00:00Z'), maintainer: 'Anna Muster <anna@traywatch.org>' });
const find = (packages: Record<string, unknown>, name: string) => toSbom(packages, identity, '45.4.1').components.find((one) => one.name === name);

describe('the list of what is inside', () => {
  it('has the runtime, the packages beside the app and those bundled into it, and none that only builds or tests it', () => {
    const inside = ['electron', 'fastify', '@fastify/static', 'zod', 'react', 'scheduler', 'echarts', 'zrender'];
    const outside = ['vitest', 'typescript', 'electron-builder', 'node-addon-api', '@playwright/test'];
    expect([...inside, ...outside].filter((name) => find(lock.packages, name) !== undefined)).toEqual(inside);
  });

  it('says where a package is from, its license and its hash', () => {
    const packages = {
      'node_modules/@a/b': { version: '1.0.0', license: 'MIT', integrity: `sha512-${Buffer.from('abc').toString('base64')}` },
      'node_modules/c': { version: '2.0.0', license: '(MIT OR Apache-2.0)', dependencies: { d: '1' } },
      'node_modules/c/node_modules/@a/b': { version: '1.0.0', license: 'MIT' },
      'node_modules/tool': { version: '3.0.0', dev: true },
    };
    expect(find(packages, '@a/b')).toMatchObject({ purl: 'pkg:npm/%40a/b@1.0.0', licenses: [{ license: { id: 'MIT' } }] });
    expect(find(packages, 'c')).toMatchObject({ licenses: [{ expression: '(MIT OR Apache-2.0)' }] });
    expect(toSbom(packages, identity, '45.4.1').components.map(({ purl }) => purl)).toEqual(['pkg:npm/electron@45.4.1', 'pkg:npm/%40a/b@1.0.0', 'pkg:npm/c@2.0.0']);
  });

  it('gives each component once, with a hash of the length that its algorithm has', () => {
    const { components } = toSbom(lock.packages, identity, '45.4.1');
    expect(new Set(components.map(({ purl }) => purl)).size).toBe(components.length);
    const hashes = components.flatMap((one) => one.hashes ?? []);
    expect(hashes.length).toBeGreaterThan(50);
    for (const { alg, content } of hashes) expect(content).toMatch(alg === 'SHA-512' ? /^[0-9a-f]{128}$/ : /^[0-9a-f]{40,64}$/);
  });
});
