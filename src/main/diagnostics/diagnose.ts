/** Diagnostics by a command of its own: every family is read anew, and the files of the app as they are. */
import { homedir } from 'node:os';
import { systemClock } from '../engine/clock';
import { watchedMachine } from '../engine/collectors/demo-machine';
import type { DemoSource } from '../engine/collectors/demo-machine';
import type { SystemDeps } from '../engine/collectors/deps';
import { readHostInfo } from '../engine/host/index';
import { pathsIn } from '../lib/paths';
import { diagnosticsText } from './gather';
import type { DiagnosticsSources } from './gather';
import type { Installation } from './installation';
import { readOnce } from './read-once';

/** What is told of the program that asks. */
export interface Diagnosed {
  /** The user-data folder. */
  readonly folder: string;
  readonly version: string;
  /** Names and versions of the runtime. */
  readonly runtime: string;
  readonly system: SystemDeps;
  readonly demo: DemoSource | null;
  readonly installation: Pick<Installation, 'kind' | 'sandbox'>;
  /** Null without a display. */
  readonly desktop: DiagnosticsSources['desktop'];
}

/** The text. Rejects with what the system throws. */
export async function diagnose({ folder, version, runtime, system: own, demo, installation, desktop }: Diagnosed, withNames: boolean): Promise<string> {
  const { system, clock } = watchedMachine(demo, own, systemClock);
  const paths = pathsIn(folder);
  const read = await readOnce(system, clock);
  const host = await readHostInfo({ ...system, now: () => clock.now() }, { appVersion: version, runtime, startTime: clock.now(), databasePath: paths.database, environment: '' });
  return diagnosticsText(
    {
      by: 'command',
      now: clock.now(),
      kind: installation.kind,
      sandbox: installation.sandbox(),
      desktop,
      host,
      ...read,
      history: { path: paths.database, waiting: null },
      paths,
      env: process.env,
      home: homedir(),
      commandLine: process.argv,
      addresses: Object.values(system.addresses()),
    },
    withNames,
  );
}
