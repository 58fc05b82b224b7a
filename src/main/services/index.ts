/**
 * The room services: how what is probed is set up. Secrets, calls of jobs, import and export, events, and what everyone may see.
 * core/service-control.ts loads it by import() when the first service is set up.
 *
 * It may import src/shared, the engine, lib and its neighbors access, settings and timeline. It may not import core,
 * desktop, lan, transports or Electron. Only core imports it.
 *
 * This file puts the parts together.
 */
import { randomBytes } from 'node:crypto';
import type { CallOutput, HandlerInput } from '../../shared/api/contract';
import { CallError, messageOf } from '../../shared/result';
import type { ProbeResult, Service, ServiceConfig, ServiceList } from '../../shared/services/service-schemas';
import type { LanState } from '../../shared/sharing/lan-state';
import { createHeartbeatJudge, unheard } from '../engine/probes/heartbeat';
import { createProbes, networkReader, systemLookup } from '../engine/probes/index';
import type { Probes, ProbesParts } from '../engine/probes/index';
import type { ServiceRaw, ServicesRaw, ServiceSource } from '../engine/probes/types';
import type { Log } from '../engine/log';
import type { FileDialogs } from '../lib/file-dialogs';
import type { Paths } from '../lib/paths';
import type { EncryptionService } from '../lib/secret-store';
import type { SettingsHolder } from '../settings/settings';
import type { EventRecorder } from '../timeline/event-recorder';
import type { Notices } from '../timeline/notices';
import { openHeartbeats } from './heartbeats';
import type { Heartbeats } from './heartbeats';
import { exportServices, readServicesFile } from './import-export';
import { serviceEvents } from './service-events';
import { checkSecrets, isAnyPlain, openServiceSecrets, toProbeSecrets } from './service-secrets';
import type { ServiceSecrets } from './service-secrets';
import { Since, toStatus } from './service-status';

/** What services need. */
export interface ServicesParts extends Pick<ProbesParts, 'clock' | 'timers' | 'programs' | 'platform'> {
  /** Folder in which the system's own trees begin, for what its network is. */
  readonly root: string;
  readonly paths: Pick<Paths, 'serviceSecrets' | 'heartbeats'>;
  readonly settings: SettingsHolder;
  readonly encryption: EncryptionService;
  readonly dialogs: FileDialogs;
  readonly record: EventRecorder;
  readonly notices: Pick<Notices, 'put'>;
  readonly log: Log;
  lanState(): LanState;
}

/** Services that are set up. */
export class Services implements ServiceSource {
  readonly #parts: ServicesParts;
  readonly #secrets: ServiceSecrets;
  readonly #heartbeats: Heartbeats;
  readonly #probes: Probes;
  readonly #since = new Since();
  /** Since when jobs can call in, epoch ms; null while they cannot. */
  #sharedSince: number | null = null;
  /** Since when each job's calls are expected, epoch ms: since it was set up, switched on, or its maintenance ended. */
  readonly #expectedSince = new Map<string, number>();

  /** Opens the files, and begins to probe what the settings have. */
  constructor(parts: ServicesParts) {
    const { clock, paths, platform, root } = parts;
    this.#parts = parts;
    this.#secrets = openServiceSecrets({ ...parts, path: paths.serviceSecrets });
    this.#heartbeats = openHeartbeats({ ...parts, path: paths.heartbeats, secrets: this.#secrets, random: randomBytes });
    this.#probes = createProbes({
      clock, timers: parts.timers, programs: parts.programs, platform,
      lookup: systemLookup(),
      network: networkReader(platform, root),
      secretsOf: async (service) => toProbeSecrets(await this.#secrets.get(service)),
      probers: { postgresql: loadedOnce(async () => (await import('../engine/probes/postgresql')).createPostgresqlProber()) },
      heartbeat: createHeartbeatJudge((id) => this.#heartbeats.last(id)?.text ?? null, (id) => this.#whenExpected(id)),
    });
    this.#follow();
    this.#whenShared();
  }

  read(): ServicesRaw {
    const now = this.#parts.clock.now();
    const { services, networkLost } = this.#probes.read();
    const isShared = this.#whenShared() !== null;
    const rows = services.map((row): ServiceRaw => (row.kind === 'heartbeat' && row.notMeasured === 'pending' && !isShared ? { ...row, notMeasured: 'unable', result: unheard(now) } : row));
    this.#since.take(rows, now);
    for (const { device, kind, notMeasured } of rows) if (kind === 'heartbeat' && (notMeasured === 'disabled' || notMeasured === 'maintenance')) this.#expectedSince.set(device, now);
    return { services: rows, networkLost };
  }

