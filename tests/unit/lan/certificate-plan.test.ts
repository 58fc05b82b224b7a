/** The self-signed certificate when its file or the clock is wrong: a client that has accepted it must not have to do so again. */
import * as fc from 'fast-check';
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCallbackLog } from '../../support/log';
import type { LocalHost } from '../../../src/main/access/addresses';
import { checkKeyPair, createCertificate } from '../../../src/main/lan/certificate';
import { loadSelfSignedCertificate } from '../../../src/main/lan/certificate-file';
import type { LoadedCertificate } from '../../../src/main/lan/certificate-file';
import { planCertificate } from '../../../src/main/lan/certificate-plan';
import type { DescribedPair, StoredCertificate } from '../../../src/main/lan/certificate-plan';
import { createFolder, ODD_FILES, putLinked } from '../../support/odd-files';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 4, 1);
const machineAt = (...addresses: string[]): LocalHost => ({
  hostname: 'box',
  addresses: addresses.map((address) => ({ address, interface: 'eth0', family: 4, loopback: false, linkLocal: false })),
});
const HOME = machineAt('192.168.1.5');

function createPlace() {
  const folder = createFolder();
  const file = join(folder, 'lan-certificate.pem');
  const lines: string[] = [];
  const log = createCallbackLog(({ level, message }) => lines.push(`${level} ${message}`));
  const load = (active: LoadedCertificate | null = null, now = NOW, at = HOME): Promise<LoadedCertificate> => loadSelfSignedCertificate({ folder, now: () => now, log }, at, active);
  return { folder, file, lines, load, names: () => readdirSync(folder) };
}

/** Puts something in the way of writing that root cannot write through either. */
function block(file: string): () => void {
  mkdirSync(join(`${file}.tmp`, 'in the way'), { recursive: true });
  return () => rmSync(`${file}.tmp`, { recursive: true });
}

describe('the self-signed certificate', () => {
  it.each([-2, -400, -20_000])('is kept, key and file, where the clock was set %i days back, and says so', async (days) => {
    const { file, load, names } = createPlace();
    const first = await load();
    const bytes = readFileSync(file);
    const back = await load(null, NOW + days * DAY, machineAt('10.0.0.9'));
    expect([back.cert, back.key]).toEqual([first.cert, first.key]);
    expect(back.problem).toMatch(/clock says \d{4}-.*valid from 2026-04-30\. The certificate is kept/);
    expect([readFileSync(file), names()]).toEqual([bytes, ['lan-certificate.pem']]);
    expect((await load(back)).problem).toBeNull();
  });

  it.each(ODD_FILES)('is not replaced where its file is $name: there is no server before that is put right', async ({ put, named }) => {
    const { file, load, names } = createPlace();
    await put(file);
    const { ino } = lstatSync(file);
    await expect(load()).rejects.toThrow(named);
    await expect(load()).rejects.toMatchObject({ name: 'CertificateError' });
    expect(lstatSync(file).ino).toBe(ino);
    expect(names().filter((name) => /corrupt|tmp/.test(name))).toEqual([]);
  });

  it.each(ODD_FILES)('stays in use where $name takes the place of its file', async ({ put, named }) => {
    const { file, load } = createPlace();
    const first = await load();
    rmSync(file);
    await put(file);
    const { ino } = lstatSync(file);
    const now = await load(first);
    expect([now.cert, now.key, lstatSync(file).ino]).toEqual([first.cert, first.key, ino]);
    expect(now.problem).toMatch(named);
  });

  it('stays in use, and its file is left alone, while another program writes that', async () => {
    const { file, load, names } = createPlace();
    const first = await load();
    writeFileSync(file, first.key.slice(0, 40));
    const now = await load(first);
    expect([now.cert, names(), readFileSync(file, 'utf8')]).toEqual([first.cert, ['lan-certificate.pem'], first.key.slice(0, 40)]);
    expect(now.problem).toMatch(/is damaged: .* stays in use/);
    const other = await createCertificate({ names: ['localhost', 'box', 'box.local'], addresses: ['127.0.0.1', '::1', '192.168.1.5'] }, NOW);
    writeFileSync(file, other.key + other.cert);
    expect(await load(now)).toMatchObject({ cert: other.cert, problem: null });
  });

  it('is issued once more at most where the host name follows the network, to and fro', async () => {
    const { load, lines } = createPlace();
    const certificates = new Set<string>();
    for (const hostname of ['a.local', 'b.fritz.box', 'a.local', 'b.fritz.box', 'a.local']) {
      const loaded = await load(null, NOW, { ...HOME, hostname });
      certificates.add(loaded.cert);
      expect(loaded.facts.names).toContain(hostname);
    }
    expect([certificates.size, lines.filter((line) => line.includes('created')).length]).toEqual([2, 2]);
  });

  it('keeps the names of twenty earlier networks at most', async () => {
    const { load } = createPlace();
    let names: readonly string[] = [];
    for (let network = 0; network < 30; network += 1) names = (await load(null, NOW, { ...HOME, hostname: `host${network}.example` })).facts.names;
    expect([names.length, names.includes('host29.example'), names.includes('host0.example')]).toEqual([24, true, false]);
  });

  it('is saved again where its file was removed', async () => {
    const { file, load } = createPlace();
    const first = await load();
    rmSync(file);
    expect(await load(first)).toMatchObject({ cert: first.cert, problem: null });
    expect((await load()).cert).toBe(first.cert);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is served from memory where the disk is full at the first start, and saved as soon as there is room', async () => {
    const { file, load, names } = createPlace();
    const free = block(file);
    const first = await load();
    expect(first.problem).toMatch(/^The certificate cannot be saved: .*tried again every minute/);
    const second = await load(first);
    expect([second.cert, second.problem]).toEqual([first.cert, first.problem]);
    free();
    expect(await load(second)).toMatchObject({ cert: first.cert, problem: null });
    expect([names(), (await load()).cert]).toEqual([['lan-certificate.pem'], first.cert]);
  });

  it('that is due while the disk is full is renewed once, with its key, and saved later', async () => {
    const { file, load } = createPlace();
    const first = await load();
    const free = block(file);
    const office = machineAt('10.0.0.9');
    const second = await load(null, NOW, office);
    expect([second.key, second.cert === first.cert]).toEqual([first.key, false]);
    expect(second.problem).toMatch(/cannot be saved/);
    const third = await load(second, NOW + DAY, office);
    expect(third.cert).toBe(second.cert);
    free();
    expect((await load(third, NOW + DAY, office)).problem).toBeNull();
    expect((await load(null, NOW + DAY, office)).cert).toBe(second.cert);
  });

  it('behind a link is renewed behind it; one that is damaged there is not moved', async () => {
    const { file, load, lines } = createPlace();
    const other = createPlace();
    const first = await other.load();
    const target = putLinked(file, first.key + first.cert);
    const renewed = await load(null, NOW, machineAt('10.0.0.9'));
    expect([lstatSync(file).isSymbolicLink(), readFileSync(target, 'utf8'), renewed.key]).toEqual([true, renewed.key + renewed.cert, first.key]);
    writeFileSync(target, 'nonsense');
    await expect(load()).rejects.toThrow(/is damaged: .*could not be moved: it is a link/);
    expect([readFileSync(target, 'utf8'), lines.filter((line) => line.startsWith('error'))]).toEqual(['nonsense', []]);
  });

  it('with a byte order mark, or a temporary file that a crash left, is the same', async () => {
    const { file, load, names } = createPlace();
    const first = await load();
    writeFileSync(file, `\uFEFF${first.key}${first.cert}`);
    writeFileSync(`${file}.tmp`, first.key.slice(0, 20));
    const second = await load();
    expect([second.key, second.facts, names()]).toEqual([first.key, first.facts, ['lan-certificate.pem']]);
    expect(checkKeyPair(second, NOW)).toEqual(first.facts);
  });
});

