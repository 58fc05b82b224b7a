/** What the kernel says of programs that use a card, and the loads made from it. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cardLoads, clientKey, parseClient, processLoads } from '../../../../src/main/engine/collectors/gpu/drm-clients';
import type { DrmClient, DrmLook } from '../../../../src/main/engine/collectors/gpu/drm-clients';
import { gpuFixture } from '../../../support/gpu-tree';

const client = (name: string, pid: number, change: (text: string) => string = (text) => text): DrmClient => {
  const found = parseClient(change(gpuFixture(`fdinfo/${name}.txt`)), pid);
  if (found === null) throw new Error(`${name} is no client`);
  return found;
};
const look = (at: number, ...clients: readonly DrmClient[]): DrmLook => ({ at, clients: new Map(clients.map((one) => [clientKey(one), one])), leftOut: new Set() });

describe('a file of fdinfo', () => {
  it('tells a user of i915, its engines and how many there are of each', () => {
    const { card, id, engines } = client('i915', 7);
    expect([card, id]).toEqual(['0000:00:02.0', '11']);
    expect([...engines.keys()]).toEqual(['render', 'copy', 'video', 'video-enhance']);
    expect(engines.get('video')).toEqual({ busy: 1e9, total: null, capacity: 2 });
  });

  it('tells cycles beside all cycles with xe, and time with amdgpu', () => {
    expect(client('xe', 7).engines.get('ccs')).toEqual({ busy: 1_200_000, total: 9_600_000, capacity: 4 });
    expect(client('amdgpu', 7).engines.get('gfx')).toEqual({ busy: 22.9e9, total: null, capacity: 1 });
  });

  it('of anything else is none', () => {
    expect(parseClient('pos:\t0\nflags:\t02\nmnt_id:\t9\n', 1)).toBeNull();
    expect(parseClient('drm-driver:\tpanfrost\ndrm-client-id:\t2\n', 1)).toBeNull();
    fc.assert(fc.property(fc.string(), (text) => {
      expect(parseClient(text, 1)).toBeNull();
    }));
  });
});

describe('the load between two looks', () => {
  const before = look(0, client('i915', 7), client('xe', 8));
  const busier = (text: string): string => text.replace('4000000000 ns', '4600000000 ns').replace('1000000000 ns', '2000000000 ns');

  it('of a card is that of its busiest kind of engine, each by how many there are', () => {
    // Render was busy for 0.6 s of 1, and one of two engines for video all of it.
    expect([...cardLoads(before, look(1000, client('i915', 7, busier)))]).toEqual([['0000:00:02.0', 60]]);
  });

  it('needs no clock where cycles are told', () => {
    const after = client('xe', 8, (text) => text.replace('2400000', '3360000').replaceAll('9600000', '10800000'));
    expect(cardLoads(before, look(5, after)).get('0000:03:00.0')).toBeCloseTo(80, 9);
  });

  it('adds the users up, and never is more than 100 %', () => {
    const other = (text: string): string => text.replace('drm-client-id:\t11', 'drm-client-id:\t12');
    const both = look(0, client('i915', 7), client('i915', 9, other));
    const later = look(1000, client('i915', 7, busier), client('i915', 9, (text) => busier(other(text))));
    expect(cardLoads(both, later).get('0000:00:02.0')).toBe(100);
    expect([...processLoads(both, later)]).toEqual([[7, 60], [9, 60]]);
  });

  it('takes a counter that goes back for a moment as no use, and a new user from the next look on', () => {
    const less = client('i915', 7, (text) => text.replace('4000000000 ns', '3900000000 ns'));
    expect(cardLoads(before, look(1000, less)).get('0000:00:02.0')).toBe(0);
    expect(cardLoads(look(0), look(1000, client('i915', 7))).size).toBe(0);
  });

  it('is a share whatever is counted', () => {
    const uses = fc.array(fc.nat(1e12), { minLength: 3, maxLength: 3 });
    fc.assert(fc.property(uses, uses, fc.integer({ min: 1, max: 100_000 }), (first, second, ms) => {
      const at = (busy: readonly number[]): DrmClient => ({ card: 'c', id: '1', pid: 1, engines: new Map(busy.map((value, i) => [String(i), { busy: value, total: null, capacity: 1 }])) });
      const load = cardLoads(look(0, at(first)), look(ms, at(second))).get('c') ?? -1;
      expect(load >= 0 && load <= 100).toBe(true);
    }));
  });
});
