/** The disk space of container engines: what is known, since when, and a button that measures. */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { TaskState } from '../../../shared/api/history-schemas';
import type { EngineDisk, EngineStatus } from '../../../shared/containers/container-schemas';
import { formatValue } from '../../../shared/units';
import { useApp } from '../../app/app-context';
import { TaskProgress } from '../../app/task-banner';
import { taskTitle } from '../../app/task-text';
import { useMachineTime } from '../../app/use-machine-time';
import { formatAge } from '../../lib/age';
import { FailureText } from '../../ui/failure-text';
import './disk-panel.css';

/** The disk space is loaded again after this time, ms: engines are asked seldom, but the file system fills meanwhile. */
const REFRESH = 60_000;

/** What is known of all engines, null until the first answer; `problem` is why there was none. Loaded again now and then, and after a measurement. */
function useDisks(): { readonly disks: readonly EngineDisk[] | null; readonly problem: string | null } {
  const { client, timers, tasks } = useApp();
  const [disks, setDisks] = useState<readonly EngineDisk[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let cancel = (): void => undefined;
    let stopped = false;
    const load = async (): Promise<void> => {
      const response = await client.call('containerDisk', {});
      if (stopped) return;
      if (response.ok) setDisks(response.value);
      setProblem(response.ok ? null : response.message);
      cancel();
      cancel = timers.after(REFRESH, () => void load());
    };
    void load();
    const unsubscribe = tasks.store.subscribe(({ task }) => {
      if (task?.kind === 'measure' && task.state === 'done') void load();
    });
    return () => {
      stopped = true;
      unsubscribe();
      cancel();
    };
  }, [client, timers, tasks]);
  return { disks, problem };
}

/** "54 GiB of 100 GiB used, 46 GiB available". */
function spaceText({ total, used, available }: NonNullable<EngineDisk['fileSystem']>): string {
  return `${formatValue(used, 'bytes')} of ${formatValue(total, 'bytes')} used, ${formatValue(available, 'bytes')} available`;
}

/** The file system that the data folder is; nothing where it is a part of a larger one. */
function FileSystemBar({ space }: { readonly space: EngineDisk['fileSystem'] }) {
  if (space === null || space.total === 0) return null;
  return (
    <div className="container-disk-space">
      <meter className="container-disk-bar" min={0} max={space.total} value={space.used} aria-label="Used space of its file system" />
      <span className="quiet">{spaceText(space)}</span>
    </div>
  );
}

interface SizesProps {
  readonly sizes: readonly (readonly [label: string, bytes: number | null])[];
  /** When they were measured; null: not yet. */
  readonly at: number | null;
  readonly never: string;
  readonly now: number;
}

/** Sizes that were measured together, with the time; those that are not known are left out. */
function Sizes({ sizes, at, never, now }: SizesProps) {
  if (at === null) return <p className="quiet">{never}</p>;
  return (
    <div className="container-disk-sizes">
      <dl>
        {sizes.map(
          ([label, bytes]) =>
            bytes !== null && (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{formatValue(bytes, 'bytes')}</dd>
              </div>
            ),
        )}
      </dl>
      <span className="quiet">{`measured ${formatAge(now - at)} ago`}</span>
    </div>
  );
}

/** The button that measures, or how far the measurement is, and how the last one ended. */
export function Measurement({ engine, task }: { readonly engine: EngineStatus; readonly task: TaskState | null }) {
  const { can, tasks } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  if (!can('measureContainerDisk')) return null;
  const own = task?.kind === 'measure' && task.path === engine.id ? task : null;
  if (own?.state === 'running') {
    return (
      <div className="container-disk-actions">
        <TaskProgress task={own} />
        <button type="button" onClick={() => void tasks.cancel()}>
          Cancel
        </button>
      </div>
    );
  }
  const ended = own === null || own.state === 'done' ? null : `${taskTitle(own)} ${own.message}`.trim();
  return (
    <div className="container-disk-actions">
      <button type="button" disabled={engine.state !== 'answering' || task?.state === 'running'} onClick={() => void tasks.measureContainers(engine.id).then(setFailure)}>
        Measure now
      </button>
      <span className="quiet">Reads every file of containers and volumes once; with many files that takes long.</span>
      {own?.state === 'cancelled' && <output>{ended}</output>}
      <FailureText text={failure ?? (own?.state === 'failed' ? ended : null)} />
    </div>
  );
}

interface EngineDiskProps {
  readonly engine: EngineStatus;
  readonly disk: EngineDisk;
  readonly task: TaskState | null;
  readonly now: number;
}

/** The disk space of one engine. */
export function EngineDiskRow({ engine, disk, task, now }: EngineDiskProps) {
  return (
    <div className="container-disk">
      <h3>
        {engine.label} {disk.folder !== null && <span className="quiet container-disk-folder">{disk.folder}</span>}
      </h3>
      <FileSystemBar space={disk.fileSystem} />
      <Sizes
        sizes={[
          ['Images', disk.images],
          ['Build cache', disk.buildCache],
          ['Reclaimable', disk.reclaimable],
        ]}
        at={disk.cheapAt}
        never="Images and build cache have not been measured yet."
        now={now}
      />
      <Sizes
        sizes={[
          ['Containers', disk.containers],
          ['Volumes', disk.volumes],
          ['Data folder', disk.measured],
        ]}
        at={disk.walkedAt}
        never="Containers and volumes have not been measured yet."
        now={now}
      />
      {disk.reason !== null && <p className="quiet">{disk.reason}</p>}
      <Measurement engine={engine} task={task} />
    </div>
  );
}

/** The panel "Disk space"; nothing without an engine. */
export function DiskPanel({ engines }: { readonly engines: readonly EngineStatus[] }) {
  const { tasks } = useApp();
  const task = useStore(tasks.store, (slice) => slice.task);
  const now = useMachineTime();
  const { disks, problem } = useDisks();
  if (engines.length === 0) return null;
  return (
    <section className="section">
      <h2>Disk space</h2>
      <FailureText text={problem} />
      {disks === null && problem === null && <p className="section-note">Loading…</p>}
      {engines.map((engine) => {
        const disk = disks?.find((one) => one.engine === engine.id);
        return disk !== undefined && <EngineDiskRow key={engine.id} engine={engine} disk={disk} task={task} now={now} />;
      })}
    </section>
  );
}