type Event =
  | { readonly kind: 'clock'; readonly days: number }
  | { readonly kind: 'move'; readonly to: string }
  | { readonly kind: 'file'; readonly becomes: 'absent' | 'damaged' | 'unreadable' }
  | { readonly kind: 'disk'; readonly full: boolean }
  | { readonly kind: 'restart' };

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constant('clock' as const), days: fc.integer({ min: -30_000, max: 5000 }) }),
  fc.record({ kind: fc.constant('move' as const), to: fc.constantFrom('192.168.1.5', '10.0.0.9', '172.16.0.3') }),
  fc.record({ kind: fc.constant('file' as const), becomes: fc.constantFrom('absent' as const, 'damaged' as const, 'unreadable' as const) }),
  fc.record({ kind: fc.constant('disk' as const), full: fc.boolean() }),
  fc.record({ kind: fc.constant('restart' as const) }),
);

/** The plan carried out on a disk and with certificates that are made up. */
class Machine {
  stored: StoredCertificate = { kind: 'absent' };
  active: DescribedPair | null = null;
  now = NOW;
  address = '192.168.1.5';
  isFull = false;
  #made = 0;

  make(key: string | null, addresses: readonly string[]): DescribedPair {
    const cert = `certificate ${(this.#made += 1)}`;
    return { cert, key: key ?? `key ${this.#made}`, facts: { fingerprint: cert, validFrom: this.now - DAY, validTo: this.now + 800 * DAY, names: ['box'], addresses } };
  }

  take(one: Event): void {
    if (one.kind === 'clock') this.now += one.days * DAY;
    else if (one.kind === 'move') this.address = one.to;
    else if (one.kind === 'disk') this.isFull = one.full;
    else if (one.kind === 'restart') this.active = null;
    else this.stored = one.becomes === 'absent' ? { kind: 'absent' } : { kind: one.becomes, reason: 'x' };
  }
}

/** One check of the machine, with what must hold in each. */
function expectCheck(machine: Machine): void {
  const subject = { names: ['box'], addresses: [machine.address] };
  const before = machine.stored;
  let plan = planCertificate(machine.stored, machine.active, subject, machine.now);
  if (plan.action === 'replace') {
    expect([machine.active, machine.stored.kind]).toEqual([null, 'damaged']);
    machine.stored = { kind: 'absent' };
    plan = planCertificate(machine.stored, null, subject, machine.now);
  }
  if (plan.action === 'refuse') {
    expect([machine.active, machine.stored.kind]).toEqual([null, 'unreadable']);
    return;
  }
  if (plan.action === 'replace') throw new Error('replaced twice');
  const pair = plan.action === 'use' ? plan.pair : machine.make(plan.key, [...subject.addresses, ...plan.also]);
  if (machine.active !== null) expect(pair.key).toBe(machine.active.key);
  if (before.kind === 'whole') expect(pair.key).toBe(before.pair.key);
  if (before.kind === 'unreadable' || (before.kind === 'damaged' && machine.active !== null)) expect(plan.save).toBe(false);
  if (plan.save && !machine.isFull) machine.stored = { kind: 'whole', pair };
  machine.active = pair;
}

describe('whatever happens to the certificate', () => {
  it('its key stays while there is one to read or to serve with, unknown files are not overwritten, and a second check changes nothing', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const machine = new Machine();
        for (const one of events) {
          machine.take(one);
          expectCheck(machine);
          const served = machine.active;
          expectCheck(machine);
          expect(machine.active?.cert).toBe(served?.cert);
        }
      }),
      { numRuns: 500 },
    );
  });
});
