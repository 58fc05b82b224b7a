import type { Plugin } from 'vite';

/** A plugin that puts `{ version, files }` in the place of `__SHELL__` in sw.js. */
export function shellList(): Plugin;
