/** Probing once, to see what comes back. */
import { useEffect, useRef, useState } from 'react';
import { problemText } from '../../../shared/api/problem-text';
import type { ProbeResult, Service } from '../../../shared/services/service-schemas';
import { useApp } from '../../app/app-context';
import { FailureText } from '../../ui/failure-text';
import { ProbeResultView } from './probe-result';

/** What is known of the test: nothing, that it runs, what came back, or why nothing did. */
export type TestState = { readonly step: 'none' | 'running' } | { readonly step: 'done'; readonly result: ProbeResult } | { readonly step: 'failed'; readonly message: string };

const NONE: TestState = { step: 'none' };

/** Runs tests, one at a time; what a closed one brings is not shown. */
export function useTest() {
  const { client } = useApp();
  const [state, setState] = useState<TestState>(NONE);
  const turn = useRef(0);
  useEffect(
    () => () => {
      turn.current += 1;
    },
    [],
  );
  const start = async (service: Service, secrets: Record<string, string>): Promise<void> => {
    const mine = (turn.current += 1);
    setState({ step: 'running' });
    const response = await client.call('testService', { service, secrets });
    if (mine !== turn.current) return;
    setState(response.ok ? { step: 'done', result: response.value } : { step: 'failed', message: problemText(response.message) });
  };
  const close = (): void => {
    turn.current += 1;
    setState(NONE);
  };
  return { state, start: (service: Service, secrets: Record<string, string>) => void start(service, secrets), close };
}

/** Brings what came back into view: the button that asked for it stays where it is. */
function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}

/** What a test brought. */
export function TestPanel({ state, onClose }: { readonly state: TestState; readonly onClose: () => void }) {
  if (state.step === 'none') return null;
  return (
    <section key={state.step} ref={intoView} className="section test-panel" aria-label="Test">
      <h2 className="section-head">
        Test
        <button type="button" onClick={onClose}>
          {state.step === 'running' ? 'Cancel' : 'Close'}
        </button>
      </h2>
      <div className="test-body">
        {state.step === 'running' && (
          <output>
            <progress aria-label="Probing" /> Probing…
          </output>
        )}
        {state.step === 'failed' && <FailureText text={state.message} />}
        {state.step === 'done' && <ProbeResultView result={state.result} />}
      </div>
    </section>
  );
}
