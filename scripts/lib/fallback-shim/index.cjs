'use strict';
// The fallback runtime has no default app, so `electron path/to/app` would find nothing. This loader does what
// the default app of an official Electron does: it takes the first argument that is no switch as the app's
// folder or file, gives the app its name, version and path, and runs its main. The arguments stay as they are.
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { app } = require('electron');

const switchesWithValue = new Set(['-r', '--require']);

function readArguments(argv) {
  const preloads = [];
  for (let index = 1; index < argv.length; index += 1) {
    if (switchesWithValue.has(argv[index])) preloads.push(argv[(index += 1)]);
    else if (!argv[index].startsWith('-')) return { preloads, target: path.resolve(argv[index]) };
  }
  return { preloads, target: null };
}

// A thread has a module loader of its own, which learns of it by a module that is loaded before its program.
function redirectSqliteInThreads() {
  const threads = require('node:worker_threads');
  const { Worker } = threads;
  threads.Worker = class extends Worker {
    constructor(file, options = {}) {
      super(file, { ...options, execArgv: [...(options.execArgv ?? []), '--require', path.join(__dirname, 'redirect-sqlite.cjs')] });
    }
  };
}

function readManifest(folder) {
  const file = path.join(folder, 'package.json');
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : null;
}

function introduce(manifest, folder) {
  if (manifest?.version) app.setVersion(manifest.version);
  app.name = manifest?.productName ?? manifest?.name ?? path.basename(folder);
  app.setDesktopName(manifest?.desktopName ?? `${app.name}.desktop`);
  app.setAppPath(folder);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  app.exit(1);
}

async function start() {
  const { preloads, target } = readArguments(process.argv);
  if (target === null) return fail('usage: electron [switches] path/to/app [arguments]');
  Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
  require('./redirect-sqlite.cjs');
  redirectSqliteInThreads();
  const isFolder = fs.statSync(target, { throwIfNoEntry: false })?.isDirectory() === true;
  const folder = isFolder ? target : path.dirname(target);
  const manifest = readManifest(folder);
  const main = Module._resolveFilename(isFolder ? path.resolve(target, manifest?.main ?? 'index.js') : target, null, true);
  introduce(manifest, folder);
  for (const preload of preloads) require(path.resolve(preload));
  const isModule = main.endsWith('.mjs') || (main.endsWith('.js') && manifest?.type === 'module');
  if (isModule) await import(pathToFileURL(main).href);
  else require(main);
}

start().catch((error) => fail(error instanceof Error ? (error.stack ?? error.message) : String(error)));
