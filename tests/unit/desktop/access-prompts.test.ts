import { EventEmitter } from 'node:events';
import type { NotificationConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { createAccessPrompts, accessPrompts } from '../../../src/main/desktop/access-prompts';
import type { PromptNotificationKind, AccessPromptParts } from '../../../src/main/desktop/access-prompts';
import type { PowerControlState } from '../../../src/shared/power/power-schemas';
import type { PairingRequest } from '../../../src/shared/sharing/access-schemas';

const request = (id: string, name = 'Phone'): PairingRequest => ({ id, name, address: '192.168.1.7', via: 'code', requestedAt: 0, expiresAt: 1 });
const IDLE: PowerControlState = { state: 'idle', outcome: null };
const counting: PowerControlState = { state: 'countdown', id: 'c1', action: 'reboot', by: 'anna', until: 0, left: 29_400 };

function openPrompts(abilities: Partial<AccessPromptParts['abilities']> = {}) {
  const made: (EventEmitter & { options: NotificationConstructorOptions; shown: boolean; closed: boolean })[] = [];
  class FakeNotification extends EventEmitter {
    shown = false;
    closed = false;
    constructor(readonly options: NotificationConstructorOptions) {
      super();
      made.push(this);
    }
    show(): void {
      this.shown = true;
    }
    close(): void {
      this.closed = true;
    }
  }
  const answers: unknown[] = [];
  const told = { opened: 0 };
  const prompts = createAccessPrompts({
    Notification: FakeNotification as unknown as PromptNotificationKind,
    abilities: { supported: true, actions: true, markup: false, ...abilities },
    onOpen: () => {
      told.opened += 1;
    },
    onAnswer: ({ id }, answer) => answers.push([id, answer]),
  });
  return { prompts, made, answers, told };
}

describe('questions at the door', () => {
  it('are shown once, and taken away when they are answered or lapse', () => {
    const { prompts, made } = openPrompts();
    prompts.show(accessPrompts([request('r1')], IDLE));
    prompts.show(accessPrompts([request('r1')], IDLE));
    prompts.show(accessPrompts([request('r1'), request('r2')], IDLE));
    expect(made.map(({ shown, closed }) => [shown, closed])).toEqual([[true, false], [true, false]]);
    prompts.show(accessPrompts([request('r2')], IDLE));
    expect(made.map(({ closed }) => closed)).toEqual([true, false]);
    prompts.close();
    expect(made.map(({ closed }) => closed)).toEqual([true, true]);
  });

  it('a click leads to the answer, a button gives it, and no button makes an admin', () => {
    const { prompts, made, answers, told } = openPrompts();
    prompts.show(accessPrompts([request('r1'), request('r2'), request('r3')], IDLE));
    made[0]?.emit('click');
    made[1]?.emit('action', { actionIndex: 0 }, 0);
    made[2]?.emit('action', {}, 1);
    expect([told.opened, answers]).toEqual([1, [['r2', 'viewer'], ['r3', 'denied']]]);
    expect(made.every(({ closed }) => closed)).toBe(true);
    expect(accessPrompts([request('r1')], counting).flatMap(({ actions }) => actions.map(({ answer }) => answer))).toEqual(['viewer', 'denied', 'cancel']);
  });

  it('a restart is asked about, and told of while it counts down', () => {
    const asked = accessPrompts([], { ...counting, state: 'pending' });
    expect(asked).toMatchObject([{ title: 'anna asks to restart this machine' }]);
    expect(accessPrompts([], counting)).toMatchObject([{ title: 'This machine restarts in 30 seconds' }]);
    expect(accessPrompts([], counting)[0]?.key).not.toBe(asked[0]?.key);
  });

  it('what a browser calls itself is text, where bodies are markup too', () => {
    const { prompts, made } = openPrompts({ markup: true, actions: false });
    prompts.show([{ key: 'k', id: 'r1', title: '<b>x</b>', body: 'From <i>there</i> & elsewhere', actions: [] }]);
    expect(made[0]?.options).toEqual({ title: '<b>x</b>', body: 'From &lt;i&gt;there&lt;/i&gt; &amp; elsewhere', urgency: 'critical' });
  });

  it('where nothing can be shown, nothing is', () => {
    const { prompts, made } = openPrompts({ supported: false });
    prompts.show(accessPrompts([request('r1')], counting));
    expect(made).toEqual([]);
  });
});
