/** Types of display.mjs for the end-to-end tests, which start their desktop with it. */
export interface Started {
  env: Record<string, string>;
  stop: () => Promise<void>;
}
export function startVirtualDisplay(options?: { geometry?: string }): Promise<Started>;
export function startSessionBus(env?: NodeJS.ProcessEnv): Promise<Started>;
