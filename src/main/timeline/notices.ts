/** Notices: messages of the app about itself, shown until their cause is gone or they are dismissed. */
import { toPlainLine, withoutInvisible } from '../../shared/plain-text';
import type { Notice } from '../../shared/notice';

/** The current notices, at most one per id. */
export interface Notices {
  list(): readonly Notice[];
  /** Shows a notice, or replaces the one of the same id and keeps its `since`. */
  put(notice: Omit<Notice, 'since'>): void;
  /** Removes a notice; false when there was none. */
  drop(id: string): boolean;
  /** Removes a notice that the user may dismiss; false when there is none such. */
  dismiss(id: string): boolean;
}

/** Starts without notices. `now` in epoch ms; `onChange` is called after every visible change. */
export function createNotices(now: () => number, onChange: () => void): Notices {
  const notices = new Map<string, Notice>();
  const drop = (id: string): boolean => {
    const had = notices.delete(id);
    if (had) onChange();
    return had;
  };
  return {
    list: () => [...notices.values()],
    put({ title, body, ...rest }) {
      // Both may hold names of files and messages of the system.
      const notice = { ...rest, title: toPlainLine(title), body: withoutInvisible(body) };
      const before = notices.get(notice.id);
      if (before?.title === notice.title && before.body === notice.body) return;
      notices.set(notice.id, { ...notice, since: before?.since ?? now() });
      onChange();
    },
    drop,
    dismiss: (id) => notices.get(id)?.dismissible === true && drop(id),
  };
}
