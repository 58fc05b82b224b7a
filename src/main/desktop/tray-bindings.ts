/** Binds the tray to the core: what it shows, and what its menu does. */
import { messageOf } from '../../shared/result';
import type { Core } from '../core/core';
import type { Log } from '../engine/log';
import type { TrayActions } from './tray';
import type { DeferredTray } from './deferred-tray';
import type { TrayElsewhere, TrayInput } from './tray-model';

/** Reads the worst incident of other machines: the same object until it has changed. */
function elsewhereReader({ machines: { machines } }: Core): () => { readonly elsewhere?: TrayElsewhere } {
  let last: { readonly elsewhere?: TrayElsewhere } = {};
  return () => {
    const worst = machines.worst();
    if (worst === null) return (last = last.elsewhere === undefined ? last : {});
    const { machine, more, incident: { severity, acknowledgedAt, firedAt, label, deviceLabel } } = worst;
    const elsewhere = { machine, more, severity, acknowledgedAt, firedAt, label, deviceLabel };
    if (JSON.stringify(elsewhere) !== JSON.stringify(last.elsewhere)) last = { elsewhere };
    return last;
  };
}

function toInput({ hub, alerts, settings, updates }: Core): TrayInput {
  const { time, readings, faults, lastKnown, paused } = hub.snapshot();
  return { time, readings, faults, lastKnown, paused, incidents: alerts.incidentManager.open(), snoozedAll: alerts.incidentManager.snoozes().some(({ target }) => target.kind === 'all'), sharing: settings.get().lan.enabled, update: updates.offer() };
}

/** Calls back after each batch, after a pause, which stops batches, and when an incident changes or is acknowledged. */
function onAnyChange(core: Core, listener: () => void): () => void {
  core.onAppState(listener);
  core.updates.onChange(listener);
  core.alerts.incidentManager.onChange(listener);
  core.machines.machines.onPush((name) => void (name === 'machines' && listener()));
  return core.hub.subscribe(listener);
}

/** Binds the tray; `windowActions` are the actions that need the window or the app. */
export function bindTray(deferredTray: DeferredTray, core: Core, log: Log, windowActions: Pick<TrayActions, 'open' | 'quit'>): void {
  const { alerting, incidentManager } = core.alerts;
  const elsewhere = elsewhereReader(core);
  // A menu may be older than the state of the app: a command that no longer applies is ignored.
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      log.info('a command of the tray no longer applies', { error: messageOf(error) });
    }
  };
  deferredTray.connect(
    { current: () => ({ ...toInput(core), ...elsewhere() }), onChange: (listener) => onAnyChange(core, listener) },
    {
      ...windowActions,
      setPaused: (paused) => core.monitoring.setPaused(paused),
      setSharing(sharing) {
        const saved = core.settings.update({ lan: { enabled: sharing } });
        if (!saved.ok) log.error('sharing could not be turned on or off', { reason: saved.message });
        if (sharing) windowActions.open('/sharing');
      },
      acknowledge: (incidentId) => attempt(() => alerting.acknowledge(incidentId)),
      snooze: (target, length) => attempt(() => incidentManager.snooze(target, length)),
      unsnooze: () => attempt(() => incidentManager.unsnooze(null)),
    },
  );
}
