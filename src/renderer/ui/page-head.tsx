/** Heading of a page. */
import type { ReactNode } from 'react';

/** Title of a page with optional content beside it. */
export function PageHead({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <header className="page-head">
      <h1>{title}</h1>
      {children}
    </header>
  );
}
