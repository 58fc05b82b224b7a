import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCallbackLog } from '../../support/log';
import { fitBounds } from '../../../src/main/desktop/bounds';
import { createWindowState } from '../../../src/main/desktop/window-state';

describe('fitBounds', () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1080 };
  const saved = { x: 100, y: 50, width: 1120, height: 780 };

  it('puts the window back where it stood', () => {
    expect(fitBounds(saved, [screen])).toEqual(saved);
    expect(fitBounds({ ...saved, x: -900 }, [screen])).toEqual({ ...saved, x: -900 });
  });

  it('keeps the size alone when its display is gone or its title bar is out of reach', () => {
    const size = { width: 1120, height: 780 };
    expect(fitBounds({ ...saved, x: 2500 }, [screen])).toEqual(size);
    expect(fitBounds({ ...saved, y: -300 }, [screen])).toEqual(size);
    expect(fitBounds({ ...saved, y: 1070 }, [screen])).toEqual(size);
    expect(fitBounds(saved, [])).toEqual(size);
  });

  it('has nothing to say about a first start', () => expect(fitBounds(null, [screen])).toEqual({}));
});

describe('desktop memory', () => {
  let folder = '';
  const warnings: string[] = [];
  const log = createCallbackLog(({ message }) => warnings.push(message));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'traywatch-memory-'));
    warnings.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('remembers over a restart', () => {
    const path = join(folder, 'desktop.json');
    const window = { x: 1, y: 2, width: 800, height: 600, maximized: true };
    createWindowState(path, log).update({ window });
    expect(createWindowState(path, log).get()).toEqual({ window, noTrayNoticeShown: false });
  });

  it.each(['', '{', '[]', '{"window":{"x":1e99}}', '{"unknown":1}'])('forgets what is not valid: %j', (text) => {
    const path = join(folder, 'desktop.json');
    writeFileSync(path, text);
    const memory = createWindowState(path, log);
    expect(memory.get()).toEqual({ window: null, noTrayNoticeShown: false });
    expect(warnings).toHaveLength(1);
    memory.update({ noTrayNoticeShown: true });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ noTrayNoticeShown: true });
  });

  it('a folder that cannot be written keeps the change for this run', () => {
    const blocked = join(folder, 'file');
    writeFileSync(blocked, '');
    const memory = createWindowState(join(blocked, 'desktop.json'), log);
    memory.update({ noTrayNoticeShown: true });
    expect(memory.get().noTrayNoticeShown).toBe(true);
    expect(warnings).toHaveLength(1);
  });
});
