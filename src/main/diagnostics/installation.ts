/** What only the entry point knows about how this copy is installed and runs. */
import type { SandboxState } from '../../shared/sandbox';
import type { TrayStatus } from '../../shared/tray-status';
import type { Autostart } from '../lib/autostart';

/** The installation. */
export interface Installation {
  /** checkout, package, AppImage, Snap or Flatpak. */
  readonly kind: string;
  readonly autostart: Pick<Autostart, 'read' | 'set'>;
  sandbox(): SandboxState;
  /** What is known of the desktop's tray; null without a desktop. */
  tray(): TrayStatus | null;
}
