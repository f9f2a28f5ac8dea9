import { ApiError } from '../errors.ts';
import { mebibytes } from './max_file.ts';

/** The refusals that name a field of a submission. */
export const refusalOf = (field: string, code: string, message: string): ApiError =>
  new ApiError(400, code, message, { extra: { field } });

export const repeatedField = (field: string): ApiError =>
  refusalOf(field, 'repeated_field', `The field "${field}" is there twice. Send it once.`);

export const missingFile = (field: string): ApiError =>
  refusalOf(
    field,
    'missing_field',
    `The field "${field}" is missing. Send it as a file, or its address as ${field}Url.`,
  );

export const emptyFile = (field: string): ApiError =>
  refusalOf(field, 'empty_file', `The file in the field "${field}" is empty.`);

export const notAFile = (field: string, message: string): ApiError =>
  refusalOf(field, 'not_a_file', message);

export const unsupportedType = (field: string, accepted: string): ApiError =>
  new ApiError(
    415,
    'unsupported_media_type',
    `The file in the field "${field}" is of an unsupported type. Send ${accepted}.`,
    { extra: { field } },
  );

export const fileTooLarge = (field: string, most: number): ApiError =>
  new ApiError(
    413,
    'file_too_large',
    `The file in the field "${field}" is larger than ${mebibytes(most)}.`,
    { extra: { field } },
  );

export const bothGiven = (field: string): ApiError =>
  refusalOf(
    `${field}Url`,
    'both_file_and_url',
    `Both ${field} and ${field}Url are given. Send the file or its address, not both.`,
  );

/** A file in the place of a text field, or in a field that nobody knows. */
export const unexpectedFile = (field: string, known: boolean): ApiError =>
  known
    ? refusalOf(field, 'not_text', `The field "${field}" must be text, not a file.`)
    : refusalOf(
        field,
        'unknown_file',
        `The field "${field}" is not known. Send files as image and audio.`,
      );
