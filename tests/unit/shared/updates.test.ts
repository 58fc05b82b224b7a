import { describe, expect, it } from 'vitest';
import { callsOf } from '../../../src/shared/api/capabilities';
import { updateStatusSchema } from '../../../src/shared/installation-schemas';
import { updateProblemText, updateSteps } from '../../../src/shared/updates';
import type { UpdateProblemCode, UpdateStatus } from '../../../src/shared/updates';

const OFFER = { version: '0.2.0', released: 1, file: 'traywatch_0.2.0_amd64.deb', bytes: 5 };
const STATUS: UpdateStatus = { method: 'deb', current: '0.1.0', phase: 'idle', applies: null, progress: null, checkedAt: 1, nextAt: 2, problem: null, offer: OFFER };
const CODES = ['unreachable', 'timedOut', 'redirected', 'refused', 'tooLarge', 'malformed', 'badSignature', 'otherChannel', 'older', 'noFile', 'wrongContent', 'diskFull', 'notReplaceable', 'failed'] as const satisfies readonly UpdateProblemCode[];

describe('updates', () => {
  it('are for the machine itself: no browser sees or starts them', () => {
    const calls = ['updates', 'checkForUpdates', 'downloadUpdate', 'cancelUpdate', 'installUpdate', 'openUpdatePage'] as const;
    expect(callsOf('local')).toEqual(expect.arrayContaining([...calls]));
    for (const role of ['viewer', 'admin'] as const) expect(callsOf(role).filter((name) => calls.some((each) => each === name))).toEqual([]);
  });

  it.each(CODES)('say what went wrong: %s', (code) => {
    for (const what of [null, 'the detail']) {
      const problem = { code, what };
      expect(updateStatusSchema.parse({ ...STATUS, problem })).toEqual({ ...STATUS, problem });
      const text = updateProblemText(problem);
      expect(text).toMatch(/^[A-Zt].*\.$/);
      expect(text).not.toMatch(/null|undefined|\(\)/);
    }
  });

  it.each<[UpdateStatus['method'], string | null, string | null]>([
    ['deb', 'traywatch_0.2.0_amd64.deb', 'sudo apt install ./traywatch_0.2.0_amd64.deb'],
    ['rpm', 'traywatch-0.2.0-1.x86_64.rpm', 'sudo dnf install ./traywatch-0.2.0-1.x86_64.rpm'],
    ['archive', 'traywatch-0.2.0-linux-x64.tar.gz', null],
    ['deb', null, null],
  ])('are told how to be installed: %s %s', (method, file, command) => {
    const steps = updateSteps({ method, offer: { ...OFFER, file } });
    expect(steps?.command).toBe(command);
    expect(steps?.text).toMatch(file === null || command !== null ? /package/ : new RegExp(`Download ${file}`));
  });

  it('are told nothing of where there is nothing to do', () => {
    expect([updateSteps({ method: 'self', offer: OFFER }), updateSteps({ method: 'none', offer: OFFER }), updateSteps({ method: 'deb', offer: null })]).toEqual([null, null, null]);
  });
});
