/** The service worker: keeps the page's own files, so that it opens without a network and can say so. Never any data. */
import { strategyFor } from './cache-strategy';

declare const self: ServiceWorkerGlobalScope;

/** Put in when built: the files of the page's first picture, and a hash of all names. */
declare const __SHELL__: { readonly version: string; readonly files: readonly string[] };

const SHELL = __SHELL__;
const CACHE = `shell-${SHELL.version}`;
/** A network that gives no answer for so long is none, ms. */
const PATIENCE = 4000;

async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(['/', ...SHELL.files]);
  await self.skipWaiting();
}

/** Earlier versions go; nobody shows them any more. */
async function takeOver(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function keep(request: Request | string, response: Response): Promise<Response> {
  if (response.ok && response.type === 'basic') await (await caches.open(CACHE)).put(request, response.clone());
  return response;
}

async function page(request: Request): Promise<Response> {
  try {
    return await keep('/', await fetch(request, { signal: AbortSignal.timeout(PATIENCE) }));
  } catch {
    return (await caches.match('/')) ?? Response.error();
  }
}

async function file(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? keep(request, await fetch(request));
}

self.addEventListener('install', (event) => event.waitUntil(fill()));
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const plan = strategyFor({ method: request.method, url: request.url, isNavigation: request.mode === 'navigate' }, self.location.origin);
  if (plan === 'page') event.respondWith(page(request));
  else if (plan === 'file') event.respondWith(file(request));
});
