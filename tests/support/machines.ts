/** Machines that ask to report, as access control sees them. */
import type { AccessHarness } from './access';

/** Ids of machines. */
export const MACHINES = ['a1', 'b2', 'c3'].map((part) => part.repeat(16));

/** A machine redeems a new code; the ticket of its request. */
export function askToReport({ access }: Pick<AccessHarness, 'access'>, machine = MACHINES[0] ?? '', name = 'nas', address = '192.168.1.30') {
  const { code } = access.pairing.createCode();
  const redeemed = access.pairing.redeemFor({ id: machine, version: '1.2.3' }, code, name, address);
  if (redeemed.kind !== 'pending') throw new Error(`not pending: ${redeemed.kind}`);
  return redeemed.ticket;
}

/** A machine asks, is approved, and gets its token. */
export function joinMachine(harness: Pick<AccessHarness, 'access'>, machine = MACHINES[0] ?? '', name = 'nas') {
  const { id, ticket } = askToReport(harness, machine, name);
  harness.access.pairing.decideMachine(id, 'report');
  const token = harness.access.machines.claim(id, ticket)?.token ?? null;
  if (token === null) throw new Error('the approved machine got no token');
  return { token, id, ticket };
}
