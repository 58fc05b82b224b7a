/** The pipeline of a machine that reports here: hub, history and timeline, of the same parts as this machine's own. */
import { join } from 'node:path';
import type { Incident } from '../../shared/alerts/incident';
import type { ActivityEvent, EventInput } from '../../shared/timeline/event-schemas';
import type { MachineSettings } from '../../shared/machines/machine-schemas';
import type { Clock, Timers } from '../engine/clock';
import { createHub } from '../engine/hub';
import type { Hub } from '../engine/hub';
import type { Log } from '../engine/log';
import type { RetentionLimits } from '../engine/store/jobs/retention';
import type { Store } from '../engine/store/store-types';
import { createGapQuery } from '../history/gap-query';
import type { GapQuery } from '../history/gap-query';
import { createMaintenanceLoop } from '../history/maintenance-loop';
import { openHistory } from '../history/open-history';
import { createNotices } from '../timeline/notices';

/** What a pipeline needs. */
export interface PipelineParts {
  /** Folder of the machine's files; created where missing. */
  readonly folder: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly settings: MachineSettings;
  /** Compacts a database file outside the event loop. */
  compact(path: string): Promise<void>;
  /** Writes an event about the file to this machine's own timeline: that of the other machine is a copy of its own. */
  record(event: EventInput): void;
  onEvent(event: ActivityEvent): void;
  onIncident(incident: Incident): void;
}

/** The parts of one machine. */
export interface Pipeline {
  readonly hub: Hub;
  readonly store: Store;
  readonly gaps: GapQuery;
  /** The database file; null where the history is in memory only. */
  readonly path: string | null;
  /** What is wrong with its history, as a sentence; null for nothing. */
  problem(): string | null;
  setLimits(settings: MachineSettings): void;
  close(): void;
}

const limitsOf = ({ keepDays, maxBytes }: MachineSettings): RetentionLimits => ({ keepDays, maxBytes });

/** Opens the history of a machine. Throws what openHistory throws. */
export function openPipeline(parts: PipelineParts): Pipeline {
  const { folder, clock, timers, log, settings, compact, record, onEvent, onIncident } = parts;
  const notices = createNotices(() => clock.now(), () => undefined);
  const hub = createHub((error) => log.error('a subscriber failed', { error }));
  const { store, path } = openHistory({ path: join(folder, 'history.sqlite'), clock, log, notices, limits: limitsOf(settings), record, onEvent, onIncident, compact });
  const gaps = createGapQuery({ store, path: () => path, pausedNow: () => null });
  const maintenance = createMaintenanceLoop(store, clock, timers);
  return {
    hub,
    store,
    gaps,
    path,
    problem() {
      const [notice] = notices.list();
      return notice === undefined ? null : `${notice.title}. ${notice.body}`;
    },
    setLimits: (changed) => store.setLimits(limitsOf(changed)),
    close() {
      maintenance.stop();
      store.close();
    },
  };
}
