import { describe, expect, it } from 'vitest';
import { EngineDiskRow, Measurement } from '../../../../src/renderer/features/containers/disk-panel';
import { ContainersSection } from '../../../../src/renderer/features/settings/containers-section';
import type { TaskState } from '../../../../src/shared/api/history-schemas';
import type { EngineDisk, EngineStatus } from '../../../../src/shared/containers/container-schemas';
import { NOON } from '../../../support/alert-samples';
import { renderedHtml, renderedText } from '../../../support/rendered';
import type { Shown } from '../../../support/rendered';

const ENGINE: EngineStatus = { id: 'docker', kind: 'docker', label: 'Docker', endpoint: '/run/docker.sock', state: 'answering', reason: null, version: '29.1.3' };
const NOTHING: EngineDisk = { engine: 'docker', folder: null, fileSystem: null, images: null, buildCache: null, reclaimable: null, cheapAt: null, measured: null, containers: null, volumes: null, walkedAt: null, reason: null };
const HOUR = 3_600_000;
const VIEWER: Shown = { session: { name: 'Phone', role: 'viewer', capabilities: ['containerDisk'], account: null } as never };

const row = (disk: Partial<EngineDisk>, task: TaskState | null = null, engine = ENGINE, shown: Shown = {}): string => renderedText(<EngineDiskRow engine={engine} disk={{ ...NOTHING, ...disk }} task={task} now={NOON} />, shown);
const task = (change: Partial<TaskState>): TaskState => ({ id: 1, kind: 'measure', state: 'running', done: 0, bytes: 0, path: 'docker', message: '', ...change });

describe('the disk space of an engine', () => {
  it('of which nothing is known says so', () => {
    expect(row({ reason: 'Images are asked for a minute after the start.' })).toBe(
      'Docker Images and build cache have not been measured yet. Containers and volumes have not been measured yet. Images are asked for a minute after the start. Measure now Reads every file of containers and volumes once; with many files that takes long.',
    );
  });

  it('has each size with the time of its measurement, and no size that is not known', () => {
    const text = row({ folder: '/var/lib/docker', fileSystem: { total: 100 * 1024 ** 3, used: 54 * 1024 ** 3, available: 46 * 1024 ** 3 }, images: 3 * 1024 ** 3, reclaimable: 1024 ** 3, cheapAt: NOON - 3 * HOUR, volumes: 0, walkedAt: NOON - 50 * HOUR });
    expect(text).toContain('54.0 GiB of 100 GiB used, 46.0 GiB available');
    expect(text).toContain('Images 3.00 GiB Reclaimable 1.00 GiB measured 3 h ago');
    expect(text).toContain('Volumes 0 B measured 2 d ago');
    expect(text).not.toMatch(/Build cache|Containers|–/);
  });

  it('is measured with progress: a share where it is known, files and bytes', () => {
    expect(row({}, task({ done: 0.42, files: 12_345, bytes: 5 * 1024 ** 2 }))).toContain('Measuring containers 42 % 12 345 files · 5.00 MiB Cancel');
    const unknown = renderedHtml(<Measurement engine={ENGINE} task={task({ files: 0 })} />);
    expect(unknown).toMatch(/<progress max="100" aria-label="Measuring containers"><\/progress>/);
    expect(unknown).not.toContain('%');
  });

  it('says how the last measurement ended', () => {
    expect(row({}, task({ state: 'cancelled' }))).toContain('Measurement cancelled.');
    expect(row({}, task({ state: 'failed', message: 'no answer within 1800 s' }))).toContain('The measurement failed. no answer within 1800 s');
    expect(row({}, task({ state: 'done', message: 'All 9 B.' }))).not.toContain('9 B');
    expect(row({}, task({ state: 'failed', path: 'podman' }))).not.toContain('failed');
  });

  it('cannot be measured by a viewer, nor while the engine does not answer or another task runs', () => {
    expect(row({}, null, ENGINE, VIEWER)).not.toContain('Measure now');
    expect(renderedHtml(<Measurement engine={{ ...ENGINE, state: 'notPermitted' }} task={null} />)).toMatch(/disabled=""[^>]*>Measure now/);
    expect(renderedHtml(<Measurement engine={ENGINE} task={task({ kind: 'export' })} />)).toMatch(/disabled=""[^>]*>Measure now/);
    expect(renderedHtml(<Measurement engine={ENGINE} task={null} />)).not.toContain('disabled');
  });
});

describe('the settings of containers', () => {
  it('warn of what they allow', () => {
    const text = renderedText(<ContainersSection containers={{ enabled: true, endpoints: ['unix:///a', 'tcp://b:1'], logLines: false, actions: false }} />);
    expect(text).toContain('They may hold secrets.');
    expect(text).toContain('could become administrator of this machine');
    expect(text).toContain('unix:///a tcp://b:1');
  });
});
