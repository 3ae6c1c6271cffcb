import { setPriority } from 'node:os';
import sharp from 'sharp';
import { decode, type DecodeLimits, type DecodeResult } from './decode.ts';

/** What the parent sends; buffers cross the pipe by structured clone and never touch a disk. */
export type DecodeRequest = {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly limits: DecodeLimits;
};
export type DecodeAnswer = { readonly id: number; readonly result: DecodeResult };

setPriority(19);
sharp.cache(false);
sharp.concurrency(1);

process.on('message', (request: DecodeRequest) => {
  void decode(Buffer.from(request.bytes), request.limits).then((result) =>
    process.send?.({ id: request.id, result } satisfies DecodeAnswer),
  );
});
process.on('disconnect', () => process.exit(0));
