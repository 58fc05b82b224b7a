/** Titles of an export, a backup, a restore, a deletion or a measurement, by how it goes. */
import type { TaskState } from '../../shared/api/history-schemas';

const TITLES: Readonly<Record<TaskState['kind'], Readonly<Record<TaskState['state'], string>>>> = {
  export: { running: 'Exporting history', done: 'History exported.', failed: 'The export failed.', cancelled: 'Export cancelled.' },
  backup: { running: 'Backing up the history', done: 'Backup created.', failed: 'The backup failed.', cancelled: 'Backup cancelled.' },
  delete: { running: 'Deleting history', done: 'History deleted.', failed: 'Nothing was deleted.', cancelled: 'Deletion cancelled.' },
  measure: { running: 'Measuring containers', done: 'Containers measured.', failed: 'The measurement failed.', cancelled: 'Measurement cancelled.' },
  restore: { running: 'Restoring the history', done: 'History restored.', failed: 'Nothing was restored.', cancelled: 'Restore cancelled.' },
};

/** "Exporting history", "Export cancelled." */
export function taskTitle({ kind, state }: Pick<TaskState, 'kind' | 'state'>): string {
  return TITLES[kind][state];
}
