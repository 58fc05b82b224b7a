import { describe, expect, it } from 'vitest';
import { powerOutcomeTitle } from '../../../../src/renderer/features/system/power-text';

describe('the title of a restart or shutdown that did not happen', () => {
  it.each([
    ['reboot', 'cancelled', 'Restart cancelled'],
    ['reboot', 'failed', 'Restart failed'],
    ['shutdown', 'cancelled', 'Shutdown cancelled'],
    ['shutdown', 'failed', 'Shutdown failed'],
  ] as const)('of a %s that was or has %s is “%s”', (action, result, title) => {
    expect(powerOutcomeTitle({ action, result })).toBe(title);
  });
});
