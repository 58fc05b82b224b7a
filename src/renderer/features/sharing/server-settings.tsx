/** Settings of the server and of remote restart. */
import { useState } from 'react';
import { COUNTDOWN } from '../../../shared/power/power-labels';
import type { LanSettings } from '../../../shared/sharing/lan-settings';
import type { Settings } from '../../../shared/settings/settings-schema';
import { ChoiceField, SwitchSetting, TextSetting, useSettingsUpdate } from '../../app/setting-inputs';
import { InterfacesField } from './interfaces-field';
import { FailureText } from '../../ui/failure-text';

type Tls = LanSettings['tls'];

const TLS: readonly (readonly [Tls, string])[] = [
  ['self-signed', 'Self-signed'],
  ['custom', 'Custom certificate'],
  ['off', 'None (HTTP)'],
];

const TLS_HELP: Readonly<Record<Tls, string>> = {
  'self-signed': 'Encrypted. Browsers warn once; compare the fingerprint.',
  custom: 'Encrypted, with the PEM files below.',
  off: 'Not encrypted. Anyone on this network can read and modify the traffic, including passwords.',
};

/** Encryption of the server. Plain HTTP must be confirmed, with its consequences. */
function TlsField({ lan }: { readonly lan: LanSettings }) {
  const { failure, save } = useSettingsUpdate();
  const [selected, setSelected] = useState<Tls | null>(null);
  const choose = (tls: Tls): void => {
    if (tls === 'self-signed') save({ lan: { tls } }, () => setSelected(null));
    else setSelected(tls);
  };
  const shown = selected ?? lan.tls;
  return (
    <>
      <ChoiceField label="Encryption" help={TLS_HELP[shown]} value={shown} choices={TLS} failure={failure} onChange={choose} />
      {selected === 'off' && lan.tls !== 'off' && (
        <div className="field field-warning" role="alert">
          <p>
            <strong>Without encryption</strong>, anyone on this network can read your data and passwords and sign in as you. All current sessions end.
          </p>
          <div className="field-control">
            <button type="button" onClick={() => setSelected(null)}>
              Keep encryption
            </button>
            <button type="button" className="danger" onClick={() => save({ lan: { tls: 'off' } }, () => setSelected(null))}>
              Use plain HTTP
            </button>
          </div>
        </div>
      )}
      {shown === 'custom' && <CertificateFields lan={lan} onSaved={() => setSelected(null)} />}
    </>
  );
}

/** Files of a custom certificate; both are saved together, since one is useless without the other. */
function CertificateFields({ lan, onSaved }: { readonly lan: LanSettings; readonly onSaved: () => void }) {
  const { failure, save } = useSettingsUpdate();
  const [certFile, setCertFile] = useState(lan.certFile ?? '');
  const [keyFile, setKeyFile] = useState(lan.keyFile ?? '');
  return (
    <form
      className="row-form row-form-inset"
      onSubmit={(event) => {
        event.preventDefault();
        save({ lan: { tls: 'custom', certFile, keyFile } }, onSaved);
      }}
    >
      <label htmlFor="lan-cert">Certificate, with its chain</label>
      <input id="lan-cert" type="text" placeholder="/etc/ssl/machine.pem" spellCheck={false} value={certFile} onChange={(event) => setCertFile(event.target.value)} />
      <label htmlFor="lan-key">Private key</label>
      <input id="lan-key" type="text" placeholder="/etc/ssl/private/machine.key" spellCheck={false} value={keyFile} onChange={(event) => setKeyFile(event.target.value)} />
      <FailureText text={failure} />
      <span className="field-buttons">
        <button type="submit" disabled={certFile.trim() === '' || keyFile.trim() === ''}>
          Save
        </button>
      </span>
    </form>
  );
}

const toList = (text: string): string[] => text.split(/[\s,]+/).filter((part) => part !== '');

/** Further URLs of the server, and the proxies that may say whom a request comes from. */
function ReverseProxySettings({ lan }: { readonly lan: LanSettings }) {
  return (
    <>
      <TextSetting
        label="Public URLs"
        help="For a reverse proxy or another name, separated by spaces. Other unknown names are refused."
        placeholder="https://monitor.example"
        value={lan.publicUrls.join(' ')}
        toPatch={(text) => ({ lan: { publicUrls: toList(text) } })}
      />
      <TextSetting
        label="Trusted reverse proxies"
        help="IP addresses or networks. Only these may state a browser’s address."
        placeholder="127.0.0.1"
        value={lan.trustedProxies.join(' ')}
        toPatch={(text) => ({ lan: { trustedProxies: toList(text) } })}
      />
    </>
  );
}

/** The section of the server: port, interfaces, encryption, mDNS, /metrics and update interval. */
export function ServerSettingsSection({ settings }: { readonly settings: Settings }) {
  const { lan } = settings;
  return (
    <section className="section">
      <h2>Server</h2>
      <TextSetting label="Port" help="1–65535." type="number" value={String(lan.port)} toPatch={(text) => ({ lan: { port: Number(text) } })} />
      <InterfacesField lan={lan} />
      <TlsField lan={lan} />
      <SwitchSetting label="Advertise via mDNS" help="Makes this machine discoverable by name." checked={lan.mdns} toPatch={(mdns) => ({ lan: { mdns } })} />
      <SwitchSetting
        label="Local /metrics without token"
        help="Any program on this machine can read /metrics."
        checked={lan.allowLoopbackMetrics}
        toPatch={(allowLoopbackMetrics) => ({ lan: { allowLoopbackMetrics } })}
      />
      <ReverseProxySettings lan={lan} />
      <TextSetting label="Update interval (s)" help="Default for connected browsers, 1–60." type="number" value={String(lan.intervalSeconds)} toPatch={(text) => ({ lan: { intervalSeconds: Number(text) } })} />
    </section>
  );
}

/** The section of remote restart: whether admins may request it, and the countdown. */
export function RemotePowerSettingsSection({ settings }: { readonly settings: Settings }) {
  const { enabled, countdown } = settings.powerControl;
  return (
    <section className="section">
      <h2>Remote restart and shutdown</h2>
      <SwitchSetting
        label="Allow admins to request it"
        help="Needs a password or your approval, then counts down. You can cancel it here."
        checked={enabled}
        toPatch={(on) => ({ powerControl: { enabled: on } })}
      />
      {enabled && (
        <TextSetting
          label="Countdown (s)"
          help={`Time to cancel, ${COUNTDOWN.min}–${COUNTDOWN.max}.`}
          type="number"
          value={String(countdown)}
          toPatch={(text) => ({ powerControl: { countdown: Number(text) } })}
        />
      )}
    </section>
  );
}
