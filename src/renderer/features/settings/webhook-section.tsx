import { useEffect, useState } from 'react';
import type { Webhook } from '../../../shared/alerts/alert-settings';
import type { WebhookState, WebhookTest, WebhookInput } from '../../../shared/alerts/webhook';
import { problemAt, problemText } from '../../../shared/api/problem-text';
import { useApp } from '../../app/app-context';
import { formatMoment } from '../../lib/range';
import { Check, ChoiceField, TextField } from '../../ui/form-fields';

/** Asked again after so long while the page is open, ms: deliveries go on. */
const REFRESH = 5000;

const CHUNK_KINDS = [
  ['slack', 'Slack, or what takes its messages'],
  ['json', 'JSON, the incident as it is'],
] as const;

/** What may be known of the webhooks; null until the first answer. */
function useStates(): { readonly states: readonly WebhookState[] | null; readonly take: (states: readonly WebhookState[]) => void } {
  const { client, timers } = useApp();
  const [states, setStates] = useState<readonly WebhookState[] | null>(null);
  useEffect(() => {
    let cancel = (): void => undefined;
    let stopped = false;
    const load = async (): Promise<void> => {
      const answer = await client.call('webhooks', {});
      if (stopped) return;
      if (answer.ok) setStates(answer.value);
      cancel = timers.after(REFRESH, () => void load());
    };
    void load();
    return () => {
      stopped = true;
      cancel();
    };
  }, [client, timers]);
  return { states, take: setStates };
}

function formatAddress(state: WebhookState | undefined): string {
  const address = state?.address ?? null;
  if (address === null) return 'no address on this machine';
  const kept = address.kept === 'encrypted' ? 'kept encrypted' : 'kept in a file only you can read: this system has no key store';
  return `${address.host}${address.tail === '' ? '' : ` …${address.tail}`} · ${kept}`;
}

function formatState({ waiting, error, retryAt, deliveredAt }: WebhookState): string {
  const parts = [
    ...(deliveredAt === null ? [] : [`last delivered ${formatMoment(deliveredAt)}`]),
    ...(waiting === 0 ? [] : [`${waiting} ${waiting === 1 ? 'message waits' : 'messages wait'}`]),
    ...(error === null ? [] : [error]),
    ...(retryAt === null ? [] : [`next try ${formatMoment(retryAt).slice(11)}`]),
  ];
  return parts.join(' · ');
}

function formatTestResult({ ok, status, ms, error }: WebhookTest): string {
  const answered = status === null ? '' : `HTTP ${status} after ${Math.round(ms)} ms`;
  return ok ? `It works: ${answered}.` : `It does not work: ${[answered, error].filter((word) => word !== '').join(', ')}.`;
}

interface FormProps {
  readonly start: WebhookInput;
  readonly onSaved: (states: readonly WebhookState[]) => void;
  readonly onCancel: () => void;
}

/** The fields of a webhook. An address that is known is only replaced, never shown. */
function WebhookForm({ start, onSaved, onCancel }: FormProps) {
  const { client } = useApp();
  const [input, setInput] = useState(start);
  const [url, setUrl] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  const isNew = start.id === undefined;
  const save = async (): Promise<void> => {
    const answer = await client.call('setWebhook', { ...input, ...(url.trim() === '' ? {} : { url: url.trim() }) });
    if (answer.ok) onSaved(answer.value);
    else setFailure(answer.message);
  };
  const toggle = (severity: 'warning' | 'critical', on: boolean): void =>
    setInput({ ...input, severities: (['warning', 'critical'] as const).filter((one) => (one === severity ? on : input.severities.includes(one))) });
  const at = (field: string): string | undefined => (failure === null ? undefined : problemAt(failure, field));
  return (
    <form
      className="webhook-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div className="form-row">
        <TextField label="Name" value={input.label} problem={at('label')} onEdit={(label) => setInput({ ...input, label })} />
        <ChoiceField label="Kind" value={input.kind} choices={CHUNK_KINDS} problem={undefined} onChoose={(kind) => setInput({ ...input, kind })} />
      </div>
      <TextField label="Address" placeholder={isNew ? 'https://…' : 'stays as it is'} help="It is a secret: whoever has it may post there. It is not shown again." value={url} problem={at('url')} onEdit={setUrl} />
      <div className="checks">
        <Check label="Warnings" checked={input.severities.includes('warning')} onChange={(on) => toggle('warning', on)} />
        <Check label="Criticals" checked={input.severities.includes('critical')} onChange={(on) => toggle('critical', on)} />
        <Check label="Switched on" checked={input.enabled} onChange={(enabled) => setInput({ ...input, enabled })} />
      </div>
      {failure !== null && at('label') === undefined && at('url') === undefined && (
        <p className="field-error" role="alert">
          {problemText(failure)}
        </p>
      )}
      <span className="field-buttons">
        <button type="submit" className="strong">
          Save
        </button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      </span>
    </form>
  );
}

