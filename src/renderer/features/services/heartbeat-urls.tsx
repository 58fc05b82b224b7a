/** Where a job calls in: shown once, when it is made. */
import { useState } from 'react';
import { problemText } from '../../../shared/api/problem-text';
import { useApp, useAppState } from '../../app/app-context';
import { ConfirmButton } from '../../app/setting-inputs';
import { CopyButton } from '../../ui/copy-button';
import { FailureText } from '../../ui/failure-text';

/** A command that calls in: it fails where the server says no, and does not hang. */
export function curlLine(url: string): string {
  return `curl -fsS -m 10 --retry 3 '${url}'`;
}

/** The job of a crontab at 3 in the morning, which calls in only after it went well. */
export function cronLine(url: string): string {
  return `0 3 * * * /path/to/job && ${curlLine(url)}`;
}

/** Says that nobody can call while Sharing is off. */
export function SharingNote() {
  const isShared = useAppState(({ state }) => state?.settings.lan.enabled ?? true);
  if (isShared) return null;
  return (
    <output className="field-error">
      Sharing is off: nothing can call in, and this service is not measured. Switch it on under <a href="#/sharing">Sharing</a>.
    </output>
  );
}

function Line({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div className="heartbeat-line">
      <span className="group-label">{label}</span>
      <code className="secret">{text}</code>
      <CopyButton text={text} name={`Copy: ${label}`} />
    </div>
  );
}

/** The URLs of one making, with lines that are ready to be used. */
export function HeartbeatUrls({ urls }: { readonly urls: readonly string[] }) {
  const [first] = urls;
  if (first === undefined) return <p className="field-error">There is no URL while Sharing is off. Switch it on, then make a new URL here.</p>;
  return (
    <div className="new-token heartbeat">
      <p>
        <strong>Copy this URL now.</strong> You won’t see it again. Whoever has it can call in.
      </p>
      {urls.map((url, at) => (
        <Line key={url} label={urls.length === 1 ? 'URL' : `URL ${at + 1}`} text={url} />
      ))}
      <Line label="At the end of a script" text={curlLine(first)} />
      <Line label="In a crontab" text={cronLine(first)} />
      {first.startsWith('https:') && <p className="field-help">With Traywatch’s own certificate, add its file to curl: --cacert FILE.</p>}
    </div>
  );
}

/** Makes URLs; `urls` is null before one was made. */
export function useHeartbeat() {
  const { client } = useApp();
  const [urls, setUrls] = useState<readonly string[] | null>(null);
  const create = async (id: string): Promise<string | null> => {
    const response = await client.call('newHeartbeat', { id });
    if (!response.ok) return problemText(response.message);
    setUrls(response.value.urls);
    return null;
  };
  return { urls, create };
}

/** The part of the form of a heartbeat that is saved. */
export function HeartbeatSection({ id }: { readonly id: string }) {
  const { urls, create } = useHeartbeat();
  const [failure, setFailure] = useState<string | null>(null);
  return (
    <fieldset className="section form-section">
      <legend>Address to call</legend>
      <SharingNote />
      {urls === null ? <p className="field-help">The URL was shown when it was made and cannot be shown again.</p> : <HeartbeatUrls urls={urls} />}
      <FailureText text={failure} />
      <ConfirmButton label="New URL" question="Make a new URL? The present one stops working." yes="New URL" run={() => create(id)} onFailure={setFailure} />
    </fieldset>
  );
}
