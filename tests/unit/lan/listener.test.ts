/** Why a port cannot be had, by system. */
import { describe, expect, it } from 'vitest';
import { LAN_ERROR_TEXT } from '../../../src/renderer/features/sharing/sharing-text';
import { errorReasonOf, listenErrorText } from '../../../src/main/lan/listener';

const denied = Object.assign(new Error('listen EACCES: permission denied 0.0.0.0:50080'), { code: 'EACCES' });

describe('a port that is denied', () => {
  it('is reserved on Windows, where any user may use any port, and the words say how to see which are', () => {
    expect(errorReasonOf(denied, 'win32')).toBe('portReserved');
    expect(listenErrorText('portReserved', '0.0.0.0', 50_080, denied)).toMatch(/^0\.0\.0\.0:50080: port reserved by Windows/);
    for (const text of [LAN_ERROR_TEXT.portReserved, listenErrorText('portReserved', '::', 1, denied)]) expect(text).toContain('netsh int ipv4 show excludedportrange tcp');
  });

  it('needs root elsewhere', () => {
    expect([errorReasonOf(denied, 'linux'), errorReasonOf(denied, 'darwin'), errorReasonOf(denied)]).toEqual(['notPermitted', 'notPermitted', 'notPermitted']);
  });
});
