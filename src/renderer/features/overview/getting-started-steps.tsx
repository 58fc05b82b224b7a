/** The steps of the card of the first start. */
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import { problemText } from '../../../shared/api/problem-text';
import { testNotificationText } from '../../../shared/test-notification';
import { trayText } from '../../../shared/tray-status';
import type { TrayStatus } from '../../../shared/tray-status';
import { useApp } from '../../app/app-context';
import { useAutostart } from '../../app/use-autostart';
import { FailureText } from '../../ui/failure-text';

interface StepProps {
  readonly title: string;
  /** The user is done with it. */
  readonly onDone: () => void;
  readonly children: ReactNode;
  /** Its control; none where there is only something to read. */
  readonly control?: ReactNode;
}

function Step({ title, onDone, children, control }: StepProps) {
  return (
    <li className="first-step">
      <h3>{title}</h3>
      <div className="first-step-text">{children}</div>
      <div className="first-step-actions">
        {control}
        <button type="button" className="plain" aria-label={`Done: ${title}`} onClick={onDone}>
          Done
        </button>
      </div>
    </li>
  );
}

/** `tray` is null until it is known. */
interface TrayStepProps extends Pick<StepProps, 'onDone'> {
  readonly tray: TrayStatus | null;
}

/** Says where the icon is, or what brings a tray. */
export function IconStep({ tray, onDone }: TrayStepProps) {
  const { text, more } = trayText(tray ?? { state: 'waiting', desktop: 'other' });
  return (
    <Step title="Find the icon" onDone={onDone}>
      <output>{text}</output>
      <p className="quiet">{more}</p>
    </Step>
  );
}

/** Sends a notification, and says what the desktop made of it. */
export function NotificationStep({ tray, onDone }: TrayStepProps) {
  const { client } = useApp();
  const [isSending, setIsSending] = useState(false);
  const [result, setResult] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  const send = async (): Promise<void> => {
    setIsSending(true);
    setFailure(null);
    setResult('Waiting for the desktop…');
    const response = await client.call('testNotification', {});
    setIsSending(false);
    setFailure(response.ok ? null : problemText(response.message));
    setResult(response.ok ? testNotificationText(response.value.outcome, tray?.desktop ?? 'other') : '');
  };
  const button = (
    // Not disabled meanwhile, so that it keeps the focus.
    <button type="button" aria-disabled={isSending} onClick={() => isSending || void send()}>
      Send a test notification
    </button>
  );
  return (
    <Step title="Try a notification" onDone={onDone} control={button}>
      <p>Traywatch notifies you when an alert begins. Send one to see whether this desktop shows it.</p>
      <output className="quiet">{result}</output>
      <FailureText text={failure} />
    </Step>
  );
}

/** The switch of start at login. */
export function AutostartStep({ onDone }: Pick<StepProps, 'onDone'>) {
  const { set, help, failure, checked, disabled } = useAutostart();
  const title = 'Start at login';
  const id = useId();
  const control = (
    <span className="first-step-switch">
      <input className="switch" type="checkbox" role="switch" aria-label={title} checked={checked} disabled={disabled} aria-checked={checked} aria-describedby={id} onChange={(event) => set(event.target.checked)} />
      <span aria-hidden="true">{checked ? 'On' : 'Off'}</span>
    </span>
  );
  return (
    <Step title={title} onDone={onDone} control={control}>
      <p>History and alerts cover the time in which Traywatch runs.</p>
      <p className="quiet" id={id}>
        {help}
      </p>
      <FailureText text={failure} />
    </Step>
  );
}
