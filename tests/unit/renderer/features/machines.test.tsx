import { describe, expect, it } from 'vitest';
import { draftOf, settingsOf } from '../../../../src/renderer/features/machines/machine-draft';
import { otherMachine, sameOn } from '../../../../src/renderer/features/machines/machine-address';
import { MachineCard } from '../../../../src/renderer/features/machines/machine-card';
import { groupsOf, inOrder, matching } from '../../../../src/renderer/features/machines/machine-order';
import { clockText, countsText, joinCommand, reportAgeText, stateText, versionText } from '../../../../src/renderer/features/machines/machine-text';
import { ReportingSection } from '../../../../src/renderer/features/settings/reporting-section';
import { hubUrl, reportText } from '../../../../src/renderer/features/settings/reporting-text';
import { RequestBanners, requestOrigin } from '../../../../src/renderer/features/sharing/request-banners';
import { parseRoute } from '../../../../src/renderer/lib/route';
import type { MachineSummary } from '../../../../src/shared/machines/machine-schemas';
import { THIS_MACHINE } from '../../../../src/shared/machines/this-machine';
import { idOf, madeUpMachines } from '../../../support/e2e/made-up-machines';
import { renderedHtml, renderedText } from '../../../support/rendered';

const NOW = Date.UTC(2026, 10, 30, 12);
const [own, ...others] = madeUpMachines(30, NOW);
const machine = (change: Partial<MachineSummary>): MachineSummary => ({ ...(others[0] as MachineSummary), worst: null, open: 0, state: 'live', ...change });
const named = (list: readonly MachineSummary[]): readonly string[] => list.map(({ name }) => name);

describe('the order of machines', () => {
  const list = [
    machine({ id: 'a', name: 'web-10' }),
    machine({ id: 'b', name: 'web-9' }),
    machine({ id: 'c', name: 'db', state: 'away' }),
    machine({ id: 'd', name: 'nas', worst: { severity: 'warning', title: 'Memory', path: '/' }, open: 1 }),
    machine({ id: 'e', name: 'build', worst: { severity: 'critical', title: 'Disk', path: '/' }, open: 1 }),
    machine({ id: 'f', name: 'laptop', state: 'asleep' }),
  ];

  it('has critical alerts first, then warnings, then machines that are away, and sleep is no concern', () => {
    expect(named(inOrder(list, undefined))).toEqual(['build', 'nas', 'db', 'laptop', 'web-9', 'web-10']);
  });

  it('is by name with numbers as numbers', () => {
    expect(named(inOrder(list, 'name'))).toEqual(['build', 'db', 'laptop', 'nas', 'web-9', 'web-10']);
  });

  it('finds every word in name, tags, system or alert', () => {
    expect(named(matching(list, 'WEB 10'))).toEqual(['web-10']);
    expect(named(matching(list, 'disk'))).toEqual(['build']);
    expect(matching(list, '  ')).toBe(list);
    expect(matching(list, 'web nas')).toEqual([]);
  });

  it('groups by the first tag, those without one last', () => {
    const tagged = (name: string, tags: readonly string[]) => machine({ name, settings: { name, tags, alwaysOn: false, silentMinutes: 5, keepDays: 1, maxBytes: null } });
    const groups = groupsOf([tagged('a', []), tagged('b', ['servers', 'office']), tagged('c', ['office']), own as MachineSummary]);
    expect(groups.map(({ tag, machines }) => [tag, named(machines)])).toEqual([['office', ['c']], ['servers', ['b']], [null, ['a', 'hub']]]);
  });
});

describe('text about machines', () => {
  it('says how far it is in catching up, and how old a report is, in steps', () => {
    expect(stateText({ state: 'catchingUp', behind: 7_200_000 })).toBe('Catching up, 2 h left');
    expect(stateText({ state: 'live', behind: 7_200_000 })).toBe('Live');
    expect([0, 14_999, 27_000, 65_000].map((age) => reportAgeText(age, false))).toEqual(['now', 'now', '25 s ago', '1 min ago']);
    expect(reportAgeText(3_600_000, true)).toBe('last report 1 h ago');
    expect(reportAgeText(-5000, false)).toBe('now');
  });

  it('says which version is older, and which clock is wrong', () => {
    expect(versionText({ version: '1.0.0', age: 'older' })).toBe('Traywatch 1.0.0, older than here');
    expect(clockText({ clockOff: -10_800_000 })).toBe('Clock 3 h behind');
    expect(clockText({ clockOff: null })).toBeNull();
    expect(countsText([machine({}), machine({ state: 'away', open: 2 })])).toBe('2 machines · 1 live · 1 with alerts');
  });

  it('has the command without the slash at the end of the address', () => {
    expect(joinCommand('https://192.168.1.4:8543/', '123456')).toBe('traywatch --headless --join https://192.168.1.4:8543 --code 123456');
  });
});

