/** Facts about the machine and the app that do not change while it runs. Strings are null when unknown. */
export interface HostInfo {
  readonly hostname: string;
  readonly os: string;
  readonly kernel: string;
  readonly arch: string;
  readonly cpuModel: string | null;
  readonly cores: number;
  readonly memoryTotal: number | null;
  /** Epoch milliseconds. */
  readonly bootTime: number | null;
  readonly appVersion: string;
  /** When this run of the app started, epoch milliseconds. */
  readonly startTime: number;
  /** Free word of the user's, seed of dashboards: production, staging, dev … */
  readonly environment: string;
  readonly runtime: string;
  readonly databasePath: string | null;
}
