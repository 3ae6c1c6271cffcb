/** `110105********002X`; of short numbers two characters at either end. */
export function maskNumber(number: string): string {
  const [head, tail] = number.length >= 15 ? [6, 4] : [2, 2];
  return number.slice(0, head) + '*'.repeat(Math.max(0, number.length - head - tail)) + number.slice(-tail);
}

/** Eighteen characters as 6-8-4, which is how people compare them. */
export function groupNumber(number: string): string {
  return number.length === 18 ? `${number.slice(0, 6)} ${number.slice(6, 14)} ${number.slice(14)}` : number;
}

/** `1990-**-**` of a date in ISO form. */
export function maskDate(date: string): string {
  return `${date.slice(0, 4)}-**-**`;
}

/** The first six characters, which name the province and the city. */
export function maskAddress(address: string): string {
  return `${[...address].slice(0, 6).join('')}******`;
}
