/**
 * Entry point of the program without a desktop under plain Node: command line, folder, then the composition of headless.ts.
 * Nothing that it reaches imports Electron. Only traywatch.ts imports it, once it knows that this Node is new enough.
 */
import { existsSync, readFileSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { messageOf } from '../shared/result';
import { claimFolder, DEMO_FOLDER, readSwitch } from './demo-switch';
import type { Installation } from './diagnostics/installation';
import type { DemoSource } from './engine/collectors/demo-machine';
import { currentPlatform, systemDeps } from './engine/collectors/platform';
import { startHeadless } from './headless';
import { fixedAutostart } from './lib/autostart';
import { endFailed } from './lib/end-process';
import { protectPrototype } from './lib/protect-prototype';
import { followUncaught } from './lib/uncaught';
import type { UncaughtErrors } from './lib/uncaught';
import { formatRuntime } from './core/runtime-versions';
import { parseHeadlessArguments } from './node/arguments';
import type { HeadlessArguments } from './node/arguments';
import { createQuitting } from './node/quitting';
import { defaultUserData } from './node/user-data';

/** Folder of package.json, above out/headless. */
const ROOT = join(__dirname, '../..');

/** File descriptor of the terminal's error output. */
const STDERR = 2;

/** Exit code of --diagnose where nothing could be printed. */
const NO_DIAGNOSTICS = 3;

const readVersion = (): string => (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly version: string }).version;

/** A checkout has its sources; what npm has installed has not. */
const isCheckout = (): boolean => existsSync(join(ROOT, 'src'));

/** Where nobody reads its output any more, the program goes on. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** Errors that nothing catches are printed; what the program has to save is added later. */
function followErrors(): UncaughtErrors {
  return followUncaught(process, {
    print: (text) => void writeSync(STDERR, text),
    end: () => endFailed({ process, exit: (code) => process.exit(code), after: (ms, callback) => void setTimeout(callback, ms) }),
  });
}

function refuse(reason: string): never {
  process.stderr.write(`traywatch: ${reason}\n`);
  process.exit(2);
}

/** The demo machine to watch, null for none, and the folder for its data or for that of this machine. Ends the process where that is refused. */
function choose(named: string | null): { readonly demo: DemoSource | null; readonly folder: string } {
  const found = readSwitch(process.env, !isCheckout());
  if ('refused' in found) return refuse(found.refused);
  const usual = defaultUserData(currentPlatform(), process.env, homedir());
  const folder = named !== null ? resolve(named) : found.demo === null ? usual : join(dirname(usual), DEMO_FOLDER);
  const problem = claimFolder(folder, found.demo !== null);
  return problem === null ? { demo: found.demo, folder } : refuse(problem);
}

/** How this copy is installed: without a desktop, there is nothing of one to tell. */
function installation(): Installation {
  return { kind: isCheckout() ? 'checkout, without a desktop' : 'package for Node', autostart: fixedAutostart('headless'), sandbox: () => 'unknown', tray: () => null };
}

async function printDiagnostics(folder: string, version: string, demo: DemoSource | null, withNames: boolean): Promise<void> {
  const { diagnose } = await import('./diagnostics/diagnose');
  try {
    const text = await diagnose({ folder, version, runtime: formatRuntime(), system: systemDeps(), demo, installation: installation(), desktop: null }, withNames);
    process.stdout.write(text, () => process.exit(0));
  } catch (error) {
    process.stderr.write(`traywatch: no diagnostics: ${messageOf(error)}\n`, () => process.exit(NO_DIAGNOSTICS));
  }
}

function run(options: Exclude<HeadlessArguments, { action: 'print' }>, version: string, uncaught: UncaughtErrors): void {
  outliveReaders();
  const { demo, folder } = choose(options.folder);
  if (options.action === 'diagnose') {
    void printDiagnostics(folder, version, demo, options.withNames);
    return;
  }
  const host = {
    folder,
    version,
    system: systemDeps(),
    processes: { pids: () => [process.pid], usage: () => ({ cpuSeconds: cpuSeconds(), rssBytes: process.memoryUsage.rss() }) },
    installation: installation(),
    app: createQuitting(() => process.exit(0)),
    exit: (code: 0 | 1) => process.exit(code),
  };
  startHeadless(host, { pairAs: options.pairAs, acceptMachines: options.acceptMachines, demo, folderProblem: null, uncaught, ...(options.join === undefined ? {} : { join: options.join }) });
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Runs what the command line asks for. */
export function main(): void {
  const uncaught = followErrors();
  protectPrototype();
  const version = readVersion();
  const parsed = parseHeadlessArguments(process.argv.slice(2), version);
  if (parsed.action === 'print') {
    (parsed.exitCode === 0 ? process.stdout : process.stderr).write(parsed.text, () => process.exit(parsed.exitCode));
    return;
  }
  run(parsed, version, uncaught);
}
