/** Types of the systeminformation package: only the calls and fields that are used. */

/** The part of the package that is used; tests replace it with recorded results. */
export interface SystemInformation {
  system(): Promise<{ readonly manufacturer: string; readonly model: string }>;
  osInfo(): Promise<{ readonly release: string }>;
}

/** Loads the package when first needed: it is large, starts programs for its answers, and is unused on Linux. */
export type LoadSystemInformation = () => Promise<SystemInformation>;
