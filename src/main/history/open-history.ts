/**
 * The room history: the database as a file. Opening, replacing, exporting, backing up, restoring and maintaining it, and
 * queries that go beyond one series (gaps, statistics).
 *
 * It may import src/shared, the engine, lib and its neighbors access, power, alerts, timeline and settings. It may not
 * import core, desktop, lan or transports; the core is built from it. database-worker.ts is an entry point of its own
 * that no file imports.
 *
 * This file opens the history and reports problems with it as notices.
 */
import { basename } from 'node:path';
import { familyOf, isFamilyId } from '../../shared/metrics/index';
import type { Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import { openStore, StoreOpenError } from '../engine/store/open-store';
import type { LostFile, Quarantined, StoreOptions } from '../engine/store/open-store';
import type { LimitReached } from '../engine/store/device-limit';
import type { RetentionLimits } from '../engine/store/jobs/retention';
import type { Store, StoreHealth } from '../engine/store/store-types';
import type { EventInput } from '../../shared/timeline/event-schemas';
import type { Notice } from '../../shared/notice';
import type { Settings } from '../../shared/settings/settings-schema';
import { fileLossText, fileLostEvent, quarantinedEvent, retentionMovedEvent } from '../timeline/lifecycle-events';
import type { Notices } from '../timeline/notices';
import { recordIn } from '../timeline/event-recorder';
import { makeCopiesPrivate } from './private-copies';

/** What is needed to open the history. */
export interface OpenHistoryParts extends Pick<StoreOptions, 'onEvent' | 'onIncident' | 'onRenamed' | 'eventLimits' | 'compact'> {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly notices: Notices;
  readonly limits: RetentionLimits;
  /** Where events about the file go; its own timeline by default. */
  readonly record?: (event: EventInput) => void;
}

/** The store and its file; null when the history is in memory only. */
export interface OpenedHistory {
  readonly store: Store;
  readonly path: string | null;
}

const FAILING_NOTICE = 'history-failing';

const NO_WAL_NOTICE: Omit<Notice, 'since'> = {
  id: 'history-no-log',
  severity: 'warning',
  title: 'The history is on a file system without shared memory',
  body: 'That is so on network shares. Everything is kept, but a loss of power while the history is written may damage it, and backups hold up writing. Move the data folder to a local disk if that matters.',
  dismissible: true,
};

function showQuarantineNotice(notices: Notices, { path, reason }: Quarantined): void {
  notices.put({
    id: 'history-quarantined',
    severity: 'error',
    title: 'History file was damaged',
    body: `Moved to ${path}. A new history was started. (${reason})`,
    dismissible: true,
  });
}

function showLostNotice(notices: Notices, lost: LostFile): void {
  const { path, what, aside, isSaved } = lost;
  const kept = isSaved ? `It was saved again as ${basename(path)}, with what could be read.` : 'It could not be read: earlier data is lost.';
  const other = aside === null ? '' : ` The other file was kept as ${basename(aside)}; restore it in Settings to use it.`;
  notices.put({ id: 'history-replaced', severity: 'warning', title: `${fileLossText(what)} while in use`, body: `${kept}${other} Quit Traywatch before you move or replace the file.`, dismissible: true });
}

function showHealthNotice(notices: Notices, path: string, health: StoreHealth): void {
  if (health.state === 'ok') {
    notices.drop(FAILING_NOTICE);
    return;
  }
  notices.put({
    id: FAILING_NOTICE,
    severity: 'error',
    title: 'Can’t save history',
    body: `${path}: ${health.message}. New data stays in memory until saving works again.`,
    dismissible: false,
  });
}

/** Notice once a family has more devices than are kept, and each time that history was removed for it. */
function reportDeviceLimit(notices: Notices, log: Log, { family, limit, removed }: LimitReached): void {
  const plural = isFamilyId(family) ? familyOf(family).device.plural : family;
  log.info(removed > 0 ? 'history of devices that are gone was removed' : 'new devices are not stored', { family, limit, removed });
  const body =
    removed > 0
      ? `More have come and gone than are kept (${limit}). The history of the ${removed} that were gone for longest was removed.`
      : `More than ${limit} have come and gone. New ones are shown and not stored until the oldest have been removed, within two days.`;
  notices.put({ id: `device-limit-${family}`, severity: 'info', title: `${plural}: not all are kept in the history`, body, dismissible: true });
}

const MB = 1_000_000;

/** The retention limits of the settings. */
export function historyLimits({ keepDays, maxHistoryMb }: Pick<Settings, 'keepDays' | 'maxHistoryMb'>): RetentionLimits {
  return { keepDays, maxBytes: maxHistoryMb === null ? null : maxHistoryMb * MB };
}

/** Opens the history. A file that must not be changed (of a newer version, say) is left alone; the history is then in memory only. */
export function openHistory(parts: OpenHistoryParts): OpenedHistory {
  const { path, notices, log, onEvent, onIncident, onRenamed, eventLimits, compact } = parts;
  let current: Store | null = null;
  // Events that occur while the store opens are recorded once it is open.
  const early: EventInput[] = [];
  const record = (event: EventInput): void => {
    if (parts.record !== undefined) parts.record(event);
    else if (current === null) early.push(event);
    else recordIn(current.activity, parts, event);
  };
  const reportQuarantine = (quarantined: Quarantined): void => {
    showQuarantineNotice(notices, quarantined);
    record(quarantinedEvent(quarantined));
  };
  const open = (file: string): ReturnType<typeof openStore> =>
    openStore({
      path: file,
      clock: parts.clock,
      log: log.scoped('store'),
      keepDays: parts.limits.keepDays,
      ...(parts.limits.maxBytes === null ? {} : { maxBytes: parts.limits.maxBytes }),
      onHealth: (health) => showHealthNotice(notices, path, health),
      onQuarantined: reportQuarantine,
      onLogRefused: () => notices.put(NO_WAL_NOTICE),
      onRetentionJump: (jump) => record(retentionMovedEvent(jump)),
      onFileLost: (lost) => {
        showLostNotice(notices, lost);
        record(fileLostEvent(lost));
      },
      onDeviceLimit: (reached) => reportDeviceLimit(notices, log, reached),
      ...(onRenamed === undefined ? {} : { onRenamed }),
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
    early.forEach(record);
    return { store, path };
  } catch (error) {
    if (!(error instanceof StoreOpenError)) throw error;
    log.error('the history file is left unchanged; the history is in memory only', { path, reason: error.message });
    notices.put({
      id: 'history-refused',
      severity: 'error',
      title: 'History is not being saved',
      body: `${error.message} The file was not touched. Update Traywatch, or move the file away and start again.`,
      dismissible: false,
    });
    return { store: open(':memory:').store, path: null };
  }
}
