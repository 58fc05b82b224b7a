/**
 * Updates of the packaged program, against a server on loopback that was written into the package: what it finds, and how it
 * replaces itself. It is told that it runs from an AppImage, whose runtime cannot be made here: everything else is real.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '../support/desktop';
import type { Desktop } from '../support/desktop';
import { documentOf, fileOf, startUpdateServer } from '../support/update-server';
import type { UpdateAnswer, UpdateServer } from '../support/update-server';
import { openSettings, packages, rootStep, sessionEnv } from './installed';
import type { ProgramWithPage } from './installed';

const VERSION = '99.1.0';
const PROGRAM = path.join(packages.unpacked, 'traywatch');
/** More than the small disk of the test holds. */
const NEW_IMAGE = Buffer.alloc(6_000_000, '#!/bin/sh\nexit 0\n');
const OLD_IMAGE = 'the AppImage that is installed';

let server: UpdateServer;
let home: string;
let isMounted = false;
test.beforeEach(async () => {
  server = await startUpdateServer(Number(new URL(packages.updatesUrl).port));
  home = fs.mkdtempSync(path.join(os.homedir(), 'image-'));
});
test.afterEach(async () => {
  await server.close();
  if (isMounted) await rootStep(`unmount-small ${path.join(home, 'cache')}`);
  isMounted = false;
  fs.rmSync(home, { recursive: true });
});

/** A program that takes itself for an AppImage. */
interface AppImage extends ProgramWithPage {
  readonly image: string;
  readonly cache: string;
}

/** Starts the program as an AppImage, on the updates of its settings. */
async function startImage(desktop: Desktop, cache = path.join(home, 'cache')): Promise<AppImage> {
  const image = path.join(home, 'Traywatch-0.1.0.AppImage');
  fs.writeFileSync(image, OLD_IMAGE, { mode: 0o755 });
  const env = { ...sessionEnv(desktop), APPIMAGE: image, APPDIR: packages.unpacked, XDG_CACHE_HOME: cache };
  return { image, cache, ...(await openSettings(PROGRAM, [`--user-data-dir=${path.join(home, 'data')}`], env)) };
}

/** Publishes a release whose AppImage is answered so. */
function publish(answer: UpdateAnswer, content = NEW_IMAGE, version = VERSION): void {
  const name = `Traywatch-${version}.AppImage`;
  server.answers.set('/stable.json', { kind: 'body', body: documentOf({ version, channel: 'stable', released: Date.now(), page: `${server.url}/page`, files: [fileOf(content, { name, url: `${server.url}/${name}`, kind: 'AppImage' })] }) });
  server.answers.set(`/${name}`, answer);
}

const whole: UpdateAnswer = { kind: 'body', body: NEW_IMAGE };

async function download({ page }: AppImage): Promise<void> {
  await page.click('Check now');
  await page.click('Download and install');
}

/** The files below a folder; empty where it is not there. */
function filesBelow(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name);
}

test('one click downloads, verifies and installs it for the next start, and leaves no id behind', async ({ desktop }, info) => {
  publish(whole);
  const app = await startImage(desktop);
  try {
    await download(app);
    await expect.poll(() => app.page.has('Restart now')).toBe(true);
    expect(fs.readFileSync(app.image).equals(NEW_IMAGE)).toBe(true);
    expect(fs.statSync(app.image).mode & 0o111).toBe(0o111);
    expect(fs.readdirSync(home).filter((name) => name.includes('AppImage'))).toEqual(['Traywatch-0.1.0.AppImage']);
    await app.page.screenshot(info.outputPath('ready.png'));
    const requests = server.requests.map(({ path: at, headers }) => ({ at, headers }));
    expect(requests.map(({ at }) => at)).toEqual(['/stable.json', `/Traywatch-${VERSION}.AppImage`]);
    for (const { headers } of requests) {
      expect(headers['x-user-staging-id']).toBeUndefined();
      expect([headers['accept-language'] ?? 'en', headers['user-agent']]).toEqual(['en', 'Traywatch']);
      expect(headers.cookie).toBeUndefined();
      expect(JSON.stringify(headers)).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    }
    expect(filesBelow(path.join(home, 'data'))).not.toContain('.updaterId');
  } finally {
    await app.stop();
  }
});

