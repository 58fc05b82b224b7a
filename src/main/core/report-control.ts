/** The calls about reporting to another Traywatch. */
import type { Handlers } from '../../shared/api/dispatch';
import { CallError } from '../../shared/result';
import type { Reporting } from '../../shared/machines/machine-schemas';

/** Calls about reporting. */
export type ReportHandlers = Pick<Handlers, 'reporting' | 'joinHub' | 'leaveHub'>;

/** Reporting, seen from the core. */
export interface ReportControl {
  readonly handlers: ReportHandlers;
  state(): Reporting;
  onChange(listener: (state: Reporting) => void): void;
  close(): void;
}

/** Creates it; off at first. */
export function createReportControl(): ReportControl {
  const state: Reporting = { state: 'off' };
  return {
    handlers: {
      reporting: () => state,
      joinHub: () => {
        throw new CallError('Unavailable', 'the hub does not answer');
      },
      leaveHub: () => state,
    },
    state: () => state,
    onChange: () => undefined,
    close: () => undefined,
  };
}
