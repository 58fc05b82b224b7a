/** Reporting to another Traywatch, in the settings: address and code, the fingerprint to compare, and how it goes. */
import { useState } from 'react';
import type { Reporting } from '../../../shared/machines/machine-schemas';
import { ConfirmButton } from '../../app/setting-inputs';
import { FailureText } from '../../ui/failure-text';
import { TextField } from '../../ui/form-fields';
import { useLocalClock } from '../../ui/use-local-clock';
import { hubUrl, reportText } from './reporting-text';
import { useReporting } from './use-reporting';
import type { ReportingActions } from './use-reporting';
import './reporting.css';

type Running = Extract<Reporting, { readonly reportedAt: number | null }>;
type Asked = Extract<Reporting, { readonly state: 'confirm' | 'joining' }>;

/** The code as it is sent: spaces in it are how it is shown. */
const CODE = /^\d{6}(?:\d{2})?$/;

interface FormProps {
  readonly actions: ReportingActions;
  readonly address: string;
  readonly code: string;
  readonly onEdit: (change: { readonly address?: string; readonly code?: string }) => void;
}

function JoinForm({ actions, address, code, onEdit }: FormProps) {
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const digits = code.replaceAll(/\s/g, '');
  const ready = address.trim() !== '' && CODE.test(digits) && !busy;
  const submit = async (): Promise<void> => {
    setBusy(true);
    setFailure(await actions.join({ url: hubUrl(address), code: digits, fingerprint: null }));
    setBusy(false);
  };
  return (
    <form
      className="reporting-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void submit();
      }}
    >
      <p className="field-help">Shows this machine in the Traywatch of another one as well: its values, history and alerts. Nothing can be changed here from there. Create the code there, under All machines → Add machine.</p>
      <div className="form-row">
        <TextField label="Address" placeholder="https://192.168.1.20:8543" value={address} problem={undefined} onEdit={(next) => onEdit({ address: next })} />
        <TextField label="Pairing code" placeholder="123456" value={code} problem={code !== '' && !CODE.test(digits) ? 'Six digits, or eight.' : undefined} onEdit={(next) => onEdit({ code: next })} />
      </div>
      <FailureText text={failure} />
      <p className="field-buttons">
        <button type="submit" disabled={!ready}>
          {busy ? 'Connecting…' : 'Continue'}
        </button>
      </p>
    </form>
  );
}

/** Whose certificate it is, to compare. */
function Fingerprint({ fingerprint }: { readonly fingerprint: string }) {
  return <code className="fingerprint">{fingerprint}</code>;
}

function Confirm({ state, actions, code }: { readonly state: Asked; readonly actions: ReportingActions; readonly code: string }) {
  const [failure, setFailure] = useState<string | null>(null);
  const digits = code.replaceAll(/\s/g, '');
  return (
    <div className="reporting-form">
      <p>
        <strong>{state.hub}</strong> answers at {state.url}. Compare this fingerprint with the one that it shows:
      </p>
      <Fingerprint fingerprint={state.fingerprint} />
      <p className="field-help">If they differ, something between both machines answers in its place: cancel.</p>
      <FailureText text={failure} />
      <p className="field-buttons">
        <button type="button" className="strong" disabled={!CODE.test(digits)} onClick={() => void actions.join({ url: state.url, code: digits, fingerprint: state.fingerprint }).then(setFailure)}>
          They are the same: join
        </button>
        <button type="button" onClick={() => void actions.leave().then(setFailure)}>
          Cancel
        </button>
      </p>
    </div>
  );
}

function Waiting({ state, actions }: { readonly state: Asked; readonly actions: ReportingActions }) {
  const [failure, setFailure] = useState<string | null>(null);
  return (
    <div className="reporting-form">
      <output>
        <strong>Waiting for approval.</strong> Approve this machine in Traywatch on {state.hub}.
      </output>
      <FailureText text={failure} />
      <p className="field-buttons">
        <button type="button" onClick={() => void actions.leave().then(setFailure)}>
          Cancel
        </button>
      </p>
    </div>
  );
}

const TITLES: Readonly<Record<Running['state'], string>> = {
  reporting: 'Reporting',
  catchingUp: 'Catching up',
  retrying: 'Cannot report now; it is tried again',
  refused: 'Not accepted any more',
};

function Running({ state, actions }: { readonly state: Running; readonly actions: ReportingActions }) {
  const now = useLocalClock(true);
  const [failure, setFailure] = useState<string | null>(null);
  const isWell = state.state === 'reporting' || state.state === 'catchingUp';
  return (
    <div className="reporting-form">
      <output>
        <strong className={isWell ? '' : 'field-error'}>{TITLES[state.state]}</strong> <span className="quiet">to {state.hub} at {state.url}</span>
      </output>
      {state.reason !== null && <p className="field-error">{state.reason}</p>}
      <p className="quiet" aria-live="off">
        {reportText(state, now)}
      </p>
      <details>
        <summary>Certificate fingerprint (SHA-256)</summary>
        <Fingerprint fingerprint={state.fingerprint} />
      </details>
      <FailureText text={failure} />
      <p className="field-buttons">
        <ConfirmButton label="Stop reporting" question="Stop reporting? What was sent stays there." yes="Stop reporting" run={actions.leave} onFailure={setFailure} />
      </p>
    </div>
  );
}

function Content({ actions }: { readonly actions: ReportingActions }) {
  // What was typed is needed again once the fingerprint was compared.
  const [typed, setTyped] = useState({ address: '', code: '' });
  const { state } = actions;
  if (state === null) return <p className="section-empty">Loading…</p>;
  if (state.state === 'joining') return <Waiting state={state} actions={actions} />;
  if (state.state === 'confirm' && typed.code !== '') return <Confirm state={state} actions={actions} code={typed.code} />;
  // Without the code, which is kept nowhere, it begins anew.
  if (state.state === 'off' || state.state === 'confirm') return <JoinForm actions={actions} {...typed} onEdit={(change) => setTyped({ ...typed, ...change })} />;
  return <Running state={state} actions={actions} />;
}

/** The section. */
export function ReportingSection() {
  const actions = useReporting();
  return (
    <section className="section">
      <h2>Report to another Traywatch</h2>
      <Content actions={actions} />
    </section>
  );
}
