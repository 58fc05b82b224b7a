/** Facts about the machine and the app for the Host page. */
import type { HostInfo } from '../../../shared/host-info';

/** What only the app knows about itself. */
export type AppFacts = Pick<HostInfo, 'appVersion' | 'startTime' | 'environment' | 'runtime' | 'databasePath'>;

/** What the system is asked for. */
export type SystemFacts = Omit<HostInfo, keyof AppFacts | 'hostname' | 'arch'>;
