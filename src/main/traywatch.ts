#!/usr/bin/env node
/**
 * Start file of the program without a desktop: it checks that this Node is new enough before anything is loaded. An older
 * one would end by a segmentation fault in SQLite's binary, which needs version 10 of Node-API.
 * It is compiled for old versions of Node, and imports nothing but the program itself.
 */

/** Version of Node-API that SQLite's binary needs: Node has it from 22.14 and 23.6 on (nodejs.org/api/n-api.html, "Node-API version matrix"). */
const NODE_API = 10;

if (Number(process.versions['napi']) < NODE_API) {
  process.stderr.write(`traywatch: this is Node ${process.versions.node}, which is too old. Install Node 24, or another from 22.14 or 23.6 on.\n`);
  process.exitCode = 1;
} else {
  void import('./headless-node').then(({ main }) => main());
}
