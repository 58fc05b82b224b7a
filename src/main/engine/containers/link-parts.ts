/** What the link to one engine needs. */
import type { Clock, Timers } from '../clock';
import type { Platform } from '../collectors/deps';
import type { EngineClient } from './client';
import type { EngineCandidate } from './discovery';
import type { Happening } from './fates';

/** What a link needs. */
export interface LinkParts {
  readonly candidate: EngineCandidate;
  readonly platform: Platform;
  readonly clock: Pick<Clock, 'now' | 'mono'>;
  readonly timers: Timers;
  /** `keepsOpen`: whether connections stay open between calls. */
  createClient(keepsOpen: boolean): EngineClient;
  /** Whether a Podman service stays without being asked. */
  staysAwake(): Promise<boolean>;
  /** A text that changes when something happens to containers, for an engine that is not followed. */
  signOfChange(): Promise<string>;
  /** False where the daemon is known by another address already. */
  claim(identity: string): boolean;
  onHappenings(happenings: readonly Happening[]): void;
}
