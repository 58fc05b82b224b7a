/** What only the entry point knows about how this copy is installed and runs. */
import type { SandboxState } from '../../shared/sandbox';
import type { Autostart } from '../lib/autostart';

/** The installation. */
export interface Installation {
  /** checkout, package, AppImage, Snap or Flatpak. */
  readonly kind: string;
  readonly autostart: Pick<Autostart, 'read' | 'set'>;
  sandbox(): SandboxState;
  /** Whether the desktop has a tray; null without a desktop. */
  tray(): 'present' | 'absent' | 'unknown' | null;
}
