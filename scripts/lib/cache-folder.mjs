/** Folders that several runs fill at once: work happens in a private folder and becomes visible by one rename. */
import fs from 'node:fs';
import path from 'node:path';

/**
 * Makes a private working folder, and removes those that dead runs left behind.
 * @param {string} parent made when missing
 * @returns {string} absolute path
 */
export function makeWorkFolder(parent) {
  fs.mkdirSync(parent, { recursive: true });
  removeAbandoned(parent);
  return fs.mkdtempSync(path.join(parent, `.work-${process.pid}-`));
}

/** @param {string} parent */
function removeAbandoned(parent) {
  for (const name of fs.readdirSync(parent)) {
    const pid = Number(/^\.work-(\d+)-/.exec(name)?.[1] ?? Number.NaN);
    if (Number.isInteger(pid) && !isAlive(pid)) fs.rmSync(path.join(parent, name), { recursive: true, force: true });
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return error.code === 'EPERM';
  }
}

/**
 * Publishes a finished folder under its final name. When another run was quicker, its result stays.
 * @param {string} finished
 * @param {string} target on the same file system as `finished`
 */
export function publishFolder(finished, target) {
  try {
    fs.renameSync(finished, target);
  } catch (error) {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  }
}

/**
 * Bytes in all files below a folder. Files that vanish while it looks count as nothing.
 * @param {string} folder
 * @returns {number}
 */
export function folderBytes(folder) {
  let bytes = 0;
  for (const entry of readFolder(folder)) {
    const full = path.join(folder, entry.name);
    bytes += entry.isDirectory() ? folderBytes(full) : (fs.statSync(full, { throwIfNoEntry: false })?.size ?? 0);
  }
  return bytes;
}

/** @param {string} folder */
function readFolder(folder) {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Calls back with the growing size of folders while work goes on in them.
 * @param {string[]} folders
 * @param {(bytes: number) => void} onSize
 * @returns {() => void} ends the watching
 */
export function watchSize(folders, onSize) {
  const timer = setInterval(() => onSize(folders.reduce((sum, folder) => sum + folderBytes(folder), 0)), 1000);
  return () => clearInterval(timer);
}
