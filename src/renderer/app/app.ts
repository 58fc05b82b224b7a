/** What every page may use: the app's stores, commands and session, as types. Built in create-app.ts. */
import type { Client } from '../../shared/api/client';
import type { CallName } from '../../shared/api/contract';
import type { SampleBatch } from '../../shared/metrics/reading';
import type { Timers } from '../data/timers';
import type { AlertsController } from './alerts-controller';
import type { AppActions, AppStateStore } from './app-state';
import type { LiveStore } from './live';
import type { PowerController } from './power-controller';
import type { Router } from './router';
import type { SharingController } from './sharing-controller';
import type { Sparks } from './sparks';
import type { TaskController } from './tasks';

/** Why a password was not changed, and beside which field that belongs; null for neither. */
export interface PasswordRefusal {
  readonly field: 'current' | 'password' | null;
  readonly message: string;
}

/** Somebody who signed in over the LAN. */
export interface Session {
  readonly name: string;
  readonly role: 'viewer' | 'admin';
  /** Names of the calls they may use. */
  readonly capabilities: readonly string[];
  /** The account it signed in with; null for a browser let in at the desktop. */
  readonly account: string | null;
  signOut(): Promise<void>;
  /** Replaces the password of that account; null when that is done. */
  changePassword(current: string, password: string): Promise<PasswordRefusal | null>;
}

/** Told of each batch as it is applied, or that batches are missing. */
export interface BatchListener {
  onBatch(batch: SampleBatch): void;
  onGap(): void;
}

/** Everything a view may use. */
export interface App {
  readonly client: Client;
  readonly timers: Timers;
  readonly live: LiveStore;
  readonly appState: AppStateStore;
  readonly actions: AppActions;
  readonly sparks: Sparks;
  readonly router: Router;
  readonly tasks: TaskController;
  readonly alerts: AlertsController;
  readonly lan: SharingController;
  readonly powerControl: PowerController;
  /** Null at the desktop. */
  readonly session: Session | null;
  /** True for a call this page may use; what it may not is hidden. */
  can(name: CallName): boolean;
  /** Follows the batches; returns the function that stops it. */
  follow(listener: BatchListener): () => void;
  /** Holds everything still while the page is hidden. */
  setSeen(seen: boolean): void;
  stop(): void;
}
