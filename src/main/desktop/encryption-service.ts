/** The encryption service over Electron's safeStorage. */
import type { SafeStorage } from 'electron';
import type { EncryptionService } from '../lib/secret-store';

/** The methods of later versions of Electron; the synchronous ones are removed in 46. */
type AsyncStorage = Pick<SafeStorage, 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'>;
type SyncStorage = Pick<SafeStorage, 'isEncryptionAvailable' | 'encryptString' | 'decryptString'>;

/** What is used of safeStorage, in whichever version. */
export type SafeStorageParts = Partial<AsyncStorage> & Partial<SyncStorage> & { getSelectedStorageBackend?: () => string };

function isAsyncStorage(storage: SafeStorageParts): storage is AsyncStorage {
  return storage.encryptStringAsync !== undefined && storage.decryptStringAsync !== undefined && storage.isAsyncEncryptionAvailable !== undefined;
}

function isSyncStorage(storage: SafeStorageParts): storage is SyncStorage {
  return storage.encryptString !== undefined && storage.decryptString !== undefined && storage.isEncryptionAvailable !== undefined;
}

/** The methods of this version of Electron as an encryption service. */
function methodsOf(storage: SafeStorageParts): EncryptionService {
  if (isAsyncStorage(storage)) {
    return {
      isAvailable: () => storage.isAsyncEncryptionAvailable(),
      encrypt: async (text) => (await storage.encryptStringAsync(text)).toString('base64'),
      decrypt: async (encrypted) => (await storage.decryptStringAsync(Buffer.from(encrypted, 'base64'))).result,
    };
  }
  if (!isSyncStorage(storage)) {
    const none = (): Promise<string> => Promise.reject(new Error('this version of Electron has no safeStorage'));
    return { isAvailable: () => Promise.resolve(false), encrypt: none, decrypt: none };
  }
  return {
    isAvailable: () => Promise.resolve(storage.isEncryptionAvailable()),
    encrypt: async (text) => storage.encryptString(text).toString('base64'),
    decrypt: async (encrypted) => storage.decryptString(Buffer.from(encrypted, 'base64')),
  };
}

/** Not available where Linux has no key store: there Electron encrypts with a password that is in its source. */
export function createEncryptionService(storage: SafeStorageParts): EncryptionService {
  const methods = methodsOf(storage);
  return { ...methods, isAvailable: async () => (await methods.isAvailable()) && storage.getSelectedStorageBackend?.() !== 'basic_text' };
}
