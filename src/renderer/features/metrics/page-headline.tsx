/** Heads of a metric page and of the families on it. */
import type { MouseEvent } from 'react';
import { familiesOn, familyOf, partLabel } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import { METRIC_PAGES } from '../../../shared/metrics/pages';
import type { MetricPageId } from '../../../shared/metrics/pages';
import type { Reading } from '../../../shared/metrics/reading';
import { isRaised } from '../../../shared/metrics/severity';
import { useFamiliesHealth, useFamilyHealth } from '../../app/health';
import { AsOf, FaultText, useFamilyState } from '../../app/staleness';
import { cardModel, isPending, presenceOf } from '../../lib/card-model';
import type { RangeChoice } from '../../lib/range';
import { useLink } from '../../app/app-context';
import { formatRoute } from '../../lib/route';
import type { Compare } from '../../lib/route';
import { HealthBadge } from '../../ui/severity-icon';
import { Value } from '../../ui/value';
import { anchorOf, scrollToFamily } from './use-anchor';

/** Each device that cannot be read says so in its own row, with its time; the note would repeat it without. */
const hasDeviceFault = ({ devices }: Reading): boolean => Object.values(devices).some(({ fault }) => fault !== undefined);

/** The main values of a family. */
function Figures({ family }: { readonly family: FamilyId }) {
  const state = useFamilyState(family);
  const { reading, fault, stale } = state;
  const { figures, state: why } = cardModel(family, reading);
  if (presenceOf(reading, fault) === 'absent') return null;
  return (
    <span className="headline" data-stale={stale?.reason}>
      {figures.map(({ key, label, metric, value, beside }) => (
        <span className="headline-figure" key={key}>
          {figures.length > 1 && <span className="headline-label">{metric.glyph ?? label}</span>}
          <Value value={value} unit={metric.unit} pending={isPending(state)} />
          {beside !== null && <span className="headline-label">{beside}</span>}
        </span>
      ))}
      {why !== null && <span className="headline-label">{why}</span>}
    </span>
  );
}

/** Since when its values are old, how bad it is, what is measured, and why it cannot be read. `quiet`: good health is said elsewhere. */
function FamilyFacts({ family, quiet = false }: { readonly family: FamilyId; readonly quiet?: boolean }) {
  const { reading, fault, stale } = useFamilyState(family);
  const health = useFamilyHealth(family);
  return (
    <>
      {stale !== null && <AsOf at={stale.asOf} />}
      {health !== null && (!quiet || isRaised(health.severity)) && <HealthBadge health={health} />}
      <p className="detail-note">
        {familyOf(family).description} {reading?.note !== undefined && !hasDeviceFault(reading) && <span className="note">{reading.note}</span>}
      </p>
      {presenceOf(reading, fault) === 'absent' && <p className="absent">Not available on this machine now. Earlier values are shown below.</p>}
      {fault !== undefined && <FaultText family={family} fault={fault} details />}
    </>
  );
}

/** The head of one of several families on a page. */
export function FamilyHead({ family }: { readonly family: FamilyId }) {
  return (
    <header className="page-head detail-head family-head" id={anchorOf(family)}>
      <h2>{partLabel(family)}</h2>
      <FamilyFacts family={family} quiet />
    </header>
  );
}

interface PageHeadlineProps {
  readonly page: MetricPageId;
  /** The families that it shows values of. */
  readonly families: readonly FamilyId[];
  readonly range: RangeChoice;
  readonly compare: Compare | undefined;
}

/** How bad it is with the worst of the page, and its families with their main values, each of which leads to its charts. */
function FamilyLinks({ page, families, range, compare }: PageHeadlineProps) {
  const link = useLink();
  const health = useFamiliesHealth(familiesOn(page));
  // The address may name the family already.
  const onClick = ({ currentTarget }: MouseEvent<HTMLAnchorElement>): void => {
    const family = families.find((id) => id === currentTarget.dataset['family']);
    if (family !== undefined) scrollToFamily(family, family === families[0]);
  };
  return (
    <>
      {health !== null && <HealthBadge health={health} />}
      <nav className="headlines" aria-label="On this page">
        {families.map((family) => (
          <a key={family} href={link(formatRoute({ page: 'family', family, range, ...(compare === undefined ? {} : { compare }) }))} data-family={family} onClick={onClick}>
            <span className="headline-family">{partLabel(family)}</span>
            <Figures family={family} />
          </a>
        ))}
      </nav>
    </>
  );
}

/** The head of the page: its name and the main values of its families; all about the family of a page that has only one. */
export function PageHeadline(props: PageHeadlineProps) {
  const { page, families } = props;
  const [first] = families;
  const isJoined = familiesOn(page).length > 1;
  return (
    <header className="page-head detail-head">
      <h1>{METRIC_PAGES[page]}</h1>
      {isJoined && families.length > 0 && <FamilyLinks {...props} />}
      {!isJoined && first !== undefined && (
        <>
          <Figures family={first} />
          <FamilyFacts family={first} />
        </>
      )}
    </header>
  );
}
