/** Path of an installed Chromium (or Chrome), or undefined. `CHROMIUM_PATH` comes first. */
export function findChromium(): string | undefined;
/** Path of an installed Chromium; installs one where there is none. Throws when that fails. */
export function setupBrowser(say?: (line: string) => void): string;
