/** Names are looked up once at a time each: a lookup that hangs holds a thread. */
import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { joined, systemLookup } from '../../../../src/main/engine/probes/lookup';

describe('a lookup', () => {
  it('joins one of the same name, and begins anew when that is over', async () => {
    const asked: string[] = [];
    const answers: ((addresses: readonly LookupAddress[]) => void)[] = [];
    const lookup = joined((host) => (asked.push(host), new Promise((resolve) => answers.push(resolve))));
    const both = [lookup('a'), lookup('a')];
    void lookup('b');
    expect(asked).toEqual(['a', 'b']);
    answers[0]?.([{ address: '10.0.0.1', family: 4 }]);
    await expect(Promise.all(both)).resolves.toEqual([[{ address: '10.0.0.1', family: 4 }], [{ address: '10.0.0.1', family: 4 }]]);
    void lookup('a');
    expect(asked).toEqual(['a', 'b', 'a']);
  });

  it('that failed is not kept', async () => {
    let times = 0;
    const lookup = joined(() => Promise.reject(new Error(`failed ${(times += 1)}`)));
    await expect(lookup('a')).rejects.toThrow('failed 1');
    await expect(lookup('a')).rejects.toThrow('failed 2');
  });

  it('of the system knows this machine', async () => {
    const addresses = await systemLookup()('localhost');
    expect(addresses.map(({ address }) => address)).toEqual(expect.arrayContaining([expect.stringMatching(/^(127\.0\.0\.1|::1)$/)]));
  });
});
