import openapiTS, { astToString } from 'openapi-typescript';
import { openapi } from '../../src/openapi/document.ts';
import { errorCodes } from '../../src/openapi/error_codes.ts';

/** The types of the client: all that openapi.json describes, and the codes of its errors. */
export async function clientTypes(): Promise<string> {
  const types = await openapiTS(JSON.stringify(openapi()), {
    alphabetize: true,
    defaultNonNullable: false,
  });
  const codes = Object.keys(errorCodes).sort();
  return `// Generated from openapi.json by "npm run generate". Do not edit.
${astToString(types)}
/** The \`code\` of an error that the service answers. */
export type ErrorCode =
${codes.map((code) => `  | '${code}'`).join('\n')};
`;
}
