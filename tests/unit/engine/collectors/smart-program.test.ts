/** smartctl as a program that is really started: one that answers, fails, hangs, prints rubbish, or is not there. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemTimers } from '../../../../src/main/engine/clock';
import { linuxHealth } from '../../../../src/main/engine/collectors/health.linux';
import { Drives } from '../../../../src/main/engine/collectors/smart';
import { NO_PROGRAMS } from '../../../support/programs';
import { execProgram } from '../../../../src/main/engine/programs/exec-program';
import { createPrograms } from '../../../../src/main/engine/programs/programs';
import type { Programs } from '../../../../src/main/engine/programs/programs';
import { deviceStateText } from '../../../../src/shared/metrics/device-state';
import { createFakeTree } from '../../../support/fake-tree';
import { machineDeps } from '../../../support/recorded-machine';

const ANSWERS = join(import.meta.dirname, '../../../fixtures/health/smartctl');
const HOUR = 3_600_000;

/** A stand-in for the deadline of half a minute: the real ones are cut to this. */
const DEADLINE = 500;

interface StandIn {
  readonly folder: string;
  readonly place: string;
  /** How it answers for a drive: shell commands. `answer` prints a recorded answer and ends with a status. */
  drive(path: string, commands: string): void;
  scan(commands: string): void;
  /** Its arguments, a line for each start. */
  started(): string[];
}

const answer = (name: string, status = 0): string => `cat '${join(ANSWERS, name)}.json'; exit ${status}`;
const listing = (...paths: readonly string[]): string => `echo '${JSON.stringify({ json_format_version: [1, 0], devices: paths.map((name) => ({ name, info_name: name, type: 'scsi', protocol: 'SCSI' })) })}'`;
const fileOf = (path: string): string => path.replaceAll('/', '_');

