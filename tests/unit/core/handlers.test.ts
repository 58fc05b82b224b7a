import { describe, expect, it } from 'vitest';
import { dispatch } from '../../../src/shared/api/dispatch';
import type { ProcessesQuery } from '../../../src/shared/processes/process-schemas';
import { createHandlers } from '../../../src/main/core/handlers';
import type { HandlerParts } from '../../../src/main/core/handlers';

function callProcesses(table: (query: ProcessesQuery, withCommands: boolean) => Promise<unknown>, role: 'local' | 'viewer' | 'admin') {
  const handlers = createHandlers({ processes: { table } } as unknown as HandlerParts);
  return dispatch(handlers, 'processes', {}, { id: 'x', role }, () => undefined);
}

describe('the call processes', () => {
  it('includes command lines for the window and admins, not for viewers', async () => {
    const withCommandLines: boolean[] = [];
    const table = (_query: ProcessesQuery, withCommands: boolean): Promise<null> => {
      withCommandLines.push(withCommands);
      return Promise.resolve(null);
    };
    for (const role of ['local', 'admin', 'viewer'] as const) expect(await callProcesses(table, role)).toEqual({ ok: true, value: null });
    expect(withCommandLines).toEqual([true, true, false]);
  });

  it('fails with the system’s reason', async () => {
    const result = await callProcesses(() => Promise.reject(new Error('/proc: EACCES')), 'local');
    expect(result).toEqual({ ok: false, code: 'Unavailable', message: '/proc: EACCES' });
  });
});
