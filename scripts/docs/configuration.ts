import { settings, type Setting } from '../../src/config.ts';
import { code, heading, table } from './markdown.ts';

const intro = `Every setting is an environment variable. \`SHIMING_CONFIG_FILE\` may name a file with lines \`NAME=value\`; the
environment wins over it. A setting marked _secret_ can also be read from the file named by the variable with \`_FILE\` behind its
name. Unknown, missing and malformed settings stop the start with a sentence each. A setting without a default must be
given in production; in development it is made at the first start and kept in the data folder.`;

/** docs/configuration.md, from the table of settings. */
export function configurationDocument(): string {
  const rows = Object.values<Setting>(settings).map(({ env, default: value, secret, meaning }) => [
    code(env),
    value === undefined ? '–' : value === '' ? 'empty' : code(value),
    `${meaning}${secret ? ' _Secret._' : ''}`,
  ]);
  return `${heading('Configuration', '`src/config.ts`', intro)}\n${table(['setting', 'default', 'meaning'], rows)}`;
}
