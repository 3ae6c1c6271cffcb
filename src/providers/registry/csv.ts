import { open, type FileHandle } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import type { CompanyRegistry, CompareEntry } from '../../companies/index.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { RegistryAnswer, RegistryQuestion } from '../../verification/index.ts';
import { unavailable, without } from './answers.ts';
import { decode, indexCsv, type CsvIndex } from './csv-index.ts';
import { readRow } from './csv-rows.ts';

type Surroundings = { readonly clock: Clock; readonly log: Log; readonly compare: CompareEntry };

/** The index of one version of the file. */
type Read = { readonly version: string; readonly index: Promise<CsvIndex | undefined> };

/**
 * A registry that the operator keeps as a file. Only where the rows stand is kept in memory; a row is read when it is
 * asked for, through the handle whose version was checked, so that a file replaced meanwhile cannot mix two versions.
 */
export function createCsvRegistry(path: string, { clock, log, compare }: Surroundings): CompanyRegistry {
  let read: Read | undefined;

  /** Everybody who asks while a version is read for the first time waits for the same reading. */
  async function indexOf(file: FileHandle): Promise<CsvIndex | undefined> {
    const version = await versionOf(file);
    if (read?.version !== version) {
      const index = indexCsv(file, log).then(async (made) => {
        if ((await versionOf(file)) !== version) throw new Error('changed');
        if (!made) log.error('registry header not usable', { line: 1 });
        return made;
      });
      read = { version, index };
    }
    const current = read;
    try {
      return await current.index;
    } catch (error) {
      if (read === current) read = undefined;
      throw error;
    }
  }

  async function look(file: FileHandle, question: RegistryQuestion): Promise<RegistryAnswer> {
    const index = await indexOf(file);
    if (!index) return unavailable('header', false);
    const place = index.find(question.creditCode);
    if (!place) return without('no_record');
    const bytes = Buffer.alloc(place.length);
    await file.read(bytes, 0, place.length, place.offset);
    const line = decode(new TextDecoder('utf-8', { fatal: true }), bytes);
    const found = line === undefined ? undefined : readRow(line, index.header);
    if (!found || 'problem' in found) return unavailable('changed', true);
    const { code, ...entry } = found.row;
    return code === question.creditCode ? compare(entry, question, clock.now()) : without('no_record');
  }

  return {
    name: 'csv',
    async look(question) {
      let file: FileHandle | undefined;
      try {
        file = await open(path, 'r');
        return await look(file, question);
      } catch (error) {
        return unavailable(failureOf(error), true);
      } finally {
        await file?.close();
      }
    },
  };
}

async function versionOf(file: FileHandle): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await file.stat({ bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join('-');
}

/** The system's name of the failure such as `ENOENT`; nothing of the path. */
function failureOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? code : 'changed';
}
