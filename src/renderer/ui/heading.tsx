/** Headings whose level depends on where they stand. */
import { createContext, useContext } from 'react';
import type { ReactNode } from 'react';

const LevelContext = createContext<'h2' | 'h3'>('h2');

/** Within it headings are one level lower: it has a heading of its own. */
export function PartOfPage({ children }: { readonly children: ReactNode }) {
  return <LevelContext value="h3">{children}</LevelContext>;
}

/** The heading of a chart or table. */
export function Heading({ id, children }: { readonly id?: string; readonly children: ReactNode }) {
  return useContext(LevelContext) === 'h3' ? <h3 id={id}>{children}</h3> : <h2 id={id}>{children}</h2>;
}
