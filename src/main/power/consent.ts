/** Makes sure that the system allows a restart before somebody far away needs it. On macOS alone: elsewhere nothing is asked. */
import type { Platform } from '../engine/collectors/deps';
import type { Notices } from '../timeline/notices';
import { CONSENT_COMMAND, CONSENT_DEADLINE, toWords } from './consent.darwin';
import type { PowerCommandRunner } from './power-commands';

const NOTICE_ID = 'power-consent';

/** What asking needs; `run` gives its messages in words. */
interface ConsentParts {
  readonly platform: Platform;
  readonly run: PowerCommandRunner;
  readonly notices: Pick<Notices, 'put' | 'drop'>;
}

/** Returns the function to call when remote restart was turned on or off at the machine. */
export function createConsent({ platform, run, notices }: ConsentParts): (isOn: boolean) => void {
  return (isOn) => {
    if (platform !== 'darwin') return;
    notices.drop(NOTICE_ID);
    if (!isOn) return;
    void run(CONSENT_COMMAND, CONSENT_DEADLINE).then((problem) => {
      if (problem !== null) notices.put({ id: NOTICE_ID, severity: 'warning', title: 'Remote restart is not allowed yet', body: problem, dismissible: true });
    });
  };
}

/** A runner whose error messages are in words. */
export function inWords(platform: Platform, run: PowerCommandRunner): PowerCommandRunner {
  if (platform !== 'darwin') return run;
  return async (command, deadline) => {
    const problem = await run(command, deadline);
    return problem === null ? null : toWords(problem);
  };
}
