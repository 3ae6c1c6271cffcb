import { generateKeyPairSync, sign } from 'node:crypto';

/** A certificate that is its own authority, and its key, in PEM. */
export type TestCertificate = { readonly cert: string; readonly key: string };

/** A self-signed certificate (X.509 v3, P-256) for one host name, by default one that is valid now. */
export function makeCertificate(
  host: string,
  { from = '20200101000000Z', until = '20991231235959Z' } = {},
): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(identifier(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  const name = sequence(der(0x31, sequence(identifier(0x55, 0x04, 0x03), der(0x0c, Buffer.from('test')))));
  const extension = (oid: Buffer, value: Buffer) => sequence(oid, der(0x04, value));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(1)),
    ecdsaWithSha256,
    name,
    sequence(der(0x18, Buffer.from(from)), der(0x18, Buffer.from(until))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      sequence(
        extension(identifier(0x55, 0x1d, 0x11), sequence(der(0x82, Buffer.from(host)))),
        extension(identifier(0x55, 0x1d, 0x13), sequence(der(0x01, Buffer.of(0xff)))),
      ),
    ),
  );
  const signature = der(0x03, Buffer.concat([Buffer.of(0), sign('sha256', body, privateKey)]));
  const encoded = sequence(body, ecdsaWithSha256, signature).toString('base64');
  const lines = encoded.match(/.{1,64}/g) ?? [];
  return {
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** Tag, length, content: X.690. */
function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const header =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), content]);
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, Buffer.concat(parts));
const identifier = (...bytes: number[]): Buffer => der(0x06, Buffer.from(bytes));
