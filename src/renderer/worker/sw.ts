/** The service worker: caches the page's own files, so that the page opens without a network and can report that. It never caches data. */
import { strategyFor } from './cache-strategy';

declare const self: ServiceWorkerGlobalScope;

/** Inserted by the build: the files of the first render, and a hash of all file names. */
declare const __SHELL__: { readonly version: string; readonly files: readonly string[] };

const SHELL = __SHELL__;
const CACHE = `shell-${SHELL.version}`;
/** The page; paths are relative to this worker's own, as a reverse proxy may put one before them. */
const PAGE = './';
/** Without a response for this long the network counts as unavailable, ms. */
const NETWORK_TIMEOUT = 4000;

/** Fills the cache of this version. */
async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll([PAGE, ...SHELL.files]);
  await self.skipWaiting();
}

/** Deletes the caches of earlier versions; no page uses them any more. */
async function activate(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function cacheResponse(request: Request | string, response: Response): Promise<Response> {
  if (response.ok && response.type === 'basic') await (await caches.open(CACHE)).put(request, response.clone());
  return response;
}

async function networkFirst(request: Request): Promise<Response> {
  try {
    return await cacheResponse(PAGE, await fetch(request, { signal: AbortSignal.timeout(NETWORK_TIMEOUT) }));
  } catch {
    return (await caches.match(PAGE)) ?? Response.error();
  }
}

async function cacheFirst(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? cacheResponse(request, await fetch(request));
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const strategy = strategyFor({ method: request.method, url: request.url, isNavigation: request.mode === 'navigate' }, self.registration.scope);
  if (strategy === 'network-first') event.respondWith(networkFirst(request));
  else if (strategy === 'cache-first') event.respondWith(cacheFirst(request));
});
