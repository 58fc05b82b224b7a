/** What stands in for Electron's app under plain Node: where the data is, and how the program ends. */
import { describe, expect, it } from 'vitest';
import { createQuitting } from '../../../src/main/node/quitting';
import { defaultUserData } from '../../../src/main/node/user-data';
import { formatRuntime } from '../../../src/main/core/runtime-versions';

describe('the user-data folder is that of the desktop app', () => {
  it.each([
    ['linux', {}, '/home/ada/.config/Traywatch'],
    ['linux', { XDG_CONFIG_HOME: '' }, '/home/ada/.config/Traywatch'],
    ['linux', { XDG_CONFIG_HOME: '/etc/ada' }, '/etc/ada/Traywatch'],
    ['darwin', { XDG_CONFIG_HOME: '/etc/ada' }, '/home/ada/Library/Application Support/Traywatch'],
    ['win32', { LOCALAPPDATA: '/local' }, '/local/Traywatch'],
    ['win32', {}, '/home/ada/AppData/Local/Traywatch'],
  ] as const)('%s, %j', (platform, env, folder) => {
    expect(defaultUserData(platform, env, '/home/ada')).toBe(folder);
  });
});

describe('quitting', () => {
  it('asks twice, then ends the process', () => {
    const seen: string[] = [];
    const app = createQuitting(() => seen.push('exit'));
    app.on('will-quit', () => seen.push('will'));
    app.on('before-quit', () => seen.push('before'));
    app.quit();
    expect(seen).toEqual(['before', 'will', 'exit']);
  });

  it('goes on where that is prevented, until it is asked again', () => {
    let exits = 0;
    let isBusy = true;
    const app = createQuitting(() => (exits += 1));
    app.on('will-quit', (event) => {
      if (isBusy) event.preventDefault();
    });
    app.quit();
    expect(exits).toBe(0);
    isBusy = false;
    app.quit();
    expect(exits).toBe(1);
  });
});

it('the runtime is named by what it is', () => {
  expect(formatRuntime({ node: '24.9.0' })).toBe('Node 24.9.0');
  expect(formatRuntime({ node: '24.9.0', electron: '45.4.1', chrome: '148.0' })).toBe('Electron 45.4.1, Node 24.9.0, Chromium 148.0');
});
