/** Opens the history, and turns what may be wrong with it into notices a person can act on. */
import { basename } from 'node:path';
import type { Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import { openStore, StoreOpenError } from '../engine/store/open-store';
import type { LostFile, Quarantined, StoreOptions } from '../engine/store/open-store';
import type { RetentionLimits } from '../engine/store/jobs/retention';
import type { Store, StoreHealth } from '../engine/store/store-types';
import type { EventInput } from '../../shared/timeline/event-schemas';
import type { Notice } from '../../shared/notice';
import type { Settings } from '../../shared/settings/settings-schema';
import { fileLossText, fileLostEvent, quarantinedEvent, retentionMovedEvent } from '../timeline/lifecycle-events';
import type { Notices } from '../timeline/notices';
import { recordIn } from '../timeline/event-recorder';
import { makeCopiesPrivate } from './private-copies';

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

const NO_LOG: Omit<Notice, 'since'> = {
  id: 'history-no-log',
  severity: 'warning',
  title: 'The history is on a file system without shared memory',
  body: 'That is so on network shares. Everything is kept, but a loss of power while the history is written may damage it, and backups hold up writing. Move the data folder to a local disk if that matters.',
  dismissible: true,
};

function reportQuarantined(notices: Notices, { path, reason }: Quarantined): void {
  notices.put({
    id: 'history-set-aside',
    severity: 'error',
    title: 'The history was damaged and has been set aside',
    body: `${reason}. It is kept as ${path}; a new history was started.`,
    dismissible: true,
  });
}

function reportLost(notices: Notices, lost: LostFile): void {
  const { path, what, aside, isSaved } = lost;
  const kept = isSaved ? `It was written anew as ${basename(path)}, with what could be read of it.` : 'It could not be read any more: what was written before is lost.';
  const other = aside === null ? '' : ` What took its place is kept as ${basename(aside)}; to use that, restore it in the settings.`;
  notices.put({ id: 'history-replaced', severity: 'warning', title: `${fileLossText(what)} while in use`, body: `${kept}${other} Quit Traywatch before you move or replace the history.`, dismissible: true });
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
  // What happens while the store is opened is told once it is.
  const early: EventInput[] = [];
  const tell = (event: EventInput): void => {
    if (current === null) early.push(event);
    else recordIn(current.activity, parts, event);
  };
  const reportQuarantine = (quarantined: Quarantined): void => {
    reportQuarantined(notices, quarantined);
    tell(quarantinedEvent(quarantined));
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
      onLogRefused: () => notices.put(NO_LOG),
      onRetentionJump: (jump) => tell(retentionMovedEvent(jump)),
      onFileLost: (lost) => {
        reportLost(notices, lost);
        tell(fileLostEvent(lost));
      },
      onEvent,
      onIncident,
      ...(eventLimits === undefined ? {} : { eventLimits }),
      ...(compact === undefined ? {} : { compact }),
    });
  makeCopiesPrivate(path);
  try {
    const { store, quarantined } = open(path);
    current = store;
    if (quarantined !== null) reportQuarantine(quarantined);
    early.forEach(tell);
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
