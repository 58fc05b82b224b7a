/** The user's commands on webhooks: add or change one, with its URL, and remove one. */
import { randomBytes } from 'node:crypto';
import type { Webhook } from '../../shared/alerts/alert-settings';
import type { WebhookState, WebhookInput } from '../../shared/alerts/webhook';
import { CallError } from '../../shared/result';
import type { Notices } from '../timeline/notices';
import type { SettingsHolder } from '../settings/settings';
import { parseWebhookUrl } from './webhook-secrets';
import type { Secrets } from './webhook-secrets';
import type { Webhooks } from './webhooks';

/** What the commands work on. */
export interface WebhookCommandParts {
  readonly settings: SettingsHolder;
  readonly secrets: Secrets;
  readonly webhooks: Webhooks;
  readonly notices: Pick<Notices, 'put'>;
}

function save(settings: SettingsHolder, webhooks: readonly Webhook[]): void {
  const result = settings.update({ alerts: { webhooks: [...webhooks] } });
  if (!result.ok) throw new CallError(result.code, result.message);
}

function showUnencryptedNotice(notices: Pick<Notices, 'put'>): void {
  notices.put({
    id: 'webhook-address-plain',
    severity: 'info',
    title: 'Webhook URLs are stored unencrypted',
    body: 'No system keyring is available. The file is readable by your account only.',
    dismissible: true,
  });
}

/** Adds a webhook, or changes the one with the id. Throws a CallError that names the field. */
export async function setWebhook({ settings, secrets, webhooks, notices }: WebhookCommandParts, { id, url, ...rest }: WebhookInput): Promise<readonly WebhookState[]> {
  const known = settings.get().alerts.webhooks;
  if (id !== undefined && !known.some((each) => each.id === id)) throw new CallError('NotFound', 'there is no such webhook');
  if (id === undefined && url === undefined) throw new CallError('BadInput', 'url: a new webhook needs a URL');
  // Validated first, so that nothing of an invalid input is stored.
  if (url !== undefined) parseWebhookUrl(url);
  const webhookId = id ?? `hook-${randomBytes(6).toString('hex')}`;
  const webhook: Webhook = { id: webhookId, ...rest };
  save(settings, id === undefined ? [...known, webhook] : known.map((each) => (each.id === id ? webhook : each)));
  if (url !== undefined && (await secrets.set(webhookId, url)).kept === 'plain') showUnencryptedNotice(notices);
  return webhooks.states();
}

/** Removes a webhook, its URL and its queued messages. Throws a CallError when there is none with the id. */
export function removeWebhook({ settings, secrets, webhooks }: WebhookCommandParts, id: string): readonly WebhookState[] {
  const known = settings.get().alerts.webhooks;
  const rest = known.filter((each) => each.id !== id);
  if (rest.length === known.length) throw new CallError('NotFound', 'there is no such webhook');
  save(settings, rest);
  secrets.remove(id);
  return webhooks.states();
}
