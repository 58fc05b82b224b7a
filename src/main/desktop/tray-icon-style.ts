/** The size and color scheme of the tray icon for each desktop. Pure. */
import type { IconScheme } from './icon/draw';

/** How to draw the icon: edge length at scale 1 in pixels, the scales to draw, and the colors. */
export interface TrayIconStyle {
  readonly size: number;
  readonly scales: readonly number[];
  readonly scheme: IconScheme;
}

/**
 * Edge length of the icon in logical pixels. GNOME scales the image to 16, so that 32 pixels are halved exactly; Plasma,
 * Xfce and others show 22.
 */
function linuxSize(desktop: string): number {
  return /gnome|unity|pantheon/i.test(desktop) ? 32 : 22;
}

/** Edge length of a small icon on Windows (SM_CXSMICON), logical pixels. */
const WINDOWS_SIZE = 16;

function evenPixels(size: number): number {
  return 2 * Math.round(size / 2);
}

/**
 * Chooses the style. On Linux only one pixmap reaches the panel, that of the highest scale, and on Windows only that of scale
 * 1 (Electron makes an HICON of it), so both get one that is drawn at the scale of the display. macOS chooses among the
 * scales.
 *
 * @param desktop value of XDG_CURRENT_DESKTOP, empty when unset
 * @param scaleFactor of the primary display
 */
export function toTrayIconStyle(platform: NodeJS.Platform, desktop: string, scaleFactor: number): TrayIconStyle {
  if (platform === 'darwin') return { size: 16, scales: [1, 2], scheme: 'template' };
  // A display that is just being set up may report a scale of 0 or none.
  const scale = Number.isFinite(scaleFactor) ? Math.min(4, Math.max(1, scaleFactor)) : 1;
  return { size: evenPixels((platform === 'win32' ? WINDOWS_SIZE : linuxSize(desktop)) * scale), scales: [1], scheme: 'panel' };
}

/** True where both give the same images. */
export function isSameStyle(a: TrayIconStyle, b: TrayIconStyle): boolean {
  return a.size === b.size && a.scheme === b.scheme && a.scales.join(' ') === b.scales.join(' ');
}

/** The icon's edge length at a scale: whole, even pixels. */
export function toPixels(iconStyle: TrayIconStyle, scale: number): number {
  return evenPixels(iconStyle.size * scale);
}
