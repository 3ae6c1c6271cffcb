import { serveTasks } from '../core/worker-task.ts';
import { drawLetter, type LetterContent } from './letter.ts';

serveTasks<LetterContent, Uint8Array>(async (content) => new Uint8Array(await drawLetter(content)));
