/** What the service worker does with a request. Pure. */

/** What of a request decides. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  /** The page itself, rather than something on it. */
  readonly isNavigation: boolean;
}

/**
 * page: from the network, and from the cache where there is none. file: its name tells its content, so the first copy is
 * good for ever. network: as if there were no worker.
 */
export type CacheStrategy = 'page' | 'file' | 'network';

/** Only what is the same for everybody is ever kept: nothing of /api, nothing that needs to be let in. */
export function strategyFor({ method, url, isNavigation }: Asked, origin: string): CacheStrategy {
  const { origin: asked, pathname } = new URL(url);
  if (method !== 'GET' || asked !== origin) return 'network';
  if (pathname === '/') return isNavigation ? 'page' : 'network';
  return /^\/(assets\/[\w.-]+|icons\/[\w.-]+\.png|manifest\.webmanifest)$/.test(pathname) ? 'file' : 'network';
}
