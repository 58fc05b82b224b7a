import type { ReactNode } from 'react';

/** What a banner says and offers. */
interface BannerProps {
  readonly tone: 'info' | 'warning' | 'error';
  readonly title: ReactNode;
  readonly children?: ReactNode;
  /** Buttons at its end. */
  readonly actions?: ReactNode;
}

const TONE_LABELS = { info: 'Note', warning: 'Warning', error: 'Error' } as const;

/** A line over the page about the app itself. Its tone is a word too, for who cannot see the colour. */
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
