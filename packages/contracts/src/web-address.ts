// An address on the web that a person may follow.
import { z } from 'zod';
import { line } from './text.ts';

/** Not z.url(), which takes spaces and line ends out of an address instead of refusing it. */
export const webAddress = z
  .string()
  .max(2048)
  .regex(/^https?:\/\/[^\s\u0000-\u001F\u007F]+$/, 'an http or https address, without spaces')
  .refine((text) => URL.canParse(text), 'an http or https address')
  .meta({ format: 'uri', example: 'https://radio.example/morning' });

/** A picture, somewhere on the web. */
export const imageAddress = webAddress
  .nullable()
  .meta({ description: 'The address of a picture; null for none', example: 'https://radio.example/morning.jpg' })
  .default(null);

export const links = z
  .array(
    z.strictObject({
      type: line(64).meta({ description: 'What is behind it', example: 'website' }),
      url: webAddress,
    }),
  )
  .max(32)
  .default([]);
