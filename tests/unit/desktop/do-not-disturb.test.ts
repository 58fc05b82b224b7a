import { describe, expect, it } from 'vitest';
import { createDoNotDisturb } from '../../../src/main/desktop/do-not-disturb';

/** A desktop that answers some questions, named by a word of theirs. */
function createDesktop(answers: Record<string, string>, platform: NodeJS.Platform = 'linux') {
  const asked: string[] = [];
  const world = { answers, time: 0 };
  const isOn = createDoNotDisturb({
    platform,
    mono: () => world.time,
    exec: (program, args) => {
      const word = [program, ...args].findLast((each) => each in world.answers);
      asked.push(args.at(-1) ?? '');
      return Promise.resolve({ code: word === undefined ? 1 : 0, stdout: word === undefined ? '' : (world.answers[word] ?? ''), stderr: '', isMissing: false });
    },
  });
  return { isOn, asked, world };
}

describe('do not disturb', () => {
  it.each([
    [{ Inhibited: '(<true>,)' }, true],
    [{ Inhibited: '(<false>,)' }, false],
    [{ paused: '(<true>,)' }, true],
    [{ '/do-not-disturb': 'true\n' }, true],
    [{ 'show-banners': 'false\n' }, true],
    [{ 'show-banners': 'true\n' }, false],
    [{ Inhibited: 'nonsense' }, false],
    [{}, false],
  ])('is what the desktop says: %j', async (answers, expected) => {
    expect(await createDesktop(answers as Record<string, string>).isOn()).toBe(expected);
  });

  it('asks but the one that answered, and not again within seconds', async () => {
    const { isOn, asked, world } = createDesktop({ paused: '(<false>,)' });
    await Promise.all([isOn(), isOn()]);
    expect(asked).toEqual(['Inhibited', 'paused']);
    world.time = 6000;
    world.answers = { paused: '(<true>,)' };
    expect(await isOn()).toBe(true);
    expect(asked).toEqual(['Inhibited', 'paused', 'paused']);
    // Another server took its place.
    world.answers = { Inhibited: '(<true>,)' };
    world.time = 12_000;
    expect(await isOn()).toBe(false);
    world.time = 18_000;
    expect(await isOn()).toBe(true);
  });

  it('asks nobody on other systems', async () => {
    const { isOn, asked } = createDesktop({ Inhibited: '(<true>,)' }, 'darwin');
    expect([await isOn(), asked]).toEqual([false, []]);
  });
});
