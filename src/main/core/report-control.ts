/** Loads reporting to another Traywatch when this machine joins it or has joined it. Calls about it. */
import { existsSync } from 'node:fs';
import type { Handlers } from '../../shared/api/dispatch';
import type { Incident } from '../../shared/alerts/incident';
import { effectiveRules } from '../../shared/alerts/default-rules';
import type { Reporting } from '../../shared/machines/machine-schemas';
import type { HubReporting, ReportingParts } from '../report/index';
import type { SettingsHolder } from '../settings/settings';

/** Calls about reporting. */
export type ReportHandlers = Pick<Handlers, 'reporting' | 'joinHub' | 'leaveHub'>;

/** What it needs of the core. */
export interface ReportControlParts extends Omit<ReportingParts, 'rules' | 'onChange'> {
  readonly settings: Pick<SettingsHolder, 'get' | 'subscribe'>;
  onIncident(listener: (incident: Incident) => void): void;
}

/** Reporting, seen from the core. */
export interface ReportControl {
  readonly handlers: ReportHandlers;
  state(): Reporting;
  onChange(listener: (state: Reporting) => void): void;
  /** The machine is about to sleep, which the hub is told. */
  suspend(): void;
  resume(): void;
  /** What ending the program should wait for, a second at most: the word that this machine stops. */
  running(): readonly string[];
  close(): void;
}

/** Creates it; nothing is loaded unless this machine has joined a hub at some time. */
export function createReportControl({ settings, onIncident, ...own }: ReportControlParts): ReportControl {
  const listeners = new Set<(state: Reporting) => void>();
  let loading: Promise<HubReporting> | null = null;
  let reporting: HubReporting | null = null;
  let isClosed = false;
  const state = (): Reporting => reporting?.state() ?? { state: 'off' };
  const rules = () => effectiveRules(settings.get().alerts.rules);
  const onChange = (): void => listeners.forEach((listener) => listener(state()));
  const create = async (): Promise<HubReporting> => {
    const { HubReporting } = await import('../report/index');
    const opened = await HubReporting.open({ ...own, rules, onChange });
    reporting = opened;
    if (isClosed) opened.close();
    else onChange();
    onIncident((incident) => opened.onIncident(incident));
    settings.subscribe((changed, before) => {
      if (changed.alerts !== before.alerts || changed.environment !== before.environment) opened.onAbout();
    });
    return opened;
  };
  const loaded = (): Promise<HubReporting> => (loading ??= create());
  if (existsSync(own.path)) void loaded().catch((error: unknown) => own.log.error('reporting could not be loaded', { error }));
  return {
    handlers: {
      reporting: async () => {
        await loading;
        return state();
      },
      joinHub: async (wish) => (await loaded()).join(wish),
      leaveHub: async () => (reporting === null && loading === null ? state() : (await loaded()).leave()),
    },
    state,
    onChange: (listener) => void listeners.add(listener),
    suspend: () => reporting?.suspend(),
    resume: () => reporting?.resume(),
    running: () => reporting?.running() ?? [],
    close: () => {
      isClosed = true;
      reporting?.close();
    },
  };
}
