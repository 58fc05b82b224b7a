import { describe, expect, it } from 'vitest';
import { createDoNotDisturb } from '../../../src/main/desktop/do-not-disturb';

/** A desktop that replies to some queries; `replies` maps a word of the command to its output. */
function createDesktop(replies: Record<string, string>, platform: NodeJS.Platform = 'linux') {
  const queried: string[] = [];
  const world = { replies, time: 0 };
  const isOn = createDoNotDisturb({
    platform,
    mono: () => world.time,
    exec: (program, args) => {
      const word = [program, ...args].findLast((each) => each in world.replies);
      queried.push(args.at(-1) ?? '');
      return Promise.resolve({ code: word === undefined ? 1 : 0, stdout: word === undefined ? '' : (world.replies[word] ?? ''), stderr: '', isMissing: false });
    },
  });
  return { isOn, queried, world };
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
  ])('is read from the desktop: %j', async (replies, expected) => {
    expect(await createDesktop(replies as Record<string, string>).isOn()).toBe(expected);
  });

  it('queries only the desktop that replied, and not again within seconds', async () => {
    const { isOn, queried, world } = createDesktop({ paused: '(<false>,)' });
    await Promise.all([isOn(), isOn()]);
    expect(queried).toEqual(['Inhibited', 'paused']);
    world.time = 6000;
    world.replies = { paused: '(<true>,)' };
    expect(await isOn()).toBe(true);
    expect(queried).toEqual(['Inhibited', 'paused', 'paused']);
    // Another notification server was started instead.
    world.replies = { Inhibited: '(<true>,)' };
    world.time = 12_000;
    expect(await isOn()).toBe(false);
    world.time = 18_000;
    expect(await isOn()).toBe(true);
  });

  it('queries nothing on other systems', async () => {
    const { isOn, queried } = createDesktop({ Inhibited: '(<true>,)' }, 'darwin');
    expect([await isOn(), queried]).toEqual([false, []]);
  });
});
