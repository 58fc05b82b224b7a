/** What the rules of .dependency-cruiser.mjs are written with. */

/** A package is matched where it was found. @param {string[]} names */
export const pack = (...names) => `(^|/)node_modules/(${names.join('|')})/`;
/** @param {string[]} patterns */
export const any = (...patterns) => patterns.join('|');
/** The files that start a program under Electron. */
export const START = '^src/main/(index|app|headless-electron|commands)\\.ts$';
/** The files that start the program without a desktop, and its threads, under plain Node. */
export const NODE_START = any('^src/main/(traywatch|headless-node)\\.ts$', '^src/main/history/database-worker\\.ts$', '^src/main/engine/containers/disk/walk-worker\\.linux\\.ts$');

/** Imports that vanish in the build: they bind the reader, not the running program. */
/** @type {import('dependency-cruiser').DependencyType[]} */
export const TYPES = ['type-only', 'type-import'];
