/** What becomes of containers, told by events and by lists: deaths, stops, restarts, and what was missed. */
import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../../../src/main/engine/containers/engine-event';
import { Fates } from '../../../../src/main/engine/containers/fates';
import type { ContainerRecord, EngineKind, InspectedContainer } from '../../../../src/main/engine/containers/record';

const START = 1_796_081_400_000;

function container(state: ContainerRecord['state'], told: Partial<InspectedContainer> = {}): ContainerRecord {
  const inspected = { state, startedAt: START, finishedAt: null, exitCode: 0, restarts: 0, restartPolicy: 'no', pid: null, oomKilled: false, error: null, health: null, ...told };
  return { id: 'id', name: 'web', image: 'nginx', state, health: 'none', createdAt: START, labels: {}, ports: [], inspected };
}

/** One container, which runs at first. */
class Watched {
  readonly fates: Fates;
  record: ContainerRecord;
  time = START;

  constructor(kind: EngineKind, policy: string) {
    this.fates = new Fates(kind);
    this.record = container('running', { restartPolicy: policy });
    this.fates.reconcile(this.record, 'all');
  }

  on(kind: EngineEvent['kind'], facts: Partial<EngineEvent> = {}, later = 10_000): readonly string[] {
    this.time += later;
    const event: EngineEvent = { kind, id: 'id', name: 'web', image: 'nginx', time: this.time, key: `${this.time}`, exitCode: null, signal: null, health: null, ...facts };
    return this.fates.onEvent(event, this.record).map((happening) => happening.kind);
  }

  get deaths(): number {
    return this.fates.recent('web', this.time).deaths;
  }

  isMissed(exitCode: number, error: string | null = null): boolean {
    return this.fates.isMissed(container('exited', { ...this.record.inspected, exitCode, error }));
  }
}

describe('the end of a container', () => {
  it('is a death where nobody asked for it', () => {
    const web = new Watched('docker', 'no');
    expect(web.on('died', { exitCode: 3 })).toEqual(['died']);
    expect(web.deaths).toBe(1);
    expect(web.on('started')).toEqual(['restarted']);
  });

  it.each([
    ['docker stop', 15],
    ['docker kill', 9],
    ['another signal that it ends at', 1],
  ])('was asked for after %s', (_what, signal) => {
    const web = new Watched('docker', 'always');
    web.on('killed', { signal });
    expect(web.on('died', { exitCode: 137 }, 5000)).toEqual(['stopped']);
    expect(web.deaths).toBe(0);
    expect(web.isMissed(137)).toBe(false);
    expect(web.on('started')).toEqual(['started']);
  });

  it('long after a signal that it survived is a death', () => {
    const web = new Watched('docker', 'no');
    web.on('killed', { signal: 1 });
    expect(web.on('died', { exitCode: 1 }, 60_000)).toEqual(['died']);
  });

  it('counts as asked for as well where only the stop behind it says so', () => {
    const web = new Watched('docker', 'always');
    web.on('died', { exitCode: 1 });
    web.on('stopped', {}, 100);
    expect(web.deaths).toBe(0);
    expect(web.isMissed(1)).toBe(false);
  });

  it('with exit code 0 is a death only where it should go on', () => {
    const [once, always] = [new Watched('docker', 'no'), new Watched('docker', 'always')];
    expect([once.on('died', { exitCode: 0 }), always.on('died', { exitCode: 0 })]).toEqual([['stopped'], ['stopped']]);
    expect([once.deaths, always.deaths]).toEqual([0, 1]);
  });

  it('in Podman by a signal is a stop, since Podman does not tell of stops', () => {
    const web = new Watched('podman', 'always');
    expect(web.on('died', { exitCode: 137 })).toEqual(['stopped']);
    expect(web.deaths).toBe(0);
    expect(web.isMissed(137)).toBe(false);
  });

  it('is forgotten after ten minutes', () => {
    const web = new Watched('docker', 'no');
    for (let times = 0; times < 3; times += 1) web.on('died', { exitCode: 1 });
    expect(web.deaths).toBe(3);
    web.on('changed', {}, 9 * 60_000);
    expect(web.deaths).toBe(3);
    web.on('changed', {}, 60_000);
    expect(web.deaths).toBe(0);
  });
});

