import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

export type JobsApiOptions = { issuer: string; resource: string };

export type ApiAnswer = { status: number; headers: Record<string, string>; body: Record<string, unknown> };

/** `POST /api/jobs`: answers the value of the Authorization header. */
export type JobsApi = (authorization: string | undefined) => Promise<ApiAnswer>;

/**
 * The resource server: it knows the provider's keys and nothing else, accepts JWT access tokens (RFC 9068) made out
 * to it, and publishes a job for whoever holds `job:publish`. Errors follow RFC 6750.
 */
export function createJobsApi({ issuer, resource }: JobsApiOptions): JobsApi {
  let keys: Promise<ReturnType<typeof createRemoteJWKSet>> | undefined;
  const findKeys = () => {
    keys ??= fetchKeys(issuer).catch((error: unknown) => {
      keys = undefined;
      throw error;
    });
    return keys;
  };
  let published = 0;
  return async (authorization) => {
    const token = /^Bearer ([\w.-]+)$/i.exec(authorization ?? '')?.[1];
    if (!token) return refuse(401);
    try {
      const options = { issuer, audience: resource, typ: 'at+jwt' };
      const { payload } = await jwtVerify(token, await findKeys(), options);
      const scopes = typeof payload['scope'] === 'string' ? payload['scope'].split(' ') : [];
      if (!scopes.includes('job:publish')) return refuse(403, 'insufficient_scope', 'scope="job:publish"');
      return { status: 201, headers: {}, body: { job: ++published, publisher: payload.sub } };
    } catch (error) {
      if (error instanceof errors.JOSEError) return refuse(401, 'invalid_token');
      throw error;
    }
  };
}

function refuse(status: number, error?: string, more?: string): ApiAnswer {
  const challenge = ['Bearer realm="jobs"', error && `error="${error}"`, more].filter(Boolean).join(', ');
  return { status, headers: { 'www-authenticate': challenge }, body: error ? { error } : {} };
}

async function fetchKeys(issuer: string): Promise<ReturnType<typeof createRemoteJWKSet>> {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`);
  const { jwks_uri } = (await response.json()) as { jwks_uri: string };
  return createRemoteJWKSet(new URL(jwks_uri));
}
