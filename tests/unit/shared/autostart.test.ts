import { expect, it } from 'vitest';
import { callsOf } from '../../../src/shared/api/capabilities';
import { autostartText } from '../../../src/shared/autostart';
import type { AutostartStatus } from '../../../src/shared/autostart';
import { autostartStatusSchema } from '../../../src/shared/installation-schemas';

it('is for the machine itself: no browser sees start at login, the sandbox or diagnostics', () => {
  const calls = ['autostart', 'setAutostart', 'sandbox', 'diagnostics'] as const;
  expect(callsOf('local')).toEqual(expect.arrayContaining([...calls]));
  for (const role of ['viewer', 'admin'] as const) expect(callsOf(role).filter((name) => calls.some((each) => each === name))).toEqual([]);
});

it.each<[AutostartStatus, RegExp]>([
  [{ state: 'enabled', reason: null, what: null, canChange: true }, /^Starts in the tray when you log in\.$/],
  [{ state: 'enabled', reason: 'otherCommand', what: '/opt/a --hidden', canChange: true }, /^Starts .* another copy: \/opt\/a --hidden\. Turn it off and on/],
  [{ state: 'enabled', reason: 'notOurs', what: '/home/a/x.desktop', canChange: false }, /did not write \/home\/a\/x\.desktop/],
  [{ state: 'disabled', reason: 'programMissing', what: '/opt/gone', canChange: true }, /^Does not start .* not there: \/opt\/gone/],
  [{ state: 'disabledElsewhere', reason: null, what: null, canChange: true }, /^Turned off in the settings of the desktop\.$/],
  [{ state: 'needsApproval', reason: null, what: null, canChange: true }, /System Settings/],
  [{ state: 'unknown', reason: 'demo', what: null, canChange: false }, /^A demo machine/],
  [{ state: 'unknown', reason: null, what: null, canChange: true }, /^Not known\.$/],
])('%j is said in words', (status, text) => {
  expect(autostartStatusSchema.parse(status)).toEqual(status);
  expect(autostartText(status)).toMatch(text);
  // The end of each sentence tells one from the next.
  expect(autostartText(status)).toMatch(/[.]$/);
});