describe('a card', () => {
  const html = (change: Partial<MachineSummary>): string => renderedHtml(<MachineCard machine={machine(change)} canEdit />);

  it('opens its machine, and links its worst alert on that machine', () => {
    const card = html({ id: idOf(3), name: 'web-3', worst: { severity: 'critical', title: 'CPU usage', path: '/cpu?range=1h&incident=x' }, open: 3 });
    expect(card).toContain(`href="#/m/${idOf(3)}/"`);
    expect(card).toContain(`href="#/m/${idOf(3)}/cpu?range=1h&amp;incident=x"`);
    expect(card).toContain('+2');
    expect(card).toContain(`href="#/machines?edit=${idOf(3)}"`);
  });

  it('of this machine opens this machine and has no settings', () => {
    const card = html({ id: THIS_MACHINE, name: 'hub', settings: null });
    expect(card).toContain('href="#/"');
    expect(card).not.toContain('edit=');
  });

  it('shows what was last reported as old, and says why a machine is revoked', () => {
    const card = html({ state: 'revoked', problem: 'Its access was revoked.' });
    expect(card).toContain('data-old="true"');
    expect(card).toContain('Its access was revoked.');
    expect(html({})).not.toContain('data-old');
  });

  it('shows a missing value as missing', () => {
    const text = renderedText(<MachineCard machine={machine({ usage: { cpu: null, memory: 0, disk: 50 } })} canEdit={false} />);
    expect(text).toContain('CPU –');
    expect(text).toContain('Memory 0.0 %');
  });
});

describe('the same page of another machine', () => {
  const on = (address: string, id: string): string => sameOn(parseRoute(address), otherMachine(id));

  it('keeps family and range, and leaves device, moment and alert', () => {
    expect(on(`#/m/${idOf(1)}/cpu?range=1h&device=cpu0&at=5000&incident=x`, idOf(2))).toBe(`#/m/${idOf(2)}/cpu?range=1h`);
    expect(on(`#/m/${idOf(1)}/cpu?range=1h`, THIS_MACHINE)).toBe('#/cpu?range=1h');
  });

  it('is the Overview where that page is of one machine alone', () => {
    for (const address of ['#/settings', '#/processes', '#/sharing', '#/', '#/machines']) expect(on(address, idOf(2))).toBe(`#/m/${idOf(2)}/`);
    expect(on('#/alerts?rule=cpu-usage', idOf(2))).toBe(`#/m/${idOf(2)}/alerts`);
    expect(on('#/timeline', idOf(2))).toBe(`#/m/${idOf(2)}/timeline`);
  });
});

describe('the settings of a machine', () => {
  const settings = { name: 'web', tags: ['a', 'b'], alwaysOn: true, silentMinutes: 5, keepDays: 30, maxBytes: 50_000_000 } as const;

  it('are read as they were written', () => {
    expect(settingsOf(draftOf(settings))).toEqual({ settings, problems: {} });
    expect(settingsOf({ ...draftOf(settings), maxMegabytes: ' ' }).settings?.maxBytes).toBeNull();
    expect(settingsOf({ ...draftOf(settings), tags: ' x, ,y , x' }).settings?.tags).toEqual(['x', 'y']);
  });

  it('say what is wrong beside each field', () => {
    const { settings: none, problems } = settingsOf({ name: ' ', tags: 'a,b,c,d,e,f,g,h,i', alwaysOn: false, silentMinutes: '1', keepDays: 'x', maxMegabytes: '5' });
    expect(none).toBeNull();
    expect(Object.keys(problems)).toEqual(['name', 'tags', 'silentMinutes', 'keepDays', 'maxMegabytes']);
  });
});

describe('joining', () => {
  it('a machine that asks is approved without a role', () => {
    const request = { id: 'r', name: 'web-1', address: '10.0.0.7', via: 'code', requestedAt: NOW, expiresAt: NOW + 60_000, machine: { id: idOf(1), version: '0.1.0', isKnown: false } } as const;
    const shown = { sharing: { access: { pairingCode: null, requests: [request], devices: [], accounts: [], tokens: [], problem: null } } };
    const text = renderedText(<RequestBanners />, shown);
    expect(text).toContain('The machine “web-1” wants to report here.');
    expect(text).toContain('Approve');
    expect(text).not.toContain('viewer');
    expect(requestOrigin(request)).toBe('10.0.0.7 · Traywatch 0.1.0');
  });

  it('the address of a hub may lack its scheme', () => {
    expect(hubUrl(' laptop.local:8543/ ')).toBe('https://laptop.local:8543');
    expect(hubUrl('https://10.0.0.1:8543')).toBe('https://10.0.0.1:8543');
  });

  it('says when it reported last, and what is still to be sent', () => {
    expect(reportText({ reportedAt: null, behind: 0 }, NOW)).toBe('No report yet.');
    expect(reportText({ reportedAt: NOW - 5000, behind: 7_200_000 }, NOW)).toBe('Last report 5 s ago. 2 h of history still to be sent.');
  });

  it('waits for the state before it offers anything', () => {
    expect(renderedText(<ReportingSection />)).toBe('Report to another Traywatch Loading…');
  });
});
