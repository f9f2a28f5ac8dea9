import * as z from 'zod';

export const health = z
  .strictObject({ status: z.literal('ok') })
  .meta({ examples: [{ status: 'ok' }] });

export const ready = z
  .strictObject({ status: z.literal('ready') })
  .meta({ examples: [{ status: 'ready' }] });
