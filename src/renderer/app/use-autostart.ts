/** Start at login as a switch shows it. Its state belongs to the system, and is read again whenever the page comes to the front. */
import { useCallback, useEffect, useState } from 'react';
import { autostartText } from '../../shared/autostart';
import type { AutostartStatus } from '../../shared/autostart';
import { problemText } from '../../shared/api/problem-text';
import { useApp } from './app-context';

/** What a switch needs. */
interface AutostartSwitch {
  readonly checked: boolean;
  readonly disabled: boolean;
  /** What the system reports, and why it cannot be changed. */
  readonly help: string;
  /** Why the last change failed. */
  readonly failure: string | null;
  readonly set: (enabled: boolean) => void;
}

/** Start at login, as the system reports it. */
export function useAutostart(): AutostartSwitch {
  const { client } = useApp();
  const [status, setStatus] = useState<AutostartStatus | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const read = useCallback((): void => void client.call('autostart', {}).then((response) => response.ok && setStatus(response.value)), [client]);
  useEffect(() => {
    read();
    window.addEventListener('focus', read);
    return () => window.removeEventListener('focus', read);
  }, [read]);
  const set = (enabled: boolean): void =>
    void client.call('setAutostart', { enabled }).then((response) => {
      setFailure(response.ok ? null : problemText(response.message));
      if (response.ok) setStatus(response.value);
      // What could not be changed here may have been changed elsewhere.
      else read();
    });
  return {
    checked: status?.state === 'enabled' || status?.state === 'needsApproval',
    disabled: status?.canChange !== true,
    help: status === null ? 'Starts in the tray when you log in.' : autostartText(status),
    failure,
    set,
  };
}
