import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../../src/testkit/person.ts';
import { projectRoot } from '../../src/core/root.ts';
import { hostileUploads } from '../support/hostile/uploads.ts';
import { watchMemory, type MemoryWatch } from '../support/memory.ts';
import { startProgram, type Program } from '../support/program.ts';
import { recruiterAt, specimenApplicant, verificationAnswers } from '../support/recruiting.ts';
import { businessLicence, specimenCompany } from '../support/specimens.ts';

/** The same hostile uploads over HTTP, against the program: each gets its message, none is kept, none costs the program. */

const messages = JSON.parse(
  readFileSync(join(projectRoot, 'views', 'locales', 'en', 'verify.json'), 'utf8'),
) as Record<string, string>;
const refused = hostileUploads.filter(({ ends }) => ends !== 'taken');

let dataDir: string;
let program: Program;
let memory: MemoryWatch;
let person: Person;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'shiming-hostile-'));
  program = await startProgram({ dataDir, env: { SHIMING_RECOGNISER: 'fake' } });
  const { url } = program;
  person = recruiterAt(url, '+8613911116666', verificationAnswers(specimenApplicant()));
  await person.walk(`${url}/verify`, (page) => page.url.pathname.startsWith('/verify/photo/'));
  memory = watchMemory(program.pid);
});
afterAll(async () => {
  memory.stop();
  await program.end('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
});

describe('a hostile upload over HTTP', () => {
  it.each(refused)('$name: the message of $ends', async ({ make, ends }) => {
    await person.browser.open('/verify/photo/licence');
    const bytes = new Uint8Array(await make());
    const page = await person.browser.submit({ picture: new File([bytes], 'a.jpg', { type: 'image/jpeg' }) });
    expect(page.status).toBe(ends === 'too_large' ? 413 : 422);
    expect(page.text).toContain(messages[`verify.image.${ends}`]);
  });

  it('leaves no file, and a program whose memory stayed where it was', async () => {
    expect(readdirSync(dataDir)).toContain('shiming.db');
    // The folder is made with the first picture that is kept.
    expect(existsSync(join(dataDir, 'objects'))).toBe(false);
    expect(memory.peak().own).toBeLessThan(500);
    expect(memory.peak().children).toBeLessThan(1000);
    expect(program.output()).not.toContain('lost a job');
  });

  it('does not keep the next good picture out', async () => {
    const picture = await businessLicence(specimenCompany());
    await person.browser.open('/verify/photo/licence');
    const page = await person.browser.submit({ picture: new File([new Uint8Array(picture)], 'a.jpg') });
    expect(page.status).toBe(200);
    expect(page.url.pathname).not.toBe('/verify/photo/licence');
  });
});
