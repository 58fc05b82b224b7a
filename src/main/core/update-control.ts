/** Loads updates when they are first needed: some time after the start, or when the page asks. Calls about them. */
import { CallError } from '../../shared/result';
import type { UpdateStatus } from '../../shared/updates';
import type { SettingsHolder } from '../settings/settings';
import type { Updates, UpdatesParts } from '../updates/index';
import type { HandlerParts } from './handlers';

/** What the entry point knows about updates; null where this copy has no place to ask. */
export type UpdateSetup = Pick<UpdatesParts, 'source' | 'copy' | 'fetch' | 'selfUpdater' | 'openPage'>;

/** Gives the setup; called once, when updates are loaded. */
export type LoadUpdateSetup = () => Promise<UpdateSetup | null>;

/** Updates, loaded or not. */
export interface UpdateControl {
  readonly handlers: Pick<HandlerParts['installation'], 'updates' | 'checkForUpdates' | 'downloadUpdate' | 'cancelUpdate' | 'installUpdate' | 'openUpdatePage'>;
  /** The newer version that is known of, and whether it is ready; null for none. Cheap: it is read at each tick. */
  offer(): UpdateOfferLine | null;
  /** Calls back after each change. */
  onChange(listener: (status: UpdateStatus) => void): void;
  close(): void;
}

/** What one line of a menu says. */
interface UpdateOfferLine {
  readonly version: string;
  readonly isReady: boolean;
}

/** Time after the start when what is remembered is read, ms: nothing of it is urgent. */
const LOAD_DELAY = 60_000;

const NONE: Omit<UpdateStatus, 'current'> = { method: 'none', phase: 'idle', applies: null, progress: null, checkedAt: null, nextAt: null, problem: null, offer: null };

/** What updates need of the core. */
interface OwnParts extends Pick<UpdatesParts, 'path' | 'clock' | 'timers' | 'log' | 'record'> {
  readonly settings: Pick<SettingsHolder, 'get' | 'subscribe'>;
  readonly appVersion: string;
}

/** What the menu says; the same object as long as that does not change, since the tray compares it. */
function toLine({ offer, phase }: UpdateStatus, before: UpdateOfferLine | null): UpdateOfferLine | null {
  if (offer === null) return null;
  const isReady = phase === 'ready';
  return before?.version === offer.version && before.isReady === isReady ? before : { version: offer.version, isReady };
}

/** Creates the control; `setup` is called when updates are loaded. */
export function createUpdateControl(own: OwnParts, setup: LoadUpdateSetup | null): UpdateControl {
  const listeners = new Set<(status: UpdateStatus) => void>();
  let loading: Promise<Updates | null> | null = null;
  let updates: Updates | null = null;
  let offer: UpdateOfferLine | null = null;
  let isClosed = false;
  const status = (): UpdateStatus => updates?.status() ?? { ...NONE, current: own.appVersion };
  const changed = (): void => {
    const now = status();
    offer = toLine(now, offer);
    listeners.forEach((listener) => listener(now));
  };
  const create = async (): Promise<Updates | null> => {
    const found = setup === null ? null : await setup();
    if (found === null) return null;
    const { Updates } = await import('../updates/index');
    if (isClosed) return null;
    updates = new Updates({ ...own, ...found, isOn: () => own.settings.get().checkForUpdates, random: Math.random, onChange: changed });
    changed();
    return updates;
  };
  own.settings.subscribe(({ checkForUpdates }, before) => {
    if (checkForUpdates !== before.checkForUpdates) changed();
  });
  const load = (): Promise<Updates | null> => (loading ??= create());
  const loaded = async (): Promise<Updates> => {
    const one = await load();
    if (one === null) throw new CallError('Unavailable', 'This copy of Traywatch has no place to ask for updates.');
    return one;
  };
  const after = (work: (updates: Updates) => void | Promise<void>) => async (): Promise<UpdateStatus> => {
    await work(await loaded());
    return status();
  };
  const cancelLoad = setup === null ? () => undefined : own.timers.after(LOAD_DELAY, () => void load().catch((error: unknown) => own.log.warn('updates could not be loaded', { error })));
  return {
    handlers: {
      updates: async () => {
        await load();
        return status();
      },
      checkForUpdates: after((one) => one.check()),
      downloadUpdate: after((one) => one.download()),
      cancelUpdate: after((one) => one.cancel()),
      installUpdate: after((one) => one.install()),
      openUpdatePage: async () => {
        await (await loaded()).openPage();
        return null;
      },
    },
    offer: () => offer,
    onChange: (listener) => void listeners.add(listener),
    close: () => {
      isClosed = true;
      cancelLoad();
      updates?.close();
    },
  };
}
