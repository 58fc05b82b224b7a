/** Notices about what was found wrong at the start: a log that cannot be written, a history that is not where it should be. */
import type { FileLog } from '../engine/log';
import type { Notices } from '../timeline/notices';
import { showLogProblem } from './log-notice';

/** Call after a line was written to the log. `folderProblem`: a sentence for the user about the user-data folder, which could not be moved (Windows); or null. */
export function showStartProblems(folderProblem: string | null, log: Pick<FileLog, 'problem' | 'warn'>, notices: Pick<Notices, 'put'>): void {
  showLogProblem(log, notices);
  if (folderProblem === null) return;
  log.warn('the user-data folder is not as it should be', { problem: folderProblem });
  notices.put({ id: 'data-folder', severity: 'warning', title: 'Folder of the history', body: folderProblem, dismissible: true });
}
