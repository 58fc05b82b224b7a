import { useState } from 'react';
import { COUNTDOWN } from '../../../shared/power/power-labels';
import type { LanSettings } from '../../../shared/sharing/lan-settings';
import type { Settings } from '../../../shared/settings/settings-schema';
import { ChoiceField, SwitchSetting, TextSetting, useSettingsUpdate } from '../../app/setting-inputs';
import { InterfacesField } from './interfaces-field';

type Tls = LanSettings['tls'];

const TLS: readonly (readonly [Tls, string])[] = [
  ['self-signed', 'Certificate made here'],
  ['custom', 'Certificate of my own'],
  ['off', 'Plain HTTP'],
];

const TLS_HELP: Readonly<Record<Tls, string>> = {
  'self-signed': 'Encrypted. Browsers warn once, because nobody but this machine vouches for the certificate; compare its fingerprint.',
  custom: 'Encrypted, with the PEM files you name.',
  off: 'Not encrypted: anybody on the network can read along, take over sessions and see passwords.',
};

/** Encrypted or not. Plain HTTP is asked about once more, with what it means. */
function TlsField({ lan }: { readonly lan: LanSettings }) {
  const { failure, save } = useSettingsUpdate();
  const [wish, setInput] = useState<Tls | null>(null);
  const choose = (tls: Tls): void => {
    if (tls === 'self-signed') save({ lan: { tls } }, () => setInput(null));
    else setInput(tls);
  };
  const shown = wish ?? lan.tls;
  return (
    <>
      <ChoiceField label="Encryption" help={TLS_HELP[shown]} value={shown} choices={TLS} failure={failure} onChange={choose} />
      {wish === 'off' && lan.tls !== 'off' && (
        <div className="field field-warning" role="alert">
          <p>
            <strong>Without encryption</strong> everybody on this network, guests and hacked gadgets included, can read what you see, sign in as you, and see passwords as they are typed. Those signed in now have to
            be let in again.
          </p>
          <div className="field-control">
            <button type="button" onClick={() => setInput(null)}>
              Stay encrypted
            </button>
            <button type="button" className="danger" onClick={() => save({ lan: { tls: 'off' } }, () => setInput(null))}>
              Use plain HTTP
            </button>
          </div>
        </div>
      )}
      {shown === 'custom' && <CertificateFields lan={lan} onSaved={() => setInput(null)} />}
    </>
  );
}

/** Both files are saved together: one without the other is no certificate. */
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
      {failure !== null && (
        <p className="field-error" role="alert">
          {failure}
        </p>
      )}
      <span className="field-buttons">
        <button type="submit" disabled={certFile.trim() === '' || keyFile.trim() === ''}>
          Use these files
        </button>
      </span>
    </form>
  );
}

/** Where and how the server listens. */
export function ServerSettingsSection({ settings }: { readonly settings: Settings }) {
  const { lan } = settings;
  return (
    <section className="sheet">
      <h2>Server</h2>
      <TextSetting label="Port" help="1 to 65535." type="number" value={String(lan.port)} toPatch={(text) => ({ lan: { port: Number(text) } })} />
      <InterfacesField lan={lan} />
      <TlsField lan={lan} />
      <SwitchSetting label="Announce by mDNS" help="Others on the network find this machine by name, and learn that it shares." checked={lan.mdns} toPatch={(mdns) => ({ lan: { mdns } })} />
      <SwitchSetting
        label="Open /metrics to this machine"
        help="Programs on this machine can then read /metrics without a token, whoever runs them."
        checked={lan.allowLoopbackMetrics}
        toPatch={(allowLoopbackMetrics) => ({ lan: { allowLoopbackMetrics } })}
      />
      <TextSetting label="Seconds between updates" help="For viewers that name no pace of their own, 1 to 60." type="number" value={String(lan.intervalSeconds)} toPatch={(text) => ({ lan: { intervalSeconds: Number(text) } })} />
    </section>
  );
}

/** Whether somebody far away may restart this machine. */
export function RemotePowerSettingsSection({ settings }: { readonly settings: Settings }) {
  const { enabled, countdown } = settings.powerControl;
  return (
    <section className="sheet">
      <h2>Restart and shut down from afar</h2>
      <SwitchSetting
        label="Allow admins to ask"
        help="Each request is confirmed with the password of an account or here at the desktop, counts down, and can be called off here. It stands in the timeline."
        checked={enabled}
        toPatch={(on) => ({ powerControl: { enabled: on } })}
      />
      {enabled && (
        <TextSetting
          label="Countdown, seconds"
          help={`Time to call it off, ${COUNTDOWN.min} to ${COUNTDOWN.max}.`}
          type="number"
          value={String(countdown)}
          toPatch={(text) => ({ powerControl: { countdown: Number(text) } })}
        />
      )}
    </section>
  );
}
