/** The licenses of everything inside: of the packages in the application, those bundled into it included. */
import fs from 'node:fs';
import path from 'node:path';

/** Bundled into the page; package.json lists them as needed for the build only. */
const BUNDLED = ['react', 'react-dom', 'zustand', 'echarts'];
/** Needed to compile only. */
const NOT_SHIPPED = new Set(['node_modules/node-addon-api']);
const FILE = /^(licen[cs]e|copying|notice)/i;

/**
 * Packages that are needed at run time, by the lock file: those not marked as only for development, and what is bundled.
 * @param {Record<string, { dev?: boolean, optional?: boolean, devOptional?: boolean, dependencies?: Record<string, string> }>} packages of the lock file
 * @returns {string[]} their folders, from the checkout
 */
export function listShippedPackages(packages) {
  const shipped = new Set(Object.keys(packages).filter((key) => key !== '' && !packages[key]?.dev && !packages[key]?.devOptional && !packages[key]?.optional));
  const add = (/** @type {string} */ name) => {
    const key = `node_modules/${name}`;
    if (shipped.has(key) || packages[key] === undefined) return;
    shipped.add(key);
    Object.keys(packages[key].dependencies ?? {}).forEach(add);
  };
  BUNDLED.forEach(add);
  return [...shipped].filter((key) => !NOT_SHIPPED.has(key)).toSorted();
}

/**
 * One text with the licenses of all these packages; the same text is given once.
 * @param {string} root of the checkout
 * @returns {string}
 */
export function collectLicenses(root) {
  const { packages } = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  /** @type {Map<string, string[]>} */
  const byText = new Map();
  for (const key of listShippedPackages(packages)) {
    const folder = path.join(root, key);
    if (!fs.existsSync(folder)) continue;
    const { name, version, license } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const files = fs.readdirSync(folder).filter((file) => FILE.test(file) && fs.statSync(path.join(folder, file)).isFile());
    const text = files.map((file) => fs.readFileSync(path.join(folder, file), 'utf8').trim()).join('\n\n') || `License: ${license}`;
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version}`]);
  }
  const line = '-'.repeat(78);
  return [...byText].map(([text, names]) => `${line}\n${[...new Set(names)].join('\n')}\n${line}\n\n${text}\n`).join('\n');
}
