import sharp from 'sharp';
import { serveRequests } from '../../core/process-task.ts';
import { decode, type DecodeLimits, type DecodeResult } from './decode.ts';

export type DecodeRequest = { readonly bytes: Uint8Array; readonly limits: DecodeLimits };

sharp.cache(false);
sharp.concurrency(1);

serveRequests<DecodeRequest, DecodeResult>(({ bytes, limits }) => decode(Buffer.from(bytes), limits));
