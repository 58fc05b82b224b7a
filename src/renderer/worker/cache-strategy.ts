/** Which caching strategy the service worker uses for a request. Pure. */

/** The parts of a request that decide. */
export interface RequestToCache {
  readonly method: string;
  readonly url: string;
  /** Whether the page itself is loaded, rather than one of its resources. */
  readonly isNavigation: boolean;
}

/**
 * network-first: from the cache only if the network fails. cache-first: the name of the file contains a hash of its content,
 * so a cached copy never becomes outdated. network-only: not handled by the worker.
 */
export type CacheStrategy = 'network-first' | 'cache-first' | 'network-only';

/** Caches only public files: nothing under /api, and nothing that requires a session. */
export function strategyFor({ method, url, isNavigation }: RequestToCache, origin: string): CacheStrategy {
  const { origin: requested, pathname } = new URL(url);
  if (method !== 'GET' || requested !== origin) return 'network-only';
  if (pathname === '/') return isNavigation ? 'network-first' : 'network-only';
  return /^\/(assets\/[\w.-]+|icons\/[\w.-]+\.png|manifest\.webmanifest)$/.test(pathname) ? 'cache-first' : 'network-only';
}