  /** All, as everyone may see them. */
  list(): ServiceList {
    const { services, networkLost } = this.read();
    const byId = new Map(services.map((row) => [row.device, row]));
    return { services: this.#all().map((service) => toStatus(service, { raw: byId.get(service.id), since: this.#since.of(service.id), nextAt: this.#probes.nextAt(service.id) })), networkLost };
  }

  /** All, as they were set up, with the names of their secrets. */
  configs(): readonly ServiceConfig[] {
    return this.#all().map((service) => ({ service, storedSecrets: this.#secrets.names(service) }));
  }

  /** Adds one, or changes the one with its id. Rejects with a CallError that names what is wrong. */
  async save({ service, secrets }: HandlerInput<'saveService'>): Promise<readonly ServiceConfig[]> {
    checkSecrets(service, secrets);
    const sealed = await this.#secrets.seal(service, secrets);
    // From here nothing else runs. They are there before it is probed for the first time, and not at all where it is refused.
    const known = this.#all();
    const isNew = !known.some(({ id }) => id === service.id);
    const takeBack = this.#secrets.store(sealed);
    try {
      this.#saveAll(isNew ? [...known, service] : known.map((each) => (each.id === service.id ? service : each)));
    } catch (error) {
      takeBack();
      throw error;
    }
    if (isAnyPlain(sealed)) showUnencryptedNotice(this.#parts.notices);
    if (Object.keys(secrets).length > 0) this.#probes.probeSoon(service.id);
    return this.configs();
  }

  /** Throws a CallError where there is none with the id. */
  remove(id: string): readonly ServiceConfig[] {
    this.#find(id);
    this.#saveAll(this.#all().filter((each) => each.id !== id));
    return this.configs();
  }

  /** Probes once, saved or not: with secrets that are given, and with those that are stored for the same place where none are. */
  async test({ service, secrets }: HandlerInput<'testService'>): Promise<ProbeResult> {
    checkSecrets(service, secrets);
    if (service.kind === 'heartbeat' && this.#whenShared() === null) return unheard(this.#parts.clock.now());
    const stored = await this.#secrets.get(service);
    try {
      return await this.#probes.test(service, toProbeSecrets({ ...stored, ...secrets }));
    } catch (error) {
      throw new CallError('Unavailable', messageOf(error));
    }
  }

  /** Makes a token, and tells where to call with it; nowhere while Sharing is off, and the token before stays. */
  newHeartbeat(id: string): CallOutput<'newHeartbeat'> {
    if (this.#find(id).kind !== 'heartbeat') throw new CallError('BadInput', 'nothing calls in for this service');
    const state = this.#parts.lanState();
    if (state.state !== 'listening') return { urls: [] };
    const token = this.#heartbeats.newToken(id);
    return { urls: state.urls.map((url) => new URL(`/api/heartbeat/${token}`, url).href) };
  }

  export(): Promise<CallOutput<'exportServices'>> {
    return exportServices(this.#all(), this.#parts.dialogs, this.#parts.clock);
  }

  /** Adds those of a file; one with an id that is known replaces that one. */
  async import(): Promise<CallOutput<'importServices'>> {
    const found = await readServicesFile(this.#parts.dialogs);
    if (found === null) return { added: 0, replaced: 0, configs: this.configs() };
    const known = this.#all();
    const byId = new Map(found.map((service) => [service.id, service]));
    const replaced = known.filter(({ id }) => byId.has(id));
    this.#saveAll([...known.map((service) => byId.get(service.id) ?? service), ...found.filter(({ id }) => !known.some((each) => each.id === id))]);
    return { added: found.length - replaced.length, replaced: replaced.length, configs: this.configs() };
  }

  /** A job calls in. False for a token that is nobody's. */
  heartbeat(token: string, text: string | null): boolean {
    const id = this.#heartbeats.take(token, text);
    return id !== null && this.#probes.beat(id);
  }

  /** The settings have others now. */
  onServices(before: readonly Service[], after: readonly Service[]): void {
    for (const event of serviceEvents(before, after)) this.#parts.record(event);
    this.#follow();
  }

  setPaused(isPaused: boolean): void {
    this.#probes.setPaused(isPaused);
  }

  suspend(): void {
    this.#probes.suspend();
  }

  resume(): void {
    this.#probes.resume();
  }

  close(): void {
    this.#probes.close();
    this.#heartbeats.close();
    this.#secrets.close();
  }

  #all(): readonly Service[] {
    return this.#parts.settings.get().services;
  }

  #find(id: string): Service {
    const found = this.#all().find((service) => service.id === id);
    if (found === undefined) throw new CallError('NotFound', 'there is no such service');
    return found;
  }

  #saveAll(services: readonly Service[]): void {
    const result = this.#parts.settings.update({ services: [...services] });
    if (!result.ok) throw new CallError(result.code, result.message);
  }

  /** Forgets what belongs to no service, unless services of an earlier file are missing. */
  #clean(): void {
    if (!this.#parts.settings.isComplete) return;
    this.#secrets.keepFor(this.#all());
    this.#heartbeats.keepOnly(new Set(this.#all().map(({ id }) => id)));
  }

  /** Probes what the settings have, with what is stored for it. */
  #follow(): void {
    const services = this.#all();
    const ids = new Set(services.map(({ id }) => id));
    this.#clean();
    for (const id of this.#expectedSince.keys()) if (!ids.has(id)) this.#expectedSince.delete(id);
    for (const id of ids) if (!this.#expectedSince.has(id)) this.#expectedSince.set(id, this.#parts.clock.now());
    this.#probes.setServices(services);
    for (const { id } of services) {
      const beat = this.#heartbeats.last(id);
      if (beat !== null) this.#probes.beat(id, beat.time);
    }
  }

  #whenExpected(id: string): number | null {
    const shared = this.#whenShared();
    if (shared === null) return null;
    const [known, now] = [this.#expectedSince.get(id) ?? shared, this.#parts.clock.now()];
    if (known > now) this.#expectedSince.set(id, now);
    return Math.max(shared, Math.min(known, now));
  }

  #whenShared(): number | null {
    const isShared = this.#parts.lanState().state === 'listening';
    const now = this.#parts.clock.now();
    // Not later than now, where the clock has been set back.
    this.#sharedSince = isShared ? Math.min(this.#sharedSince ?? now, now) : null;
    return this.#sharedSince;
  }
}

/** A prober that remembers is made once. */
function loadedOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | null = null;
  return () => (loaded ??= load());
}

function showUnencryptedNotice(notices: ServicesParts['notices']): void {
  notices.put({
    id: 'service-secrets-plain',
    severity: 'info',
    title: 'Secrets of services are stored unencrypted',
    body: 'No system keyring is available. The file is readable by your account only.',
    dismissible: true,
  });
}
