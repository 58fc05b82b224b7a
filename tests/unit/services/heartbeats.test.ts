/** Heartbeats over a real core: where jobs call, and what it means when they do not. */
import { describe, expect, it } from 'vitest';
import { hashSecret } from '../../../src/main/access/secrets';
import { BACKUP, createWorld, LISTENING, WEB } from '../../support/services';

describe('a heartbeat', () => {
  const token = (urls: readonly string[]): string => urls[0]?.split('/').at(-1) ?? '';
  const stateOf = async ({ call }: Pick<ReturnType<typeof createWorld>, 'call'>) => {
    const [status] = (await call('services', {})).services;
    return status === undefined ? null : [status.isUp, status.notMeasured, status.result?.text ?? null];
  };

  it('is told where to call, once, and only its hash is kept', async () => {
    const world = createWorld();
    await world.call('saveService', { service: BACKUP });
    const { urls } = await world.call('newHeartbeat', { id: 'backup-abcd' });
    expect(urls).toEqual([expect.stringMatching(/^https:\/\/box\.example:8543\/api\/heartbeat\/[\w-]{43}$/)]);
    expect(world.read('service-secrets.json')).not.toContain(token(urls));
    expect(world.read('service-secrets.json')).toContain(hashSecret(token(urls)));
    const next = await world.call('newHeartbeat', { id: 'backup-abcd' });
    const { services } = world.core().workloads;
    expect([await services.heartbeat(token(urls), null), await services.heartbeat(token(next.urls), null), await services.heartbeat('', null)]).toEqual([false, true, false]);
    await expect(world.call('newHeartbeat', { id: 'nothing' })).rejects.toThrow('NotFound');
  });

  it('is up after a call, down as soon as one is missed, and up with the next', async () => {
    const world = createWorld();
    await world.call('saveService', { service: BACKUP });
    const { urls } = await world.call('newHeartbeat', { id: 'backup-abcd' });
    const beat = (text: string | null) => world.core().workloads.services.heartbeat(token(urls), text);
    expect(await stateOf(world)).toEqual([null, 'pending', null]);
    await beat('12 files\u202E saved\n');
    expect(await stateOf(world)).toEqual([true, null, '12 files saved']);
    world.pass(90);
    expect(await stateOf(world)).toEqual([true, null, '12 files saved']);
    world.pass(1);
    expect(await stateOf(world)).toEqual([false, null, 'no call within 1 min 30 s']);
    await beat(null);
    expect(await stateOf(world)).toEqual([true, null, 'called in']);
  });

  it('that was never called is down after its time', async () => {
    const world = createWorld();
    await world.call('saveService', { service: BACKUP });
    world.pass(91);
    expect(await stateOf(world)).toMatchObject([false, null, expect.stringContaining('no call')]);
  });

  it('waits its time when it is set up late, switched on again, or its maintenance is over', async () => {
    const world = createWorld();
    await world.call('saveService', { service: WEB });
    world.pass(3600);
    await world.call('saveService', { service: BACKUP });
    await world.call('removeService', { id: 'shop-abcd' });
    expect(await stateOf(world)).toEqual([null, 'pending', null]);
    await world.call('saveService', { service: { ...BACKUP, enabled: false } });
    world.pass(3600);
    expect(await stateOf(world)).toEqual([null, 'disabled', null]);
    await world.call('saveService', { service: BACKUP });
    expect(await stateOf(world)).toEqual([null, 'pending', null]);
    world.pass(91);
    expect((await stateOf(world))?.[0]).toBe(false);
  });

  it('misses nothing while Traywatch does not run, and remembers the last call', async () => {
    const world = createWorld();
    await world.call('saveService', { service: BACKUP });
    const { urls } = await world.call('newHeartbeat', { id: 'backup-abcd' });
    await world.core().workloads.services.heartbeat(token(urls), 'done');
    world.restart();
    expect(await stateOf(world)).toEqual([true, null, 'done']);
    world.restart();
    world.pass(3600);
    world.restart();
    expect(await stateOf(world)).toEqual([null, 'pending', null]);
    world.pass(91);
    expect((await stateOf(world))?.[0]).toBe(false);
    expect(await world.core().workloads.services.heartbeat(token(urls), null)).toBe(true);
  });

  it('cannot be judged while nothing can call in, and waits its time after that', async () => {
    const world = createWorld();
    await world.call('saveService', { service: BACKUP });
    world.world.lan = { state: 'off' };
    world.pass(500);
    expect(await stateOf(world)).toEqual([null, 'unable', 'Sharing is off, so nothing can call in: turn it on on the Sharing page']);
    expect(await world.call('newHeartbeat', { id: 'backup-abcd' })).toEqual({ urls: [] });
    world.world.lan = LISTENING;
    expect(await stateOf(world)).toEqual([null, 'pending', null]);
    world.pass(91);
    expect((await stateOf(world))?.[0]).toBe(false);
  });
});
