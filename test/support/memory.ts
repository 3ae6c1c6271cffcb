import { readdirSync, readFileSync } from 'node:fs';

/** Resident memory of a process and of the processes it started, in MB, read from /proc. */
export type MemoryWatch = {
  /** The most that the process itself held so far, and that its children held together. */
  peak(): { readonly own: number; readonly children: number };
  /** The most that a supervised process held so far, by the name of its module: `decoder`, `recogniser`. */
  peakOf(module: string): number;
  stop(): void;
};

const INTERVAL = 50;

/** Watches a process and its children, of which there may be new ones. */
export function watchMemory(pid: number): MemoryWatch {
  const modules = new Map<string, number>();
  let [own, children] = [0, 0];
  const look = (): void => {
    own = Math.max(own, resident(pid));
    let sum = 0;
    for (const child of childrenOf(pid)) {
      const [, module = 'other'] = /([\w-]+)\.process\.[jt]s/.exec(read(`/proc/${child}/cmdline`)) ?? [];
      const size = resident(child);
      modules.set(module, Math.max(modules.get(module) ?? 0, size));
      sum += size;
    }
    children = Math.max(children, sum);
  };
  look();
  const timer = setInterval(look, INTERVAL);
  return {
    peak: () => ({ own, children }),
    peakOf: (module) => modules.get(module) ?? 0,
    stop: () => clearInterval(timer),
  };
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number);
}

/** 0 for a process that is gone. */
function resident(pid: number): number {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`)) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}

function parentOf(pid: string): number {
  // The name in parentheses may hold anything; what follows the last one does not.
  const stat = read(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
