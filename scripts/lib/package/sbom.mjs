/**
 * What is inside, for scanners: a CycloneDX document (ecma-international.org, ECMA-424) of the packages that are shipped,
 * those bundled into the app's own files included, and of the runtime. It is made of the lock file, so that the same source
 * gives the same document.
 */
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../paths.mjs';
import { listShippedPackages } from './licenses.mjs';

/** As CycloneDX calls it. */
const HASHES = /** @type {Record<string, string>} */ ({ sha512: 'SHA-512', sha256: 'SHA-256', sha1: 'SHA-1' });

/**
 * A package of npm as a package URL (github.com/package-url/purl-spec).
 * @param {string} name
 * @param {string} version
 */
const toPurl = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

/**
 * @param {string} key folder of the package, from the checkout
 * @param {{ version: string, license?: string, integrity?: string }} locked
 */
function toComponent(key, { version, license, integrity }) {
  const name = key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const [algorithm = '', digest = ''] = integrity?.split('-') ?? [];
  const hash = HASHES[algorithm];
  // What is no single identifier is an expression, such as "(MIT OR Apache-2.0)".
  const licenses = license === undefined ? [] : [/\s/.test(license) ? { expression: license } : { license: { id: license } }];
  return {
    type: 'library',
    'bom-ref': toPurl(name, version),
    name,
    version,
    purl: toPurl(name, version),
    ...(licenses.length === 0 ? {} : { licenses }),
    ...(hash === undefined ? {} : { hashes: [{ alg: hash, content: Buffer.from(digest, 'base64').toString('hex') }] }),
  };
}

/**
 * Pure.
 * @param {Record<string, any>} packages of the lock file
 * @param {import('./identity.mjs').Identity} identity
 * @param {string} electron version of the runtime
 * @returns {object} a CycloneDX document, version 1.6
 */
export function toSbom(packages, identity, electron) {
  const libraries = listShippedPackages(packages).map((key) => toComponent(key, packages[key]));
  // The same version in two folders is one component.
  const components = [...new Map(libraries.map((one) => [one['bom-ref'], one])).values()];
  const app = toPurl('traywatch', identity.version);
  const runtime = { type: 'framework', 'bom-ref': toPurl('electron', electron), name: 'electron', version: electron, purl: toPurl('electron', electron), licenses: [{ license: { id: 'MIT' } }] };
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      timestamp: identity.date.toISOString(),
      component: { type: 'application', 'bom-ref': app, name: 'traywatch', version: identity.version, purl: app, licenses: [{ license: { id: identity.license } }] },
    },
    components: [runtime, ...components],
    dependencies: [{ ref: app, dependsOn: [runtime['bom-ref'], ...components.map((one) => one['bom-ref'])] }],
  };
}

/**
 * @param {{ output: string, identity: import('./identity.mjs').Identity, electron: string }} parts
 * @returns {Promise<string>} path of the document
 */
export async function makeSbom({ output, identity, electron }) {
  const { packages } = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const file = path.join(output, `traywatch-${identity.label}.cdx.json`);
  fs.writeFileSync(file, `${JSON.stringify(toSbom(packages, identity, electron), null, 2)}\n`);
  return file;
}
