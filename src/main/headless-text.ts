/** Text for the terminal of the app without a desktop. Pure. */

/** How to get another pairing code. A program of Windows that has no console gets neither signals nor lines typed there. */
export function newCodeHint(platform: NodeJS.Platform, pid: number): string {
  return platform === 'win32' ? `New code: end Traywatch (taskkill /pid ${pid} /f) and start it again` : `New code: kill -HUP ${pid}`;
}
