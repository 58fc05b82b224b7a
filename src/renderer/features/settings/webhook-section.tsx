/** Webhooks in the settings: their list, state of delivery, test, and the form for one. */
import { useEffect, useState } from 'react';
import type { Webhook } from '../../../shared/alerts/alert-settings';
import type { WebhookState, WebhookTest, WebhookInput } from '../../../shared/alerts/webhook';
import { problemAt, problemText } from '../../../shared/api/problem-text';
import { useApp } from '../../app/app-context';
import { formatDateTime } from '../../lib/range';
import { Check, SelectField, TextField } from '../../ui/form-fields';

/** The states are loaded again after this time, ms: deliveries go on while the page is open. */
const REFRESH = 5000;

const WEBHOOK_KINDS = [
  ['slack', 'Slack-compatible'],
  ['json', 'JSON'],
] as const;

/** State of every webhook, null until the first response; `setStates` takes the list that a command returned. */
function useWebhookStates(): { readonly states: readonly WebhookState[] | null; readonly setStates: (states: readonly WebhookState[]) => void } {
  const { client, timers } = useApp();
  const [states, setStates] = useState<readonly WebhookState[] | null>(null);
  useEffect(() => {
    let cancel = (): void => undefined;
    let stopped = false;
    const load = async (): Promise<void> => {
      const response = await client.call('webhooks', {});
      if (stopped) return;
      if (response.ok) setStates(response.value);
      cancel = timers.after(REFRESH, () => void load());
    };
    void load();
    return () => {
      stopped = true;
      cancel();
    };
  }, [client, timers]);
  return { states, setStates };
}

function formatUrl(state: WebhookState | undefined): string {
  const address = state?.address ?? null;
  if (address === null) return 'no URL on this machine';
  const storage = address.kept === 'encrypted' ? 'stored encrypted' : 'stored unencrypted (no keyring)';
  return `${address.host}${address.tail === '' ? '' : ` …${address.tail}`} · ${storage}`;
}

function formatDelivery({ waiting, error, retryAt, deliveredAt }: WebhookState): string {
  const parts = [
    ...(deliveredAt === null ? [] : [`last delivered ${formatDateTime(deliveredAt)}`]),
    ...(waiting === 0 ? [] : [`${waiting} queued`]),
    ...(error === null ? [] : [error]),
    ...(retryAt === null ? [] : [`next try ${formatDateTime(retryAt).slice(11)}`]),
  ];
  return parts.join(' · ');
}

function formatTestResult({ ok, status, ms, error }: WebhookTest): string {
  const http = status === null ? '' : `HTTP ${status}, ${Math.round(ms)} ms`;
  return ok ? `Test sent (${http}).` : `Test failed: ${[http, error].filter((part) => part !== '').join(', ')}.`;
}

interface WebhookFormProps {
  readonly start: WebhookInput;
  readonly onSaved: (states: readonly WebhookState[]) => void;
  readonly onCancel: () => void;
}

/** The fields of one webhook. A stored URL can only be replaced, it is never shown. */
function WebhookForm({ start, onSaved, onCancel }: WebhookFormProps) {
  const { client } = useApp();
  const [input, setInput] = useState(start);
  const [url, setUrl] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  const isNew = start.id === undefined;
  const save = async (): Promise<void> => {
    const response = await client.call('setWebhook', { ...input, ...(url.trim() === '' ? {} : { url: url.trim() }) });
    if (response.ok) onSaved(response.value);
    else setFailure(response.message);
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
        <SelectField label="Kind" value={input.kind} choices={WEBHOOK_KINDS} problem={undefined} onChoose={(kind) => setInput({ ...input, kind })} />
      </div>
      <TextField label="URL" placeholder={isNew ? 'https://…' : 'unchanged'} help="Kept secret, not shown again." value={url} problem={at('url')} onEdit={setUrl} />
      <div className="checks">
        <Check label="Warning" checked={input.severities.includes('warning')} onChange={(on) => toggle('warning', on)} />
        <Check label="Critical" checked={input.severities.includes('critical')} onChange={(on) => toggle('critical', on)} />
        <Check label="Enabled" checked={input.enabled} onChange={(enabled) => setInput({ ...input, enabled })} />
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

interface WebhookRowProps {
  readonly webhook: Webhook;
  readonly state: WebhookState | undefined;
  readonly onStates: (states: readonly WebhookState[]) => void;
}

function WebhookRow({ webhook, state, onStates }: WebhookRowProps) {
  const { client } = useApp();
  const [status, setStatus] = useState<{ readonly text: string; readonly failed: boolean } | null>(null);
  const [editing, setEditing] = useState(false);
  const [confirming, setConfirming] = useState(false);
  const test = async (): Promise<void> => {
    setStatus({ text: 'Sending…', failed: false });
    const response = await client.call('testWebhook', { id: webhook.id });
    setStatus(response.ok ? { text: formatTestResult(response.value), failed: !response.value.ok } : { text: response.message, failed: true });
  };
  const remove = async (): Promise<void> => {
    const response = await client.call('removeWebhook', { id: webhook.id });
    if (response.ok) onStates(response.value);
    else setStatus({ text: response.message, failed: true });
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
          {webhook.label} {!webhook.enabled && <span className="quiet">turned off</span>}
        </span>
        <p className="field-help">{formatUrl(state)}</p>
        <p className="field-help">
          {webhook.severities.length === 0 ? 'Sends nothing' : `Sends: ${webhook.severities.join(', ')}`}
          {state !== undefined && formatDelivery(state) !== '' && ` · ${formatDelivery(state)}`}
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
        <button type="button" onClick={() => (confirming ? void remove() : setConfirming(true))} onBlur={() => setConfirming(false)}>
          {confirming ? 'Really remove?' : 'Remove'}
        </button>
      </span>
    </div>
  );
}

const NEW_WEBHOOK: WebhookInput = { label: '', kind: 'slack', severities: ['critical'], enabled: true };

/** The section "Webhooks": services to which alerts are sent. */
export function WebhookSection({ webhooks }: { readonly webhooks: readonly Webhook[] }) {
  const { states, setStates } = useWebhookStates();
  const [adding, setAdding] = useState(false);
  return (
    <section className="section">
      <h2 className="section-head">
        Webhooks
        {!adding && (
          <button type="button" onClick={() => setAdding(true)}>
            Add a webhook
          </button>
        )}
      </h2>
      {webhooks.length === 0 && !adding && <p className="section-note">No webhooks. Send alerts to Slack or another service.</p>}
      {webhooks.map((webhook) => (
        <WebhookRow key={webhook.id} webhook={webhook} state={states?.find(({ id }) => id === webhook.id)} onStates={setStates} />
      ))}
      {adding && (
        <WebhookForm
          start={NEW_WEBHOOK}
          onSaved={(next) => {
            setAdding(false);
            setStates(next);
          }}
          onCancel={() => setAdding(false)}
        />
      )}
    </section>
  );
}
