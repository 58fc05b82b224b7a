/** Electron's safeStorage as a box for secrets. */
import type { SafeStorage } from 'electron';
import type { EncryptionService } from '../alerts/webhook-secrets';

/** The part that came with later versions; the one before it goes away with 46. */
type AsyncStorage = Pick<SafeStorage, 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'>;
type SyncStorage = Pick<SafeStorage, 'isEncryptionAvailable' | 'encryptString' | 'decryptString'>;

/** What is used of safeStorage. */
export type SafeStorageParts = Partial<AsyncStorage> & Partial<SyncStorage> & { getSelectedStorageBackend?: () => string };

function isAsyncStorage(storage: SafeStorageParts): storage is AsyncStorage {
  return storage.encryptStringAsync !== undefined && storage.decryptStringAsync !== undefined && storage.isAsyncEncryptionAvailable !== undefined;
}

function isSyncStorage(storage: SafeStorageParts): storage is SyncStorage {
  return storage.encryptString !== undefined && storage.decryptString !== undefined && storage.isEncryptionAvailable !== undefined;
}

/** The same three steps, whichever way this version offers. */
function methodsOf(storage: SafeStorageParts): EncryptionService {
  if (isAsyncStorage(storage)) {
    return {
      isAvailable: () => storage.isAsyncEncryptionAvailable(),
      seal: async (text) => (await storage.encryptStringAsync(text)).toString('base64'),
      open: async (sealed) => (await storage.decryptStringAsync(Buffer.from(sealed, 'base64'))).result,
    };
  }
  if (!isSyncStorage(storage)) {
    const none = (): Promise<string> => Promise.reject(new Error('this version of Electron has no safeStorage'));
    return { isAvailable: () => Promise.resolve(false), seal: none, open: none };
  }
  return {
    isAvailable: () => Promise.resolve(storage.isEncryptionAvailable()),
    seal: async (text) => storage.encryptString(text).toString('base64'),
    open: async (sealed) => storage.decryptString(Buffer.from(sealed, 'base64')),
  };
}

/** Makes the box. Where Linux has no key store, Electron encrypts with a password anybody can read in its source: that is no box. */
export function createEncryptionService(storage: SafeStorageParts): EncryptionService {
  const methods = methodsOf(storage);
  return { ...methods, isAvailable: async () => (await methods.isAvailable()) && storage.getSelectedStorageBackend?.() !== 'basic_text' };
}
