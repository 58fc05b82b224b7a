import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSecrets } from '../../../src/main/alerts/webhook-secrets';
import type { EncryptionService } from '../../../src/main/alerts/webhook-secrets';
import { createCallbackLog } from '../../support/log';
import { createEncryptionService } from '../../../src/main/desktop/encryption-service';

const ADDRESS = 'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXYYYY';
const turn = (text: string): string => text.split('').toReversed().join('');

/** safeStorage with a key of its own: it turns text around. */
function encryption(key = 'a', isAvailable = true): EncryptionService {
  return createEncryptionService({
    isEncryptionAvailable: () => isAvailable,
    encryptString: (text) => Buffer.from(key + turn(text)),
    decryptString: (sealed) => {
      const text = sealed.toString();
      if (!text.startsWith(key)) throw new Error('another key');
      return turn(text.slice(1));
    },
  });
}

function place() {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'secrets.json');
  const lines: string[] = [];
  const log = createCallbackLog((entry) => void lines.push(JSON.stringify(entry)));
  return { path, lines, open: (with_: EncryptionService) => openSecrets({ path, encryption: with_, clock: { now: () => 0 }, log }) };
}

describe('secrets', () => {
  it('are kept encrypted, over a restart, in a file for their owner alone', async () => {
    const { path, open } = place();
    expect(await open(encryption()).set('team', `  ${ADDRESS} `)).toEqual({ host: 'hooks.slack.com', tail: 'YYYY', kept: 'encrypted' });
    const secrets = open(encryption());
    expect([await secrets.get('team'), secrets.trace('team')?.kept]).toEqual([ADDRESS, 'encrypted']);
    expect(readFileSync(path, 'utf8')).not.toContain('XXXX');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('are kept as they are where the system has no key, and say so', async () => {
    const { path, open } = place();
    const secrets = open(encryption('a', false));
    expect((await secrets.set('team', ADDRESS)).kept).toBe('plain');
    expect([await secrets.get('team'), statSync(path).mode & 0o777]).toEqual([ADDRESS, 0o600]);
  });

  it('that another key sealed cannot be used, and are neither lost nor logged', async () => {
    const { lines, open } = place();
    await open(encryption('a')).set('team', ADDRESS);
    await expect(open(encryption('b')).get('team')).rejects.toThrow('cannot be decrypted');
    expect(await open(encryption('a')).get('team')).toBe(ADDRESS);
    expect(lines.join()).not.toContain('XXXX');
  });

  it('show no end of a short address', async () => {
    const { open } = place();
    expect(await open(encryption()).set('team', 'http://10.0.0.1:8080/hook')).toMatchObject({ host: '10.0.0.1:8080', tail: '' });
  });

  it.each([['ftp://example.org/x'], ['file:///etc/passwd'], ['javascript:alert(1)'], ['hooks.slack.com/x'], [''], ['https://user:pass@example.org/x'], [`https://example.org/${'x'.repeat(3000)}`]])('refuse %j without repeating it', async (address) => {
    const { open } = place();
    const error = await open(encryption()).set('team', address).then(() => null, (reason: Error) => reason.message);
    expect(error).toMatch(/^url: /);
    expect(error).not.toMatch(/pass@|passwd|alert|xxxx/);
  });

  it('go when they are removed, and those that nobody has any more', async () => {
    const { open } = place();
    const secrets = open(encryption());
    for (const id of ['a', 'b', 'c']) await secrets.set(id, ADDRESS);
    secrets.remove('a');
    secrets.keepOnly(new Set(['b']));
    expect(['a', 'b', 'c'].map((id) => secrets.trace(id) !== null)).toEqual([false, true, false]);
    await expect(secrets.get('constructor')).rejects.toThrow('not known');
  });

  it('of a file that is not valid are set aside', () => {
    const { path, lines, open } = place();
    writeFileSync(path, '{"version":1,"secrets":[]}');
    expect(open(encryption()).trace('team')).toBeNull();
    expect(lines.join()).toContain('set aside');
  });
});

describe('the box', () => {
  it('takes the newer way of Electron where there is one', async () => {
    const newer = createEncryptionService({
      isAsyncEncryptionAvailable: () => Promise.resolve(true),
      encryptStringAsync: (text) => Promise.resolve(Buffer.from(turn(text))),
      decryptStringAsync: (sealed) => Promise.resolve({ shouldReEncrypt: false, result: turn(sealed.toString()) }),
      isEncryptionAvailable: () => false,
    });
    expect([await newer.isAvailable(), await newer.open(await newer.seal('x1'))]).toEqual([true, 'x1']);
  });

  it('is none where everybody has the key, or there is no way at all', async () => {
    const parts = { isEncryptionAvailable: () => true, encryptString: () => Buffer.from(''), decryptString: () => '' };
    const backend = (name: string) => createEncryptionService({ ...parts, getSelectedStorageBackend: () => name }).isAvailable();
    expect([await backend('basic_text'), await backend('gnome_libsecret'), await createEncryptionService({}).isAvailable()]).toEqual([false, true, false]);
  });
});
