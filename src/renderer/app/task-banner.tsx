/** The banner of an export, backup, restore, deletion or measurement. */
import type { TaskState } from '../../shared/api/history-schemas';
import { useStore } from 'zustand';
import { formatCount, formatValue } from '../../shared/units';
import { useApp } from './app-context';
import { taskTitle } from './task-text';
import { Banner } from '../ui/banner';

/** How far a task is: a bar, its share where that is known, and what was written or counted. */
export function TaskProgress({ task }: { readonly task: TaskState }) {
  const percent = Math.floor(task.done * 100);
  const isKnown = task.kind !== 'measure' || task.done > 0;
  const counted = [...(task.files === undefined || task.files === 0 ? [] : [`${formatCount(task.files)} files`]), ...(task.bytes > 0 ? [formatValue(task.bytes, 'bytes')] : [])];
  return (
    <span className="task-progress">
      <progress max={100} {...(isKnown ? { value: percent } : {})} aria-label={taskTitle(task)} /> {isKnown && `${percent} %`} {counted.length > 0 && <span className="quiet">{counted.join(' · ')}</span>}
    </span>
  );
}

/** Progress of an export, backup, restore, deletion or measurement, and its outcome until it is dismissed; on every page. */
export function TaskBanner() {
  const { tasks } = useApp();
  const task = useStore(tasks.store, (slice) => slice.task);
  if (task === null) return null;
  const running = task.state === 'running';
  const button = running ? (
    task.kind !== 'restore' && task.kind !== 'delete' && (
      <button type="button" onClick={() => void tasks.cancel()}>
        Cancel
      </button>
    )
  ) : (
    <button type="button" className="plain" onClick={tasks.dismiss}>
      Dismiss
    </button>
  );
  return (
    <Banner tone={task.state === 'failed' ? 'error' : 'info'} title={taskTitle(task)} actions={button}>
      {running ? (
        <TaskProgress task={task} />
      ) : (
        <>
          {task.message} <span className="quiet task-path">{task.path}</span>
        </>
      )}
    </Banner>
  );
}
