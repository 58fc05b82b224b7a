/** The card of the first start: where the icon is, a test notification, start at login. Loaded only where a step is left. */
import { useEffect, useId, useRef, useState } from 'react';
import type { GettingStartedStep } from '../../../shared/settings/getting-started';
import type { TrayStatus } from '../../../shared/tray-status';
import { useApp } from '../../app/app-context';
import { useSettingsUpdate } from '../../app/setting-inputs';
import { FailureText } from '../../ui/failure-text';
import { AutostartStep, IconStep, NotificationStep } from './getting-started-steps';
import './getting-started.css';

/** What is known of the tray, as it changes; null until the app reported it. */
function useTrayStatus(): TrayStatus | null {
  const { client } = useApp();
  const [status, setStatus] = useState<TrayStatus | null>(null);
  useEffect(() => {
    const stop = client.subscribe((event) => {
      if (event.name === 'trayStatus') setStatus(event.payload);
    });
    void client.call('trayStatus', {}).then((response) => response.ok && setStatus(response.value));
    return stop;
  }, [client]);
  return status;
}

/** The card, with the steps that are left. */
export function GettingStarted({ steps }: { readonly steps: readonly GettingStartedStep[] }) {
  const tray = useTrayStatus();
  const { failure, save } = useSettingsUpdate();
  const heading = useRef<HTMLHeadingElement>(null);
  // The button that had the focus goes with its step.
  const keep = (left: readonly GettingStartedStep[]): void => save({ gettingStarted: [...left] }, () => heading.current?.focus());
  const doneWith = (step: GettingStartedStep) => () => keep(steps.filter((one) => one !== step));
  const id = useId();
  return (
    <section className="section first-steps" aria-labelledby={id}>
      <header>
        <h2 id={id} ref={heading} tabIndex={-1}>
          Getting started
        </h2>
        <button type="button" className="plain" aria-label="Hide getting started" onClick={() => keep([])}>
          Hide
        </button>
      </header>
      <FailureText text={failure} />
      <ol>
        {steps.includes('icon') && <IconStep tray={tray} onDone={doneWith('icon')} />}
        {steps.includes('notification') && <NotificationStep tray={tray} onDone={doneWith('notification')} />}
        {steps.includes('autostart') && <AutostartStep onDone={doneWith('autostart')} />}
      </ol>
    </section>
  );
}
