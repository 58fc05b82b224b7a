import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectTrayHost } from '../../../src/main/desktop/tray-host';
import type { TrayHost } from '../../../src/main/desktop/tray-host';
import { nextTrayState, startTrayWatch } from '../../../src/main/desktop/tray-watch';
import type { TrayState } from '../../../src/shared/tray-status';
import { FakeTime, settle } from '../../support/collectors';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

type Answer = TrayHost['state'] | 'throws';

/**
 * A desktop whose tray answers as `world` says. As Electron does it, an icon is in the tray only when the tray was there
 * when the icon was made; `registers` false stands for an icon that got none.
 */
async function openDesktop(first: Answer, { patience = MINUTE, registers = true }: { patience?: number; registers?: boolean } = {}) {
  const time = new FakeTime();
  const world = { answer: first, looks: 0, isRegistered: first === 'present' && registers, canAskForIcon: true };
  const created: number[] = [];
  const states: TrayState[] = [];
  const watch = startTrayWatch({
    timers: time,
    mono: time.mono,
    patience,
    detect: () => {
      world.looks += 1;
      return world.answer === 'throws' ? Promise.reject(new Error('no more processes')) : Promise.resolve({ state: world.answer, reason: world.answer });
    },
    isRegistered: () => Promise.resolve(world.canAskForIcon ? world.isRegistered : null),
    recreate: () => {
      created.push(time.mono());
      world.isRegistered = world.answer === 'present';
    },
    onChange: (state) => states.push(state),
  });
  // The first look is over before any time passes.
  await settle();
  return { time, world, created, states, watch };
}

