/** Makes the page installable as a web app (manifest and service worker). Used in browsers only, not in Traywatch's window. */

/** Whether installPage has run; it runs once per page load. */
const installed = { done: false };

function link(rel: string, href: string): void {
  const element = document.createElement('link');
  element.rel = rel;
  element.href = href;
  document.head.append(element);
}

/**
 * Links the manifest and registers the service worker. Browsers refuse a worker over plain HTTP and from a certificate
 * that the user merely accepted in a warning; the page then works as before, but does not open without a network. The
 * result is set on the root element as `data-worker`: registered, refused or unavailable.
 */
export function installPage(): void {
  if (installed.done) return;
  installed.done = true;
  link('manifest', './manifest.webmanifest');
  link('apple-touch-icon', './icons/icon-192.png');
  const { dataset } = document.documentElement;
  if (!('serviceWorker' in navigator)) {
    dataset['worker'] = 'unavailable';
    return;
  }
  navigator.serviceWorker.register('./sw.js').then(
    () => {
      dataset['worker'] = 'registered';
    },
    () => {
      dataset['worker'] = 'refused';
    },
  );
}
