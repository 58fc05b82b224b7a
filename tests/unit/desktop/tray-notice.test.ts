import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTrayNotice } from '../../../src/main/desktop/tray-notice';
import { createWindowState } from '../../../src/main/desktop/window-state';
import { createCallbackLog } from '../../support/log';
import { createNotices } from '../../../src/main/timeline/notices';
import { settle } from '../../support/collectors';

function openDesktop({ hidden = false, isOpen = false, takesNotifications = true, isExplained = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-notice-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const windowState = createWindowState(join(folder, 'desktop.json'), createCallbackLog(() => undefined));
  const done: string[] = [];
  const world = { isOpen, takesNotifications };
  const start = () => {
    const notices = createNotices(() => 0, () => undefined);
    const onChange = createTrayNotice({
      notices,
      windowState,
      hidden,
      isExplained: () => isExplained,
      window: { isOpen: () => world.isOpen, open: () => done.push('window') },
      notify: (title) => {
        done.push(title);
        return Promise.resolve(world.takesNotifications);
      },
    });
    return { onChange, titles: () => notices.list().map(({ title }) => title) };
  };
  return { start, world, done };
}

describe('the notice of a missing tray', () => {
  it('opens the window where it is not open, and goes when the tray comes', () => {
    const { start, done } = openDesktop();
    const { onChange, titles } = start();
    onChange('waiting', 'no watcher');
    expect([titles(), done]).toEqual([[], []]);
    onChange('missing', 'no watcher');
    onChange('missing', 'no host');
    expect([titles(), done]).toEqual([['No system tray found'], ['window']]);
    onChange('present', '');
    expect(titles()).toEqual([]);
  });

  it('is left to the card of the first start where the window has it, and is no news afterwards', async () => {
    const { start, done } = openDesktop({ isExplained: true });
    const { onChange, titles } = start();
    onChange('missing', 'no watcher');
    expect([titles(), done]).toEqual([[], ['window']]);
    onChange('present', '');
    onChange('lost', 'no watcher');
    expect(titles()).toEqual(['The system tray is gone']);
    const hidden = openDesktop({ isExplained: true, hidden: true });
    hidden.start().onChange('missing', 'no watcher');
    await settle();
    expect(hidden.done).toEqual(['No system tray found']);
  });

  it('is one notification in a hidden start, and no window', async () => {
    const { start, done } = openDesktop({ hidden: true });
    const { onChange, titles } = start();
    onChange('missing', 'no watcher');
    onChange('missing', 'no host');
    await settle();
    expect([titles(), done]).toEqual([['No system tray found'], ['No system tray found']]);
  });

  it('is in the window where that was opened meanwhile, also in a hidden start', () => {
    const { start, done } = openDesktop({ hidden: true, isOpen: true });
    const { onChange, titles } = start();
    onChange('missing', 'no watcher');
    expect([titles(), done]).toEqual([['No system tray found'], []]);
  });

  it.each([true, false])('is shown once, not at every start (hidden: %s)', async (hidden) => {
    const { start, done } = openDesktop({ hidden });
    start().onChange('missing', 'no watcher');
    await settle();
    done.splice(0);
    const second = start();
    second.onChange('missing', 'no watcher');
    await settle();
    expect([second.titles(), done]).toEqual([[], hidden ? [] : ['window']]);
  });

  it('is shown again at the next start where the desktop refused the notification', async () => {
    const { start, done } = openDesktop({ hidden: true, takesNotifications: false });
    start().onChange('missing', 'no watcher');
    await settle();
    start().onChange('missing', 'no watcher');
    await settle();
    expect(done).toEqual(['No system tray found', 'No system tray found']);
  });

  it('is worth showing again on a desktop that had a tray in time, not on one whose tray is always late', async () => {
    const { start, done } = openDesktop({ hidden: true });
    const late = start();
    late.onChange('missing', 'no watcher');
    await settle();
    late.onChange('present', '');
    start().onChange('missing', 'no watcher');
    await settle();
    expect(done).toHaveLength(1);
    start().onChange('present', '');
    start().onChange('missing', 'no watcher');
    await settle();
    expect(done).toHaveLength(2);
  });

  it('says that a tray is gone, until it is back', () => {
    const { start, done } = openDesktop();
    const { onChange, titles } = start();
    onChange('present', '');
    onChange('lost', 'no watcher');
    expect([titles(), done]).toEqual([['The system tray is gone'], []]);
    onChange('present', '');
    expect(titles()).toEqual([]);
  });
});
