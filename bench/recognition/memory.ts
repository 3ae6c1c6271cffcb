import { readFileSync } from 'node:fs';

export type Memory = { readonly now: number; readonly peak: number };

/** Resident memory in MB of the largest process below this one; undefined where there is no `/proc`. */
export function recogniserMemory(): Memory | undefined {
  const found = descendants(process.pid)
    .map(memoryOf)
    .filter((one) => one !== undefined);
  return found.sort((a, b) => b.peak - a.peak)[0];
}

function descendants(pid: number): number[] {
  const children = contentOf(`/proc/${pid}/task/${pid}/children`)
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function memoryOf(pid: number): Memory | undefined {
  const status = contentOf(`/proc/${pid}/status`);
  const megabytes = (name: string) =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? NaN) / 1024;
  const memory = { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
  return Number.isNaN(memory.peak) ? undefined : memory;
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
