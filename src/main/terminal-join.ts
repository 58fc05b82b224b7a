/** Reporting to a hub, told on the terminal: joining by the command line, and what becomes of it. */
import type { Caller } from '../shared/api/dispatch';
import type { Reporting } from '../shared/machines/machine-schemas';
import { messageOf } from '../shared/result';
import type { Core } from './core/core';
import type { JoinOptions } from './join-options';

type Print = (line: string) => void;

/** What a state is worth saying; null for nothing. */
function toLine(state: Reporting): string | null {
  if (state.state === 'joining') return `Waiting until somebody approves this machine at ${state.hub}.`;
  if (state.state === 'reporting' || state.state === 'catchingUp') return `Reports to ${state.hub}.`;
  if (state.state === 'refused') return `Nothing is reported to ${state.hub}. ${state.reason ?? ''}`.trim();
  if (state.state === 'retrying' && state.reason !== null) return `${state.hub} cannot be reached; it is tried again. ${state.reason}`;
  return null;
}

/** Prints what becomes of reporting, each state once in a row. */
export function printReporting({ machines: { report } }: Core, print: Print): void {
  let [printed, kind] = ['', ''];
  report.onChange((state) => {
    const line = toLine(state);
    // Why it cannot be reached may change with each try.
    if (line === null || line === printed || (kind === state.state && state.state === 'retrying')) return;
    [printed, kind] = [line, state.state];
    print(line);
  });
}

const sameHub = (state: Reporting, url: string): boolean => 'url' in state && URL.canParse(url) && new URL(state.url).host === new URL(url).host;

/** Joins the hub of the command line, unless this machine reports to it already: a service is started with the same options each time. `fail` is called with a sentence. */
export async function joinOnTerminal(core: Core, { url, code, fingerprint }: JoinOptions, caller: Caller, print: Print, fail: Print): Promise<void> {
  const { handlers, machines: { report } } = core;
  try {
    const now = await handlers.reporting(undefined as never, caller);
    if (sameHub(now, url)) return;
    const found = await handlers.joinHub({ url, code, fingerprint: null }, caller);
    if (found.state !== 'confirm') return;
    const { hostname } = await core.host();
    print(`This machine: ${hostname}\nHub: ${found.hub}\nIts certificate fingerprint (SHA-256): ${found.fingerprint}`);
    if (fingerprint === null) print('Compare it with the one that the hub shows. With --fingerprint=… only that certificate is believed.');
    let isJoining = true;
    report.onChange((state) => {
      if (!isJoining || state.state === 'joining') return;
      isJoining = false;
      if (state.state === 'off') fail(state.reason ?? 'The hub did not let this machine in.');
    });
    await handlers.joinHub({ url, code, fingerprint: fingerprint ?? found.fingerprint }, caller);
  } catch (error) {
    fail(messageOf(error));
  }
}
