/** Tells electron-updater what to download: the one file of the signed document, so that it asks no server for more. */
import { Provider } from 'electron-updater';
import type { AppUpdater, ResolvedUpdateFileInfo, UpdateInfo } from 'electron-updater';
import type { Download } from '../../updates/self-updater';

/** Options of electron-updater for a provider that it is given; it passes them on as they are. */
type CustomOptions = Extract<Parameters<AppUpdater['setFeedURL']>[0], { readonly provider: 'custom' }>;

/** What the provider is made with. */
interface SignedOptions {
  readonly download: Pick<Download, 'version' | 'file'>;
}

/** The provider; it makes no request. */
class SignedProvider extends Provider<UpdateInfo> {
  readonly #download: SignedOptions['download'];

  /** `runtime` is electron-updater's own, and only passed on. */
  constructor({ download }: SignedOptions, _updater: unknown, runtime: never) {
    super(runtime);
    this.#download = download;
  }

  override getLatestVersion(): Promise<UpdateInfo> {
    const { version, file } = this.#download;
    return Promise.resolve({ version, files: [this.#info()], path: file.name, sha512: file.sha512, releaseDate: '' });
  }

  override resolveFiles(): ResolvedUpdateFileInfo[] {
    return [{ url: new URL(this.#download.file.url), info: this.#info() }];
  }

  #info(): ResolvedUpdateFileInfo['info'] {
    const { url, size, sha512 } = this.#download.file;
    return { url, size, sha512 };
  }
}

/** The options for a download. */
export function signedOptions(download: SignedOptions['download']): CustomOptions {
  // It calls the constructor with the options below.
  return { provider: 'custom', updateProvider: SignedProvider as unknown as NonNullable<CustomOptions['updateProvider']>, download };
}
