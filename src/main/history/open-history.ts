/** Opens the history, and turns what may be wrong with it into notices a person can act on. */
import type { Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import { openStore, StoreOpenError } from '../engine/store/open-store';
import type { Quarantined, StoreOptions } from '../engine/store/open-store';
import type { RetentionLimits } from '../engine/store/jobs/retention';
import type { Store, StoreHealth } from '../engine/store/store-types';
import type { Settings } from '../../shared/settings/settings-schema';
import { quarantinedEvent, retentionMovedEvent } from '../timeline/lifecycle-events';
import type { Notices } from '../timeline/notices';
import { recordIn } from '../timeline/event-recorder';

/** What opening needs. */
export interface HistoryParts extends Pick<StoreOptions, 'onEvent' | 'onIncident' | 'eventLimits' | 'compact'> {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly notices: Notices;
  readonly limits: RetentionLimits;
}

/** The store and the file it keeps, or null when history lives in memory only. */
export interface History {
  readonly store: Store;
  readonly path: string | null;
}

const FAILING = 'history-failing';

function reportQuarantined(notices: Notices, { path, reason }: Quarantined): void {
  notices.put({
    id: 'history-set-aside',
    severity: 'error',
    title: 'The history was damaged and has been set aside',
    body: `${reason}. It is kept as ${path}; a new history was started.`,
    dismissible: true,
  });
}

function reportHealth(notices: Notices, path: string, health: StoreHealth): void {
  if (health.state === 'ok') {
    notices.drop(FAILING);
    return;
  }
  notices.put({
    id: FAILING,
    severity: 'error',
    title: 'History cannot be written',
    body: `${path}: ${health.message}. New samples are kept in memory and written as soon as that works again.`,
    dismissible: false,
  });
}

const MB = 1_000_000;

/** The limits of history in the settings. */
export function historyLimits({ keepDays, maxHistoryMb }: Pick<Settings, 'keepDays' | 'maxHistoryMb'>): RetentionLimits {
  return { keepDays, maxBytes: maxHistoryMb === null ? null : maxHistoryMb * MB };
}

/** Opens the history. A file that must not be touched is left alone: history is then kept in memory only. */
export function openHistory(parts: HistoryParts): History {
  const { path, notices, log, onEvent, onIncident, eventLimits, compact } = parts;
  let current: Store | null = null;
  const reportQuarantine = (quarantined: Quarantined): void => {
    reportQuarantined(notices, quarantined);
    if (current !== null) recordIn(current.activity, parts, quarantinedEvent(quarantined));
  };
  const open = (file: string): ReturnType<typeof openStore> =>
    openStore({
      path: file,
      clock: parts.clock,
      log: log.scoped('store'),
      keepDays: parts.limits.keepDays,
      ...(parts.limits.maxBytes === null ? {} : { maxBytes: parts.limits.maxBytes }),
      onHealth: (health) => reportHealth(notices, path, health),
      onQuarantined: reportQuarantine,
      onRetentionJump: (jump) => {
        if (current !== null) recordIn(current.activity, parts, retentionMovedEvent(jump));
      },
      onEvent,
      onIncident,
      ...(eventLimits === undefined ? {} : { eventLimits }),
      ...(compact === undefined ? {} : { compact }),
    });
  try {
    const { store, quarantined } = open(path);
    current = store;
    if (quarantined !== null) reportQuarantine(quarantined);
    return { store, path };
  } catch (error) {
    if (!(error instanceof StoreOpenError)) throw error;
    log.error('the history is left alone', { path, reason: error.message });
    notices.put({
      id: 'history-refused',
      severity: 'error',
      title: 'History is not being kept',
      body: `${error.message} The file was not touched. Update Traywatch, or move the file away and start again.`,
      dismissible: false,
    });
    return { store: open(':memory:').store, path: null };
  }
}
