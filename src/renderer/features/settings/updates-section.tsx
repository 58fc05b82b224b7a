/** Updates in the settings: what is known of newer versions, and the way to one. In Traywatch's own window alone. */
import { useCallback, useEffect, useId, useState } from 'react';
import type { ReactNode } from 'react';
import { problemText } from '../../../shared/api/problem-text';
import { formatMoment } from '../../../shared/local-time';
import { formatValue } from '../../../shared/units';
import { updateProblemText, updateSteps } from '../../../shared/updates';
import type { UpdateStatus } from '../../../shared/updates';
import { useApp, useLive } from '../../app/app-context';
import { SwitchSetting } from '../../app/setting-inputs';
import { Field } from '../../app/settings-fields';
import { CopyButton } from '../../ui/copy-button';
import './updates.css';

type UpdateCommand = 'checkForUpdates' | 'downloadUpdate' | 'cancelUpdate' | 'installUpdate' | 'openUpdatePage';

/** The status, kept up to date, and the commands; `failure` is why the last command was refused. */
function useUpdates() {
  const { client } = useApp();
  const [status, setStatus] = useState<UpdateStatus | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    void client.call('updates', {}).then((response) => response.ok && setStatus(response.value));
    return client.subscribe((event) => {
      if (event.name === 'updates') setStatus(event.payload);
    });
  }, [client]);
  const run = useCallback((command: UpdateCommand): void => void client.call(command, {}).then((response) => setFailure(response.ok ? null : problemText(response.message))), [client]);
  return { status, failure, run };
}

/** "Last checked 14:02, next 2026-12-01 15:10." */
function checkedText({ checkedAt, nextAt, phase }: UpdateStatus, now: number): string {
  if (phase === 'checking') return 'Checking…';
  if (checkedAt === null) return 'Not checked yet.';
  return `Last checked ${formatMoment(checkedAt, now)}${nextAt === null ? '' : nextAt <= now ? ', next soon' : `, next ${formatMoment(nextAt, now)}`}.`;
}

/** "Version 0.1.0 is up to date" once the last check said so. */
function versionText({ current, offer, checkedAt, problem }: UpdateStatus): string {
  return offer === null && checkedAt !== null && problem === null ? `Version ${current} is up to date` : `Version ${current}`;
}

interface PartProps {
  readonly status: UpdateStatus;
  readonly run: (command: UpdateCommand) => void;
}

/** The command that installs it by hand, with a button that copies it. */
function Steps({ status }: { readonly status: UpdateStatus }) {
  const steps = updateSteps(status);
  if (steps === null) return null;
  return (
    <div className="update-steps">
      <p className="field-help">{steps.text}</p>
      {steps.command !== null && (
        <p className="update-command">
          <code>{steps.command}</code> <CopyButton text={steps.command} name="Copy the command" />
        </p>
      )}
    </div>
  );
}

function Download({ status, run }: PartProps): ReactNode {
  if (status.method !== 'self') return null;
  if (status.phase === 'ready') {
    return (
      <button type="button" className="strong" onClick={() => run('installUpdate')}>
        Restart now
      </button>
    );
  }
  if (status.phase === 'downloading') {
    return (
      <span className="task-progress">
        <progress max={100} value={status.progress ?? 0} aria-label="Downloading the update" /> {status.progress ?? 0} %
        <button type="button" onClick={() => run('cancelUpdate')}>
          Cancel
        </button>
      </span>
    );
  }
  return (
    <button type="button" className="strong" disabled={status.phase !== 'idle' || status.offer?.file === null} onClick={() => run('downloadUpdate')}>
      Download and install
    </button>
  );
}

const READY_TEXT: Readonly<Record<NonNullable<UpdateStatus['applies']>, string>> = {
  nextStart: 'Downloaded, verified and installed. It runs from the next start on.',
  restart: 'Downloaded and verified. Restart now installs it; nothing is lost.',
  quit: 'Downloaded and verified. It is installed when Traywatch ends; nothing is lost.',
};

/** What the row of the newer version says below its name. */
function offerHelp({ phase, applies, method, offer }: UpdateStatus): string {
  if (offer === null) return '';
  if (phase === 'ready') return READY_TEXT[applies ?? 'restart'];
  const size = method === 'self' && offer.bytes !== null ? ` ${formatValue(offer.bytes, 'bytes')}.` : '';
  // On another day a moment begins with its date.
  return `Released ${formatMoment(offer.released, 0).slice(0, 10)}.${size}`;
}

function Offer({ status, run }: PartProps) {
  const id = useId();
  if (status.offer === null) return null;
  return (
    <>
      <Field id={id} selfNamed label={`Traywatch ${status.offer.version} is available`} help={offerHelp(status)} failure={null}>
        <span className="update-actions">
          <Download status={status} run={run} />
          <button type="button" aria-describedby={`${id}-help`} onClick={() => run('openUpdatePage')}>
            {status.method === 'self' ? 'What’s new' : 'Open download page'}
          </button>
        </span>
      </Field>
      <Steps status={status} />
    </>
  );
}

/** The section. `checks` is the setting. */
export function UpdatesSection({ checks }: { readonly checks: boolean }) {
  const { status, failure, run } = useUpdates();
  const id = useId();
  // Whole minutes, so that nothing is drawn again each second.
  const now = useLive(({ time }) => time - (time % 60_000));
  if (status === null) return null;
  if (status.method === 'none') {
    return (
      <section className="section" id="updates">
        <h2>Updates</h2>
        <p className="section-note">Version {status.current}. This copy asks nobody for updates: get new versions from where you got it.</p>
      </section>
    );
  }
  return (
    <section className="section" id="updates">
      <h2>Updates</h2>
      <Offer status={status} run={run} />
      <SwitchSetting
        label="Check for updates"
        help="Asks the update server once a day for one small file. Nothing about you or this machine is sent."
        checked={checks}
        toPatch={(checkForUpdates) => ({ checkForUpdates })}
      />
      <Field id={id} selfNamed label={versionText(status)} help={checkedText(status, now)} failure={failure ?? (status.problem === null ? null : updateProblemText(status.problem))}>
        <button type="button" aria-describedby={`${id}-help`} disabled={status.phase !== 'idle'} onClick={() => run('checkForUpdates')}>
          Check now
        </button>
      </Field>
    </section>
  );
}
