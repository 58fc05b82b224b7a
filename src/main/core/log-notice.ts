/** Shows a notice when the log cannot be written: the log itself cannot report that. */
import type { FileLog } from '../engine/log';
import type { Notices } from '../timeline/notices';

/** Call after a line was written. */
export function showLogProblem(log: Pick<FileLog, 'problem'>, notices: Pick<Notices, 'put'>): void {
  const problem = log.problem();
  if (problem === null) return;
  notices.put({ id: 'log-failing', severity: 'warning', title: 'Can’t write the log', body: `${problem}. Traywatch works without it.`, dismissible: true });
}
