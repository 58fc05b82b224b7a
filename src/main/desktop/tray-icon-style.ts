/** Which size and colours the tray of a desktop wants. */
import type { IconScheme } from './icon/draw';

/** How to draw for one desktop: pixels at scale 1, and the scales to draw. */
export interface TrayIconStyle {
  readonly size: number;
  readonly scales: readonly number[];
  readonly scheme: IconScheme;
}

/**
 * Edge of a tray icon in logical pixels. GNOME gets a file and halves it to its 16, so that twice the size
 * stays on its pixels; Plasma, Xfce and the others show 22.
 */
function linuxSize(desktop: string): number {
  return /gnome|unity|pantheon/i.test(desktop) ? 32 : 22;
}

function evenPixels(size: number): number {
  return 2 * Math.round(size / 2);
}

/**
 * Chooses the look. On Linux one pixmap alone reaches the panel, that of the highest scale, so it is drawn at
 * the display's own scale; elsewhere the system picks among the scales.
 *
 * @param desktop value of XDG_CURRENT_DESKTOP, empty when unset
 * @param scaleFactor of the primary display
 */
export function toTrayIconStyle(platform: NodeJS.Platform, desktop: string, scaleFactor: number): TrayIconStyle {
  if (platform === 'darwin') return { size: 16, scales: [1, 2], scheme: 'template' };
  if (platform === 'win32') return { size: 16, scales: [1, 1.25, 1.5, 2, 3], scheme: 'panel' };
  const scale = Math.min(4, Math.max(1, scaleFactor));
  return { size: evenPixels(linuxSize(desktop) * scale), scales: [1], scheme: 'panel' };
}

/** Whole, even pixels of a look at one of its scales. */
export function toPixels(iconStyle: TrayIconStyle, scale: number): number {
  return evenPixels(iconStyle.size * scale);
}
