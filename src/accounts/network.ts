import { isIPv4, isIPv6 } from 'node:net';

/**
 * What an address counts as: a whole IPv4 address or an IPv6 /64 (one subscriber), and the network around it, an
 * IPv4 /24 or an IPv6 /48. IPv4 mapped into IPv6 is IPv4. What is not an address shares one bucket.
 */
export function addressBuckets(ip: string): { address: string; network: string } {
  const plain = ip.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (isIPv4(plain)) {
    return { address: plain, network: `${plain.split('.').slice(0, 3).join('.')}.0/24` };
  }
  if (!isIPv6(plain)) return { address: 'unknown', network: 'unknown' };
  const groups = expand(plain);
  return { address: `${groups.slice(0, 4).join(':')}::/64`, network: `${groups.slice(0, 3).join(':')}::/48` };
}

function expand(ip: string): string[] {
  const [head = '', tail = ''] = ip.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const middle = ip.includes('::')
    ? Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
    : [];
  return [...left, ...middle, ...right].map((group) => group.replace(/^0+(?=.)/, ''));
}
