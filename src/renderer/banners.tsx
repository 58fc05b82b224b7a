/** Banners above the page: connection, remote restart, access requests, pause, tasks and the app's notices. */
import { lazy, Suspense, useState } from 'react';
import { useStore } from 'zustand';
import type { Notice } from '../shared/notice';
import { useApp, useAppState, useLive } from './app/app-context';
import { formatAge } from './lib/age';
import { formatDateTime } from './lib/range';
import { Banner } from './ui/banner';
import { useDataAge } from './app/data-age';
import { AsOf } from './app/staleness';
import { RequestBanners } from './features/sharing/request-banners';
import { TaskBanner } from './app/task-banner';

// Loaded when a restart is requested for the first time; most pages never see one.
const PowerBanner = lazy(() => import('./features/system/power-banner').then((module) => ({ default: module.PowerBanner })));

const NO_NOTICES: readonly Notice[] = [];

function NoticeBanner({ notice }: { readonly notice: Notice }) {
  const { actions, can } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  const dismiss = (
    <button type="button" className="plain" onClick={() => void actions.dismissNotice(notice.id).then(setFailure)}>
      Dismiss
    </button>
  );
  return (
    <Banner tone={notice.severity} title={notice.title} {...(notice.dismissible && can('dismissNotice') ? { actions: dismiss } : {})}>
      {notice.body} <span className="quiet">Since {formatDateTime(notice.since)}.</span>
      {failure !== null && <span className="field-error"> {failure}</span>}
    </Banner>
  );
}

/** The time of the values that every page still shows. */
function PausedAsOf() {
  const at = useLive((state) => (state.time > 0 ? state.time : null));
  return at === null ? null : (
    <span className="quiet">
      Values are <AsOf at={at} />.
    </span>
  );
}

function PausedBanner() {
  const { actions, can } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  const resume = (
    <button type="button" onClick={() => void actions.setPaused(false).then(setFailure)}>
      Resume
    </button>
  );
  return (
    <Banner tone="info" title="Monitoring is paused." {...(can('setPaused') ? { actions: resume } : {})}>
      No data is collected until you resume. <PausedAsOf />
      {failure !== null && <span className="field-error"> {failure}</span>}
    </Banner>
  );
}

function ConnectionBanner() {
  const connection = useLive((state) => state.connection);
  const message = useLive((state) => state.connectionMessage);
  const { session, machine } = useApp();
  // That another machine is silent is said above the page, by what its hub knows.
  const stale = connection === 'lost' || (connection === 'silent' && machine === null);
  const age = useDataAge(stale);
  if (!stale) return null;
  // Screen readers announce the banner once, not its age each second.
  const lastUpdate = age !== null && <span aria-live="off">Last update {formatAge(age)} ago. </span>;
  if (connection === 'lost') {
    return (
      <Banner tone="error" title="Connection lost.">
        {lastUpdate}Reconnecting… {message !== '' && session === null && <span className="quiet">{message}</span>}
      </Banner>
    );
  }
  return (
    <Banner tone="warning" title="No new data.">
      {lastUpdate}Reconnecting…
    </Banner>
  );
}

function RemoteRestart() {
  const { powerControl } = useApp();
  const isQuiet = useStore(powerControl.store, (slice) => slice.powerControl.state === 'idle' && slice.powerControl.outcome === null);
  return isQuiet ? null : (
    <Suspense fallback={null}>
      <PowerBanner />
    </Suspense>
  );
}

/** All banners that apply now, the most urgent first. */
export function Banners() {
  const notices = useAppState(({ state }) => state?.notices ?? NO_NOTICES);
  const paused = useAppState(({ state }) => state?.paused ?? false);
  const { can, machine } = useApp();
  return (
    <div className="banners">
      <ConnectionBanner />
      {machine === null && <RemoteRestart />}
      {can('lanApprove') && <RequestBanners />}
      {paused && <PausedBanner />}
      <TaskBanner />
      {notices.map((notice) => (
        <NoticeBanner key={notice.id} notice={notice} />
      ))}
    </div>
  );
}
