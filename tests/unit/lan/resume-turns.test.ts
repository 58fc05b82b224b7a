/** Turns for sending missed batches, and viewed families held without a stream: one identity cannot hold all. */
import { describe, expect, it } from 'vitest';
import { createViewedFamilyLeases } from '../../../src/main/lan/leases';
import { createResumeTurns, TURN_WAIT } from '../../../src/main/lan/stream/resume-turns';
import { FakeTime } from '../../support/collectors';

describe('turns for missed batches', () => {
  it('one identity has one turn, and others pass those that wait for it', async () => {
    const turns = createResumeTurns(2, new FakeTime());
    const begun: string[] = [];
    const begin = (identity: string, name: string): Promise<void> => turns.begin(identity).then((turn) => void begun.push(turn ? name : `${name} not`));
    const all = [begin('anna', 'anna 1'), begin('anna', 'anna 2'), begin('ben', 'ben 1'), begin('cleo', 'cleo 1')];
    await Promise.all([all[0], all[2]]);
    expect(begun).toEqual(['anna 1', 'ben 1']);
    turns.end('ben');
    await all[3];
    expect(begun).toEqual(['anna 1', 'ben 1', 'cleo 1']);
    turns.end('anna');
    await all[1];
    expect(begun).toEqual(['anna 1', 'ben 1', 'cleo 1', 'anna 2']);
  });

  it('whoever waits too long is told so, and takes no turn later', async () => {
    const time = new FakeTime();
    const turns = createResumeTurns(1, time);
    expect(await turns.begin('anna')).toBe(true);
    const late = turns.begin('ben');
    await time.pass(TURN_WAIT);
    expect(await late).toBe(false);
    const next = turns.begin('cleo');
    turns.end('anna');
    expect(await next).toBe(true);
  });
});

describe('viewed families without a stream', () => {
  it('one identity that names many tabs does not push out those of others', () => {
    const viewed = new Set<string>();
    const leases = createViewedFamilyLeases({ set: (caller) => void viewed.add(caller), drop: (caller) => void viewed.delete(caller) }, new FakeTime());
    leases.set('lan:ben:api', ['cpu']);
    for (let tab = 0; tab < 300; tab += 1) leases.set(`lan:anna:${tab}`, ['cpu']);
    expect(viewed.has('lan:ben:api')).toBe(true);
    expect([...viewed].filter((caller) => caller.startsWith('lan:anna:'))).toHaveLength(16);
  });
});
