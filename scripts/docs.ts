// Prints the documents that are generated from the program's tables. With --check it fails where one is out of date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../src/core/root.ts';
import { authorityCodesDocument } from './docs/authority.ts';
import { claimsDocument } from './docs/claims.ts';
import { configurationDocument } from './docs/configuration.ts';
import { eventsDocument } from './docs/events.ts';
import { journeysDocument } from './docs/journeys.ts';
import { schemaDump } from './docs/schema.ts';

const documents: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/authority-codes.md': authorityCodesDocument,
  'docs/claims.md': claimsDocument,
  'docs/configuration.md': configurationDocument,
  'docs/events.md': eventsDocument,
  'docs/journeys.md': journeysDocument,
  'migrations/schema.sql': schemaDump,
};

const check = process.argv.includes('--check');
for (const [path, render] of Object.entries(documents)) {
  const file = join(projectRoot, path);
  const wanted = await render();
  const present = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (present === wanted) continue;
  if (check) {
    console.error(
      `${path} is out of date; run "npm run docs" and commit the result. ${firstDifference(present, wanted)}`,
    );
    process.exitCode = 1;
  } else {
    writeFileSync(file, wanted);
    console.log(`wrote ${path}`);
  }
}

function firstDifference(present: string, wanted: string): string {
  const lines = present.split('\n');
  const at = wanted.split('\n').findIndex((line, index) => line !== lines[index]);
  return `Line ${at + 1} should read: ${wanted.split('\n')[at] ?? '(the end)'}`;
}