const failures: readonly (readonly [name: string, answer: () => UpdateAnswer, text: RegExp])[] = [
  ['of other content', () => ({ kind: 'body', body: Buffer.concat([NEW_IMAGE.subarray(1), Buffer.from('!')]) }), /was not what the developers released/],
  ['that is cut short', () => ({ kind: 'body', body: NEW_IMAGE.subarray(0, 1_000_000) }), /was not what the developers released/],
  ['that is longer', () => ({ kind: 'body', body: Buffer.concat([NEW_IMAGE, NEW_IMAGE]) }), /was not what the developers released/],
  ['whose connection ends half-way', () => ({ kind: 'cut', body: NEW_IMAGE, bytes: 1_000_000 }), /cannot be reached/],
  ['that leads to another file', () => ({ kind: 'redirect', to: `${server.url}/other.AppImage` }), /was not what the developers released/],
  ['that is not there', () => ({ kind: 'status', status: 404 }), /answered HTTP 404/],
];

test('a download that goes wrong leaves the installed program as it is, says why, and can be tried again', async ({ desktop }) => {
  server.answers.set('/other.AppImage', { kind: 'body', body: '#!/bin/sh\necho another program\n' });
  publish(whole);
  const app = await startImage(desktop);
  try {
    for (const [name, answer, text] of failures) {
      publish(answer());
      await download(app);
      await expect.poll(() => app.page.text(), { message: name }).toMatch(text);
      expect(fs.readFileSync(app.image, 'utf8'), name).toBe(OLD_IMAGE);
      expect(filesBelow(app.cache).filter((file) => file.endsWith('.AppImage')), name).toEqual([]);
    }
    // A server that stops half-way is left by Cancel.
    publish({ kind: 'stall', body: NEW_IMAGE, bytes: 1_000_000 });
    await download(app);
    await app.page.click('Cancel');
    await expect.poll(() => app.page.has('Download and install')).toBe(true);
    expect(fs.readFileSync(app.image, 'utf8')).toBe(OLD_IMAGE);
    publish(whole);
    await download(app);
    await expect.poll(() => app.page.has('Restart now')).toBe(true);
    expect(fs.readFileSync(app.image).equals(NEW_IMAGE)).toBe(true);
  } finally {
    await app.stop();
  }
});

test('an older version is not offered', async ({ desktop }) => {
  publish(whole, NEW_IMAGE, '0.0.1');
  const app = await startImage(desktop);
  try {
    await app.page.click('Check now');
    await expect.poll(() => app.page.text()).toMatch(/Version \S+ is up to date/);
    expect(await app.page.has('Download and install')).toBe(false);
  } finally {
    await app.stop();
  }
});

test('a full disk is said before anything is loaded, and nothing is changed', async ({ desktop }) => {
  const small = path.join(home, 'cache');
  fs.mkdirSync(small);
  const mounted = await rootStep(`mount-small ${small}`);
  isMounted = mounted.code === 0;
  test.skip(!isMounted, `a small disk cannot be mounted here: ${mounted.stderr}`);
  publish(whole);
  const app = await startImage(desktop, small);
  try {
    await download(app);
    await expect.poll(() => app.page.text()).toContain(`There is not enough room for the download in ${path.join(small, 'traywatch-updater')}`);
    expect(fs.readFileSync(app.image, 'utf8')).toBe(OLD_IMAGE);
    expect(server.requests.map(({ path: at }) => at)).toEqual(['/stable.json']);
  } finally {
    await app.stop();
  }
});
