/** The banner of an export, backup, restore or deletion. */
import { useStore } from 'zustand';
import { formatValue } from '../../shared/units';
import { useApp } from './app-context';
import { taskTitle } from './task-text';
import { Banner } from '../ui/banner';

/** Progress of an export, backup, restore or deletion, and its outcome until it is dismissed; on every page. */
export function TaskBanner() {
  const { tasks } = useApp();
  const task = useStore(tasks.store, (slice) => slice.task);
  if (task === null) return null;
  const running = task.state === 'running';
  const percent = Math.floor(task.done * 100);
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
        <span className="task-progress">
          <progress max={100} value={percent} aria-label={taskTitle(task)} /> {percent} % {task.bytes > 0 && <span className="quiet">{formatValue(task.bytes, 'bytes')}</span>}
        </span>
      ) : (
        <>
          {task.message} <span className="quiet task-path">{task.path}</span>
        </>
      )}
    </Banner>
  );
}
