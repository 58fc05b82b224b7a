/** A hundred made-up containers and a hundred services that answer, in the benchmark's own process, and Traywatch that watches them. */
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { runningContainers, startFakeEngine } from '../../support/e2e/fake-engine';
import type { FakeEngine } from '../../support/e2e/fake-engine';
import { SETTINGS_VERSION } from '../../../src/shared/settings/settings-schema';
import type { ServiceInput } from '../../../src/shared/services/service-schemas';
import type { DesktopBench } from '../bench';
import { launch } from '../program';

/** Containers, and services. */
export const WATCHED = 100;
/** Name of the history in a user-data folder. */
export const HISTORY = 'history.sqlite';

/** What is watched. */
export interface Watched {
  readonly engine: FakeEngine;
  /** As settings name it. */
  readonly endpoint: string;
  /** Port of the services on 127.0.0.1. */
  readonly port: number;
  /** How often they were asked so far. */
  asked(): { readonly statistics: number; readonly services: number };
  stop(): Promise<void>;
}

/** Starts the engine and the services; they also end with the benchmark. */
export async function startWatched(bench: DesktopBench): Promise<Watched> {
  const socket = path.join(bench.home, 'engine.sock');
  const engine = await startFakeEngine(socket, runningContainers(WATCHED));
  let services = 0;
  const server = http.createServer((_request, response) => {
    services += 1;
    response.end('alive\n');
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const stop = async (): Promise<void> => {
    bench.stops.delete(stop);
    server.closeAllConnections();
    await Promise.all([engine.stop(), new Promise((resolve) => server.close(resolve))]);
  };
  bench.stops.add(stop);
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { engine, endpoint: `unix://${socket}`, port, asked: () => ({ statistics: engine.statisticsAsked(), services }), stop };
}

/** Starts Traywatch in the tray with a new user-data folder; with null it has no containers and no services. */
export async function launchWatching(bench: DesktopBench, watched: Watched | null, userDataDir: string, switches: readonly string[] = []): ReturnType<typeof launch> {
  fs.mkdirSync(userDataDir, { recursive: true });
  const services = watched === null ? [] : Array.from({ length: WATCHED }, (_, at) => serviceAt(watched.port, at + 1));
  const containers = { endpoints: watched === null ? [] : [watched.endpoint] };
  fs.writeFileSync(path.join(userDataDir, 'settings.json'), JSON.stringify({ version: SETTINGS_VERSION, containers, services }));
  // Empty: only what the settings name is asked, and no engine that happens to run on this machine.
  const desktop = { ...bench.desktop, env: { ...bench.desktop.env, DOCKER_HOST: '' } };
  const { app } = bench.programs;
  return launch({ ...bench, desktop }, { ...app, userDataDir }, [...switches, ...app.hidden]);
}

function serviceAt(port: number, number: number): ServiceInput {
  return { kind: 'http', id: `service-${number}`, name: `Service ${number}`, url: `http://127.0.0.1:${port}/${number}`, intervalSeconds: 60 };
}
