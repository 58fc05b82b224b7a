/** mDNS announcements, with a fake library: a test must not send to the network. */
import { describe, expect, it } from 'vitest';
import { createCallbackLog } from '../../support/log';
import { announce } from '../../../src/main/lan/mdns';
import type { Announcement, Announcer, MdnsState, Responder } from '../../../src/main/lan/mdns';

const what: Announcement = { name: 'Traywatch on box', hostname: 'box', scheme: 'https', port: 8543, addresses: null };

/** Announces with a fake library and closes the announcement. */
async function attempt(announcement: Announcement, { create, advertise, shutdown }: { create?: () => void; advertise?: () => Promise<void>; shutdown?: () => Promise<void> } = {}) {
  const calls: unknown[] = [];
  const warnings: string[] = [];
  const log = createCallbackLog(({ message }) => warnings.push(message));
  const responder: Responder = {
    createService: (options) => {
      calls.push(options);
      create?.();
      return { advertise: advertise ?? (() => Promise.resolve()) };
    },
    shutdown: () => {
      calls.push('shutdown');
      return shutdown?.() ?? Promise.resolve();
    },
  };
  let announcer: Announcer | null = null;
  const state = await new Promise<MdnsState>((resolve) => {
    announcer = announce(announcement, log, resolve, () => Promise.resolve(responder));
  });
  await (announcer as Announcer | null)?.close();
  return { state, calls, warnings };
}

describe('an mDNS announcement', () => {
  it('has name, type, port and host, and is withdrawn', async () => {
    expect(await attempt(what)).toEqual({ state: 'announced', warnings: [], calls: [{ name: 'Traywatch on box', hostname: 'box', type: 'https', port: 8543, txt: { path: '/' } }, 'shutdown'] });
  });

  it('is restricted to the bound addresses', async () => {
    const { calls } = await attempt({ ...what, scheme: 'http', addresses: ['192.168.1.5'] });
    expect(calls[0]).toMatchObject({ type: 'http', restrictedAddresses: ['192.168.1.5'] });
  });

  it('that fails is reported and logged', async () => {
    const refuse = (): never => {
      throw new Error('multicast is not allowed');
    };
    for (const trouble of [{ create: refuse }, { advertise: () => Promise.reject(new Error('EPERM')) }]) {
      expect(await attempt(what, trouble)).toMatchObject({ state: 'failed', warnings: ['the server is not announced on the LAN'] });
    }
    const late = await attempt(what, { shutdown: () => Promise.reject(new Error('the network is gone')) });
    expect(late).toMatchObject({ state: 'announced', warnings: ['the announcement could not be taken back'] });
  });
});
