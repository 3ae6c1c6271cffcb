import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPhone, maskPhone, parsePhone, type PhoneNumber } from '../../src/accounts/index.ts';
import { numberPrefix } from '../../src/accounts/phone.ts';
import { addressBuckets } from '../../src/accounts/network.ts';

const parse = (typed: string, countries = ['CN'], country?: string) => {
  const parsed = parsePhone(typed, countries, country);
  return parsed.ok ? parsed.phone : parsed.reason;
};

describe('phone numbers', () => {
  it.each([
    '13812345678', '138 1234 5678', '138-1234-5678', '+86 138 1234 5678', '0086 13812345678', '8613812345678',
    '１３８１２３４５６７８', ' +86(138)12345678 ', '+86 13812345678',
  ])('normalise %j to one form', (typed) => {
    expect(parse(typed)).toBe('+8613812345678');
  }); // prettier-ignore

  it.each([
    ['', 'empty'],
    ['　', 'empty'],
    ['abc', 'malformed'],
    ['13812345678x9', 'malformed'],
    ['call 13812345678', 'malformed'],
    ['1'.repeat(41), 'malformed'],
    ['12012345678', 'not_mobile'],
    ['1381234567', 'not_mobile'],
    ['138123456789', 'not_mobile'],
    ['010 8888 8888', 'not_mobile'],
    ['+852 5123 4567', 'country_not_supported'],
    ['+1 202 555 0123', 'country_not_supported'],
    ['+999 123456', 'country_not_supported'],
  ])('refuse %j: %s', (typed, reason) => {
    expect(parse(typed)).toBe(reason);
  });

  it('follow the selected country, and their own code before that', () => {
    expect(parse('51234567', ['CN', 'HK'], 'HK')).toBe('+85251234567');
    expect(parse('+8613812345678', ['CN', 'HK'], 'HK')).toBe('+8613812345678');
    expect(parse('51234567', ['CN', 'HK'], 'GB')).toBe('not_mobile');
    expect(parse('2123 4567', ['CN', 'HK'], 'HK')).toBe('not_mobile');
  });

  it('are shown in groups, or masked', () => {
    const [mainland, abroad] = ['+8613812345678', '+85251234567'] as PhoneNumber[];
    expect([formatPhone(mainland!), maskPhone(mainland!)]).toEqual(['138 1234 5678', '138 **** 5678']);
    expect([formatPhone(abroad!), maskPhone(abroad!)]).toEqual(['+852 5123 4567', '+852 ***** 567']);
    expect(numberPrefix(mainland!)).toBe('+861381234');
  });

  it('never throw, and what is accepted stays what it is', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'+0123456789 -()８') }));
    fc.assert(
      fc.property(text, (typed) => {
        const parsed = parsePhone(typed, ['CN', 'HK', 'US']);
        if (!parsed.ok) return;
        expect(parsePhone(parsed.phone, ['CN', 'HK', 'US'])).toEqual(parsed);
        expect(parsePhone(formatPhone(parsed.phone), ['CN', 'HK', 'US'])).toEqual(parsed);
        expect(maskPhone(parsed.phone)).not.toContain(parsed.phone.slice(-8));
      }),
      { numRuns: 500 },
    );
  });
});

describe('addresses', () => {
  it.each([
    ['192.0.2.77', '192.0.2.77', '192.0.2.0/24'],
    ['::ffff:192.0.2.77', '192.0.2.77', '192.0.2.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::/48'],
    ['2001:DB8:0001::9', '2001:db8:1:0::/64', '2001:db8:1::/48'],
    ['::1', '0:0:0:0::/64', '0:0:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64', 'fe80:0:0::/48'],
    ['not an address', 'unknown', 'unknown'],
  ])('%s counts as %s in %s', (ip, address, network) => {
    expect(addressBuckets(ip)).toEqual({ address, network });
  });
});
