/**
 * Room `lan`: the server that browsers and scripts on the network use: HTTPS, routes, live stream, mDNS. This file is the only
 * way in, and core/lan-controller.ts its only importer: it loads the room with import() when sharing is turned on, so
 * that nothing of it is in memory while sharing is off.
 * May import access, settings, lib, engine and shared, and alone the server packages (fastify, x509, dns-packet); must not import
 * core, desktop or transports.
 */
import type { OpenIncident } from '../../shared/alerts/severity';
import type { EventName, EventPayload } from '../../shared/api/contract';
import type { Handlers } from '../../shared/api/dispatch';
import type { LanSettings } from '../../shared/sharing/lan-settings';
import type { LanState } from '../../shared/sharing/lan-state';
import type { Report, ReportAnswer } from '../../shared/machines/report-schemas';
import type { SampleBatch, Snapshot } from '../../shared/metrics/reading';
import type { Clock, Timers } from '../engine/clock';
import type { Log } from '../engine/log';
import type { ViewedFamilies } from '../engine/viewed-families';
import type { Authenticator } from '../access/identity';
import { readLocalHost } from '../access/addresses';
import type { LocalHost } from '../access/addresses';
import { createApp } from './http/http-app';
import type { Extend } from './http/http-app';
import { createAnswerBudget } from './answer-budget';
import { createViewedFamilyLeases } from './leases';
import type { ViewedFamilyLeases } from './leases';
import { DEFAULT_LIMITS } from './server-limits';
import type { ServerLimits } from './server-limits';
import { remoteHandlers } from './remote-handlers';
import { createRemoteView } from './remote-view';
import type { ExposedMachine } from './openmetrics';
import { createProxyRules } from './reverse-proxy';
import { LanServer } from './server';
import type { ServedApp, ServerParts } from './server';
import { createResume } from './stream/resume';
import type { ResumeParts } from './stream/resume';
import { createStreamServer } from './stream/stream';
import type { LiveConnection } from '../access/connected-clients';
import type { StreamServer } from './stream/stream';

export { createAuthPlugin } from './auth/auth-plugin';

/** What the server is built from. */
export interface LanParts {
  readonly settings: LanSettings;
  /** Folder of the self-signed certificate. */
  readonly folder: string;
  /** Folder of the built renderer. */
  readonly pages: string;
  readonly version: string;
  /** The system this runs on, for what an error means there. */
  readonly platform?: NodeJS.Platform;
  /** Id of this run of the app: batch numbers begin again with each. */
  readonly runId: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly handlers: Handlers;
  readonly viewedFamilies: ViewedFamilies;
  readonly authenticator: Authenticator;
  readonly since: ResumeParts['since'];
  snapshot(): Snapshot;
  openIncidents(): readonly OpenIncident[];
  /** The machines that report here, for scrapes. */
  readonly machines?: () => readonly ExposedMachine[];
  /** A job calls in with its token; `text` is what it said. Resolves to false for a token that is nobody's. */
  heartbeat(token: string, text: string | null): Promise<boolean>;
  /** A machine reports, over a connection from `address`. Throws a CallError where the report is refused. */
  report(machine: string, report: Report, address: string): Promise<ReportAnswer>;
  subscribe(listener: (batch: SampleBatch) => void): () => void;
  onState(state: LanState): void;
  /** Adds the sign-in routes. */
  readonly extend?: Extend;
  readonly limits?: ServerLimits;
  localHost?(): LocalHost;
  readonly mdns?: ServerParts['mdns'];
}

/** A running server. */
export interface Lan {
  push<N extends EventName>(name: N, payload: EventPayload<N>): void;
  connections(): readonly LiveConnection[];
  close(): Promise<void>;
}

/** The handlers, where what a client displays of this machine counts as long as the client is there. */
function leasedHandlers(handlers: Handlers, leases: ViewedFamilyLeases): Handlers {
  return {
    ...handlers,
    setViewedFamilies: (input, caller) => {
      if (caller.machine !== undefined) return handlers.setViewedFamilies(input, caller);
      leases.set(caller.id, input.families);
      return null;
    },
  };
}

/** Starts the server with one set of settings; other settings need another server. */
export function startLan(parts: LanParts): Lan {
  const { clock, timers, log, limits = DEFAULT_LIMITS } = parts;
  const leases = createViewedFamilyLeases(parts.viewedFamilies, timers);
  const budget = createAnswerBudget(limits, timers);
  const view = createRemoteView([parts.folder]);
  const snapshot = (): Snapshot => view.snapshot(parts.snapshot());
  const resume = createResume({ ...parts, snapshot });
  let connectionCount = 0;
  const stream: StreamServer = createStreamServer({
    clock,
    timers,
    runId: parts.runId,
    perIdentity: limits.streamsPerIdentity,
    snapshot,
    view: view.events,
    resume: (after) => resume.after(after),
    onCount: (count) => {
      connectionCount = count;
      server.emitState();
    },
    onGone: (caller) => leases.release(caller),
  });
  const handlers = leasedHandlers(remoteHandlers(parts.handlers, view, limits.points), leases);
  const open = async (settings: LanSettings, names: () => readonly string[]): Promise<ServedApp> => {
    const httpContext = { ...parts, snapshot, handlers, stream, leases, limits, budget, tls: settings.tls, proxies: createProxyRules(settings), settings: () => settings, names };
    const app = await createApp(httpContext, parts.extend);
    return {
      handler: (request, response) => app.routing(request, response),
      close: async () => {
        stream.close();
        await app.close();
      },
    };
  };
  const server = new LanServer({ ...parts, limits, localHost: parts.localHost ?? readLocalHost, open, connections: () => connectionCount }, parts.settings);
  const unsubscribe = parts.subscribe((sampled) => {
    const batch = view.batch(sampled);
    resume.onBatch(batch);
    stream.onBatch(batch);
  });
  const unsubscribeRevoked = parts.authenticator.onRevoked((id) => stream.revoke(id));
  server.start();
  log.info('the LAN server starts', { port: parts.settings.port, tls: parts.settings.tls });
  return {
    push: (name, payload) => stream.push(name, payload),
    connections: () => stream.connections(),
    async close() {
      unsubscribe();
      unsubscribeRevoked();
      await server.stop();
      [leases, budget].forEach((part) => part.close());
    },
  };
}
