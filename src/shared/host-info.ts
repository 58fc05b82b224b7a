/** System information that does not change while the app runs. Null: unknown. */
export interface HostInfo {
  readonly hostname: string;
  readonly os: string;
  readonly kernel: string;
  readonly arch: string;
  /** Manufacturer and model of the machine. */
  readonly model: string | null;
  readonly cpuModel: string | null;
  readonly cores: number;
  /** Bytes. */
  readonly memoryTotal: number | null;
  /** Epoch milliseconds. */
  readonly bootTime: number | null;
  readonly appVersion: string;
  /** When this run of the app started, epoch milliseconds. */
  readonly startTime: number;
  /** Label set by the user: production, home … */
  readonly environment: string;
  readonly runtime: string;
  readonly databasePath: string | null;
}