/** A program in a folder of its own that does for each drive what the test has written down. */
function createStandIn(): StandIn {
  const folder = mkdtempSync(join(tmpdir(), 'smartctl-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const place = join(folder, 'smartctl');
  writeFileSync(place, `#!/bin/sh\ncd '${folder}'\necho "$LC_ALL $*" >> started\nfor last; do :; done\ncase "$1" in --scan) . ./scan;; *) . "./$(echo "$last" | tr / _)";; esac\n`);
  chmodSync(place, 0o755);
  const put = (name: string, commands: string): void => writeFileSync(join(folder, name), `${commands}\n`);
  return {
    folder,
    place,
    drive: (path, commands) => put(fileOf(path), commands),
    scan: (commands) => put('scan', commands),
    started: () => (existsSync(join(folder, 'started')) ? readFileSync(join(folder, 'started'), 'utf8').trimEnd().split('\n') : []),
  };
}

/** Programs whose deadlines are short. */
function createShort(): Programs {
  const programs = createPrograms(execProgram, NO_PROGRAMS.follow, () => performance.now());
  onTestFinished(() => programs.close());
  return { ...programs, read: (program, args, timeout, how) => programs.read(program, args, Math.min(timeout, DEADLINE), how) };
}

function createDrives(standIn: StandIn, programs = createShort()) {
  let mono = 1;
  const deps = { clock: { now: () => 0, mono: () => mono, boot: () => 0 }, timers: systemTimers, programs };
  const drives = new Drives(deps, ['/nowhere/smartctl', standIn.place], (program) => `To permit it: … ${program}`);
  /** What is known once a round has ended: it begins at the first look, and the known devices change at its end. */
  const round = async () => {
    const before = JSON.stringify(drives.current());
    for (let left = 400; left > 0; left -= 1) {
      await new Promise((resolve) => setTimeout(resolve, 25));
      if (JSON.stringify(drives.current()) !== before) return drives.current();
    }
    throw new Error('nothing changed within ten seconds');
  };
  const states = () => drives.current().devices.map(({ label, state }) => `${label}: ${deviceStateText(state)}`);
  return { drives, round, states, pass: (ms: number) => void (mono += ms) };
}

describe('drives are asked', () => {
  it('one after another, in no language but C, with a fixed list of arguments, and not woken', async () => {
    const standIn = createStandIn();
    standIn.scan(answer('scan'));
    standIn.drive('/dev/sda', answer('sata-ssd'));
    standIn.drive('/dev/sdb', answer('standby', 2));
    standIn.drive('/dev/bus/0', answer('sas-hdd'));
    standIn.drive('/dev/nvme0', answer('nvme-failing', 8));
    const { round, states } = createDrives(standIn);
    const { devices, note } = await round();
    expect(states()).toEqual(['Example SATA SSD 1TB (sda): Healthy', 'sdb: Standby', 'EXAMPLE SAS4000 (0 megaraid,8): Healthy', 'Example NVMe 1TB (nvme0): Failing: it has little spare left']);
    expect(note).toBeNull();
    // The serial number is in no id.
    expect(devices.map(({ id }) => id)).toEqual([expect.stringMatching(/^drive:[0-9a-f]{8}$/), 'drive:sdb', expect.stringMatching(/^drive:[0-9a-f]{8}$/), expect.stringMatching(/^drive:[0-9a-f]{8}$/)]);
    const questions = 'C --json=c -n standby -i -H -A';
    expect(standIn.started()).toEqual(['C --scan --json=c', `${questions} /dev/sda`, `${questions} /dev/sdb`, `${questions} -d megaraid,8 /dev/bus/0`, `${questions} /dev/nvme0`]);
  });

  it('at most once an hour; one that fell asleep stays what it was, one that does not answer is unknown', async () => {
    const standIn = createStandIn();
    standIn.scan(listing('/dev/sda', '/dev/sdb'));
    standIn.drive('/dev/sda', answer('sata-hdd-pending', 64));
    standIn.drive('/dev/sdb', answer('sata-hdd'));
    const { drives, round, states, pass } = createDrives(standIn);
    const { devices: awake } = await round();
    expect(states()).toEqual(['Example HDD 2TB (sda): Has errors: 8 of its sectors cannot be read', 'Example HDD 4TB (sdb): Healthy']);
    pass(HOUR - 1);
    drives.current();
    expect(standIn.started()).toHaveLength(3);
    standIn.drive('/dev/sda', answer('standby', 2));
    standIn.drive('/dev/sdb', 'exit 2');
    pass(1);
    const { devices: asleep } = await round();
    expect(states()).toEqual(['Example HDD 2TB (sda): Standby', 'Example HDD 4TB (sdb): Unavailable: smartctl answered with nothing']);
    expect(asleep[0]).toMatchObject({ id: awake[0]?.id, values: { failing: 1, pending: 8, temperature: null } });
    expect(asleep[1]).toMatchObject({ id: awake[1]?.id, values: {} });
    // To find out its type again might wake a drive.
    expect(standIn.started().slice(4)).toEqual(['sda', 'sdb'].map((name) => `C --json=c -n standby -i -H -A -d sat /dev/${name}`));
  });

  it('and one that took the name of another has nothing of that, also where it does not answer', async () => {
    const standIn = createStandIn();
    standIn.scan(listing('/dev/sda', '/dev/nvme0'));
    standIn.drive('/dev/sda', answer('sata-hdd-pending', 64));
    standIn.drive('/dev/nvme0', answer('nvme'));
    const tree = createFakeTree({ 'sys/block/sda/device/wwid': 'naa.1', 'sys/class/nvme/nvme0/serial': 'S1' });
    let mono = 1;
    const collector = linuxHealth({ ...machineDeps('none', { root: tree.root, programs: createShort(), timers: systemTimers, clock: { now: () => 0, mono: () => mono, boot: () => 0 } }), driveHealth: () => true }, [standIn.place]);
    const told = async () => (await collector.read()).devices.map(({ label, state, values: { failing } }) => [label, state.code, failing]);
    await expect.poll(told).toEqual([['Example HDD 2TB (sda)', 'errors', 1], ['Example NVMe 1TB (nvme0)', 'healthy', 0]]);
    for (const drive of ['/dev/sda', '/dev/nvme0']) standIn.drive(drive, answer('standby', 2));
    mono += HOUR;
    await expect.poll(told).toEqual([['Example HDD 2TB (sda)', 'standby', 1], ['Example NVMe 1TB (nvme0)', 'standby', 0]]);
    tree.put({ 'sys/block/sda/device/wwid': 'naa.2', 'sys/class/nvme/nvme0/serial': 'S2' });
    mono += HOUR;
    await expect.poll(told).toEqual([['sda', 'standby', undefined], ['nvme0', 'standby', undefined]]);
    // Nor its type.
    expect(standIn.started().slice(-2).map((line) => line.includes(' -d '))).toEqual([false, false]);
  });

  it('again as ATA drives where they are behind a layer that smartctl does not see through, and the next time at once', async () => {
    const standIn = createStandIn();
    standIn.scan(listing('/dev/sda'));
    standIn.drive('/dev/sda', `case "$*" in *'-d sat'*) ${answer('sata-ssd-7.4')};; *) ${answer('behind-scsi', 2)};; esac`);
    const { round, states, pass } = createDrives(standIn);
    await round();
    expect(states()).toEqual(['Example SATA SSD 2TB (sda): Healthy']);
    expect(standIn.started().slice(1).map((line) => line.includes('-d sat'))).toEqual([false, true]);
    standIn.drive('/dev/sda', `case "$*" in *'-d sat'*) ${answer('behind-scsi-denied', 2)};; *) ${answer('behind-scsi', 2)};; esac`);
    pass(HOUR);
    await round();
    expect(standIn.started().slice(4).map((line) => line.includes('-d sat'))).toEqual([true]);
  });

  it('and what can be done is said once, however many may not be read', async () => {
    const standIn = createStandIn();
    standIn.scan(listing('/dev/sda', '/dev/sdb', '/dev/sdc', '/dev/sdd'));
    for (const drive of ['/dev/sda', '/dev/sdb']) standIn.drive(drive, answer('denied', 2));
    standIn.drive('/dev/sdc', answer('usb-bridge-unknown', 1));
    standIn.drive('/dev/sdd', answer('no-smart', 4));
    const { round, states } = createDrives(standIn);
    expect((await round()).note).toBe(`To permit it: … ${standIn.place}`);
    expect(states()).toEqual(['sda: Unavailable: not permitted', 'sdb: Unavailable: not permitted', 'sdc: Unavailable: smartctl does not know its USB adapter', 'sdd: Unavailable: it has no SMART']);
  });

  it('and a read waits for the answers of the first round, but not for long', async () => {
    const standIn = createStandIn();
    standIn.scan(answer('scan-none'));
    const quick = createDrives(standIn).drives;
    expect((await quick.soon()).note).toBe('Drives: smartctl finds none on this machine.');
    standIn.scan('sleep 30');
    const slow = createDrives(standIn, { ...createShort(), read: () => new Promise(() => undefined) }).drives;
    expect(await slow.soon()).toEqual({ devices: [], note: 'Drives: smartctl is asking them. The answers come within some minutes.' });
  });

  it('not at all where smartctl is not installed; it is looked for again', async () => {
    const standIn = createStandIn();
    rmSync(standIn.place);
    const { drives, pass } = createDrives(standIn);
    drives.current();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(drives.current()).toEqual({ devices: [], note: 'Drives: smartctl is not installed. It is in the package smartmontools.' });
    writeFileSync(standIn.place, `#!/bin/sh\n${answer('scan-none')}\n`);
    chmodSync(standIn.place, 0o755);
    pass(5 * 60_000);
    drives.current();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(drives.current().note).toBe('Drives: smartctl finds none on this machine.');
  });
});

function exists(pid: string): boolean {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}

/** The process ids that a stand-in wrote down and that still exist. */
const alive = (standIn: StandIn): string[] => (existsSync(join(standIn.folder, 'pids')) ? readFileSync(join(standIn.folder, 'pids'), 'utf8').trim().split('\n') : []).filter(exists);

describe('a smartctl that misbehaves', () => {
  const STOPPED = 'echo $$ >> pids; kill -STOP $$; exit 0';

  it('is ended after its deadline where it is stopped, the other drives are asked, and it is tried later', async () => {
    const standIn = createStandIn();
    standIn.scan(listing('/dev/sda', '/dev/sdb'));
    standIn.drive('/dev/sda', STOPPED);
    standIn.drive('/dev/sdb', answer('sata-hdd'));
    const { round, states, pass } = createDrives(standIn);
    await round();
    expect(states()).toEqual(['sda: Unavailable: smartctl was ended before it answered', 'Example HDD 4TB (sdb): Healthy']);
    expect(alive(standIn)).toEqual([]);
    standIn.drive('/dev/sda', answer('sata-ssd'));
    pass(HOUR);
    await round();
    expect(states()).toEqual(['Example SATA SSD 1TB (sda): Healthy', 'Example HDD 4TB (sdb): Healthy']);
  });

  it('delays no read: what is known is told at once', async () => {
    const standIn = createStandIn();
    standIn.scan(STOPPED);
    const collector = linuxHealth({ ...machineDeps('storage', { programs: createShort(), timers: systemTimers }), driveHealth: () => true }, [standIn.place]);
    const { devices } = await collector.read();
    expect(devices.map(({ id }) => id)).toContain('md:md0');
    expect(existsSync(join(standIn.folder, 'pids')) ? alive(standIn).length : 0).toBeLessThanOrEqual(1);
  });

  it('ends with the app, also where it is stopped', async () => {
    const standIn = createStandIn();
    standIn.scan(listing('/dev/sda'));
    standIn.drive('/dev/sda', STOPPED);
    const programs = createPrograms(execProgram, NO_PROGRAMS.follow, () => performance.now());
    const { drives } = createDrives(standIn, programs);
    drives.current();
    const until = async (isSo: () => boolean): Promise<void> => {
      for (let left = 400; left > 0 && !isSo(); left -= 1) await new Promise((resolve) => setTimeout(resolve, 25));
    };
    await until(() => alive(standIn).length > 0);
    expect(alive(standIn)).toHaveLength(1);
    programs.close();
    await until(() => alive(standIn).length === 0);
    expect(alive(standIn)).toEqual([]);
  });

  it.each([
    ['prints rubbish', 'echo "smartctl: cannot open shared object file"; exit 127', 'the answer of smartctl cannot be read'],
    ['prints megabytes', 'head -c 3000000 /dev/zero | tr "\\0" "["; exit 0', 'the answer of smartctl cannot be read'],
    ['prints without end', 'yes', 'smartctl was ended before it answered'],
    ['prints half an answer', `head -c 300 '${join(ANSWERS, 'nvme.json')}'`, 'the answer of smartctl cannot be read'],
    ['ends itself', 'kill -SEGV $$', 'smartctl was ended before it answered'],
  ])('leaves its drive unknown where it %s', async (_, commands, reason) => {
    const standIn = createStandIn();
    standIn.scan(listing('/dev/sda', '/dev/sdb'));
    standIn.drive('/dev/sda', commands);
    standIn.drive('/dev/sdb', answer('usb-bridge', 4));
    const { round, states } = createDrives(standIn);
    await round();
    expect(states()).toEqual([`sda: Unavailable: ${reason}`, 'Example Portable 5TB (sdb): Healthy']);
  });

  it('that lists nothing readable is said so; drives stay, and their values are unknown until it does', async () => {
    const standIn = createStandIn();
    const RUBBISH = 'echo rubbish';
    standIn.scan(RUBBISH);
    const { round, states, pass } = createDrives(standIn);
    const note = 'Drives: the list of drives that smartctl gives cannot be read.';
    expect(await round()).toEqual({ devices: [], note });
    standIn.scan(listing('/dev/sda'));
    standIn.drive('/dev/sda', answer('sata-hdd-pending', 64));
    pass(HOUR);
    const [before] = (await round()).devices;
    standIn.scan(RUBBISH);
    pass(HOUR);
    const lost = await round();
    expect(lost).toMatchObject({ devices: [{ id: before?.id, label: 'Example HDD 2TB (sda)' }], note });
    expect([states(), lost.devices[0]?.values]).toEqual([['Example HDD 2TB (sda): Unavailable: the list of drives that smartctl gives cannot be read'], {}]);
    standIn.scan(listing('/dev/sda'));
    standIn.drive('/dev/sda', answer('standby', 2));
    pass(HOUR);
    expect((await round()).devices[0]).toMatchObject({ state: { code: 'standby' }, values: { failing: 1 } });
  });
});

describe('a machine on which drives are not to be asked', () => {
  it.each([
    ['the setting is off', { driveHealth: (): boolean => false }],
    ['it is made up', { driveHealth: (): boolean => true, demo: { hostname: 'demo', own: { platform: 'linux', root: '/' } } }],
  ] as const)('starts no program: %s', async (_, own) => {
    const standIn = createStandIn();
    standIn.scan(answer('scan'));
    const collector = linuxHealth(machineDeps('storage', { programs: createShort(), timers: systemTimers, ...own }), [standIn.place]);
    for (let reads = 0; reads < 3; reads += 1) await collector.read();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(standIn.started()).toEqual([]);
  });
});
