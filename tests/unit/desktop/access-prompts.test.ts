import { EventEmitter } from 'node:events';
import type { NotificationConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { createAccessPrompts, onRefusedPrompt, toAccessPrompts } from '../../../src/main/desktop/access-prompts';
import type { AccessPromptParts } from '../../../src/main/desktop/access-prompts';
import { abilitiesOf } from '../../../src/main/desktop/native-notification';
import type { NotificationConstructor } from '../../../src/main/desktop/native-notification';
import type { PowerControlState } from '../../../src/shared/power/power-schemas';
import type { PairingRequest } from '../../../src/shared/sharing/access-schemas';

const request = (id: string, name = 'Phone'): PairingRequest => ({ id, name, address: '192.168.1.7', via: 'code', requestedAt: 0, expiresAt: 1 });
const IDLE: PowerControlState = { state: 'idle', outcome: null };
const counting: PowerControlState = { state: 'countdown', id: 'c1', action: 'reboot', by: 'anna', until: 0, left: 29_400 };

function openPrompts(abilities: Partial<AccessPromptParts['abilities']> = {}, fails = false) {
  const made: (EventEmitter & { options: NotificationConstructorOptions; shown: boolean; closed: boolean })[] = [];
  class FakeNotification extends EventEmitter {
    shown = false;
    closed = false;
    constructor(readonly options: NotificationConstructorOptions) {
      super();
      made.push(this);
    }
    show(): void {
      if (fails) this.emit('failed', {}, '');
      else this.shown = true;
    }
    close(): void {
      this.closed = true;
    }
  }
  const decisions: unknown[] = [];
  const opened = { count: 0 };
  const refusals: string[] = [];
  const prompts = createAccessPrompts({
    Notification: FakeNotification as unknown as NotificationConstructor,
    abilities: { supported: true, actions: true, markup: false, ...abilities },
    onOpen: () => {
      opened.count += 1;
    },
    onRefused: (reason) => refusals.push(reason),
    onDecision: ({ id }, decision) => decisions.push([id, decision]),
  });
  return { prompts, made, decisions, opened, refusals };
}

describe('access prompts', () => {
  it('are shown once, and removed when their request is decided or expires', () => {
    const { prompts, made } = openPrompts();
    prompts.show(toAccessPrompts([request('r1')], IDLE));
    prompts.show(toAccessPrompts([request('r1')], IDLE));
    prompts.show(toAccessPrompts([request('r1'), request('r2')], IDLE));
    expect(made.map(({ shown, closed }) => [shown, closed])).toEqual([[true, false], [true, false]]);
    prompts.show(toAccessPrompts([request('r2')], IDLE));
    expect(made.map(({ closed }) => closed)).toEqual([true, false]);
    prompts.close();
    expect(made.map(({ closed }) => closed)).toEqual([true, true]);
  });

  it('of a machine offer no role', () => {
    const { prompts, made, decisions } = openPrompts();
    prompts.show(toAccessPrompts([{ ...request('r1', 'nas'), machine: { id: 'a1'.repeat(16), version: '1.2.3', isKnown: false } }], IDLE));
    expect(made[0]?.options).toMatchObject({ title: 'The machine “nas” wants to report here', actions: [{ text: 'Approve' }, { text: 'Deny' }] });
    made[0]?.emit('action', { actionIndex: 0 }, 0);
    expect(decisions).toEqual([['r1', 'report']]);
  });

  it('that the desktop refused are shown at the next change of the requests', () => {
    const { prompts, made, refusals } = openPrompts({}, true);
    prompts.show(toAccessPrompts([request('r1')], IDLE));
    prompts.show(toAccessPrompts([request('r1')], IDLE));
    expect([made.length, refusals]).toEqual([2, ['the desktop did not take it', 'the desktop did not take it']]);
    prompts.close();
  });

  it('stay on the screen until they are decided', () => {
    const [windows, linux] = (['win32', 'linux'] as const).map((platform) => {
      const { prompts, made } = openPrompts(abilitiesOf(platform, true));
      prompts.show(toAccessPrompts([request('r1')], IDLE));
      return made[0]?.options;
    });
    expect(windows).toMatchObject({ urgency: 'critical', timeoutType: 'never' });
    expect(linux).toMatchObject({ urgency: 'critical' });
    expect(linux).not.toHaveProperty('timeoutType');
  });

  it('that are refused open the window where a switch of the system forbids notifications', () => {
    const opened: string[] = [];
    const warned: string[] = [];
    for (const platform of ['linux', 'win32', 'darwin'] as const) onRefusedPrompt({ platform, log: { warn: (message) => warned.push(message) }, open: (path) => opened.push(`${platform} ${path}`) })('not allowed');
    expect([opened, warned.length]).toEqual([['win32 /sharing', 'darwin /sharing'], 3]);
  });

  it('open the page at a click; buttons decide, and none approves an admin', () => {
    const { prompts, made, decisions, opened } = openPrompts();
    prompts.show(toAccessPrompts([request('r1'), request('r2'), request('r3')], IDLE));
    made[0]?.emit('click');
    made[1]?.emit('action', { actionIndex: 0 }, 0);
    made[2]?.emit('action', {}, 1);
    expect([opened.count, decisions]).toEqual([1, [['r2', 'viewer'], ['r3', 'denied']]]);
    expect(made.every(({ closed }) => closed)).toBe(true);
    expect(toAccessPrompts([request('r1')], counting).flatMap(({ actions }) => actions.map(({ decision }) => decision))).toEqual(['viewer', 'denied', 'cancel']);
  });

  it('ask about a restart, and show its countdown', () => {
    const requested = toAccessPrompts([], { ...counting, state: 'pending' });
    expect(requested).toMatchObject([{ title: 'anna wants to restart this machine' }]);
    expect(toAccessPrompts([], counting)).toMatchObject([{ title: 'Restarting in 30 seconds' }]);
    expect(toAccessPrompts([], counting)[0]?.key).not.toBe(requested[0]?.key);
  });

  it('escape the name of a browser where the body is markup', () => {
    const { prompts, made } = openPrompts({ markup: true, actions: false });
    prompts.show([{ key: 'k', id: 'r1', title: '<b>x</b>', body: 'From <i>there</i> & elsewhere', actions: [] }]);
    expect(made[0]?.options).toEqual({ title: '<b>x</b>', body: 'From &lt;i&gt;there&lt;/i&gt; &amp; elsewhere', urgency: 'critical' });
  });

  it('are not shown where notifications are not supported', () => {
    const { prompts, made } = openPrompts({ supported: false });
    prompts.show(toAccessPrompts([request('r1')], counting));
    expect(made).toEqual([]);
  });
});
