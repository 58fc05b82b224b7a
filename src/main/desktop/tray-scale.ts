/** Follows the scale of the primary display, for which the tray icon is drawn. */
import type { Display, Screen } from 'electron';

/** The part of Electron's screen that is used. */
export type ScreenPart = Pick<Screen, 'getPrimaryDisplay' | 'on' | 'off'>;

/**
 * Calls back with the scale factor each time it may have changed: a display got another scale, or another display became
 * the primary one. Returns the function that ends it.
 */
export function followScale(screen: ScreenPart, onScale: (scaleFactor: number) => void): () => void {
  const read = (): void => onScale(screen.getPrimaryDisplay().scaleFactor);
  const onMetrics = (_event: unknown, display: Display): void => {
    // The event has the new metrics for certain.
    if (display.id === screen.getPrimaryDisplay().id) onScale(display.scaleFactor);
    else read();
  };
  screen.on('display-metrics-changed', onMetrics);
  screen.on('display-added', read);
  screen.on('display-removed', read);
  return () => {
    screen.off('display-metrics-changed', onMetrics);
    screen.off('display-added', read);
    screen.off('display-removed', read);
  };
}
