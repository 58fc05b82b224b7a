/**
 * Whether what was left out of the archive is missed there: a pattern that leaves out documents can hit a folder of that
 * name with a part of the program in it.
 */
import fs from 'node:fs';
import path from 'node:path';
import { extractFile, listPackage, statFile } from '@electron/asar';
import { UserError } from '../say.mjs';

/** Relative paths that a module names. @type {RegExp} */
const NAMED = /\b(?:require|import)\s*\(\s*(['"`])(\.{1,2}\/[^'"`$]+)\1\s*\)|\bfrom\s*(['"])(\.{1,2}\/[^'"]+)\3/g;
/** What Node tries behind a path. */
const ENDINGS = ['', '.js', '.json', '.node', '.cjs', '.mjs', '/index.js', '/index.json', '/package.json'];

/**
 * Modules that are named in an archive and are not in it although the checkout has them. (Some name what exists nowhere, in
 * case it does.) Pure, but for `existsInCheckout`.
 * @param {readonly string[]} files of the archive, from its root
 * @param {(file: string) => string} read
 * @param {(file: string) => boolean} existsInCheckout
 * @returns {string[]} "file needs module"
 */
export function findMissingModules(files, read, existsInCheckout) {
  const packed = new Set(files);
  const has = (/** @type {string} */ target, /** @type {(file: string) => boolean} */ test) => ENDINGS.some((ending) => test(`${target}${ending}`));
  return files
    // Programs for browsers are whole; what they name is inside of them.
    .filter((file) => /\.[cm]?js$/.test(file) && file.startsWith('node_modules/') && !file.includes('/static/'))
    .flatMap((file) =>
      [...read(file).matchAll(NAMED)]
        .map((match) => path.posix.join(path.posix.dirname(file), match[2] ?? match[4] ?? ''))
        .filter((target) => !has(target, (one) => packed.has(one)) && has(target, existsInCheckout))
        .map((target) => `${file} needs ${target}`),
    );
}

/**
 * @param {string} archive app.asar
 * @param {string} root the checkout
 * @throws {UserError} when modules are missing
 */
export function checkArchive(archive, root) {
  // Folders are listed, too.
  const entries = listPackage(archive, { isPack: false }).map((file) => file.replace(/^[\\/]/, ''));
  const files = entries.filter((file) => !('files' in statFile(archive, file))).map((file) => file.replaceAll('\\', '/'));
  const isFile = (/** @type {string} */ file) => fs.statSync(path.join(root, file), { throwIfNoEntry: false })?.isFile() === true;
  const missing = findMissingModules(files, (file) => extractFile(archive, path.normalize(file)).toString('utf8'), isFile);
  if (missing.length > 0) throw new UserError(`electron-builder.yml leaves out what the program needs:\n  ${missing.slice(0, 20).join('\n  ')}`);
}
