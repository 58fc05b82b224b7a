import { useState } from 'react';
import type { Notice } from '../shared/notice';
import { useApp, useAppState, useLive } from './app/app-context';
import { formatAge } from './lib/age';
import { formatMoment } from './lib/range';
import { Banner } from './ui/banner';
import { PowerBanner } from './features/system/power-banner';
import { useDataAge } from './app/data-age';
import { RequestBanners } from './features/sharing/request-banners';
import { TaskBanner } from './app/task-banner';

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
      {notice.body} <span className="quiet">Since {formatMoment(notice.since)}.</span>
      {failure !== null && <span className="field-error"> {failure}</span>}
    </Banner>
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
      Nothing is read or kept until it resumes.
      {failure !== null && <span className="field-error"> {failure}</span>}
    </Banner>
  );
}

function ConnectionBanner() {
  const connection = useLive((state) => state.connection);
  const message = useLive((state) => state.connectionMessage);
  const { session } = useApp();
  const away = connection === 'lost' || connection === 'silent';
  const age = useDataAge(away);
  if (!away) return null;
  // The age is read out once, not each second.
  const old = age !== null && <span aria-live="off">Data is {formatAge(age)} old. </span>;
  if (connection === 'lost') {
    return (
      <Banner tone="error" title="Not connected.">
        {old}Trying again. {message !== '' && session === null && <span className="quiet">{message}</span>}
      </Banner>
    );
  }
  return (
    <Banner tone="warning" title="No news for a while.">
      {old}Asking again.
    </Banner>
  );
}

/** Everything the app has to say about itself, over the page. */
export function Banners() {
  const notices = useAppState(({ state }) => state?.notices ?? NO_NOTICES);
  const paused = useAppState(({ state }) => state?.paused ?? false);
  const { can } = useApp();
  return (
    <div className="banners">
      <ConnectionBanner />
      <PowerBanner />
      {can('lanApprove') && <RequestBanners />}
      {paused && <PausedBanner />}
      <TaskBanner />
      {notices.map((notice) => (
        <NoticeBanner key={notice.id} notice={notice} />
      ))}
    </div>
  );
}
