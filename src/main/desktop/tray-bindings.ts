/** Joins the tray icon to what it shows and to what it can ask for. */
import { messageOf } from '../../shared/result';
import type { Core } from '../core/core';
import type { Log } from '../engine/log';
import type { TrayActions } from './tray';
import type { DeferredTray } from './deferred-tray';
import type { TrayInput } from './tray-model';

function toInput({ hub, alerts, settings }: Core): TrayInput {
  const { readings, faults, paused } = hub.snapshot();
  return { readings, faults, paused, incidents: alerts.incidentManager.open(), snoozedAll: alerts.incidentManager.snoozes().some(({ target }) => target.kind === 'all'), sharing: settings.get().lan.enabled };
}

/** A new batch, or a pause that stops them. */
function onAnyChange(core: Core, listener: () => void): () => void {
  core.onAppState(listener);
  return core.hub.subscribe(listener);
}

/** Joins; `hands` are what only the desktop can do. */
export function bindTray(link: DeferredTray, core: Core, log: Log, hands: Pick<TrayActions, 'open' | 'quit'>): void {
  const { alerting, incidentManager } = core.alerts;
  // A menu may be older than what it offers: what is over by then needs no answer.
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      log.info('a choice in the tray came too late', { error: messageOf(error) });
    }
  };
  link.connect(
    { current: () => toInput(core), onChange: (listener) => onAnyChange(core, listener) },
    {
      ...hands,
      setPaused: (paused) => core.monitoring.setPaused(paused),
      setSharing(sharing) {
        const saved = core.settings.update({ lan: { enabled: sharing } });
        if (!saved.ok) log.error('sharing could not be switched', { reason: saved.message });
        if (sharing) hands.open('/sharing');
      },
      acknowledge: (incidentId) => attempt(() => alerting.acknowledge(incidentId)),
      snooze: (target, length) => attempt(() => incidentManager.snooze(target, length)),
      unsnooze: () => attempt(() => incidentManager.unsnooze(null)),
    },
  );
}