describe('the watch for the tray', () => {
  it('makes the icon again when the tray comes after 20 seconds, as fake bus tools tell it, and starts nothing from then on', async () => {
    const time = new FakeTime();
    const started: string[] = [];
    let isThere = false;
    const states: TrayState[] = [];
    let created = 0;
    const host = {
      platform: 'linux' as const,
      env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/bus' },
      exists: () => true,
      exec: (program: string) => {
        started.push(program);
        const stderr = 'Error: GDBus.Error:org.freedesktop.DBus.Error.ServiceUnknown: no StatusNotifierWatcher';
        return Promise.resolve(isThere ? { code: 0, stdout: '(<true>,)', stderr: '', isMissing: false } : { code: 1, stdout: '', stderr, isMissing: false });
      },
    };
    const watch = startTrayWatch({
      timers: time,
      mono: time.mono,
      patience: MINUTE,
      detect: () => detectTrayHost(host),
      isRegistered: () => Promise.resolve(created > 0),
      recreate: () => {
        created += 1;
      },
      onChange: (state) => states.push(state),
    });
    await settle();
    await time.pass(20 * SECOND);
    expect([watch.state(), created, started.length]).toEqual(['waiting', 0, 4]);
    isThere = true;
    await time.pass(40 * SECOND);
    expect([watch.state(), created, states]).toEqual(['present', 1, ['waiting', 'present']]);
    const { length } = started;
    await time.pass(24 * HOUR);
    expect(started).toHaveLength(length);
  });

  it('looks ever more seldom for as long as the app runs, and finds a tray that comes after hours within a minute', async () => {
    const { time, world, created, states, watch } = await openDesktop('absent');
    await time.pass(MINUTE);
    expect([states, world.looks]).toEqual([['waiting', 'missing'], 6]);
    await time.pass(9 * HOUR);
    expect(world.looks).toBe(6 + 9 * 60);
    world.answer = 'present';
    await time.pass(MINUTE);
    expect([created.length, states, watch.state()]).toEqual([1, ['waiting', 'missing', 'present'], 'present']);
    await time.pass(HOUR);
    expect(world.looks).toBe(7 + 9 * 60);
  });

  it('leaves an icon alone that is in the tray', async () => {
    const { time, world, created, states } = await openDesktop('present');
    await time.pass(HOUR);
    expect([created, states, world.looks]).toEqual([[], ['present'], 1]);
  });

  it('gives an icon that is not in the tray yet one more look: the tray may have come between the icon and the first look', async () => {
    const late = await openDesktop('present', { registers: false });
    await late.time.pass(HOUR);
    expect([late.created.length, late.states, late.world.looks]).toEqual([1, ['present'], 2]);
    const slow = await openDesktop('present', { registers: false });
    slow.world.isRegistered = true;
    await slow.time.pass(HOUR);
    expect([slow.created, slow.world.looks]).toEqual([[], 2]);
  });

  it('makes the icon again after a look without a tray, where it cannot be asked whether it is there', async () => {
    const late = await openDesktop('absent');
    late.world.canAskForIcon = false;
    late.world.answer = 'present';
    await late.time.pass(HOUR);
    const usual = await openDesktop('present');
    usual.world.canAskForIcon = false;
    await usual.time.pass(HOUR);
    expect([late.created.length, usual.created.length]).toEqual([1, 0]);
  });

  it('goes on where the bus cannot be queried, and counts that as a tray: it neither says so nor lets a closed window quit', async () => {
    for (const answer of ['unknown', 'throws'] as const) {
      const { time, world, created, states, watch } = await openDesktop(answer);
      await time.pass(HOUR);
      expect([states, watch.state()]).toEqual([['unknown'], 'unknown']);
      world.answer = 'present';
      await time.pass(MINUTE);
      expect([created.length, watch.state()]).toEqual([1, 'present']);
    }
  });

  it('says that a tray is gone when it is asked to look, and that it is back; it never counts as missing', async () => {
    const { time, world, created, states, watch } = await openDesktop('present');
    world.answer = 'absent';
    await time.pass(HOUR);
    expect(states).toEqual(['present']);
    watch.look();
    await time.pass(HOUR);
    expect(states).toEqual(['present', 'lost']);
    // Electron registers the icon with the new panel by itself.
    world.answer = 'present';
    await time.pass(MINUTE);
    expect([states, created]).toEqual([['present', 'lost', 'present'], []]);
    const { looks } = world;
    await time.pass(HOUR);
    expect(world.looks).toBe(looks);
  });

  it('ends with the app, also in the middle of a look', async () => {
    const { time, world, created, states, watch } = await openDesktop('absent');
    world.answer = 'present';
    watch.look();
    watch.stop();
    await time.pass(HOUR);
    expect([created, states]).toEqual([[], ['waiting']]);
  });

  it('does not look twice at a time', async () => {
    const { time, world, watch } = await openDesktop('absent');
    for (let call = 0; call < 10; call += 1) watch.look();
    await time.pass(SECOND);
    // The first, and one of the ten.
    expect(world.looks).toBe(2);
  });

  it('whatever the tray does, the icon is in it within two minutes once it stays, and nothing more is started', async () => {
    const answers = fc.array(fc.constantFrom<Answer>('absent', 'present', 'unknown', 'throws'), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(answers, fc.boolean(), async (history, registers) => {
        const { time, world, watch } = await openDesktop(history[0] ?? 'absent', { registers });
        for (const answer of history) {
          world.answer = answer;
          // A panel that leaves takes the icon along; Electron registers it with the next one.
          if (answer === 'absent' && watch.state() === 'present') watch.look();
          await time.pass(20 * SECOND);
        }
        world.answer = 'present';
        await time.pass(2 * MINUTE);
        expect([watch.state(), world.isRegistered]).toEqual(['present', true]);
        const { looks } = world;
        await time.pass(HOUR);
        expect(world.looks).toBe(looks);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the state of the tray', () => {
  it('is missing only after the whole wait, and not any more once it was there', () => {
    const after = (state: TrayState, host: TrayHost['state'], waited = 0): TrayState => nextTrayState(state, { state: host }, waited, 7000);
    expect([after('unknown', 'absent'), after('waiting', 'absent', 6999), after('waiting', 'absent', 7000), after('missing', 'absent', 0)]).toEqual(['waiting', 'waiting', 'missing', 'missing']);
    expect([after('present', 'absent', 9000), after('lost', 'absent', 9000), after('lost', 'present', 9000)]).toEqual(['lost', 'lost', 'present']);
    expect([after('unknown', 'unknown', 9000), after('waiting', 'unknown', 9000), after('missing', 'present')]).toEqual(['unknown', 'waiting', 'present']);
  });
});
