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

/**
 * Caches only public files: nothing under /api, and nothing that requires a session. `scope` is the URL of the page, which
 * behind a reverse proxy may have a path of its own.
 */
export function strategyFor({ method, url, isNavigation }: RequestToCache, scope: string): CacheStrategy {
  const { origin: requested, pathname } = new URL(url);
  const { origin, pathname: base } = new URL(scope);
  if (method !== 'GET' || requested !== origin || !pathname.startsWith(base)) return 'network-only';
  const path = pathname.slice(base.length);
  if (path === '') return isNavigation ? 'network-first' : 'network-only';
  return /^(assets\/[\w.-]+|icons\/[\w.-]+\.png|manifest\.webmanifest)$/.test(path) ? 'cache-first' : 'network-only';
}
