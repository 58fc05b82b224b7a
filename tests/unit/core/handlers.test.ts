import { describe, expect, it } from 'vitest';
import { dispatch } from '../../../src/shared/api/dispatch';
import type { ProcessesQuery } from '../../../src/shared/processes/process-schemas';
import { createHandlers } from '../../../src/main/core/handlers';
import type { HandlerParts } from '../../../src/main/core/handlers';

function ask(table: (query: ProcessesQuery, withCommands: boolean) => Promise<unknown>, role: 'local' | 'viewer' | 'admin') {
  const handlers = createHandlers({ processes: { table } } as unknown as HandlerParts);
  return dispatch(handlers, 'processes', {}, { id: 'x', role }, () => undefined);
}

describe('the call for processes', () => {
  it('lets this desktop and admins know command lines, and no viewer', async () => {
    const told: boolean[] = [];
    const table = (_query: ProcessesQuery, withCommands: boolean): Promise<null> => {
      told.push(withCommands);
      return Promise.resolve(null);
    };
    for (const role of ['local', 'admin', 'viewer'] as const) expect(await ask(table, role)).toEqual({ ok: true, value: null });
    expect(told).toEqual([true, true, false]);
  });

  it('answers a failure of the system with its reason', async () => {
    const answer = await ask(() => Promise.reject(new Error('/proc: EACCES')), 'local');
    expect(answer).toEqual({ ok: false, code: 'Unavailable', message: '/proc: EACCES' });
  });
});
