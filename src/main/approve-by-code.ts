/**
 * Without a desktop nobody is asked: what redeems a code from the terminal is approved, since only a reader of the terminal
 * knows it. Other machines are, where the command line lets them: they write to this machine's disk from then on.
 */
import type { AccessControl } from './access/access-control';
import type { Role } from './access/identity';

/** What the command line says about who redeems a code. */
export interface CodeRights {
  /** The role of browsers. */
  readonly pairAs: Role;
  /** Whether machines may join, to report here. */
  readonly acceptMachines: boolean;
}

/** What a code is for, as it is printed. */
export function purposeOf({ pairAs, acceptMachines }: CodeRights): string {
  return acceptMachines ? `one browser as ${pairAs}, or one machine that reports here` : `${pairAs}, one browser`;
}

/** Decides about each request as it arrives, and prints the decision. */
export function approveByCode(access: Pick<AccessControl, 'pairing' | 'summary' | 'onChange'>, { pairAs, acceptMachines }: CodeRights, print: (line: string) => void): void {
  const { pairing } = access;
  access.onChange(() => {
    for (const { id, name, address, machine } of access.summary().requests) {
      // A decision is a change itself, and the requests after it may be decided by then.
      if (machine === undefined) {
        if (pairing.decide(id, pairAs) !== null) print(`Approved as ${pairAs}: ${name} (${address})`);
      } else if (pairing.decideMachine(id, acceptMachines ? 'report' : 'denied') !== null) {
        print(
          acceptMachines
            ? `Approved: the machine ${name} (${address}) reports here${machine.isKnown ? ', with a new token: the one before ends' : ''}`
            : `Not approved: the machine ${name} (${address}) asked to report here. Start Traywatch with --accept-machines to let machines join with a code.`,
        );
      }
    }
  });
}