interface RowProps {
  readonly webhook: Webhook;
  readonly state: WebhookState | undefined;
  readonly onStates: (states: readonly WebhookState[]) => void;
}

function WebhookRow({ webhook, state, onStates }: RowProps) {
  const { client } = useApp();
  const [status, setMessage] = useState<{ readonly text: string; readonly failed: boolean } | null>(null);
  const [editing, setEditing] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const test = async (): Promise<void> => {
    setMessage({ text: 'Sending…', failed: false });
    const answer = await client.call('testWebhook', { id: webhook.id });
    setMessage(answer.ok ? { text: formatTestResult(answer.value), failed: !answer.value.ok } : { text: answer.message, failed: true });
  };
  const remove = async (): Promise<void> => {
    const answer = await client.call('removeWebhook', { id: webhook.id });
    if (answer.ok) onStates(answer.value);
    else setMessage({ text: answer.message, failed: true });
  };
  const saved = (states: readonly WebhookState[]): void => {
    setEditing(false);
    onStates(states);
  };
  if (editing) return <WebhookForm start={webhook} onSaved={saved} onCancel={() => setEditing(false)} />;
  return (
    <div className="field field-wide webhook">
      <div>
        <span>
          {webhook.label} {!webhook.enabled && <span className="quiet">switched off</span>}
        </span>
        <p className="field-help">{formatAddress(state)}</p>
        <p className="field-help">
          {webhook.severities.length === 0 ? 'takes nothing' : `takes ${webhook.severities.join(' and ')}`}
          {state !== undefined && formatState(state) !== '' && ` · ${formatState(state)}`}
        </p>
        {status !== null && (
          <output className={status.failed ? 'field-error' : 'quiet'}>{status.text}</output>
        )}
      </div>
      <span className="field-buttons">
        <button type="button" onClick={() => void test()}>
          Test
        </button>
        <button type="button" onClick={() => setEditing(true)}>
          Edit
        </button>
        <button type="button" onClick={() => (leaving ? void remove() : setLeaving(true))} onBlur={() => setLeaving(false)}>
          {leaving ? 'Really remove?' : 'Remove'}
        </button>
      </span>
    </div>
  );
}

const NEW: WebhookInput = { label: '', kind: 'slack', severities: ['critical'], enabled: true };

/** Where alerts go besides this desktop. */
export function Webhooks({ webhooks }: { readonly webhooks: readonly Webhook[] }) {
  const { states, take } = useStates();
  const [adding, setAdding] = useState(false);
  return (
    <section className="sheet">
      <h2 className="sheet-head">
        Webhooks
        {!adding && (
          <button type="button" onClick={() => setAdding(true)}>
            Add a webhook
          </button>
        )}
      </h2>
      {webhooks.length === 0 && !adding && <p className="sheet-note">None. A webhook tells a chat or another program of alerts.</p>}
      {webhooks.map((webhook) => (
        <WebhookRow key={webhook.id} webhook={webhook} state={states?.find(({ id }) => id === webhook.id)} onStates={take} />
      ))}
      {adding && (
        <WebhookForm
          start={NEW}
          onSaved={(next) => {
            setAdding(false);
            take(next);
          }}
          onCancel={() => setAdding(false)}
        />
      )}
    </section>
  );
}
