import { useId, useState } from 'react';
import { PASSWORD_LENGTH, passwordProblem } from '../../../shared/sharing/auth-policy';
import type { PasswordRefusal, Session } from '../../app/app';
import { autofocus } from '../../ui/autofocus';
import { Field } from '../../app/settings-fields';

interface PasswordInputProps {
  readonly label: string;
  readonly help: string;
  readonly autoComplete: 'current-password' | 'new-password';
  readonly value: string;
  readonly failure: string | null;
  readonly first?: boolean;
  readonly onEdit: (password: string) => void;
}

function PasswordInput({ label, help, autoComplete, value, failure, first = false, onEdit }: PasswordInputProps) {
  const id = useId();
  return (
    <Field id={id} label={label} help={help} failure={failure}>
      <input
        id={id}
        ref={first ? autofocus : undefined}
        type="password"
        autoComplete={autoComplete}
        value={value}
        aria-describedby={failure === null ? `${id}-help` : `${id}-error ${id}-help`}
        aria-invalid={failure !== null}
        onChange={(event) => onEdit(event.target.value)}
      />
    </Field>
  );
}

interface PasswordFormProps {
  readonly account: string;
  readonly change: Session['changePassword'];
  readonly onDone: (changed: boolean) => void;
}

/** The old password and the new one. What is wrong with the new one is told while it is typed, the rest after asking. */
function PasswordForm({ account, change, onDone }: PasswordFormProps) {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<PasswordRefusal | null>(null);
  const problem = password === '' ? null : passwordProblem(password, account);
  const failureAt = (field: PasswordRefusal['field']): string | null => (refusal !== null && refusal.field === field ? refusal.message : null);
  const submit = async (): Promise<void> => {
    setBusy(true);
    setRefusal(null);
    const refused = await change(current, password);
    setBusy(false);
    setRefusal(refused);
    if (refused === null) onDone(true);
  };
  return (
    <form
      aria-label="Change the password"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {/* Password managers file the new password under the name they find here. */}
      <input type="text" autoComplete="username" value={account} readOnly hidden />
      <PasswordInput label="Present password" help="Asked again, in case somebody else has picked up this device." autoComplete="current-password" value={current} failure={failureAt('current')} first onEdit={setCurrent} />
      <PasswordInput
        label="New password"
        help={`At least ${PASSWORD_LENGTH.min} characters. Other browsers signed in with this account are signed out.`}
        autoComplete="new-password"
        value={password}
        failure={problem === null ? failureAt('password') : `It ${problem}.`}
        onEdit={setPassword}
      />
      <div className="field">
        {failureAt(null) !== null && (
          <p className="field-error" role="alert">
            {failureAt(null)}
          </p>
        )}
        <div className="field-control field-buttons">
          <button type="button" onClick={() => onDone(false)}>
            Cancel
          </button>
          <button type="submit" className="strong" disabled={busy || current === '' || password === '' || problem !== null}>
            Change
          </button>
        </div>
      </div>
    </form>
  );
}

/** The password of the account a browser signed in with, and the way to another one. */
export function PasswordChange({ account, change }: Pick<PasswordFormProps, 'account' | 'change'>) {
  const [state, setState] = useState<'idle' | 'changing' | 'kept' | 'changed'>('idle');
  if (state === 'changing') return <PasswordForm account={account} change={change} onDone={(changed) => setState(changed ? 'changed' : 'kept')} />;
  return (
    <div className="field">
      <div>
        <span>Password</span>
        <p className="field-help">
          <output>{state === 'changed' ? 'Changed. Other browsers of this account have been signed out.' : `Of the account ${account}.`}</output>
        </p>
      </div>
      <div className="field-control">
        <button type="button" ref={state === 'idle' ? undefined : autofocus} onClick={() => setState('changing')}>
          Change password…
        </button>
      </div>
    </div>
  );
}
