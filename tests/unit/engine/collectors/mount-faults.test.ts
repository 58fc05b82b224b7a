import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { MountFaults } from '../../../../src/main/engine/collectors/mount-faults';
import { DiskMachine, FULL, ROOT, SPACE } from '../../../support/disk-machine';

const space = (used: number) => ({ total: 100, used, available: 100 - used, inodesTotal: null, inodesUsed: null });

describe('a mount that cannot be read', () => {
  const machine = new DiskMachine();
  afterAll(() => machine.remove());

  it('says since when, with the values it had, until it can be read again', async () => {
    const HOME = '26 25 8:2 / /home rw,relatime shared:2 - ext4 /dev/sda2 rw';
    machine.mount(ROOT, HOME);
    const failing = (path: string | Buffer) => {
      if (String(path) === '/home') throw Object.assign(new Error('i/o'), { code: 'EIO' });
      return SPACE;
    };
    const home = async () => Object.values((await machine.read()).devices).find(({ label }) => label === '/home');
    machine.mono = 1000;
    expect((await home())?.fault).toBeUndefined();
    machine.spaceOf = failing;
    for (const mono of [31_000, 61_000]) {
      machine.mono = mono;
      const device = await home();
      expect(device?.values.usage).toBeNull();
      expect(device?.fault).toMatchObject({ message: 'EIO', since: 31_000, last: { readAt: 1000, values: { usage: 44.4 } } });
    }
    machine.spaceOf = () => FULL;
    expect(await home()).toMatchObject({ values: { usage: 100 } });
    expect((await home())?.fault).toBeUndefined();
  });
});

it('of any sequence: since the first failure in a row, with the latest space before it; a mount that went is forgotten', () => {
  const steps = fc.array(fc.constantFrom('read', 'fail', 'gone'), { maxLength: 20 });
  fc.assert(
    fc.property(steps, (all) => {
      const faults = new MountFaults();
      all.forEach((step, at) => {
        const mounts = step === 'gone' ? [] : [{ point: '/a', detail: '', space: step === 'read' ? space(at) : null, media: null, fault: step === 'read' ? null : 'x' }];
        const [found] = faults.describe(mounts, at);
        if (step !== 'fail') return expect(found?.fault ?? null).toBeNull();
        const begin = all.slice(0, at).findLastIndex((one) => one !== 'fail');
        const readAt = all[begin] === 'read' ? begin : null;
        return expect(found?.fault).toEqual({ message: 'x', since: begin + 1, last: readAt === null ? null : { space: space(readAt), readAt } });
      });
    }),
  );
});
