#!/usr/bin/env node
/**
 * Start file of the program without a desktop: it checks that this Node is new enough before anything is loaded. An older
 * one would end by a segmentation fault in SQLite's binary, which needs version 10 of Node-API.
 * Whatever it is compiled to runs in old versions, too; of the program it imports nothing before.
 */
import { setFlagsFromString } from 'node:v8';

/** Version of Node-API that SQLite's binary needs: Node has it from 22.14 and 23.6 on (nodejs.org/api/n-api.html, "Node-API version matrix"). */
const NODE_API = 10;

/**
 * V8 doubles the space for new objects again and again while a program loads, up to 2 × 16 MB, and rarely gives that back: this
 * program loads for a moment and then makes little garbage for weeks. The flag is read each time the space would grow.
 */
function keepSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

if (Number(process.versions['napi']) < NODE_API) {
  process.stderr.write(`traywatch: this is Node ${process.versions.node}, which is too old. Install Node 24, or another from 22.14 or 23.6 on.\n`);
  process.exitCode = 1;
} else {
  keepSmall();
  void import('./headless-node').then(({ main }) => main());
}
