/**
 * A process that reads the interfaces of the machine it runs on, which a test has given names of Object.prototype:
 * `named-interfaces <folder> <protected|bare>`. It prints what came of that as JSON.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { openLan } from './lan-server';
import { createCallbackLog } from './log';
import { readLocalHost } from '../../src/main/access/addresses';
import { createCredentialStore } from '../../src/main/access/credential-store';
import { NO_CREDENTIALS } from '../../src/main/access/credential-schema';
import { systemClock, systemTimers } from '../../src/main/engine/clock';
import { linuxNetwork } from '../../src/main/engine/collectors/network.linux';
import { systemDeps } from '../../src/main/engine/collectors/platform';
import { protectPrototype } from '../../src/main/lib/protect-prototype';

const [folder = '', mode] = process.argv.slice(2);
if (mode === 'protected') protectPrototype();

const credentials = () => createCredentialStore({ path: join(folder, 'access.json'), clock: systemClock, timers: systemTimers, log: createCallbackLog(() => undefined), onChange: () => undefined });

/** What Node itself does with such names, to show that there is something to protect from. */
function nodeFails(): boolean {
  try {
    networkInterfaces();
    return false;
  } catch {
    return true;
  }
}

function inherited(): string[] {
  const names: string[] = [];
  for (const name in {}) names.push(name);
  return names;
}

/** Asks the server for its page. */
async function statusOf(addresses: 'all' | ['127.0.0.1']): Promise<number> {
  const { port, close } = await openLan({ localHost: readLocalHost, settings: { addresses } });
  const { status } = await fetch(`http://127.0.0.1:${port}/`);
  await close();
  return status;
}

mkdirSync(folder, { recursive: true });
const before = credentials();
before.update(() => ({ ...NO_CREDENTIALS, accounts: [{ name: 'anna', role: 'admin', createdAt: 0, password: { n: 1024, r: 8, p: 1, salt: '', hash: '' } }] }));
before.close();
const fails = nodeFails();
const after = credentials();
const found = { accounts: after.get().accounts.length, problem: after.problem(), files: readdirSync(folder) };
after.close();
const addresses = readLocalHost().addresses.length;
const collector = linuxNetwork(systemDeps());
const raw = await collector.read();
const { devices } = collector.toReading(raw, { raw, seconds: 1 });
const status = mode === 'protected' ? [await statusOf('all'), await statusOf(['127.0.0.1'])] : [];
process.stdout.write(JSON.stringify({ fails, inherited: inherited(), found, addresses, devices: Object.keys(devices), status }));
