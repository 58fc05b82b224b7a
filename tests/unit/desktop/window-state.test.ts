import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCallbackLog } from '../../support/log';
import { fitBounds } from '../../../src/main/desktop/bounds';
import { createWindowState } from '../../../src/main/desktop/window-state';

describe('fitBounds', () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1080 };
  const saved = { x: 100, y: 50, width: 1120, height: 780 };

  it('gives the stored bounds where they can be reached', () => {
    expect(fitBounds(saved, [screen])).toEqual(saved);
    expect(fitBounds({ ...saved, x: -900 }, [screen])).toEqual({ ...saved, x: -900 });
  });

  it('gives the size alone when the display is gone or the title bar is out of reach', () => {
    const size = { width: 1120, height: 780 };
    expect(fitBounds({ ...saved, x: 2500 }, [screen])).toEqual(size);
    expect(fitBounds({ ...saved, y: -300 }, [screen])).toEqual(size);
    expect(fitBounds({ ...saved, y: 1070 }, [screen])).toEqual(size);
    expect(fitBounds(saved, [])).toEqual(size);
  });

  it('gives nothing at a first start', () => expect(fitBounds(null, [screen])).toEqual({}));
});

describe('the window’s state', () => {
  let folder = '';
  const warnings: string[] = [];
  const log = createCallbackLog(({ message }) => warnings.push(message));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'traywatch-window-'));
    warnings.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is kept over a restart', () => {
    const path = join(folder, 'desktop.json');
    const window = { x: 1, y: 2, width: 800, height: 600, maximized: true };
    createWindowState(path, log).update({ window });
    expect(createWindowState(path, log).get()).toEqual({ window, noTrayNoticeShown: false });
  });

  it.each(['', '{', '[]', '{"window":{"x":1e99}}', '{"unknown":1}'])('is empty where its file is not valid, and replaces the file: %j', (text) => {
    const path = join(folder, 'desktop.json');
    writeFileSync(path, text);
    const state = createWindowState(path, log);
    expect(state.get()).toEqual({ window: null, noTrayNoticeShown: false });
    expect(warnings).toHaveLength(1);
    state.update({ noTrayNoticeShown: true });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ noTrayNoticeShown: true });
    expect(readdirSync(folder)).toEqual(['desktop.json']);
  });

  it('accepts the key of a file from before 0.1', () => {
    const path = join(folder, 'desktop.json');
    writeFileSync(path, '{"window":null,"toldNoTray":true}');
    expect([createWindowState(path, log).get(), warnings]).toEqual([{ window: null, noTrayNoticeShown: true }, []]);
  });

  it('keeps a change for this run where it cannot be written', () => {
    const blocked = join(folder, 'file');
    writeFileSync(blocked, '');
    const state = createWindowState(join(blocked, 'desktop.json'), log);
    state.update({ noTrayNoticeShown: true });
    expect(state.get().noTrayNoticeShown).toBe(true);
    expect(warnings).toHaveLength(1);
  });
});
