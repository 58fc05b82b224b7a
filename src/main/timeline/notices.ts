/** Standing messages of the app about itself. */
import type { Notice } from '../../shared/notice';

/** Keeps at most one notice per id. */
export interface Notices {
  list(): readonly Notice[];
  /** Shows a notice, or replaces the one of the same id and keeps its start. */
  put(notice: Omit<Notice, 'since'>): void;
  /** Takes a notice away; false when there was none. */
  drop(id: string): boolean;
  /** Takes away a notice a person may dismiss; false when there is none such. */
  dismiss(id: string): boolean;
}

/** Builds the keeper; `onChange` is called after every change that shows. */
export function createNotices(now: () => number, onChange: () => void): Notices {
  const notices = new Map<string, Notice>();
  const drop = (id: string): boolean => {
    const had = notices.delete(id);
    if (had) onChange();
    return had;
  };
  return {
    list: () => [...notices.values()],
    put(notice) {
      const before = notices.get(notice.id);
      if (before?.title === notice.title && before.body === notice.body) return;
      notices.set(notice.id, { ...notice, since: before?.since ?? now() });
      onChange();
    },
    drop,
    dismiss: (id) => notices.get(id)?.dismissible === true && drop(id),
  };
}
