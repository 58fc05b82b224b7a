import { describe, expect, it } from 'vitest';
import { remoteHandlers } from '../../../../src/main/lan/remote-handlers';
import { createRemoteView } from '../../../../src/main/lan/remote-view';
import { refuseLocalSections } from '../../../../src/main/settings/local-sections';
import { dispatch } from '../../../../src/shared/api/dispatch';
import type { Handlers } from '../../../../src/shared/api/dispatch';
import { LOCAL_SECTIONS } from '../../../../src/shared/settings/settings-schema';

/** None is reached. */
const HANDLERS = {} as Handlers;

async function refusal(name: string, role: 'viewer' | 'admin', input: unknown = {}): Promise<unknown> {
  const result = await dispatch(HANDLERS, name, input, { id: 'x', role }, () => undefined);
  return result.ok ? null : [result.code, result.message];
}

describe('who may not make a call', () => {
  it('is told what it takes, in a sentence that names no call', async () => {
    expect(await refusal('updateSettings', 'viewer', { theme: 'dark' })).toEqual(['Forbidden', 'Administrator role required.']);
    expect(await refusal('lanRevoke', 'admin', { id: 'd1' })).toEqual(['Forbidden', 'Only changeable on the machine itself.']);
  });

  it.each(LOCAL_SECTIONS)('is told that settings of %s are changed on the machine itself', (section) => {
    expect(() => refuseLocalSections({ [section]: {} }, { id: 'x', role: 'admin' })).toThrow(/^Only changeable on the machine itself\.$/);
    expect(() => refuseLocalSections({ [section]: {} }, { id: 'x', role: 'local' })).not.toThrow();
  });

  it('is told the same over the network', async () => {
    const { updateSettings } = remoteHandlers(HANDLERS, createRemoteView([]), 1);
    await expect(updateSettings({ lan: { enabled: false } }, { id: 'x', role: 'admin' })).rejects.toThrow(/^Only changeable on the machine itself\.$/);
  });
});
