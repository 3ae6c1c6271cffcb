import { createHmac } from 'node:crypto';
import type { Answer, Vendor } from './stand-in.ts';

export const operatorKeys = { keyId: 'shiming-1', secret: 'specimen-operator-shared-secret' };

/** The operator's end as docs/authority.md tells its author to write it. */
export function operatorVendor(now: () => number): Vendor {
  return {
    check({ method, headers, body }) {
      const [, at = '', signature] =
        /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['shiming-signature'])) ?? [];
      const expected = createHmac('sha256', operatorKeys.secret).update(`${at}.${body}`).digest('hex');
      if (headers['shiming-key-id'] !== operatorKeys.keyId || expected !== signature)
        return { refusal: refuse(401) };
      if (Math.abs(now() / 1000 - Number(at)) > 300) return { refusal: refuse(401) };
      if (method !== 'POST' || headers['content-type'] !== 'application/json')
        return { refusal: refuse(400) };
      const { reference, name, number, face } = JSON.parse(body) as Record<string, string | undefined>;
      if (!reference || !name || !number || headers['idempotency-key'] !== reference)
        return { refusal: refuse(400) };
      const picture = face ? { face: Buffer.from(face, 'base64') } : {};
      return { asked: { reference, name, number, ...picture } };
    },
    answer: (asked) => ({
      status: 200,
      body: { outcome: 'match', reference: 'op-42', ...(asked.face ? { similarity: 0.91 } : {}) },
    }),
  };
}

function refuse(status: number): Answer {
  return { status, body: { error: 'refused' } };
}
