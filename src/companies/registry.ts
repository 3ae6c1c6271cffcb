import type { RegistryAnswer, RegistryQuestion } from '../verification/index.ts';

/**
 * Port: name, code and legal representative of a company against a registry. Never throws; a failure is `unavailable`.
 * The words of question and answer belong to the case that asks (ADR 0120).
 */
export type CompanyRegistry = {
  /** Names the source in findings and evidence: `tencent_ocr`, `csv`, `fake`. */
  readonly name: string;
  look(question: RegistryQuestion): Promise<RegistryAnswer>;
};
