/**
 * Records when the page was first painted, as the window of Traywatch does for its first data: milliseconds since
 * 1970 in <html data-first-data>. The second frame begins after the first one was drawn.
 */
export function recordFirstPaint(): void {
  requestAnimationFrame(() => {
    requestAnimationFrame(() => {
      document.documentElement.dataset.firstData = String(performance.timeOrigin + performance.now());
    });
  });
}
