/** What the pages of a running app complain about: console, uncaught errors, refusals of the content security policy. */
import type { ElectronApplication } from '@playwright/test';

/** Starts listening; call it before the window opens. Returns what was heard so far. */
export async function listenForComplaints(electron: ElectronApplication): Promise<() => string[]> {
  const heard: string[] = [];
  const context = electron.context();
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') heard.push(`${message.type()}: ${message.text()}`);
  });
  context.on('weberror', (error) => heard.push(`uncaught: ${error.error().message}`));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      // The console is the one channel that leads out of the page.
      console.error(`CSP ${event.violatedDirective}: ${event.blockedURI}`);
    });
  });
  return () => heard;
}
