/** The machine that the app itself runs on, which is not the one it watches where that is made up. */
import type { SystemDeps } from './deps';

/** Platform and root of the machine that runs the app. */
export function ownMachine({ platform, root, demo }: Pick<SystemDeps, 'platform' | 'root' | 'demo'>): Pick<SystemDeps, 'platform' | 'root'> {
  return demo?.own ?? { platform, root };
}
