/** A row of the process table. */
import { describe, expect, it } from 'vitest';
import { ProcessRow } from '../../../../src/renderer/features/processes/process-row';
import { PROCESS_HEADS } from '../../../../src/renderer/features/processes/process-rows';
import type { ProcessInfo } from '../../../../src/shared/processes/process-schemas';
import { info } from '../../../support/process-source';
import { renderedText } from '../../../support/rendered';

const textOf = (process: ProcessInfo, isOpen = false): string =>
  renderedText(<table><tbody><ProcessRow process={process} heads={PROCESS_HEADS} isOpen={isOpen} now={0} hasRates={true} onToggle={() => undefined} /></tbody></table>);

describe('a process', () => {
  it('is shown with the container that it runs in, behind its name and among its properties', () => {
    const inside = info(7, { name: 'postgres', container: 'shop-db' });
    expect(textOf(inside)).toMatch(/^postgres in container shop-db 7 /);
    expect(textOf(inside, true)).toContain('Container shop-db');
  });

  it('says nothing of containers outside of one', () => {
    expect(textOf(info(7, { name: 'postgres' }), true)).toMatch(/^postgres 7 /);
    expect(textOf(info(7, { name: 'postgres' }), true)).not.toMatch(/container/i);
  });
});
