/** Shows a notice when the history is not where it should be: it could not be moved there (Windows). */
import type { Log } from '../engine/log';
import type { Notices } from '../timeline/notices';

/** `problem` is a sentence for the user, or null. */
export function showFolderProblem(problem: string | null, notices: Pick<Notices, 'put'>, log: Pick<Log, 'warn'>): void {
  if (problem === null) return;
  log.warn('the user-data folder is not as it should be', { problem });
  notices.put({ id: 'data-folder', severity: 'warning', title: 'Folder of the history', body: problem, dismissible: true });
}
