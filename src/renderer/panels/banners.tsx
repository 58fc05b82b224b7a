import { useState } from 'react';
import type { Notice } from '../../shared/notice';
import { useApp, useAppState, useLive } from '../app-context';
import { formatMoment } from '../lib/range';
import { Banner } from '../ui/banner';
import { TaskBanner } from './task-banner';

const NO_NOTICES: readonly Notice[] = [];

function NoticeBanner({ notice }: { readonly notice: Notice }) {
  const { actions } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  const dismiss = (
    <button type="button" className="plain" onClick={() => void actions.dismissNotice(notice.id).then(setFailure)}>
      Dismiss
    </button>
  );
  return (
    <Banner tone={notice.severity} title={notice.title} {...(notice.dismissible ? { actions: dismiss } : {})}>
      {notice.body} <span className="quiet">Since {formatMoment(notice.since)}.</span>
      {failure !== null && <span className="field-error"> {failure}</span>}
    </Banner>
  );
}

function PausedBanner() {
  const { actions } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  const resume = (
    <button type="button" onClick={() => void actions.setPaused(false).then(setFailure)}>
      Resume
    </button>
  );
  return (
    <Banner tone="info" title="Monitoring is paused." actions={resume}>
      Nothing is read or kept until it resumes.
      {failure !== null && <span className="field-error"> {failure}</span>}
    </Banner>
  );
}

function ConnectionBanner() {
  const connection = useLive((state) => state.connection);
  const message = useLive((state) => state.connectionMessage);
  if (connection === 'lost') {
    return (
      <Banner tone="error" title="Disconnected.">
        What you see is old. Trying again. {message !== '' && <span className="quiet">{message}</span>}
      </Banner>
    );
  }
  if (connection !== 'silent') return null;
  return (
    <Banner tone="warning" title="No news for a while.">
      What you see may be old. Asking again.
    </Banner>
  );
}

/** Everything the app has to say about itself, over the page. */
export function Banners() {
  const notices = useAppState(({ state }) => state?.notices ?? NO_NOTICES);
  const paused = useAppState(({ state }) => state?.paused ?? false);
  return (
    <div className="banners">
      <ConnectionBanner />
      {paused && <PausedBanner />}
      <TaskBanner />
      {notices.map((notice) => (
        <NoticeBanner key={notice.id} notice={notice} />
      ))}
    </div>
  );
}
