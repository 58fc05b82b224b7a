'use strict';
// better-sqlite3 as the app has it needs a newer Node-API than this runtime offers and would end the process.
const Module = require('node:module');
const path = require('node:path');

const own = path.join(__dirname, 'node_modules', 'better-sqlite3');
const resolve = Module._resolveFilename;
Module._resolveFilename = function resolveFilename(request, ...rest) {
  return resolve.call(this, request === 'better-sqlite3' ? own : request, ...rest);
};
