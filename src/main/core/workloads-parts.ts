/** What containers and services need of the core. */
import type { EventRecorder } from '../timeline/event-recorder';
import type { SettingsHolder } from '../settings/settings';
import type { Notices } from '../timeline/notices';
import type { Tasks } from '../history/background-tasks';
import type { CoreParts } from './core-setup';

/** What both need of the core. */
export interface WorkloadParts {
  readonly parts: CoreParts;
  readonly settings: SettingsHolder;
  readonly record: EventRecorder;
  readonly tasks: Tasks;
  readonly notices: Notices;
  isPaused(): boolean;
}
