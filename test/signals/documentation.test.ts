import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../src/core/root.ts';
import { webhookHeaders } from '../../src/signals/messages.ts';

type Verify = (headers: Record<string, string>, body: string, secret: string, now?: number) => unknown;

it('the sample of docs/signals.md takes what we sign, and nothing else', async () => {
  const text = readFileSync(join(projectRoot, 'docs', 'signals.md'), 'utf8');
  const [, sample = ''] = /```js\n([\s\S]+?)```/.exec(text) ?? [];
  const module = `data:text/javascript;base64,${Buffer.from(sample).toString('base64')}`;
  const { verifyWebhook } = (await import(/* @vite-ignore */ module)) as { verifyWebhook: Verify };

  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const body = JSON.stringify({ type: 'account.disabled', data: { sub: '安' } });
  const now = 1_800_000_000_000;
  const headers = webhookHeaders('the-id', now, body, secret);
  expect(verifyWebhook(headers, body, secret, now)).toEqual(JSON.parse(body));
  const rotated = { ...headers, 'webhook-signature': `v1,AAAA ${headers['webhook-signature']}` };
  expect(verifyWebhook(rotated, body, secret, now)).toEqual(JSON.parse(body));
  const refused = 'not from the provider';
  expect(() => verifyWebhook(headers, `${body} `, secret, now)).toThrow(refused);
  expect(() => verifyWebhook(headers, body, `whsec_${Buffer.alloc(32, 8).toString('base64')}`, now)).toThrow(
    refused,
  );
  expect(() => verifyWebhook({ ...headers, 'webhook-id': 'x' }, body, secret, now)).toThrow(refused);
  expect(() => verifyWebhook(headers, body, secret, now + 301_000)).toThrow(refused);
});
