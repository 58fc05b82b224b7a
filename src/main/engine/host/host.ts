/** Types of the system information on the System page. */
import type { HostInfo } from '../../../shared/host-info';

/** The part that the app knows about itself. */
export type AppFacts = Pick<HostInfo, 'appVersion' | 'startTime' | 'environment' | 'runtime' | 'databasePath'>;

/** The part that is read from the system; the model is part of the inventory. */
export type SystemFacts = Omit<HostInfo, keyof AppFacts | 'hostname' | 'arch' | 'model'>;
