/** Other machines: those that report here, and the hub that this one reports to. */
import type { Handlers } from '../../shared/api/dispatch';
import type { ViewedFamilies } from '../engine/viewed-families';
import { createMachineControl } from './machine-control';
import type { MachineControl, MachineControlParts, MachineHandlers } from './machine-control';
import { createReportControl } from './report-control';
import type { ReportControl, ReportControlParts, ReportHandlers } from './report-control';

/** The calls about other machines. */
export type OtherMachinesHandlers = MachineHandlers & ReportHandlers;

/** Both directions. */
export interface OtherMachines {
  readonly machines: MachineControl;
  readonly report: ReportControl;
  readonly handlers: OtherMachinesHandlers;
  /** The handlers that answer for the machine a call is about. */
  route(own: Handlers): Handlers;
  close(): void;
}

/** The viewed families of this machine; a caller that shows them, or has gone, looks at no other machine any more. */
export function leavingMachines(viewed: ViewedFamilies, machines: () => Pick<MachineControl, 'leave'>): ViewedFamilies {
  return {
    set(caller, families) {
      machines().leave(caller);
      viewed.set(caller, families);
    },
    drop(caller) {
      machines().leave(caller);
      viewed.drop(caller);
    },
  };
}

/** Creates both; neither does anything until a machine has joined here, or this one has joined a hub. */
export function createOtherMachines(parts: MachineControlParts & ReportControlParts): OtherMachines {
  const machines = createMachineControl(parts);
  const report = createReportControl(parts);
  return {
    machines,
    report,
    handlers: { ...machines.handlers, ...report.handlers },
    route: (own) => machines.route(own),
    close: () => {
      report.close();
      machines.close();
    },
  };
}
