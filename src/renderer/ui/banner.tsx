/** Banners for messages of the app about itself. */
import type { ReactNode } from 'react';

/** Message of a banner and its buttons. */
interface BannerProps {
  readonly tone: 'info' | 'warning' | 'error';
  readonly title: ReactNode;
  readonly children?: ReactNode;
  /** Buttons at the end. */
  readonly actions?: ReactNode;
}

const TONE_LABELS = { info: 'Info', warning: 'Warning', error: 'Error' } as const;

/** A message above the page. Its tone is shown as text as well, not by color alone. */
export function Banner({ tone, title, children, actions }: BannerProps) {
  return (
    <div className="banner" data-tone={tone} role={tone === 'error' ? 'alert' : 'status'}>
      <span className="banner-tone">{TONE_LABELS[tone]}</span>
      <p>
        <strong>{title}</strong> {children}
      </p>
      {actions !== undefined && <span className="banner-actions">{actions}</span>}
    </div>
  );
}
