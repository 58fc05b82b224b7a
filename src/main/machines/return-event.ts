/** What is told of a machine that came back: whether it was the network, the program or the machine. Pure. */
import type { EventInput } from '../../shared/timeline/event-schemas';

/** How a machine came back; `silentFor` in ms, null where that is not known. */
export interface Return {
  readonly kind: 'network' | 'program' | 'reboot';
  readonly silentFor: number | null;
}

const MINUTE = 60_000;
/** Silence that is worth telling, ms. */
const TOLD = 2 * MINUTE;

const RETURNS: Readonly<Record<Return['kind'], { readonly type: string; readonly text: string }>> = {
  network: { type: 'machine_network', text: 'reports again: its network, or the way to it, was away' },
  program: { type: 'machine_program', text: 'reports again: Traywatch was started again there' },
  reboot: { type: 'machine_reboot', text: 'reports again: it was started again' },
};

/** The event of the hub's timeline. */
export function returnEvent({ kind, silentFor }: Return, id: string, name: string): EventInput {
  const { type, text } = RETURNS[kind];
  const after = silentFor === null || silentFor < TOLD ? '' : ` after ${Math.round(silentFor / MINUTE)} min`;
  return { type, message: `“${name}” ${text}${after}`, details: { machine: id } };
}