describe('a container that is missed', () => {
  it.each([
    ['failed too often', 'docker', 'on-failure', 1, null, true],
    ['ended well', 'docker', 'on-failure', 0, null, false],
    ['could not be started', 'docker', 'always', 127, 'port is already allocated', true],
    ['was stopped before Traywatch started', 'docker', 'always', 137, null, false],
    ['was killed before Traywatch started', 'docker', 'on-failure', 137, null, false],
    ['has no policy', 'docker', 'no', 1, null, false],
    ['failed too often in Podman', 'podman', 'on-failure', 1, null, true],
  ] as const)('%s', (_what, kind, restartPolicy, exitCode, error, isMissed) => {
    const fates = new Fates(kind);
    const record = container('exited', { restartPolicy, exitCode, error, finishedAt: START + 1000 });
    fates.reconcile(record, 'all');
    expect(fates.isMissed(record)).toBe(isMissed);
  });

  it('ended before our eyes and was not started again', () => {
    const web = new Watched('docker', 'always');
    web.on('died', { exitCode: 1 });
    expect(web.isMissed(1)).toBe(true);
  });
});

describe('a list after events were missed', () => {
  const kinds = (web: Watched, record: ContainerRecord): readonly string[] => web.fates.reconcile(record, START + 1000).map(({ kind }) => kind);

  it('tells an end, once', () => {
    const web = new Watched('docker', 'no');
    const ended = container('exited', { finishedAt: START + 5000, exitCode: 3 });
    expect(kinds(web, ended)).toEqual(['died']);
    expect(kinds(web, ended)).toEqual([]);
    expect(web.on('died', { exitCode: 3, time: START + 5010 })).toEqual([]);
    expect(web.fates.recent('web', START + 6000).deaths).toBe(1);
  });

  it('takes an end with the daemon for no death', () => {
    expect(kinds(new Watched('docker', 'no'), container('exited', { finishedAt: START + 5000, exitCode: 255 }))).toEqual(['stopped']);
  });

  it('tells a restart, and a container that is new', () => {
    expect(kinds(new Watched('docker', 'always'), container('running', { startedAt: START + 9000 }))).toEqual(['restarted']);
    expect(new Fates('docker').reconcile(container('running', { startedAt: START + 9000 }), START).map(({ kind }) => kind)).toEqual(['started']);
    expect(new Fates('docker').reconcile(container('exited', { startedAt: START + 9000, finishedAt: START + 9500, exitCode: 1 }), START).map(({ kind }) => kind)).toEqual(['started', 'died']);
  });

  it('tells nothing of what was there all along, nor of a container that is ill since before', () => {
    const ill = { ...container('running'), health: 'unhealthy' } as const;
    const fates = new Fates('docker');
    expect(fates.reconcile(ill, 'all')).toEqual([]);
    expect(fates.reconcile(ill, 'nothing')).toEqual([]);
    expect(fates.reconcile({ ...ill, health: 'healthy' }, 'nothing').map(({ kind }) => kind)).toEqual(['healthy']);
  });

  it('tells that something was killed for want of memory, where no event did', () => {
    const web = new Watched('podman', 'no');
    web.on('died', { exitCode: 1 });
    const ended = container('exited', { finishedAt: web.time, exitCode: 1, oomKilled: true });
    expect(web.fates.reconcile(ended, 'nothing').map(({ kind }) => kind)).toEqual(['oom']);
    expect(web.fates.reconcile(ended, 'nothing')).toEqual([]);
    expect(web.fates.recent('web', web.time).oomKills).toBe(1);
  });
});
