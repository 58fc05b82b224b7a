/** Every place that says how bad it is, read as a user or a script reads it: from what is really rendered, sent or shown. */
import { toTrayState, toTrayTexts } from '../../src/main/desktop/tray-model';
import type { TrayInput } from '../../src/main/desktop/tray-model';
import { planCharts } from '../../src/renderer/charts/chart-plan';
import { MetricPage } from '../../src/renderer/features/metrics/metric-page';
import { OverviewPage } from '../../src/renderer/features/overview/overview-page';
import { Rail } from '../../src/renderer/rail';
import { familyLink } from '../../src/renderer/lib/route';
import type { OpenAlerts } from '../../src/shared/api/alert-schemas';
import type { AppState } from '../../src/shared/api/contract';
import type { RuleThreshold } from '../../src/shared/alerts/severity';
import { familiesOn, familyOf } from '../../src/shared/metrics/index';
import type { FamilyId } from '../../src/shared/metrics/index';
import type { Snapshot } from '../../src/shared/metrics/reading';
import { renderedHtml } from './rendered';
import type { Shown } from './rendered';

/** A word and the color of its mark, as rendered: null where there is none. */
export interface Said {
  readonly word: string;
  readonly color: string;
}

/** What a page knows: the answers that a client gets. */
export interface PageState {
  readonly snapshot: Snapshot;
  readonly openAlerts: OpenAlerts;
  readonly appState: AppState;
}

const shownOf = ({ snapshot, openAlerts, appState }: PageState): Shown => ({ live: { ...snapshot, known: true }, alerts: openAlerts, paused: appState.paused, rules: appState.rules });

const text = (html: string): string => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim();

/** The mark in a piece of HTML: its color, none where it is quiet. */
function colorIn(html: string): string {
  const [, severity = '', quiet] = /class="severity-icon" data-severity="(\w+)" data-quiet="(\w+)"/.exec(html) ?? [];
  return quiet === 'true' ? 'none' : severity;
}

/** "Critical, acknowledged" as the word alone. */
const wordOf = (label: string): string => (/^(critical|warning|healthy|no data)/.exec(label.toLowerCase())?.[1] ?? label);

function badgeIn(html: string): Said | null {
  const [badge] = /<span class="badge"[\s\S]*?<\/svg>[^<]*<\/span>/.exec(html) ?? [];
  return badge === undefined ? null : { word: wordOf(text(badge)), color: colorIn(badge) };
}

/** The pieces of HTML that begin with a text. */
const pieces = (html: string, start: string): readonly string[] => html.split(start).slice(1);

/** The navigation: each family's mark, and that of the entry Alerts; null without a mark. */
export function railSays(state: PageState, families: readonly FamilyId[]): { readonly families: Readonly<Record<string, Said | null>>; readonly alerts: { readonly said: Said; readonly count: number } | null } {
  const entries = pieces(renderedHtml(<Rail />, shownOf(state)), '<a class="rail-entry"');
  const saidIn = (entry: string | undefined): Said | null => {
    const [, label = ''] = /class="sr">([^<]*)</.exec(entry ?? '') ?? [];
    return entry === undefined || label === '' ? null : { word: wordOf(label.replace('open, highest severity ', '')), color: colorIn(entry) };
  };
  const entryOf = (href: string): string | undefined => entries.find((entry) => entry.startsWith(` href="${href.replaceAll('&', '&amp;')}"`));
  // A page is listed under the first of its families that the machine has.
  const entryWith = (id: FamilyId): string | undefined => familiesOn(familyOf(id).page).map((one) => entryOf(familyLink(one))).find((entry) => entry !== undefined);
  const alerts = saidIn(entryOf('#/alerts'));
  return {
    families: Object.fromEntries(families.map((id) => [id, saidIn(entryWith(id))])),
    alerts: alerts === null ? null : { said: alerts, count: Number(/rail-count">(\d+)</.exec(entryOf('#/alerts') ?? '')?.[1]) },
  };
}

/** The Overview: its line, and each card with the number of ticks on its gauge. */
export function overviewSays(state: PageState) {
  const html = renderedHtml(<OverviewPage />, shownOf(state));
  const summary = html.slice(html.indexOf('<output'), html.indexOf('</output>'));
  const cards = pieces(html, '<article class="card" data-family="').map((card) => [card.slice(0, card.indexOf('"')), { said: badgeIn(card), ticks: card.split('arc-tick').length - 1 }] as const);
  return { line: text(summary), word: wordOf(text(summary)), color: colorIn(summary), cards: Object.fromEntries(cards) };
}

/** The head of a family's page. */
export function pageHeadSays(state: PageState, family: FamilyId): Said | null {
  const html = renderedHtml(<MetricPage family={family} range={{ kind: 'live', span: '5m' }} compare={undefined} at={undefined} />, shownOf(state));
  return badgeIn(html.slice(0, html.indexOf('</header>')));
}

const byText = (a: string, b: string): number => a.localeCompare(b);

/** Thresholds as texts, to compare. */
export const toTexts = (thresholds: readonly RuleThreshold[]): readonly string[] => thresholds.map(({ severity, direction, at }) => `${severity} ${direction} ${at}`).toSorted(byText);

/** The lines in the charts of a series; null where no chart draws it. */
export function chartSays({ snapshot, appState }: PageState, family: FamilyId, series: string): readonly string[] | null {
  const devices = Object.entries(snapshot.readings[family]?.devices ?? {}).map(([id, { label, limits }]) => ({ id, label, ...(limits === undefined ? {} : { limits }) }));
  const shown = { usage: devices.map(({ id }) => id), value: devices.map(({ id }) => id) };
  const plans = planCharts(family, devices, shown, appState.rules).filter(({ stacked, lines }) => !stacked && lines.some(({ key }) => key === series));
  if (plans.length === 0) return null;
  return [...new Set(plans.flatMap(({ thresholds }) => toTexts(thresholds.filter(({ lines }) => lines.some(({ key }) => key === series)))))];
}

/** The tray: the word of its second line, the color of its icon. */
export function traySays(input: TrayInput): Said | null {
  const { health } = toTrayState(input);
  const [, line] = toTrayTexts(input, { hostname: 'box' }).tooltip.split('\n');
  const word = line === undefined ? health.severity : wordOf(line);
  if (word !== health.severity) throw new Error(`the tooltip says ${word}, the state ${health.severity}`);
  return { word, color: health.mark };
}
