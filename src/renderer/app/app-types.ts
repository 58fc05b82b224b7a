/**
 * The app room: stores, controllers and form controls that more than one page uses. This file is the type of the whole,
 * which create-app.ts builds and components reach through `useApp`.
 * Files of this room may import charts, ui, data, lib and src/shared, and no feature. Features and the files directly under
 * src/renderer import it; charts, ui, data, lib, theme and worker may not.
 */
import type { Client } from '../../shared/api/client';
import type { CallName } from '../../shared/api/contract';
import type { SampleBatch } from '../../shared/metrics/reading';
import type { Timers } from '../data/timers';
import type { AlertsController } from './alerts-controller';
import type { AppActions, AppStateStore } from './app-state';
import type { LiveStore } from './live';
import type { MachinesController } from './machines-controller';
import type { PowerController } from './power-controller';
import type { Router } from './router';
import type { SharingController } from './sharing-controller';
import type { Sparks } from './sparks';
import type { TaskController } from './tasks';

/** Why a password was not changed, and the field it concerns; null when it concerns neither. */
export interface PasswordRefusal {
  readonly field: 'current' | 'password' | null;
  readonly message: string;
}

/** The session of a browser that is signed in over the LAN. */
export interface Session {
  readonly name: string;
  readonly role: 'viewer' | 'admin';
  /** Names of the calls it may use. */
  readonly capabilities: readonly string[];
  /** The account it signed in with; null for a browser that was paired. */
  readonly account: string | null;
  signOut(): Promise<void>;
  /** Changes the password of that account; resolves to null on success. */
  changePassword(current: string, password: string): Promise<PasswordRefusal | null>;
}

/** Called for each batch after it was applied, and when batches are missing. */
export interface BatchListener {
  onBatch(batch: SampleBatch): void;
  onGap(): void;
}

/** Everything a component may use. */
export interface App {
  readonly client: Client;
  /** Id of the other machine that this app is about; null for the one Traywatch runs on. */
  readonly machine: string | null;
  readonly timers: Timers;
  readonly live: LiveStore;
  readonly appState: AppStateStore;
  readonly actions: AppActions;
  readonly sparks: Sparks;
  readonly router: Router;
  readonly tasks: TaskController;
  readonly alerts: AlertsController;
  /** All machines, whichever this app is about. */
  readonly machines: MachinesController;
  readonly sharing: SharingController;
  readonly powerControl: PowerController;
  /** Null in Traywatch's own window. */
  readonly session: Session | null;
  /** Whether this page may use a call; controls of other calls are hidden. */
  can(name: CallName): boolean;
  /** Adds a listener of batches; returns the function that removes it. */
  follow(listener: BatchListener): () => void;
  /** While the page is hidden batches are buffered and no family counts as viewed. */
  setVisible(visible: boolean): void;
  stop(): void;
}
