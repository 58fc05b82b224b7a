/** What makes the page something a phone can keep on its home screen. Browsers only: the window has no use for it. */

/** True once it was done. */
const done = { link: false };

function link(rel: string, href: string): void {
  const element = document.createElement('link');
  element.rel = rel;
  element.href = href;
  document.head.append(element);
}

/**
 * Names the manifest and registers the service worker. Browsers refuse a worker over plain HTTP and from a certificate
 * they were only told to put up with; the page then works as before, but does not open without a network. What came of it
 * stands on the page as `data-worker`.
 */
export function installPage(): void {
  if (done.link) return;
  done.link = true;
  link('manifest', '/manifest.webmanifest');
  link('apple-touch-icon', '/icons/icon-192.png');
  const { dataset } = document.documentElement;
  if (!('serviceWorker' in navigator)) {
    dataset['worker'] = 'unavailable';
    return;
  }
  navigator.serviceWorker.register('/sw.js').then(
    () => {
      dataset['worker'] = 'registered';
    },
    () => {
      dataset['worker'] = 'refused';
    },
  );
}
