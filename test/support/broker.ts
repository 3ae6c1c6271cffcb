import { inject } from 'vitest';

/** Asks the run's global set-up for something all test files share; it is started by the first question. */
export async function askBroker(what: 'postgres' | 'program'): Promise<string> {
  const response = await fetch(`${inject('broker')}/${what}`);
  const answer = await response.text();
  if (!response.ok) throw new Error(answer);
  return answer;
}
