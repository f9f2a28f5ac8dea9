import { optionNames } from '../video_options.ts';
import { refusalOf } from './refusals.ts';

export const fileFields = ['image', 'audio', 'captions'] as const;
export type FileField = (typeof fileFields)[number];
export type UrlField = `${FileField}Url`;
export const isUrlField = (name: string): name is UrlField =>
  fileFields.some((field) => name === `${field}Url`);

/** All that a submission may have; what is nearly one of these names is refused. */
export const fieldNames: string[] = [
  ...fileFields,
  ...fileFields.map((field) => `${field}Url`),
  'webhookUrl',
  'metadata',
  ...optionNames,
];

// Limit for all text fields and all headers of parts together.
export const maxTextBytes = 1024 * 1024;
// 2,048 characters of up to four bytes.
export const maxUrlBytes = 8192;
// 2,000 characters of description, and spaces around them.
export const maxOptionBytes = 16 * 1024;
export const maxCaptionsBytes = 1024 * 1024;

/** A string of a JSON body. Throws ApiError 400. */
export function stringOf(name: string, value: unknown): string {
  if (typeof value !== 'string' || value.includes('\0') || !value.isWellFormed())
    throw refusalOf(name, 'not_text', `${name} must be a string without NUL.`);
  return value;
}
