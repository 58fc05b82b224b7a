import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSecrets } from '../../../src/main/alerts/webhook-secrets';
import type { EncryptionService } from '../../../src/main/lib/secret-store';
import { createCallbackLog } from '../../support/log';
import { createEncryptionService } from '../../../src/main/desktop/encryption-service';

const HOOK_URL = 'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXYYYY';
const reversed = (text: string): string => text.split('').toReversed().join('');

/** safeStorage with a given key; it encrypts by reversing the text. */
function encryption(key = 'a', isAvailable = true): EncryptionService {
  return createEncryptionService({
    isEncryptionAvailable: () => isAvailable,
    encryptString: (text) => Buffer.from(key + reversed(text)),
    decryptString: (encrypted) => {
      const text = encrypted.toString();
      if (!text.startsWith(key)) throw new Error('another key');
      return reversed(text.slice(1));
    },
  });
}

function createFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'secrets.json');
  const lines: string[] = [];
  const log = createCallbackLog((entry) => void lines.push(JSON.stringify(entry)));
  return { path, lines, open: (service: EncryptionService) => openSecrets({ path, encryption: service, clock: { now: () => 0 }, log }) };
}

describe('webhook URLs', () => {
  it('are stored encrypted, in a file that only its owner can read', async () => {
    const { path, open } = createFolder();
    expect(await open(encryption()).set('team', `  ${HOOK_URL} `)).toEqual({ host: 'hooks.slack.com', tail: 'YYYY', kept: 'encrypted' });
    const secrets = open(encryption());
    expect([await secrets.get('team'), secrets.hint('team')?.kept]).toEqual([HOOK_URL, 'encrypted']);
    expect(readFileSync(path, 'utf8')).not.toContain('XXXX');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('are stored unencrypted where the system has no key store, and marked so', async () => {
    const { path, open } = createFolder();
    const secrets = open(encryption('a', false));
    expect((await secrets.set('team', HOOK_URL)).kept).toBe('plain');
    expect([await secrets.get('team'), statSync(path).mode & 0o777]).toEqual([HOOK_URL, 0o600]);
  });

  it('encrypted with another key cannot be used, and are neither lost nor logged', async () => {
    const { lines, open } = createFolder();
    await open(encryption('a')).set('team', HOOK_URL);
    await expect(open(encryption('b')).get('team')).rejects.toThrow('cannot be decrypted');
    // Without a desktop there is no key store: that is not a wrong key.
    await expect(open({ ...encryption('b'), isAvailable: () => Promise.resolve(false) }).get('team')).rejects.toThrow('was encrypted with a key store that is not available now: enter it again');
    expect(await open(encryption('a')).get('team')).toBe(HOOK_URL);
    expect(lines.join()).not.toContain('XXXX');
  });

  it('reveal no characters of a short one', async () => {
    const { open } = createFolder();
    expect(await open(encryption()).set('team', 'http://10.0.0.1:8080/hook')).toMatchObject({ host: '10.0.0.1:8080', tail: '' });
  });

  it.each([['ftp://example.org/x'], ['file:///etc/passwd'], ['javascript:alert(1)'], ['hooks.slack.com/x'], [''], ['https://user:pass@example.org/x'], [`https://example.org/${'x'.repeat(3000)}`]])('refuse %j without repeating it', async (url) => {
    const { open } = createFolder();
    const error = await open(encryption()).set('team', url).then(() => null, (reason: Error) => reason.message);
    expect(error).toMatch(/^url: /);
    expect(error).not.toMatch(/pass@|passwd|alert|xxxx/);
  });

  it('are removed by id, or where their webhook is gone', async () => {
    const { open } = createFolder();
    const secrets = open(encryption());
    for (const id of ['a', 'b', 'c']) await secrets.set(id, HOOK_URL);
    secrets.remove('a');
    secrets.keepOnly(new Set(['b']));
    expect(['a', 'b', 'c'].map((id) => secrets.hint(id) !== null)).toEqual([false, true, false]);
    await expect(secrets.get('constructor')).rejects.toThrow('not stored');
  });

  it('of a file that is not valid are quarantined with it', () => {
    const { path, lines, open } = createFolder();
    writeFileSync(path, '{"version":1,"secrets":[]}');
    expect(open(encryption()).hint('team')).toBeNull();
    expect(lines.join()).toContain('quarantined');
  });
});

describe('the encryption service', () => {
  it('uses Electron’s asynchronous methods where they exist', async () => {
    const newer = createEncryptionService({
      isAsyncEncryptionAvailable: () => Promise.resolve(true),
      encryptStringAsync: (text) => Promise.resolve(Buffer.from(reversed(text))),
      decryptStringAsync: (encrypted) => Promise.resolve({ shouldReEncrypt: false, result: reversed(encrypted.toString()) }),
      isEncryptionAvailable: () => false,
    });
    expect([await newer.isAvailable(), await newer.decrypt(await newer.encrypt('x1'))]).toEqual([true, 'x1']);
  });

  it('is not available with a public key, or without safeStorage', async () => {
    const parts = { isEncryptionAvailable: () => true, encryptString: () => Buffer.from(''), decryptString: () => '' };
    const backend = (name: string) => createEncryptionService({ ...parts, getSelectedStorageBackend: () => name }).isAvailable();
    expect([await backend('basic_text'), await backend('gnome_libsecret'), await createEncryptionService({}).isAvailable()]).toEqual([false, true, false]);
  });
});
