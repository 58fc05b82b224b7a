import { describe, expect, it } from 'vitest';
import { taskTitle } from '../../../../src/renderer/app/task-text';
import { taskSchema } from '../../../../src/shared/api/history-schemas';

const KINDS = taskSchema.shape.kind.options;
const STATES = taskSchema.shape.state.options;

describe('the title of a task', () => {
  it('is another one for every kind and state', () => {
    const titles = KINDS.flatMap((kind) => STATES.map((state) => taskTitle({ kind, state })));
    expect(titles).toHaveLength(20);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it.each([
    ['export', 'Export cancelled.'],
    ['backup', 'Backup cancelled.'],
    ['restore', 'Restore cancelled.'],
    ['delete', 'Deletion cancelled.'],
    ['measure', 'Measurement cancelled.'],
  ] as const)('of a cancelled %s says so', (kind, title) => {
    expect(taskTitle({ kind, state: 'cancelled' })).toBe(title);
  });
});
