/** Who may use a code from the terminal, without a desktop. */
import { expect, it } from 'vitest';
import { approveByCode, purposeOf } from '../../../src/main/approve-by-code';
import type { CodeRights } from '../../../src/main/approve-by-code';
import { openAccess } from '../../support/access';
import { askToReport, MACHINES } from '../../support/machines';

const [NAS = ''] = MACHINES;

function openHeadless(rights: CodeRights) {
  const harness = openAccess();
  const lines: string[] = [];
  approveByCode(harness.access, rights, (line) => lines.push(line));
  const pair = () => {
    const { pairing } = harness.access;
    const redeemed = pairing.redeem({ code: pairing.createCode('long').code }, 'Phone', '10.0.0.1');
    if (redeemed.kind !== 'pending') throw new Error(redeemed.kind);
    const claimed = harness.access.claim(redeemed.ticket.id, redeemed.ticket.ticket, '10.0.0.1');
    return claimed?.kind === 'ok' ? claimed.identity.role : null;
  };
  const join = () => {
    const { id, ticket } = askToReport(harness, NAS);
    return harness.access.machines.claim(id, ticket);
  };
  return { ...harness, lines, pair, join };
}

it('a browser with a code is approved at once, with the role of the command line', () => {
  const { pair, lines } = openHeadless({ pairAs: 'admin', acceptMachines: false });
  expect(pair()).toBe('admin');
  expect(lines).toEqual(['Approved as admin: Phone (10.0.0.1)']);
  expect(purposeOf({ pairAs: 'admin', acceptMachines: false })).toBe('admin, one browser');
});

it('a machine with a code is denied, and the terminal says what lets it join', () => {
  const { join, lines, access } = openHeadless({ pairAs: 'admin', acceptMachines: false });
  expect(join()).toEqual({ state: 'denied', token: null });
  expect(lines).toEqual(['Not approved: the machine nas (192.168.1.30) asked to report here. Start Traywatch with --accept-machines to let machines join with a code.']);
  expect(access.summary()).toMatchObject({ requests: [], devices: [] });
});

it('a machine is approved where the command line lets machines join; that a token is replaced is said', () => {
  const { join, pair, lines, access } = openHeadless({ pairAs: 'viewer', acceptMachines: true });
  expect(join()).toMatchObject({ state: 'approved' });
  expect(join()).toMatchObject({ state: 'approved' });
  expect(pair()).toBe('viewer');
  expect(lines).toEqual([
    'Approved: the machine nas (192.168.1.30) reports here',
    'Approved: the machine nas (192.168.1.30) reports here, with a new token: the one before ends',
    'Approved as viewer: Phone (10.0.0.1)',
  ]);
  expect(access.machines.list()).toHaveLength(1);
  expect(purposeOf({ pairAs: 'viewer', acceptMachines: true })).toContain('or one machine that reports here');
});
