import { Command } from 'commander';
import { auditCommands } from './cli/audit.ts';
import { clientCommands } from './cli/clients.ts';
import { keyCommands } from './cli/keys.ts';
import { policyCommands } from './cli/policy.ts';
import { signalCommands } from './cli/signals.ts';
import { signingKeyCommands } from './cli/signing-keys.ts';
import { staffCommands } from './cli/staff.ts';
import { statusCommands } from './cli/status.ts';

const program = new Command('shiming').description(
  'Operates a Shiming installation. Settings are read as the server reads them.',
);
for (const addCommands of [
  keyCommands,
  clientCommands,
  signingKeyCommands,
  staffCommands,
  auditCommands,
  policyCommands,
  signalCommands,
  statusCommands,
]) {
  addCommands(program);
}

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  // A start that failed half-way may have left the database open, which would keep the process alive.
  process.exit(1);
});
