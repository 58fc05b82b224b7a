/** Whether Chromium's sandbox, which holds what runs in the window, is on. */

/**
 * - on: the processes of pages are sandboxed.
 * - partly: system calls are filtered, but the processes see those of the machine; or the other way round.
 * - off: they are not.
 * - unknown: the system does not tell.
 */
export type SandboxState = 'on' | 'partly' | 'off' | 'unknown';

/** The state in words. */
export const SANDBOX_LABELS: Readonly<Record<SandboxState, string>> = {
  on: 'On',
  partly: 'Partly on',
  off: 'Off: Traywatch was started without it',
  unknown: 'unknown',
};
